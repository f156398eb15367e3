"""A node's colour profile as ICC bytes, of which Krita tells only the name."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Dict, Optional, Tuple

from .scratch import Space, scratch

IN_KRITA_FILE = "annotations/icc"  # a .kra file is a zip archive, with the profile as it is

_known: Dict[Tuple[str, str], Optional[bytes]] = {}


def icc(space: Space) -> Optional[bytes]:
    """The profile of `space`; None if it cannot be had. Quick but for the first time."""
    key = (space.model, space.profile)
    if key not in _known:
        _known[key] = _exported(space)
    return _known[key]


def _exported(space: Space) -> Optional[bytes]:
    """A picture of one pixel, saved by Krita: the only way in its interface to a profile's bytes."""
    from krita import InfoObject

    with tempfile.TemporaryDirectory(prefix="inkwash-profile-") as folder, scratch(space) as document:
        file = Path(folder, "profile.kra")
        if not document.exportImage(str(file), InfoObject()):
            return None
        with zipfile.ZipFile(str(file)) as archive:
            found = [name for name in archive.namelist() if name.endswith(IN_KRITA_FILE)]
            return archive.read(found[0]) if found else None
