"""After an update: the daemon of the old version makes way when it is idle, and says so when it is not."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inkwash.client import WrongVersion, connect, find, succession
from inkwash.protocol import VERSION, Layer

Update = Callable[[str], None]
OF_VERSION = 'import pathlib, inkwash.protocol as wire\nwire.VERSION = pathlib.Path("version").read_text()\n'


@pytest.fixture
def update(home: Path, command: Callable[[str], None], source: str, monkeypatch: pytest.MonkeyPatch) -> Update:
    """Let what is started from now on be of this version."""
    monkeypatch.setattr(succession, "_lasting", set())
    command(OF_VERSION + source)
    return lambda version: (home / "version").write_text(version) and None


def started() -> dict[str, Any]:
    return connect().status()


def test_an_idle_daemon_of_an_older_version_is_replaced(update: Update, daemons: Any) -> None:
    update("0.0.9")
    with pytest.MonkeyPatch.context() as older:  # the client of its time
        older.setattr(succession, "VERSION", "0.0.9")
        before = started()
    assert before["version"] == "0.0.9"
    update(VERSION)
    found = find()
    assert found is not None, "to look is not to replace"
    assert found.said["pid"] == before["pid"]
    pids: list[int] = []
    threads = [threading.Thread(target=lambda: pids.append(started()["pid"])) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 5
    assert set(pids) == {started()["pid"]} == set(daemons()) != {before["pid"]}
    assert started()["version"] == VERSION


def test_one_that_works_is_left_to_it_and_the_client_says_so(update: Update, picture: Layer) -> None:
    update("0.0.9")
    with pytest.MonkeyPatch.context() as older:
        older.setattr(succession, "VERSION", "0.0.9")
        client = connect()
    with client.run("sleeper", {}, [picture]) as job:
        next(job)
        update(VERSION)
        with pytest.raises(WrongVersion) as error:
            connect()
        assert "0.0.9" in error.value.message
        assert "when that is done" in error.value.hint
        assert next(job).message["type"] == "progress"


def test_a_newer_daemon_serves_older_clients(update: Update) -> None:
    update("99.0")
    assert started()["pid"] == started()["pid"]


def test_an_older_one_that_comes_again_is_taken_as_it_is(update: Update) -> None:
    update("0.0.9")
    first = started()
    assert first["version"] == "0.0.9"
    second = started()["pid"]
    assert second == started()["pid"] == started()["pid"]


def test_one_whose_program_was_replaced_makes_way(command: Callable[[str], None], source: str, home: Path) -> None:
    """As `git pull` does it, without another version."""
    program = home / "program"
    program.mkdir()
    (program / "filter.py").write_text("first")
    parts = "import inkwash.daemon.program as program\nprogram.FOLDERS = ('program',)\n"
    command(parts + source)
    first = started()
    assert not first["outdated"]
    assert started()["pid"] == first["pid"]
    (program / "new.py").write_text("a file that nothing has loaded")
    assert find().status()["outdated"]  # type: ignore[union-attr]
    second = started()
    assert second["pid"] != first["pid"]
    assert not second["outdated"]
    stamp = time.time() + 10
    os.utime(program / "filter.py", (stamp, stamp))
    assert started()["pid"] != second["pid"]
