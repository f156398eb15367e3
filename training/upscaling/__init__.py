"""A network that enlarges."""
