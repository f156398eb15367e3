"""Krita's settings are changed in one entry, and in nothing else."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inkwash.installer.plugins import kritarc
from inkwash.installer.plugins.kritarc import enabled, forgotten, is_enabled, resource_folder, write

ENTRY = b"enable_inkwash.krita"
USUAL = b"""FavoriteGroups=\xc3\xa9toiles
ResourceDirectory=

[MainWindow][Toolbar x]
# a comment = here
IconSize=24
;odd line without anything
[python]
enable_docker=true
enable_other[$d]

[theme]
Theme=Krita dark
"""

LINES = st.one_of(
    st.sampled_from([b"[python]", b"[python][sub]", b"[theme]", b"", b" ", b"# enable_inkwash.krita=false", b"x=1"]),
    st.sampled_from(
        [b"enable_docker=true", b"[python", b"python]", b"[python] ", b"\xff\xfe", b"=", b"enable_inkwash="]
    ),
    st.binary(max_size=8).filter(lambda data: not set(data) & set(b"\r\n")),
)
OURS = st.sampled_from([ENTRY + b"=true", ENTRY + b"=false", ENTRY + b" = true ", b" " + ENTRY + b"[$i]=1"])
ENDS = st.sampled_from([b"\n", b"\r\n"])


@st.composite
def files(draw: st.DrawFn, lines: st.SearchStrategy[bytes] = LINES) -> bytes:
    """A settings file as a person or a program may have left it."""
    return draw(ENDS).join(draw(st.lists(lines, max_size=12))) + draw(st.sampled_from([b"", b"\n"]))


@given(files(LINES | OURS))
@example(b"")
@example(USUAL)
def test_switching_on_changes_one_entry_and_nothing_else(settings: bytes) -> None:
    after = enabled(settings)
    assert is_enabled(after)
    assert enabled(after) == after
    rest = [line for line in after.splitlines() if ENTRY not in line and line.strip() not in (b"", b"[python]")]
    before = [line for line in settings.splitlines() if ENTRY not in line and line.strip() not in (b"", b"[python]")]
    assert rest == before


@given(files())
@example(USUAL)
def test_what_was_there_stays_byte_for_byte(settings: bytes) -> None:
    after = enabled(settings)
    line = next(line for line in after.splitlines(keepends=True) if line.startswith(ENTRY + b"=true"))
    # All that came is one line, perhaps with its group, and an end for a last line that had none.
    assert after.replace(line, b"", 1).startswith(settings.rstrip(b"\r\n")) or after.replace(line, b"", 1) == settings
    assert len(after) <= len(settings) + len(line) + len(b"\r\n\r\n[python]\r\n")


@given(files())
@example(USUAL)
@example(b"")
@example(b"a=1\n")
@example(b"[python]\nenable_docker=true")
def test_switching_on_and_taking_away_gives_the_file_back(settings: bytes) -> None:
    there_and_back = forgotten(enabled(settings))
    if not settings or settings.endswith(b"\n"):
        groups = [line.strip() for line in settings.splitlines()]
        if b"[python]" not in groups:  # an empty group of that name would go with the entry
            assert there_and_back == settings
    assert is_enabled(there_and_back) is None


@given(files())
def test_a_file_that_does_not_name_the_plugin_is_left_alone(settings: bytes) -> None:
    assert forgotten(settings) == settings


def test_a_usual_file_gets_one_line() -> None:
    assert enabled(USUAL) == USUAL.replace(b"[python]\n", b"[python]\n" + ENTRY + b"=true\n")


def test_a_file_of_windows_keeps_its_line_ends() -> None:
    assert enabled(b"[a]\r\nb=1\r\n") == b"[a]\r\nb=1\r\n\r\n[python]\r\n" + ENTRY + b"=true\r\n"


@pytest.mark.parametrize(
    ("settings", "is_on"),
    [
        (b"", None),
        (b"[python]\n", None),
        (b"[python]\n" + ENTRY + b"=true\n", True),
        (b"[python]\n" + ENTRY + b"=false\n", False),
        (b"[theme]\n" + ENTRY + b"=true\n", None),
        (b"[python][more]\n" + ENTRY + b"=true\n", None),
        (b"[python]\n#" + ENTRY + b"=true\n", None),
        (b"[python]\n" + ENTRY + b"=true\n[b]\n[python]\n" + ENTRY + b"=false\n", False),
        (b"[python]\n" + ENTRY + b"s=true\n", None),
    ],
)
def test_whether_it_is_on_is_read_as_krita_reads_it(settings: bytes, is_on: bool | None) -> None:
    assert is_enabled(settings) is is_on


@pytest.mark.parametrize(
    ("settings", "folder"),
    [
        (b"", None),
        (b"ResourceDirectory=\n", None),
        (b"ResourceDirectory=relative\n", None),
        (b"a=1\nResourceDirectory=/home/ada/my brushes\n[b]\n", "/home/ada/my brushes"),
        (b"ResourceDirectory[$e]=$HOME/art\n", "/home/ada/art"),
        (b"ResourceDirectory=/$HOME\n", "/$HOME"),
        (b"[b]\nResourceDirectory=/home/ada\n", None),
    ],
)
def test_the_chosen_folder_for_resources_is_read(
    monkeypatch: pytest.MonkeyPatch, settings: bytes, folder: str | None
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert resource_folder(settings) == (Path(folder) if folder else None)


def test_a_file_keeps_its_rights_and_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles", tmp_path / "kritarc"
    real.write_bytes(b"a=1\n")
    real.chmod(0o640)
    link.symlink_to(real)
    write(link, b"a=2\n")
    assert link.is_symlink()
    assert real.read_bytes() == b"a=2\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["dotfiles", "kritarc"]


def test_a_file_with_nothing_left_to_say_goes(tmp_path: Path) -> None:
    file = tmp_path / "config" / "kritarc"
    write(file, enabled(b""))
    assert is_enabled(file.read_bytes())
    write(file, forgotten(file.read_bytes()))
    assert not file.exists()


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kritarc"
    file.write_bytes(b"a=1\n")

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(kritarc.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write(file, b"a=2\n")
    assert file.read_bytes() == b"a=1\n"
    assert os.listdir(tmp_path) == ["kritarc"]
