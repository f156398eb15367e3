"""The check-up names what is wrong and what to do about it."""

import json
import struct
from pathlib import Path

import pytest

from inkwash.installer import doctor
from inkwash.installer.doctor import Finding, has_card
from inkwash.installer.environment import Environment


def weights(header: object, body: bytes = b"\0" * 8) -> bytes:
    """A weights file with `header`, and `body` as its tensors."""
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


TENSOR = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
WHOLE = {"__metadata__": {"inkwash": "{}"}, "weight": TENSOR}


def test_a_whole_model_has_a_card(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(weights(WHOLE))
    assert has_card(file)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 7,
        b"\xff" * 100,
        weights(WHOLE)[:-1],
        weights({"weight": TENSOR}),
        weights({"__metadata__": {"inkwash": "{"}}, b""),
        weights({"__metadata__": {"inkwash": "{}"}, "weight": 5}),
        weights([]),
        b"<!DOCTYPE html>" * 100,
    ],
)
def test_a_damaged_or_foreign_file_has_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(content)
    assert not has_card(file)


def test_what_is_wrong_stands_out_with_its_advice() -> None:
    assert str(Finding("Torch runs")) == "  ok     Torch runs"
    assert str(Finding("GIMP 2", "Get GIMP 3.")) == "  note   GIMP 2\n         Get GIMP 3."
    assert str(Finding("No models", "Download.\nAgain.", True)).splitlines()[1:] == [
        "         Download.",
        "         Again.",
    ]


def test_an_unfinished_environment_is_found(bare: Environment, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    bare.folder.rename(home / "environment")
    assert doctor.examine() == 1
    said = capsys.readouterr().out
    assert f"{home / 'environment'} (the artist's) is unfinished" in said
    assert f"INKWASH_HOME is set: everything is looked for in {home}" in said


def test_a_damaged_model_of_the_artist_is_named(home: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models/mine.safetensors").write_bytes(b"half a file")
    wrong = [finding for finding in doctor.findings() if "mine.safetensors" in finding.words]
    assert wrong
    assert wrong[0].is_wrong
    assert str(home / "models") in wrong[0].advice
