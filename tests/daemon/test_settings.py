"""Settings: defaults, what is refused, and that the refusal says what to do."""

import json
from pathlib import Path
from typing import Any

import pytest

from inkwash.daemon.errors import BadSettings
from inkwash.daemon.settings import Settings, read_settings


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.json") == Settings()


def test_a_value_in_the_file_replaces_its_default(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"idle_minutes": 5, "device": "cuda:1"}))
    assert read_settings(file) == Settings(idle_minutes=5, device="cuda:1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"idle_minutes": 0},
        {"queue_length": -1},
        {"queue_length": 1.5},
        {"queue_length": True},
        {"body_limit_mb": "many"},
        {"body_limit_mb": float("nan")},
        {"idle_minutes": float("inf")},
        {"device": "gpu"},
        {"device": "cuda:1; rm"},
        {"precision": "int8"},
        {"colour": "blue"},
        [],
        None,
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_to_do(tmp_path: Path, wrong: Any) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps(wrong))
    with pytest.raises(BadSettings) as caught:
        read_settings(file)
    assert caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "{", "\x00\xff", '{"device": "cpu"', "[" * 100_000])
def test_a_damaged_file_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text)
    with pytest.raises(BadSettings, match=r"settings\.json"):
        read_settings(file)
