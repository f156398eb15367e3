"""Starting the daemon: once, however many clients want it, and detached from all of them."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple, TypeVar

from inkwash.protocol import places

from .errors import NotInstalled, WontStart
from .lock import FileLock

MODULE = "inkwash.daemon.commands"
POLL_SECONDS = 0.05
GRACE_SECONDS = 1.0  # after our daemon ended: it may have found another one that is about to answer
LEAST_BYTES = 256 * 2**10  # of the disk, for its log and a few small files
LOG_LINES = 20
LOG_BYTES = 64 * 2**10
# A host's own settings for its own Python and libraries; a foreign Python would not start with them.
HOST_ONLY = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
INSTALL = "Run the Inkwash installer: python3 installer"
CHECK = "Run the installer's check-up: python3 installer doctor."
FLATPAK = Path("/.flatpak-info")  # is there inside a Flatpak
SPAWN = "flatpak-spawn"  # runs a command outside of one, where that is allowed
BY_HAND = "This program is shut in and may start no other. Run this in a terminal, then try again: {} daemon start"
PASSED_ON = ("INKWASH_HOME", places.FOLDERS_VARIABLE)

T = TypeVar("T")


def launch(find: Callable[[], Optional[T]], patience: float) -> T:
    """Start the daemon unless `find` finds one, and wait until it does; NotInstalled, WontStart.

    Of all clients of this user who call this at once, one starts it and the others wait with it.
    """
    deadline = time.monotonic() + patience
    try:
        with FileLock(places.start_lock_file(), patience):
            found = find()
            return found if found is not None else _start(find, deadline)
    except TimeoutError as error:
        raise WontStart("Another program is still starting the Inkwash service.", "Try again.") from error
    except OSError as error:
        raise WontStart(
            "The Inkwash service cannot be started: {}.".format(error),
            "Inkwash must be able to write to {}.".format(places.data_folder()),
        ) from error


def _start(find: Callable[[], Optional[T]], deadline: float) -> T:
    log = places.log_file()
    written_before = log.stat().st_size if log.exists() else 0
    process = _spawn(log)
    while time.monotonic() < deadline:
        found = find()
        if found is not None:
            return found
        if process.poll() is not None:
            deadline = min(deadline, time.monotonic() + GRACE_SECONDS)
        time.sleep(POLL_SECONDS)
    raise _wont_start(process.poll(), _tail(log, written_before), _by_hand(process.args))


def _spawn(log: Path) -> subprocess.Popen[bytes]:
    command, environment = _command()
    with os.fdopen(os.open(str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as errors:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=str(places.data_folder()),
                env=environment,
                **_detached(),
            )
        except OSError as error:
            raise NotInstalled(
                "The Inkwash service cannot be run: {}.".format(error), _by_hand(command) or INSTALL
            ) from error
    # When it ends, take note of it: else it would stay as a zombie for as long as the host lives.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def _command() -> Tuple[List[str], Dict[str, str]]:
    environment = dict(os.environ)
    if environment.get("INKWASH_HOME"):
        environment["INKWASH_HOME"] = str(places.data_folder())  # a relative one means another folder there
    if _can_import(MODULE):
        return [sys.executable, "-m", MODULE, "daemon", "run"], environment
    for name in HOST_ONLY:
        environment.pop(name, None)
    try:
        command = json.loads(places.command_file().read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise NotInstalled("The Inkwash service is not installed on this machine.", INSTALL) from error
    if not isinstance(command, list) or not command or not all(isinstance(part, str) for part in command):
        raise NotInstalled("{} is damaged.".format(places.command_file()), INSTALL)
    if places.FOLDERS.exists():
        environment[places.FOLDERS_VARIABLE] = str(places.FOLDERS)  # so that it keeps its files where we look
    if FLATPAK.exists() and shutil.which(SPAWN):
        told = ["--env={}={}".format(name, environment[name]) for name in PASSED_ON if name in environment]
        command = [SPAWN, "--host", *told, *command]
    return command, environment


def _by_hand(command: Any) -> str:
    """What an artist can do where the host may not start other programs; empty if this is no such host."""
    if not FLATPAK.exists() and "SNAP" not in os.environ:
        return ""
    program = next(word for word in command if word != SPAWN and not word.startswith("--"))
    return BY_HAND.format(Path(program).with_name("inkwash"))


def _can_import(module: str) -> bool:
    try:
        return bool(sys.executable) and importlib.util.find_spec(module) is not None
    except ImportError:
        return False


def _detached() -> Dict[str, Any]:
    """Arguments of Popen: the daemon outlives its host, and Ctrl-C in a terminal does not reach it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _wont_start(status: Optional[int], tail: str, by_hand: str) -> WontStart:
    see = "See {}.".format(places.log_file())
    if status is None:
        return WontStart("The Inkwash service was started but does not answer yet.", "Try again. " + see, tail)
    message = "The Inkwash service ended while starting (exit status {}).".format(status)
    if shutil.disk_usage(str(places.data_folder())).free < LEAST_BYTES:
        message, by_hand = "The Inkwash service cannot start: the disk is full.", "Free some space, then try again."
    if tail:
        message += "\nIt said:\n" + tail
    return WontStart(message, (by_hand or CHECK) + " " + see, tail)


def _tail(log: Path, start: int) -> str:
    """The last lines of `log`, of those written since it was `start` bytes long."""
    with log.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        if size < start:  # begun anew in the meantime
            start = 0
        stream.seek(max(start, size - LOG_BYTES))
        lines = stream.read().decode("utf-8", "replace").splitlines()
    return "\n".join(lines[-LOG_LINES:])
