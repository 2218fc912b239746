"""Seeing how the whole office is: what runs, what is stuck, how each is mended."""
