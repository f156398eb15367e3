"""The procedures: arguments from the declarations, errors that say what to do, for scripts and batches."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gimp_session import SAMPLES, GimpSession
from PIL import Image

from inkwash.models.filters import declared

pytestmark = pytest.mark.hosts

Result = Callable[[str], dict[str, Any]]
TYPES = {
    "number": "gdouble",
    "integer": "gint",
    "toggle": "gboolean",
    "choice": "gchararray",
    "model": "gchararray",
    "text": "gchararray",
}


def test_every_filter_is_a_procedure_with_its_arguments(result: Result) -> None:
    found = result("procedures")
    for filter in declared():
        procedure = found["inkwash-" + filter.id.replace("_", "-")]
        declaration = filter.declaration()
        arguments = procedure["arguments"]
        assert procedure["menu"] == ["<Image>/Filters/Inkwash"]
        assert procedure["label"] == declaration["label"] + "..."
        assert procedure["blurb"] == declaration["help"]
        for item in declaration["inputs"]:
            assert arguments[item["name"].replace("_", "-")]["type"] == "GimpLayer"
            assert item["help"] in procedure["help"]
        for item in declaration["parameters"]:
            argument = arguments[item["name"].replace("_", "-")]
            assert argument["type"] == TYPES[item["type"]], item
            assert argument["default"] == item["default"]
            assert argument["help"].startswith(item["help"])
            assert argument["label"].replace("_", "").startswith(item["label"])
            for key in ("minimum", "maximum"):
                assert argument.get(key) == item.get(key)


def test_a_script_is_told_which_models_there_are(result: Result) -> None:
    said = result("procedures")["inkwash-colorize"]["arguments"]["model"]["help"]
    assert said.endswith("One of: inkwash-colorizer.")


def test_an_unknown_model_is_answered_with_those_that_would_do(result: Result) -> None:
    assert "inkwash-upscaler" not in result("unknown_model")["message"]


def test_the_menu_says_what_each_filter_does(result: Result) -> None:
    labels = {procedure["label"] for procedure in result("procedures").values()}
    assert {"Colorize line art...", "Extract line art..."} <= labels


def test_arguments_arrive_at_the_filter(fresh: GimpSession) -> None:
    assert fresh.play("every_argument")["every_argument"]["status"] == "success"
    assert json.loads((fresh.home / "every-type.json").read_text()) == {
        "amount": -0.25,
        "gap": 7,
        "dark_paper": True,
        "finish": "flat",
        "model": "inkwash-colorizer",
        "inputs": ["picture"],
    }


def test_without_arguments_the_defaults_hold(result: Result) -> None:
    assert result("no_arguments")["status"] == "success"


def test_repeating_a_filter_finds_the_layers_by_their_names(session: GimpSession, result: Result) -> None:
    found = result("last_values")  # the hints were selected
    assert [layer["name"] for layer in found["layers"]] == ["colour hints", "Inkwash: Every type", "ink"]
    assert json.loads((session.home / "every-type.json").read_text())["inputs"] == ["hints", "picture"]


def test_two_selected_layers_are_lines_and_hints_by_their_looks(result: Result) -> None:
    found = result("lines_and_hints")
    assert found["status"] == "success", found["message"]
    assert found["same"]
    assert found["again"], "repeating it with the strokes selected must read them as hints too"


def test_a_picture_to_learn_from_can_be_a_file_or_a_palette(result: Result) -> None:
    file, unreadable, palette = (result(scene) for scene in SAMPLES)
    with Image.open(SAMPLES[0].split(":")[2]) as picture:
        mean = np.asarray(picture.convert("RGBA")).reshape(-1, 4).mean(0)
    assert file["status"] == "success", file["message"]
    assert file["colour"][3] == pytest.approx(mean[3], abs=1)
    assert palette["colour"] == pytest.approx([128, 0, 128, 255], abs=1)
    assert unreadable["status"] == "execution-error"
    assert "cannot be read as a picture" in unreadable["message"]


def test_named_settings_may_have_texts(result: Result) -> None:
    assert result("texts_of_a_preset") == {"hint-colours": "#ff0000=empty"}


def test_a_notice_is_said(played: dict[str, Any]) -> None:
    assert "The settings were written." in played["said"]


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("failing", ["This picture is not to be worked on.", "Draw another one: ünïcode."]),
        ("unknown_model", ["There is no model called 'nobody'.", "inkwash-colorizer"]),
        ("channel", ["channel, not a layer", "Select the layer"]),
        ("two_layers", ["2 are selected", "Select one layer"]),
        ("interactive", ["no display", "NONINTERACTIVE"]),
        ("twice", ["ink is chosen twice", "Picture", "Colour hints", "another layer"]),
        ("another_image", ["stray is a layer of another image", "Copy it"]),
        ("floating", ["floating selection", "Anchor it"]),
    ],
)
def test_an_error_says_what_to_do_and_leaves_the_image_alone(result: Result, scene: str, words: list[str]) -> None:
    found = result(scene)
    assert found["status"] == "execution-error"
    for word in words:
        assert word in found["message"]
    assert not [layer for layer in found["layers"] if layer["name"].startswith("Inkwash")]


def test_a_killed_daemon_is_an_error_and_the_next_job_starts_another(result: Result) -> None:
    found = result("crash")
    assert found["crashed"]["status"] == "execution-error"
    assert "The connection to the Inkwash service broke" in found["crashed"]["message"] or (
        "ended the job without a result" in found["crashed"]["message"]
    )
    assert found["crashed"]["untouched"]
    assert [layer["name"] for layer in found["crashed"]["layers"]] == ["picture"]
    assert found["after"]["status"] == "success", found["after"]["message"]


def test_without_a_daemon_on_the_machine_it_says_how_to_get_one(fresh: GimpSession) -> None:
    (fresh.home / "daemon-command.json").unlink()
    found = fresh.play("echo")["echo"]
    assert found["status"] == "execution-error"
    assert found["message"] == (
        "The Inkwash service is not installed on this machine.\nRun the Inkwash installer: python3 installer"
    )


def test_a_daemon_that_does_not_start_says_why(fresh: GimpSession) -> None:
    (fresh.home / "settings.json").write_text('{"nonsense": 1}')
    found = fresh.play("echo")["echo"]
    assert found["status"] == "execution-error"
    assert "The Inkwash service ended while starting" in found["message"]
    assert "has settings that do not exist: nonsense" in found["message"]


def test_a_run_behind_another_says_what_it_waits_for(played: dict[str, Any]) -> None:
    heard = played["queued"]
    assert "error" not in heard, heard
    assert heard[0].lower().startswith("waiting for sleeper to end"), heard


def test_a_job_whose_plug_in_is_killed_leaves_the_queue(
    fresh: GimpSession, eventually: Callable[..., Any], tmp_path: Any
) -> None:
    assert fresh.play("echo")["echo"]["status"] == "success"
    client = fresh.client()
    with (tmp_path / "log").open("w") as log:
        gimp = fresh.start("sleeping", stdout=log, stderr=log)
        eventually(lambda: [job for job in client.jobs() if job["state"] == "running"])
        fresh.kill_plugin()  # as GIMP does when somebody presses Cancel
        eventually(lambda: client.jobs() == [])
        gimp.wait()
    found = json.loads((fresh.out / "scenes.json").read_text())["sleeping"]
    assert found["status"] != "success"
    assert [layer["name"] for layer in found["layers"]] == ["picture"]


def test_a_new_filter_of_the_daemon_is_there_at_the_next_start_of_gimp(fresh: GimpSession) -> None:
    manifest = fresh.plugin / "manifest.json"
    whole = json.loads(manifest.read_text())
    fewer = {**whole, "filters": [filter for filter in whole["filters"] if filter["id"] != "crash"]}
    manifest.write_text(json.dumps(fewer))
    first = fresh.play("procedures", "echo")
    assert "inkwash-crash" not in first["procedures"]
    assert first["echo"]["status"] == "success"
    assert json.loads(manifest.read_text()) == fewer, "what GIMP registered must not change while it runs"
    second = fresh.play("procedures", "echo")
    assert "inkwash-crash" in second["procedures"]
    assert second["echo"]["status"] == "success"
    assert json.loads(manifest.read_text())["filters"] == whole["filters"]
    assert not (fresh.plugin / "pending.json").exists()
