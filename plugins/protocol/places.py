"""Where Inkwash keeps its files: the one list that the daemon, the client and the installer share.

Nothing here creates anything. `INKWASH_HOME` puts everything into one folder. A plugin's copy of this module
has `folders.json` beside it, with the folders of the daemon that it was installed from: a sandboxed host has
variables of its own, which lead elsewhere. The daemon that it starts is told of that file by `INKWASH_FOLDERS`.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Optional

FOLDERS_VARIABLE = "INKWASH_FOLDERS"
FOLDERS = Path(os.environ.get(FOLDERS_VARIABLE) or Path(__file__).with_name("folders.json"))  # data, runtime: paths
SOCKET_NAME = "daemon.sock"
SOCKET_PATH_LIMIT = 103  # bytes; macOS allows 103 and a zero, Linux 107


def data_folder() -> Path:
    """The user's folder for everything that must survive a restart."""
    home = os.environ.get("INKWASH_HOME")
    if home:
        return Path(home).absolute()
    installed = _installed("data")
    if installed is not None:
        return installed
    if sys.platform == "win32":
        return _from_environment("LOCALAPPDATA", Path.home() / "AppData" / "Local") / "inkwash"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "inkwash"
    return _from_environment("XDG_DATA_HOME", Path.home() / ".local" / "share") / "inkwash"


def runtime_folder() -> Path:
    """Where the Unix socket lives; the daemon makes it with mode 0700."""
    folder = _preferred_runtime_folder()
    if len(os.fsencode(str(folder / SOCKET_NAME))) <= SOCKET_PATH_LIMIT:
        return folder
    # A socket's path is limited by the kernel, a home folder's is not.
    digest = hashlib.sha256(os.fsencode(str(folder))).hexdigest()
    return Path(tempfile.gettempdir()) / ("inkwash-" + digest[:16])


def socket_file() -> Path:
    """The daemon's Unix socket."""
    return runtime_folder() / SOCKET_NAME


def endpoint_file() -> Path:
    """How to reach the running daemon; written by it, removed when it ends."""
    return data_folder() / "endpoint.json"


def log_file() -> Path:
    """The daemon's log."""
    return data_folder() / "daemon.log"


def lock_file() -> Path:
    """Held by the daemon as long as it lives: one daemon per user."""
    return data_folder() / "daemon.lock"


def start_lock_file() -> Path:
    """Held by a client while it starts the daemon, so that ten clients start one."""
    return data_folder() / "start.lock"


def command_file() -> Path:
    """The command that starts the daemon (a JSON list), for hosts with a Python of their own."""
    return data_folder() / "daemon-command.json"


def settings_file() -> Path:
    """The user's settings."""
    return data_folder() / "settings.json"


def presets_file() -> Path:
    """The user's named settings; written by the daemon."""
    return data_folder() / "presets.json"


def models_folder() -> Path:
    """The user's own models."""
    return data_folder() / "models"


def _preferred_runtime_folder() -> Path:
    if os.environ.get("INKWASH_HOME"):
        return data_folder() / "run"
    installed = _installed("runtime")
    if installed is not None:
        return installed
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    unusual = sys.platform in ("win32", "darwin")
    if unusual or not os.path.isabs(runtime) or not os.access(runtime, os.W_OK | os.X_OK):
        return data_folder() / "run"
    return Path(runtime) / "inkwash"


def _installed(name: str) -> Optional[Path]:
    """The folder that a plugin's copy was told; None without `folders.json`, or if it is damaged."""
    try:
        path = json.loads(FOLDERS.read_text("utf-8"))[name]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return Path(path) if isinstance(path, str) and os.path.isabs(path) else None


def _from_environment(variable: str, otherwise: Path) -> Path:
    """The folder in `variable`; as the XDG specification says, a relative one is ignored."""
    value = os.environ.get(variable, "")
    return Path(value) if os.path.isabs(value) else otherwise
