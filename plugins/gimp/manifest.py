"""The manifest: the filters that GIMP is told of, put beside the plug-in by the installer: no daemon runs then.

`manifest.json` holds what GIMP has registered. When the daemon's list differs, the new one waits in `pending.json`
until GIMP asks for the procedures anew, so that what runs always fits what GIMP knows. GIMP does so at its next start
when the plug-in's file is newer than it remembers.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence

MANIFEST = "manifest.json"
PENDING = "pending.json"
MODEL_KEYS = ("name", "label", "role")  # of a model's card: what a dialog needs while the daemon is down


def read(folder: Path) -> Dict[str, List[Dict[str, Any]]]:
    """`filters` and `models` as GIMP has registered them; empty lists if there is no manifest."""
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        return _content(content["filters"], content["models"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"filters": [], "models": []}


def adopt(folder: Path) -> None:
    """Let what waits be the manifest; called when GIMP asks for the procedures."""
    with suppress(OSError):  # nothing waits, or the folder is the system's
        os.replace(str(folder / PENDING), str(folder / MANIFEST))


def refresh(folder: Path, launcher: Path, filters: Sequence[Any], models: Sequence[Any]) -> bool:
    """Keep the daemon's lists for GIMP's next start if they are new; whether they are."""
    new = _content(filters, models)
    waiting = folder / PENDING
    if new == read(folder):
        with suppress(OSError):
            waiting.unlink()
        return False
    with suppress(OSError):  # a folder of the system's: its administrator installs the new one
        if not waiting.exists() or waiting.read_text("utf-8") != _text(new):
            _write(waiting, new)
            os.utime(str(launcher))  # GIMP asks anew when this file is newer than it remembers
    return True


def _content(
    filters: Sequence[Mapping[str, Any]], models: Sequence[Mapping[str, Any]]
) -> Dict[str, List[Dict[str, Any]]]:
    kept = [{key: model[key] for key in MODEL_KEYS if key in model} for model in models]
    return json.loads(json.dumps({"filters": list(filters), "models": kept}))


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1)


def _write(file: Path, content: Mapping[str, Any]) -> None:
    """Replace `file` at once: GIMP may read it at any time."""
    draft = file.with_name("{}.{}".format(file.name, os.getpid()))
    draft.write_text(_text(content), "utf-8")
    os.replace(str(draft), str(file))
