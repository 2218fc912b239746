"""Files that are handed in: received, told by their content, scanned, and only then kept."""
