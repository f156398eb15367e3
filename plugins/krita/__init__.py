"""Inkwash inside Krita: a docker, actions, and what they need to reach the daemon."""
