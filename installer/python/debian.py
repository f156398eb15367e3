"""What Debian and its relatives leave out of Python, and how to get it."""

import importlib
import importlib.util
import os
import shutil
import subprocess

from .. import process
from ..errors import NoVenv

ADVICE = "On Debian and Ubuntu, run this and try again: sudo apt-get install python3-venv"


def can_make_environments() -> bool:
    """Whether this Python has what `python -m venv` needs; Debian packs it apart."""
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(module) is not None for module in ("venv", "ensurepip"))


def provide_venv() -> None:
    """Install Debian's package for environments if it lacks and we are root; NoVenv if it still lacks."""
    if can_make_environments():
        return
    if shutil.which("apt-get") and os.name == "posix" and os.geteuid() == 0:
        print("         installing the Debian package python3-venv", flush=True)
        settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "python3-venv"]):
            command = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *words]
            process.run(command, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    if not can_make_environments():
        raise NoVenv("This Python cannot make private environments: a part of it is missing.", ADVICE)
