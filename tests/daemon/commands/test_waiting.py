"""A command whose job waits behind another says so."""

import subprocess
from pathlib import Path

from inkwash.client import connect


def test_a_command_behind_another_says_what_it_waits_for(inkwash, program, lines: Path, home: Path, tmp_path: Path):
    began = home / "slow.began"
    began.unlink(missing_ok=True)
    slow = subprocess.Popen([*program, "slow", lines, "-o", tmp_path / "slow.png"], stderr=subprocess.DEVNULL)
    try:
        while not began.exists():
            assert slow.poll() is None
        waiting = subprocess.Popen([*program, "invert", lines], stderr=subprocess.PIPE, text=True)
        assert waiting.stderr.readline() == "waiting for Slow to end\n"
        said = inkwash("daemon", "status").output
        assert "invert, waiting for Slow to end" in said
        connect().cancel(next(job["id"] for job in connect().jobs() if job["filter"] == "slow"))
        assert waiting.wait(60) == 0
        waiting.stderr.close()
    finally:
        slow.kill()
        slow.wait()
