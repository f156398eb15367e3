"""The service that runs from an environment: whether one does, and how it is stopped before its files change."""

import subprocess
from contextlib import suppress

from inkwash.client.lock import is_held
from inkwash.protocol import places

from .python.environment import Environment

SECONDS = 90.0  # for its running jobs to end, and a little more than the command itself waits


def runs() -> bool:
    """Whether this user's service runs, from whatever environment."""
    return bool(is_held(places.lock_file()))


def stop(environment: Environment) -> bool:
    """Let the service finish its jobs and end; False, with a line about it, if it goes on."""
    if not runs():
        return True
    command = [str(environment.inkwash), "daemon", "stop"]
    with suppress(OSError, subprocess.TimeoutExpired):  # that environment is broken, or the service is
        subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=SECONDS)
    if runs():
        print("The Inkwash service is still at work; the new one takes its place when that is done.", flush=True)
    return not runs()
