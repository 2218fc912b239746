"""From what a verb asks for to a form and back, for every verb alike; no form is written by hand."""
