"""A child process that is never left behind: Ctrl-C stops it and all that it started, before we go."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PATIENCE = 20.0  # seconds for putting things in order after Ctrl-C


@contextmanager
def child(command: Sequence[str | Path], **settings: Any) -> Iterator["subprocess.Popen[str]"]:
    """`command` running, with the settings of Popen; leaving the block early stops it and its children.

    It gets a session of its own, so that Ctrl-C in the terminal reaches it once, from here.
    """
    process = subprocess.Popen([str(word) for word in command], start_new_session=True, text=True, **settings)
    try:
        yield process
        process.wait()
    finally:
        if process.poll() is None:
            _stop(process)
        if process.stdout:
            process.stdout.close()


def run(command: Sequence[str | Path], **settings: Any) -> int:
    """The exit code of `command`."""
    with child(command, **settings) as process:
        pass
    return process.returncode


def stop_on_signals() -> None:
    """Let a closed terminal or a polite kill end us as Ctrl-C does, with everything put in order."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def _stop(process: "subprocess.Popen[str]") -> None:
    """As Ctrl-C would, then with force; what the child started does not outlive it."""
    if sys.platform == "win32":
        process.terminate()
        process.wait()
        return
    os.killpg(process.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    with suppress(ProcessLookupError):  # the usual end: nobody is left in its session
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
