"""Named settings on the command line."""

import json

import numpy as np
from PIL import Image


def test_a_preset_is_saved_listed_shown_used_and_removed(inkwash, call, lines, tmp_path):
    settings = tmp_path / "green.json"
    settings.write_text(json.dumps({"ink": True}))
    assert call("presets", "save", "tint-lines", "Green ink", settings).exit_code == 0
    assert "tint-lines: Green ink\n" in call("presets", "list").stdout
    shown = call("presets", "show", "tint-lines", "Green ink").stdout
    assert json.loads(shown) == {"filter": "tint_lines", "name": "Green ink", "settings": {"ink": True}}
    (tmp_path / "shown.json").write_text(shown)
    for place, given in enumerate(("Green ink", tmp_path / "shown.json")):
        result = inkwash("tint-lines", lines, "--preset-file", given, "-o", tmp_path / f"{place}.png")
        assert result.exit_code == 0, result.output
        with Image.open(tmp_path / f"{place}.png") as made:
            red, green, blue = np.asarray(made.convert("RGB"))[2, 4]
        assert green > 200 > max(red, blue), "the ink is green by the preset alone"
    assert call("presets", "remove", "tint-lines", "Green ink").exit_code == 0
    assert "Green ink" not in call("presets", "list").stdout


def test_what_is_said_on_the_command_line_wins(inkwash, call, lines, tmp_path):
    settings = tmp_path / "ink.json"
    settings.write_text(json.dumps({"ink": True}))
    inkwash("tint-lines", lines, "--preset-file", settings, "--no-ink", "-o", tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as made:
        assert max(np.asarray(made.convert("RGB"))[2, 4]) < 60


def test_a_preset_that_is_not_there_or_no_settings_is_said(call, lines, tmp_path):
    for name, text in (("gone", None), ("other.json", '{"filter": "invert", "settings": {}}'), ("bad.json", "[1")):
        if text is not None:
            (tmp_path / name).write_text(text)
        given = name if text is None else tmp_path / name
        result = call("tint-lines", lines, "--preset-file", given, "-o", tmp_path / "out.png")
        assert result.exit_code == 2
        assert result.stderr.startswith("Error: ")
        assert not (tmp_path / "out.png").exists()
