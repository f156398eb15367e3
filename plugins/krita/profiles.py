"""A node's colour profile as ICC bytes: Krita tells only its name."""

from __future__ import annotations

from typing import Optional


def icc(model: str, depth: str, name: str) -> Optional[bytes]:
    """The profile that Krita calls `name` for colour model `model`; None if it cannot be had."""
    raise NotImplementedError
