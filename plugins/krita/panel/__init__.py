"""The docker and its widgets."""
