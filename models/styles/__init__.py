"""Styles: optimisation, losses, recipes, and how a stylizer goes over a picture."""
