"""pip in an environment: chatter goes to a log, failures become sentences, lost connections are retried."""

import os
import re
import subprocess
import time
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import InstallError, NetworkLost, NoSpace, NotOffered, PipFailed
from ..process import child
from ..progress import Progress

MODERN = (25, 2)  # pip's first that continues a broken download by itself and reports its progress in lines
WAITS = (5.0, 15.0, 45.0, 120.0)  # seconds before each further try
TAIL = 12  # last lines of pip's words that a failure shows

NO_SPACE = ("No space left on device", "[Errno 28]", "[WinError 112]")
NO_NETWORK = (
    "Retrying (Retry(",
    "connection broken",
    "Connection broken",
    "ConnectionError",
    "ConnectionResetError",
    "IncompleteRead",
    "NewConnectionError",
    "ProtocolError",
    "ReadTimeoutError",
    "Read timed out",
    "Download failed",
    "name resolution",
    "HTTP error 50",
    "IncompleteDownloadError",
    "incomplete-download",
    "DO NOT MATCH THE HASHES",  # how an older pip takes a download that ended early
)
DOWNLOADING = re.compile(r"\s*Downloading (?:\S*/)?([A-Za-z0-9_.]+?)-\d\S* \(")
PROGRESS = re.compile(r"Progress (\d+) of (\d+)")


class Pip:
    """Runs `pip install` with the Python of an environment."""

    def __init__(
        self,
        python: Path,
        log: Path,
        progress: Progress,
        *,
        waits: Sequence[float] = WAITS,
        modern: bool = True,
    ) -> None:
        self.python = python
        self.log = log
        self.progress = progress
        self.waits = waits
        self.modern = modern

    def install(self, *arguments: str, cwd: Path | None = None) -> None:
        """`pip install *arguments`, in folder `cwd`, tried again while the connection is down.

        Raises NetworkLost, NotOffered, NoSpace or PipFailed.
        """
        for wait in (*self.waits, None):
            try:
                self._try(arguments, cwd)
                return
            except NetworkLost:
                if wait is None:
                    raise
                self.progress.note(f"The connection was lost. Trying again in {wait:g} s ...")
                time.sleep(wait)

    def _try(self, arguments: Sequence[str], cwd: Path | None) -> None:
        """One run of pip; its failure is raised as the error that it means."""
        # -I: a PYTHONPATH or a pip in the home folder must not leak into a private environment.
        command = [
            str(self.python),
            "-I",
            "-m",
            "pip",
            "install",
            "--no-input",
            "--disable-pip-version-check",
        ]
        if self.modern:
            command += ["--progress-bar", "raw", "--resume-retries", "10"]
        command += arguments
        # /tmp is often a small memory disk, and pip unpacks gigabytes into it.
        spare = self.log.parent / "tmp"
        spare.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "TMPDIR": str(spare), "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        with child(command, cwd=cwd, env=environment, encoding="utf-8", errors="replace", **pipes) as process:
            assert process.stdout is not None
            tail = self._follow(process.stdout, " ".join(command))
        if process.returncode:
            raise explain(tail, self.log)

    def _follow(self, lines: Iterable[str], command: str) -> list[str]:
        """Log all `lines` but the progress, say what a person wants to know, and give back the last ones."""
        name = ""
        kept: deque[str] = deque(maxlen=400)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n$ {command}\n")
            for line in lines:
                if moved := PROGRESS.match(line):
                    self.progress.download(name, int(moved[1]), int(moved[2]))
                    continue
                log.write(line)
                kept.append(line.rstrip())
                if started := DOWNLOADING.match(line):
                    name = started[1]
                elif line.startswith("Installing collected packages:"):
                    count = line.count(",") + 1
                    if count > 1:
                        self.progress.note(f"unpacking {count} packages; this can take a minute")
        return list(kept)


def explain(tail: Sequence[str], log: Path) -> InstallError:
    """The error that pip's last lines mean, in words for a person."""
    text = "\n".join(tail)
    if any(mark in text for mark in NO_SPACE):
        return NoSpace("The disk is full.", f"Free some space and run the same command again. The log is {log}.")
    if any(mark in text for mark in NO_NETWORK):
        return NetworkLost(
            "The connection to the package index was lost.",
            f"Check the network and run the same command again: it goes on from there.\nThe log is {log}.",
        )
    if missing := re.search(r"No matching distribution found for ([^\s(]+)", text):
        return NotOffered(
            f"No package index that pip knows offers {missing[1]} for this Python.",
            f"A Python between 3.10 and 3.13 has the widest choice. The log is {log}.",
        )
    lines = [line for line in tail if line.strip()][-TAIL:]
    return PipFailed(
        "A package could not be installed.",
        "The last lines of pip's log:\n"
        + "\n".join(f"    {line}" for line in lines)
        + f"\nThe whole log is {log}. Running the same command again is safe and often enough.",
    )
