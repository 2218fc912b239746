"""Keeping people's data closed: keys by purpose, boxes that seal, and a keyed hash that finds without showing."""
