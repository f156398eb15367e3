"""A child process and what it started never outlive an interruption."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from inkwash.installer import process

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sessions and signals are POSIX's")

GRANDCHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
ENDLESS = "import signal, sys; print('up', flush=True); signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); print('up', flush=True); signal.pause()"


def test_the_exit_code_is_the_childs() -> None:
    assert process.run([sys.executable, "-c", "raise SystemExit(7)"]) == 7


def interrupt(program: str, output: int) -> None:
    """Start a child that starts `program`, wait until it is up, and be interrupted."""
    command = [sys.executable, "-c", GRANDCHILD, program]
    reader, writer = os.pipe()
    with suppress(KeyboardInterrupt), process.child(command, stdout=writer, stderr=output):
        assert os.read(reader, 1) == b"u"
        raise KeyboardInterrupt
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("program", [ENDLESS, STUBBORN])
def test_an_interruption_stops_a_child_and_its_children(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATIENCE", 0.5)
    reader, writer = os.pipe()
    interrupt(program, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as errors:
        errors.read()  # ends only when nobody that could write is left


def test_a_polite_kill_is_an_interruption(tmp_path: Path) -> None:
    program = (
        "from inkwash.installer import process\n"
        "process.stop_on_signals()\n"
        "try:\n"
        f"    process.run([{sys.executable!r}, '-c', {ENDLESS!r}])\n"
        "except KeyboardInterrupt:\n"
        "    print('in order', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as ours:
        assert ours.stdout is not None
        assert ours.stdout.readline() == "up\n"
        ours.send_signal(signal.SIGTERM)
        assert ours.stdout.read() == "in order\n"
    assert ours.returncode == 0
