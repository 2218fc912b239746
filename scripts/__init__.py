"""What operators and developers run by hand."""
