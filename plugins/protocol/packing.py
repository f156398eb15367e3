"""msgpack: the copy that is installed with a plugin, or the installed package.

The copy lies within `inkwash`, so that it never meets another plugin's: all plugins of a Krita share its modules.
"""

try:
    from inkwash import msgpack  # type: ignore[attr-defined]
except ImportError:
    import msgpack

__all__ = ["msgpack"]
