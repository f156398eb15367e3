"""On a worn machine: a broken installation, a daemon that stands still, a home said in a relative way, no room."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inkwash.client import find
from inkwash.client.lock import is_held
from inkwash.models.store import SHIPPED
from inkwash.protocol import places

INKWASH = (sys.executable, "-m", "inkwash.daemon.commands")
NO_TORCH = 'raise ImportError("libtorch_cpu.so: cannot open shared object file")'


def inkwash(*arguments: Any, **settings: Any) -> subprocess.CompletedProcess[str]:
    command = [*INKWASH, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **settings)


@pytest.fixture(autouse=True)
def _ended(home: Path) -> Iterator[None]:
    """Whatever daemon is left ends with the test."""
    yield
    if is_held(places.lock_file()):
        pid = json.loads(places.endpoint_file().read_text())["pid"]
        os.kill(pid, signal.SIGKILL)
        while is_held(places.lock_file()):
            time.sleep(0.02)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    file = tmp_path / "lines.png"
    Image.new("L", (32, 32), 255).save(file)
    return file


def test_without_torch_each_job_ends_with_a_sentence_and_the_worker_lives(
    tmp_path: Path, lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "torch.py").write_text(NO_TORCH)
    with pytest.MonkeyPatch.context() as while_it_starts:
        while_it_starts.setenv("PYTHONPATH", str(broken))
        assert inkwash("daemon", "start").returncode == 0
    for number in range(2):
        said = inkwash("lineart", lines, "-o", tmp_path / f"{number}.png")
        assert said.returncode == 2
        assert "libtorch_cpu.so" in said.stderr
        assert "python3 installer" in said.stderr
    status = json.loads(inkwash("daemon", "status", "--json").stdout)
    assert "libtorch_cpu.so" in status["device"]["fault"]
    assert status["jobs"] == []
    assert "libtorch_cpu.so" in inkwash("daemon", "status").stdout
    assert inkwash("daemon", "stop").stdout == "Inkwash has stopped.\n"


def test_a_daemon_that_stands_still_is_not_said_to_be_stopped() -> None:
    inkwash("daemon", "start")
    pid = json.loads(places.endpoint_file().read_text())["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        said = inkwash("daemon", "stop")
        assert said.returncode == 2
        assert "does not answer" in said.stderr
        assert str(pid) in said.stderr
    finally:
        os.kill(pid, signal.SIGCONT)
    assert inkwash("daemon", "stop").stdout == "Inkwash has stopped.\n"
    assert inkwash("daemon", "stop").stdout == "Inkwash does not run.\n"


def test_a_relative_home_is_the_same_for_daemon_and_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKWASH_HOME", "somewhere")
    monkeypatch.chdir(tmp_path)
    assert inkwash("daemon", "start").returncode == 0
    assert (tmp_path / "somewhere/endpoint.json").exists()
    assert not list(tmp_path.glob("somewhere/somewhere"))
    assert find() is not None
    assert inkwash("daemon", "stop").stdout == "Inkwash has stopped.\n"


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for a home, on which no byte is free."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "none", folder], capture_output=True).returncode:
        pytest.skip("only root can make a small disk")
    try:
        with suppress(OSError), (folder / "filling").open("wb", buffering=0) as stream:
            while True:
                stream.write(bytes(1024))
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_on_a_full_disk_the_start_says_so_and_works_once_there_is_room(
    full_disk: Path, lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INKWASH_HOME", str(full_disk / "home"))
    model = lines.with_name("mine.safetensors")
    shutil.copy(SHIPPED / "sunset-bridge.safetensors", model)
    for command in (["daemon", "run"], ["daemon", "start"], ["lineart", lines], ["models", "add", model]):
        said = inkwash(*command)
        assert said.returncode in (1, 2), said
        assert "Traceback" not in said.stderr + said.stdout
        assert re.search("No space left|is full|no room left", said.stderr)
        assert "Free some space" in said.stderr
    assert not list(full_disk.rglob("*.part"))
    (full_disk / "filling").unlink()
    assert inkwash("daemon", "start").returncode == 0
    with suppress(OSError), (full_disk / "filling").open("wb", buffering=0) as stream:  # while it runs
        while True:
            stream.write(bytes(1024))
    said = inkwash("lineart", lines)
    assert (said.returncode, said.stdout.strip()) == (0, str(lines.with_name("lines-lineart.png"))), said.stderr
    assert inkwash("daemon", "stop").stdout == "Inkwash has stopped.\n"
