"""A visit to the Debian in a folder: programs run inside, with a home, displays, and an end for all of them."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from environment import Suite

ROOT = Path(__file__).resolve().parents[2]
MARK = "INKWASH_VISIT"  # in the environment of everything that a visit starts, so that it is found again
GRACE = 3.0  # seconds to end after a polite request
SECONDS = 120.0  # how long a command may take, unless it is told


class Visit:
    """Programs inside `suite` share a fresh home, /tmp and the checkout (at the same path), and end together.

    The checkout's own Python runs outside, where its libraries are, also when a program inside starts it: that
    is how a plugin inside starts the real daemon.
    """

    def __init__(self, suite: Suite, home: Path) -> None:
        self.suite = suite
        self.home = home
        self.mark = uuid.uuid4().hex
        self._children: list[subprocess.Popen[str]] = []
        self.shared = _outermost([Path(tempfile.gettempdir()), ROOT, Path(sys.prefix), home])
        self.commands = Path(tempfile.mkdtemp(prefix="inkwash-visit-"))
        self.temporary = Path(tempfile.mkdtemp(prefix="inkwash-tmp-"))  # where each is seen to leave nothing
        for folder in (self.home, self.home / ".run"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for file in Path(sys.prefix, "bin").iterdir():
            self._lead_outside(file)

    def environment(self, display: str = "") -> dict[str, str]:
        """The variables of every program of this visit."""
        ours = {"HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home / ".run"), "TMPDIR": str(self.temporary)}
        ours[MARK] = self.mark
        return {**ours, "DISPLAY": display} if display else ours

    def popen(
        self, command: Sequence[str | Path], *, env: dict[str, str] | None = None, display: str = "", **settings: Any
    ) -> subprocess.Popen[str]:
        """`command` running inside; its pid is the program's own. `settings` are those of Popen."""
        words = self.suite.command(
            command,
            env={**self.environment(display), **(env or {})},
            shared=self.shared,
            replaced=[(self.commands, Path(sys.prefix, "bin"))],
        )
        settings = {"stdin": subprocess.DEVNULL, "start_new_session": True, **settings}
        self._children.append(subprocess.Popen(words, text=True, **settings))
        return self._children[-1]

    def run(
        self,
        command: Sequence[str | Path],
        *,
        env: dict[str, str] | None = None,
        display: str = "",
        timeout: float = SECONDS,
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` inside to its end; TimeoutExpired, with what it said, when it takes too long.

        What it leaves running, such as the daemon, may go on until the visit ends.
        """
        # Into files: what it leaves running holds a pipe open for ever.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            process = self.popen(command, env=env, display=display, stdout=out, stderr=err)
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired as error:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise subprocess.TimeoutExpired(list(command), timeout, _all_of(out), _all_of(err)) from error
            return subprocess.CompletedProcess(list(command), process.returncode, _all_of(out), _all_of(err))

    def display(self, size: str = "1600x1000") -> str:
        """A new display with a window manager, such as ":3", until the visit ends."""
        words = f"Xvfb :{_free_number()} -displayfd 1 -screen 0 {size}x24 -nolisten tcp -noreset".split()
        server = self.popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert server.stdout
        number = server.stdout.readline().strip()
        server.stdout.close()
        assert number, f"Xvfb ended with {server.wait()}"
        self.popen(["openbox"], display=f":{number}", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + SECONDS
        while "window id" not in self.run(["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], display=f":{number}").stdout:
            assert time.monotonic() < until, "openbox does not start"
            time.sleep(0.1)
        return f":{number}"

    def picture(self, display: str, file: Path) -> Path:
        """What is on `display`, as the picture `file` (in a shared folder)."""
        answer = self.run(["import", "-window", "root", file], display=display)
        assert answer.returncode == 0, answer.stderr
        return file

    def running(self) -> list[int]:
        """The processes that this visit started, directly or not, and that still run."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and self._is_ours(folder):
                found.append(int(folder.name))
        return found

    def close(self) -> None:
        """End every program of this visit: politely, then with force."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            until = time.monotonic() + GRACE
            for pid in self.running():
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            while self.running() and time.monotonic() < until:
                time.sleep(0.05)
        for child in self._children:
            child.wait()
        for folder in (self.commands, self.temporary):
            shutil.rmtree(folder, ignore_errors=True)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_ours(self, process: Path) -> bool:
        try:
            state = (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
            return state != "Z" and f"{MARK}={self.mark}".encode() in (process / "environ").read_bytes().split(b"\0")
        except OSError:  # it has ended meanwhile
            return False

    def _lead_outside(self, program: Path) -> None:
        """Make a stand-in for `program`, to be seen inside, that runs it outside."""
        stand_in = self.commands / program.name
        stand_in.write_text(f'#!/bin/sh\nexec chroot /proc/{os.getpid()}/root "{program}" "$@"\n')
        stand_in.chmod(0o755)


def _free_number() -> int:
    """A display's number that nobody has: X's abstract sockets are shared with all that share the network.

    Xvfb's own choice, the lowest, looks at /tmp: two who have different ones would draw on the same display.
    """
    taken = Path("/proc/net/unix").read_text("utf-8", "replace")
    numbers = (random.randrange(1000, 30000) for _ in range(1000))
    return next(number for number in numbers if f"/tmp/.X11-unix/X{number}\n" not in taken)


def _outermost(paths: Sequence[Path]) -> list[Path]:
    """`paths` that exist, without those that lie in another of them."""
    real = {path.resolve() for path in paths if path.exists()}
    return sorted(path for path in real if not real & set(path.parents))


def _all_of(stream: Any) -> str:
    stream.seek(0)
    return str(stream.read())
