"""Inside a host: an old Python with nothing installed, and copies of what the installer puts beside a plugin."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgpack
import pytest

import inkwash.client
import inkwash.protocol

PLUGIN = """
import sys
sys.path.insert(0, sys.argv[1])
import msgpack
assert msgpack.Packer.__module__ == "msgpack.fallback", msgpack.Packer
from inkwash.client import JobFailed, connect
from inkwash.protocol import Layer

layer = Layer("picture", 300, 200, data=bytes(range(240)) * 1000)
for transport in ("unix", "tcp"):
    *_, result = connect(transport=transport).run("nothing", {}, [layer])
    assert result.message["type"] == "result", result
    assert result.layers[0].width == 300
    job = connect(transport=transport).run("sleeper", {}, [layer])
    next(job)
    job.close()
    try:
        next(job)
    except JobFailed as error:
        assert error.code == "cancelled"
print("done", *sys.version_info[:2])
"""


def runs(python: str) -> bool:
    return bool(shutil.which(python)) and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A folder as a plugin's: copies of the two parts, and of msgpack without its compiled codec."""
    for part in (inkwash.protocol, inkwash.client):
        shutil.copytree(Path(str(part.__file__)).parent, tmp_path / part.__name__.replace(".", "/"))
    codec = Path(msgpack.__file__).parent
    shutil.copytree(codec, tmp_path / "msgpack", ignore=shutil.ignore_patterns("*.so", "*.pyd"))
    return tmp_path


@pytest.mark.parametrize("python", ["python3.8", "python3.9", sys.executable], ids=["3.8", "3.9", "ours"])
def test_a_plugin_starts_the_daemon_and_runs_a_job(sleeper: Any, plugin: Path, python: str) -> None:
    if not runs(python):
        pytest.skip(f"{python} is not on this machine")
    command = [python, "-I", "-S", "-W", "error", "-c", PLUGIN, str(plugin)]
    run = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert run.stdout.startswith("done 3")
