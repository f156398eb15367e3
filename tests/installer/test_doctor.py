"""The check-up names what is wrong and what to do about it."""

import json
import os
import struct
from pathlib import Path
from typing import Any

import pytest

from inkwash.installer import doctor
from inkwash.installer.doctor import Finding, has_card
from inkwash.installer.python.environment import Environment
from inkwash.protocol import VERSION


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
        weights({"__metadata__": {"inkwash": "[" * 100_000}}, b""),
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


def command(environment: Environment, script: str) -> Environment:
    """`environment` with an `inkwash` that is a shell script."""
    environment.inkwash.write_text(f"#!/bin/sh\n{script}\n")
    environment.inkwash.chmod(0o755)
    return environment


@pytest.mark.skipif(os.name == "nt", reason="the command is a shell script")
@pytest.mark.parametrize(
    ("said", "is_wrong", "words"),
    [
        ({"version": VERSION, "pid": 7}, False, "process 7"),
        ({"version": "0.0.9", "pid": 7}, False, f"this is {VERSION}"),
        ({"version": VERSION, "pid": 7, "outdated": True}, False, "was changed since"),
        ({"version": VERSION, "pid": 7, "device": {"fault": "PyTorch cannot be loaded"}}, True, "cannot be loaded"),
    ],
)
def test_a_daemon_of_another_program_or_without_torch_is_told_of(
    bare: Environment, said: dict[str, Any], is_wrong: bool, words: str
) -> None:
    finding = doctor._daemon(command(bare, f"echo '{json.dumps(said)}'"))
    assert finding.is_wrong == is_wrong
    assert words in finding.words
    assert ("daemon stop" in finding.advice) == (words != "process 7")


@pytest.mark.skipif(os.name == "nt", reason="the command is a shell script")
def test_a_daemon_that_does_not_answer_is_wrong(bare: Environment) -> None:
    script = 'printf "Error: The Inkwash service does not answer.\\nWait a moment.\\n" >&2; exit 2'
    finding = doctor._daemon(command(bare, script))
    assert finding.is_wrong
    assert finding.words == "The daemon: The Inkwash service does not answer."
    assert finding.advice.startswith("Wait a moment.")


@pytest.mark.skipif(os.name == "nt", reason="the command is a shell script")
def test_each_plugin_is_told_of(bare: Environment) -> None:
    rows = [
        {"label": "Krita", "folder": "/a", "words": "the plugin is there", "advice": "", "is_wrong": False},
        {"label": "GIMP 3.0", "folder": "/b", "words": "the plugin is old", "advice": "Again.", "is_wrong": True},
    ]
    found = list(doctor._plugins(command(bare, f"echo '{json.dumps(rows)}'")))
    assert [str(finding) for finding in found] == [
        "  ok     Krita: the plugin is there (/a)",
        "  WRONG  GIMP 3.0: the plugin is old (/b)\n         Again.",
    ]


@pytest.mark.skipif(os.name == "nt", reason="the command is a shell script")
@pytest.mark.parametrize("script", ["exit 3", "echo '['", "echo '[{}]'", "echo 5"])
def test_a_command_that_cannot_tell_of_the_plugins_is_wrong(bare: Environment, script: str) -> None:
    (finding,) = doctor._plugins(command(bare, script))
    assert finding.is_wrong
    assert "cannot be looked at" in finding.words
