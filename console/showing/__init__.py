"""A matter as a page shows it: from its state and its events to plain lines, tables and clocks."""
