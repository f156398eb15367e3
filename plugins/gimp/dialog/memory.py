"""The settings as the dialog was left, by filter: GIMP itself forgets them when it is cancelled or fails."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Dict, Mapping

from inkwash.protocol import places

from .. import arguments

FILE = "gimp.json"


def keep(declaration: Mapping[str, Any], config: Any) -> None:
    """Remember the parameters in `config` as they are; where nothing can be written, nothing is remembered."""
    memory = {**_read(), declaration["id"]: arguments.settings(declaration, config)}
    file = _file()
    draft = file.with_name("{}.{}".format(file.name, os.getpid()))
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.write_text(json.dumps(memory, indent=1), "utf-8")
        os.replace(str(draft), str(file))


def recall(declaration: Mapping[str, Any], config: Any) -> None:
    """Put what is remembered into `config`."""
    found = _read().get(declaration["id"])
    arguments.set_settings(declaration, config, found if isinstance(found, dict) else {})


def _read() -> Dict[str, Any]:
    try:
        memory = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return memory if isinstance(memory, dict) else {}


def _file() -> Path:
    return places.data_folder() / FILE
