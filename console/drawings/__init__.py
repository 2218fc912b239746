"""Drawings as SVG, made on the server: numbers in attributes, colours by class."""
