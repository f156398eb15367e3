"""The form of a filter: its inputs, its settings."""
