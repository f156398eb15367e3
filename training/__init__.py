"""Data sets, losses and recipes that make the weights."""
