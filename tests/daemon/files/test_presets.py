"""Named settings: kept, checked, and read whatever the file holds."""

from pathlib import Path

import pytest

from inkwash.daemon.errors import BadRequest, NoSuchPreset
from inkwash.daemon.files.presets import Presets
from inkwash.models.errors import BadParameter
from inkwash.models.filters import find


@pytest.fixture
def kept(tmp_path: Path) -> Presets:
    return Presets(tmp_path / "home" / "presets.json")


def test_settings_are_kept_under_any_name_and_read_by_another(kept: Presets, tmp_path: Path) -> None:
    kept.put("colorize", "夜の海 / night", {"finish": "flat"})
    kept.put("colorize", "soft", {"strength": 0.5})
    other = Presets(tmp_path / "home" / "presets.json")
    assert other.get(find("colorize"), "夜の海 / night") == {"finish": "flat"}
    assert [preset["name"] for preset in other.all()] == ["soft", "夜の海 / night"]
    other.delete("colorize", "soft")
    assert len(kept.all()) == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "\x1b[2J"])
def test_a_name_that_is_none_is_refused(kept: Presets, name: str) -> None:
    with pytest.raises(BadRequest):
        kept.put("colorize", name, {})


def test_settings_that_the_filter_does_not_take_are_refused(kept: Presets) -> None:
    with pytest.raises(BadParameter):
        kept.put("colorize", "wrong", {"strength": 7})
    assert kept.all() == []


def test_settings_of_another_version_are_left_out(kept: Presets, tmp_path: Path) -> None:
    kept.put("colorize", "old", {"strength": 0.5})
    file = tmp_path / "home" / "presets.json"
    file.write_text(file.read_text().replace("0.5", '0.5, "gone": 1, "gap": -4'))
    assert kept.get(find("colorize"), "old") == {"strength": 0.5}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"colorize": 3}', '{"colorize": {"a": 3}}', "[" * 10000])
def test_a_damaged_file_holds_nothing_and_is_mended_by_the_next_preset(
    kept: Presets, tmp_path: Path, text: str
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "presets.json").write_text(text)
    assert kept.all() == []
    with pytest.raises(NoSuchPreset):
        kept.get(find("colorize"), "a")
    kept.put("colorize", "a", {})
    assert len(kept.all()) == 1
