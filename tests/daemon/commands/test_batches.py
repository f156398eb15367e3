"""Many pictures: folders in folders, what goes with which, progress, a summary, and going on after a stop."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def page(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    samples = np.full((6, 8), 255, "u1")
    samples[:, 4] = 0
    Image.fromarray(samples).save(file)
    return file


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A comic as it comes out of an archive: chapters with pages of equal names, and what a Mac leaves there."""
    folder = tmp_path / "comic"
    for name in ("cover.png", "one/1.png", "one/2.png", "two/1.png"):
        page(folder / name)
    for name in ("__MACOSX/._1.png", "one/._1.png", ".hidden/3.png", "@eaDir/1.png/thumb.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"\0\5\x16\7")
    return folder


def results(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.png"))


def test_folders_in_folders_keep_their_places_in_the_output(inkwash, pages, tmp_path):
    result = inkwash("tint-lines", pages, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert results(tmp_path / "out") == [f"{n}-tint-lines.png" for n in ("cover", "one/1", "one/2", "two/1")]
    assert "page 3 of 4" in result.stderr
    assert "4 done, of 4 pages" in result.stderr


def test_results_that_lie_among_the_pages_are_no_pages(inkwash, pages):
    for _ in range(2):
        assert inkwash("tint-lines", pages, "-o", pages / "results", "--force").exit_code == 0
    assert len(results(pages / "results")) == 4


def test_equal_names_in_two_folders_are_two_jobs(inkwash, pages, tmp_path):
    result = inkwash("tint-lines", pages / "one", pages / "two", "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert results(tmp_path / "out") == ["2-tint-lines.png", "one/1-tint-lines.png", "two/1-tint-lines.png"]
    result = inkwash("tint-lines", pages / "one/1.png", pages / "two/1.png", "-o", tmp_path / "files")
    assert result.exit_code == 0, result.output
    assert results(tmp_path / "files") == ["one/1-tint-lines.png", "two/1-tint-lines.png"]


def test_hints_of_equal_names_go_to_the_page_of_their_folder_and_strays_are_named(inkwash, pages, tmp_path):
    for name, colour in (("one/1", (0, 0, 255)), ("two/1", (0, 255, 0)), ("2", (255, 0, 0)), ("nobody", (9, 9, 9))):
        file = tmp_path / "hints" / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGBA", (8, 6), (*colour, 255)).save(file)
    result = inkwash("tint-lines", pages, "--hints", tmp_path / "hints", "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    for name, colour in (("one/1", [0, 0, 255]), ("two/1", [0, 255, 0]), ("one/2", [255, 0, 0])):
        with Image.open(tmp_path / "out" / f"{name}-tint-lines.png") as made:
            assert np.asarray(made)[0, 0].tolist() == colour
    assert "belong to no page" in result.stderr
    assert "nobody.png" in result.stderr


def test_what_has_a_result_is_skipped_in_silence_and_the_rest_is_done(inkwash, pages, tmp_path):
    out = tmp_path / "out"
    assert inkwash("tint-lines", pages, "-o", out).exit_code == 0
    (out / "one/2-tint-lines.png").unlink()
    before = (out / "cover-tint-lines.png").stat().st_mtime_ns
    result = inkwash("tint-lines", pages, "-o", out, "--skip-existing")
    assert result.exit_code == 0
    assert result.stdout.strip().endswith("one/2-tint-lines.png")
    assert "page 3 of 4" in result.stderr
    assert "cover" not in result.stderr
    assert "1 done, 3 skipped, of 4 pages" in result.stderr
    assert (out / "cover-tint-lines.png").stat().st_mtime_ns == before
    again = inkwash("tint-lines", pages / "cover.png", "-o", out / "cover-tint-lines.png", "--skip-existing")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "")


def test_the_summary_names_what_failed_and_how_to_go_on(inkwash, pages, tmp_path):
    (pages / "one/2.png").write_bytes(b"no picture")
    result = inkwash("tint-lines", pages, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "3 done, 1 failed, of 4 pages" in result.stderr
    assert result.stderr.count("one/2.png") >= 2
    assert "--skip-existing" in result.stderr.splitlines()[-1]
    lines = inkwash("tint-lines", pages, "-o", tmp_path / "out", "--force", "--json").stdout.splitlines()
    assert len([json.loads(line) for line in lines]) == 4


def test_names_that_are_no_utf_8_are_worked_on_and_said(service, program, pages):
    odd = b"\x90\xfc\x89\xe6.png"  # in Shift-JIS
    (pages / "cover.png").rename(pages / "a.png")
    with open(bytes(pages / "one") + b"/" + odd, "wb") as out:
        out.write((pages / "a.png").read_bytes())
    run = subprocess.run([*program, "tint-lines", pages / "one"], capture_output=True)
    assert run.returncode == 0, run.stderr
    assert b"\x90\xfc\x89\xe6-tint-lines.png" in run.stdout
    run.stderr.decode()


def test_what_a_name_would_have_a_terminal_do_is_only_shown(service, program, tmp_path):
    bad = tmp_path / "\x1b[31mred\x1b]0;t\x07.png"
    bad.write_bytes(b"no picture")
    for arguments in (["tint-lines", bad], ["tint-lines", bad, "-o", tmp_path / "\x1b[2Jgone" / "a.png"]):
        run = subprocess.run([*program, *arguments], capture_output=True)
        assert run.returncode == 2
        assert b"\x1b" not in run.stderr + run.stdout
        assert b"[31mred" in run.stderr or b"[2Jgone" in run.stderr


def test_what_is_no_file_is_refused_at_once(inkwash, tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe.png")
    for file in (tmp_path / "pipe.png", Path("/dev/zero")):
        result = inkwash("tint-lines", file, "-o", tmp_path / "out.png")
        assert result.exit_code == 2
        assert "no file but a pipe or a device" in result.stderr
