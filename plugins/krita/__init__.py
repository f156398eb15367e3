"""Inkwash inside Krita: a docker, actions, and what they need to reach the daemon."""

from importlib.util import find_spec

if find_spec("PyKrita") is not None:  # not while the widgets are tested without Krita
    from krita import Krita

    from .registration import register

    register(Krita.instance())
