"""Shade and light on flat colours by geometry: bodies, what they look like when inflated, and a lamp."""
