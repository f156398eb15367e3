"""The Debian in a folder: it holds real hosts, leads out to the daemon, and leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from environment import STAMP, NotPossible, Suite, remove
from visit import Visit

pytestmark = pytest.mark.hosts


def test_krita_and_gimp_are_there(visit: Visit) -> None:
    krita = visit.run(["krita", "--version"], display=visit.display())  # it aborts without one
    assert krita.stdout.startswith("krita 5."), krita.stderr
    gimp = visit.run(["sh", "-c", "exec $(ls /usr/bin/gimp-console-3.*) --version"])
    assert "version 3." in gimp.stdout, gimp.stderr


def test_a_program_inside_sees_only_what_it_is_given(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTSIDE", "1")
    said = visit.run(["env"], env={"INSIDE": "1"}).stdout
    assert "INSIDE=1" in said
    assert "OUTSIDE" not in said
    assert f"HOME={visit.home}" in said


def test_the_mounts_are_seen_by_nobody_else(visit: Visit) -> None:
    before = Path("/proc/self/mountinfo").read_text()
    program = visit.popen(["sleep", "60"])
    assert Path("/proc/self/mountinfo").read_text() == before
    program.kill()
    program.wait()


def test_our_python_runs_outside_when_it_is_started_inside(visit: Visit) -> None:
    answer = visit.run([sys.executable, "-c", "import os, torch; print(os.stat('/').st_ino, os.environ['HOME'])"])
    assert answer.stdout.split() == [str(os.stat("/").st_ino), str(visit.home)], answer.stderr


def test_a_display_shows_windows(visit: Visit, tmp_path: Path) -> None:
    display = visit.display("640x480")
    visit.popen(["xmessage", "-center", "hello"], display=display)
    assert visit.picture(display, tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG")


def test_too_long_a_command_is_ended_and_what_it_said_is_kept(visit: Visit) -> None:
    with pytest.raises(subprocess.TimeoutExpired) as caught:
        visit.run(["sh", "-c", "echo begun; sleep 60"], timeout=2)
    assert caught.value.output == "begun\n"


def test_nothing_outlives_a_visit(suite: Suite, tmp_path: Path) -> None:
    with Visit(suite, tmp_path) as visit:
        visit.run(["sh", "-c", "trap '' TERM; setsid sleep 300 & setsid sleep 300 &"])
        visit.display("320x200")
        assert visit.running()
    assert visit.running() == []
    assert not visit.commands.exists()


def test_an_unfinished_folder_is_not_ready(tmp_path: Path) -> None:
    half = Suite("trixie", tmp_path / "trixie")
    assert not half.is_ready()
    half.folder.mkdir()
    assert not half.is_ready()
    (half.folder / STAMP).write_text('{"packages": ["krita"]')
    assert not half.is_ready()
    (half.folder / STAMP).write_text('{"packages": ["krita"]}')
    assert not half.is_ready()


def test_a_folder_with_something_mounted_in_it_is_not_deleted() -> None:
    with pytest.raises(NotPossible, match="mounted"):
        remove(Path("/proc"))
