"""GIMP with its windows, driven by mouse and keyboard: dialog, result, undo, cancel, remembered settings."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from environment import Suite
from gimp_session import DATA, GimpSession
from PIL import Image
from random_eye import write_random_eye
from visit import Visit

pytestmark = pytest.mark.hosts

WIDTH, HEIGHT = 983, 684  # of the screen, which GIMP's window fills
COLOURFUL = 0.02  # of the screen: the dialog without its preview has half of that
CANCEL = 45, 22  # GIMP's own Cancel, from the lower right corner of its window without docks
SCENE = f"window:{DATA / 'openmoji-line.png'}:{DATA / 'openmoji-hints.png'}"
LAYERS = ["colour hints", "lines"]
PATIENCE = 600  # looks, five in a second
STARTS = 2  # a start of a program with windows may fail without a reason; what is tested may not
PICTURES = "INKWASH_PICTURES"  # names a folder: the README's pictures are made anew in it


class Window:
    """GIMP's window with a drawing and hints in it."""

    def __init__(self, session: GimpSession, display: str) -> None:
        self.session = session
        self.display = display

    def start(self) -> bool:
        """Open it; whether it came up."""
        gimp = self.session.open(self.display, SCENE)
        self.until(lambda: self.state() or gimp.poll() is not None)
        self.away()
        return bool(self.state())

    def state(self) -> dict[str, Any]:
        """What the scene in GIMP says: `layers`, `selected`."""
        file = self.session.out / "window.json"
        return dict(json.loads(file.read_text())) if file.exists() else {}

    def layers(self) -> list[str]:
        return [layer["name"] for layer in self.state()["layers"]]

    def until(self, holds: Callable[[], Any]) -> Any:
        for _ in range(PATIENCE):
            if found := holds():
                return found
            time.sleep(0.2)
        raise AssertionError(self.picture("stuck.png").as_uri() + (self.session.out / "gimp.log").read_text())

    def picture(self, name: str) -> Path:
        return self.session.visit.picture(self.display, self.session.out / name)

    def press(self, *keys: str) -> None:
        self.tool("key", "--delay", "100", *keys)

    def click(self, right: int, bottom: int) -> None:
        """Click at a place counted from the lower right corner of the window that has the keyboard."""
        words = self.tool("getactivewindow", "getwindowgeometry", "--shell").split()
        place = {key: int(value) for key, _, value in (word.partition("=") for word in words)}
        x, y = place["X"] + place["WIDTH"] - right, place["Y"] + place["HEIGHT"] - bottom
        self.tool("mousemove", str(x), str(y), "click", "1")
        self.away()

    def away(self) -> None:
        """Put the mouse where no help pops up."""
        self.tool("mousemove", str(WIDTH - 1), str(HEIGHT - 1))

    def tool(self, *words: str) -> str:
        answer = self.session.visit.run(["xdotool", *words], display=self.display)
        return str(answer.stdout)

    def titles(self) -> str:
        """The titles of all windows."""
        return str(self.session.visit.run(["xwininfo", "-root", "-tree"], display=self.display).stdout)

    def focused(self) -> str:
        """The title of the window that keys go to."""
        return self.tool("getwindowfocus", "getwindowname").strip()

    def open_filter(self, label: str) -> None:
        """Find a filter by GIMP's own search for actions, and wait for its dialog."""
        self.until(self._searching)
        self.press("ctrl+a")  # a second slash, if the first one was slow
        self.tool("type", "--delay", "60", label)
        self.until(lambda: self._chosen(label))
        time.sleep(2)  # until it takes keys

    def _searching(self) -> bool:
        """Whether GIMP's search has the keyboard; it opens without, and takes no key at once."""
        search = "Search Actions"
        if f'"{search}"' not in self.titles():
            self.press("slash")
            time.sleep(2)
        if self.focused() != search:
            for id in self.tool("search", "--name", f"^{search}$").split()[:1]:
                self.tool("windowfocus", id)
                time.sleep(1)
        return self.focused() == search

    def _chosen(self, label: str) -> bool:
        """Whether the filter's dialog is there; presses Return as long as GIMP searches, since its list comes late."""
        time.sleep(2)
        if self.focused() == "Search Actions":
            self.press("Return")
        return self.focused() == label

    def jobs(self) -> list[dict[str, Any]]:
        """Those for results; drafts for a dialog's preview come and go."""
        there = self.session.client().jobs() if (self.session.home / "endpoint.json").exists() else []
        return [job for job in there if job["priority"] == "user"]

    def colours(self) -> float:
        """The share of the screen that has strong colours."""
        with Image.open(self.picture("colours.png")) as seen:
            pixels = np.asarray(seen.convert("RGB")).astype(int)
        return float((pixels.max(-1) - pixels.min(-1) > 60).mean())


@pytest.fixture(scope="module")
def window(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """The window that the tests share."""
    for left in range(STARTS - 1, -1, -1):
        with Visit(suite, tmp_path_factory.mktemp("window")) as visit:
            window = Window(GimpSession(visit), visit.display(f"{WIDTH}x{HEIGHT}"))
            if window.start() or not left:
                yield window
                return


@pytest.fixture
def keep_picture() -> Callable[[Path, str], None]:
    """Put a picture among the README's, if that is wanted."""

    def keep(picture: Path, name: str) -> None:
        if folder := os.environ.get(PICTURES):
            shutil.copy(picture, Path(folder) / name)

    return keep


def test_a_drawing_is_coloured_from_the_dialog_and_one_undo_takes_it_back(
    window: Window, keep_picture: Callable[[Path, str], None]
) -> None:
    assert not window.jobs(), "the dialog must open without a daemon"
    window.open_filter("Colorize line art")
    window.until(lambda: window.colours() > COLOURFUL)  # the preview, from a service started while one chooses
    assert window.layers() == LAYERS
    assert window.focused() == "Colorize line art"
    keep_picture(window.picture("dialog.png"), "gimp-dialog.png")
    window.press("Return")
    window.until(lambda: "Inkwash: Colorize" in window.layers())
    assert window.layers() == ["colour hints", "Inkwash: Colorize", "lines"]
    window.until(lambda: window.state()["selected"] == ["lines"])
    window.until(lambda: '"Colorize line art"' not in window.titles())
    keep_picture(window.picture("result.png"), "gimp-result.png")
    window.press("ctrl+z")
    window.until(lambda: window.layers() == LAYERS)
    window.press("ctrl+y")
    window.until(lambda: len(window.layers()) == 3)
    window.press("ctrl+z")
    window.until(lambda: window.layers() == LAYERS)


def test_cancel_in_the_dialog_ends_the_job(window: Window) -> None:
    window.open_filter("Sleeper")
    window.press("Return")
    window.until(lambda: [job for job in window.jobs() if job["state"] == "running"])
    window.press("Escape")
    window.until(lambda: not window.jobs())
    assert '"Sleeper"' in window.titles(), "another try must be possible"
    window.press("Escape")
    window.until(lambda: '"Sleeper"' not in window.titles())
    assert window.layers() == LAYERS


def test_a_filter_is_stopped_and_what_it_has_is_placed(window: Window) -> None:
    write_random_eye(window.session.home / "models")
    window.open_filter("Restyle after a picture")
    window.press("Return")  # as the preset: thousands of steps, or so
    window.until(lambda: [job for job in window.jobs() if job["fraction"] > 0])
    time.sleep(2)  # until the button is drawn
    window.picture("stop-and-keep.png")
    window.press("alt+k")
    window.until(lambda: "Inkwash: Restyle" in window.layers())
    assert window.layers() == ["colour hints", "Inkwash: Restyle", "lines"]
    window.until(lambda: '"GIMP Message"' in window.titles())  # "Stopped as you asked: ..."
    window.picture("kept.png")
    window.press("Return")
    window.until(lambda: '"GIMP Message"' not in window.titles())
    window.until(lambda: not window.jobs())
    window.press("ctrl+z")
    window.until(lambda: window.layers() == LAYERS)


def test_gimps_own_cancel_ends_the_job(window: Window) -> None:
    window.press("ctrl+f")  # the last filter again, without a dialog
    window.until(lambda: [job for job in window.jobs() if job["state"] == "running"])
    window.press("Tab")  # hides the docks
    time.sleep(3)  # until that is drawn
    window.picture("cancel.png")
    window.click(*CANCEL)
    window.until(lambda: not window.jobs())
    window.press("Tab")
    assert window.layers() == LAYERS


def test_settings_are_kept_when_the_dialog_is_cancelled(window: Window) -> None:
    for keys in (("alt+g", "ctrl+a", "2", "3", "Tab", "Escape"), ("Return",)):
        window.open_filter("Every type")
        window.press(*keys)
        window.until(lambda: '"Every type"' not in window.titles())
    window.until(lambda: len(window.layers()) == 3)
    assert json.loads((window.session.home / "every-type.json").read_text())["gap"] == 23
    window.press("ctrl+z")
    window.until(lambda: window.layers() == LAYERS)


def test_settings_are_kept_under_a_name(window: Window) -> None:
    window.open_filter("Every type")
    window.press("alt+g", "ctrl+a", "2", "9", "Tab")
    window.press("alt+y")
    window.tool("type", "--delay", "60", "night")
    window.press("Tab", "space")
    client = window.session.client()
    window.until(client.presets)
    (preset,) = client.presets()
    assert (preset["filter"], preset["name"], preset["settings"]["gap"]) == ("every_type", "night", 29)
    window.picture("preset.png")
    window.press("Escape")
    window.until(lambda: '"Every type"' not in window.titles())


def test_a_folder_is_worked_on_and_what_fails_is_told(window: Window, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        shutil.copy(DATA / "openmoji-line.png", tmp_path / name)
    (tmp_path / "c.png").write_bytes(b"no picture")
    for folder in ("chapter 2", ".hidden"):
        (tmp_path / folder).mkdir()
        shutil.copy(DATA / "openmoji-line.png", tmp_path / folder / "d.png")
    (tmp_path / "b-flats.xcf").write_bytes(b"somebody's")
    window.open_filter("Flats")
    window.press("alt+f")
    window.until(lambda: '"Work on a folder"' in window.titles())
    time.sleep(2)
    window.tool("type", "--delay", "40", f"{tmp_path}/")
    window.press("Return")
    window.until((tmp_path / "a-flats.xcf").exists)
    window.until((tmp_path / "chapter 2" / "d-flats.xcf").exists)
    time.sleep(2)
    window.picture("folder.png")
    assert (tmp_path / "a-flats.xcf").read_bytes().startswith(b"gimp xcf")
    assert (tmp_path / "b-flats.xcf").read_bytes() == b"somebody's"
    assert [file.name for file in (tmp_path / ".hidden").iterdir()] == ["d.png"]
    assert window.layers() == LAYERS
    assert '"Flats"' in window.titles(), "what came of it is told there"
    assert '"GIMP Message"' not in window.titles()
    window.press("Escape")
    window.until(lambda: '"Flats"' not in window.titles())


def test_f1_in_the_dialog_opens_our_manual(window: Window) -> None:
    window.open_filter("Identity")
    window.press("F1")
    read = window.session.out / "read"
    window.until(read.exists)
    page = Path(read.read_text().strip().removeprefix("file://"))
    assert "Inkwash in GIMP" in page.read_text()
    for picture in ("gimp-dialog.png", "gimp-result.png"):
        assert picture in page.read_text()
        assert page.with_name(picture).is_file()
    window.press("Escape")
    window.until(lambda: '"Identity"' not in window.titles())


def test_settings_are_remembered_and_the_chosen_layers_too(window: Window) -> None:
    written = window.session.home / "every-type.json"
    for keys in (("alt+g", "ctrl+a", "1", "7", "Tab"), ()):
        window.open_filter("Every type")
        if keys:
            window.press(*keys)
        window.press("Return")
        window.until(written.exists)
        window.until(lambda: len(window.layers()) == 3)
        settings = json.loads(written.read_text())
        assert settings["gap"] == 17
        assert settings["inputs"] == ["hints", "picture"]
        written.unlink()
        window.until(lambda: '"Every type"' not in window.titles())
        window.press("ctrl+z")
        window.until(lambda: window.layers() == LAYERS)


def test_reset_brings_the_defaults_back_and_the_picture_stays(window: Window) -> None:
    written = window.session.home / "every-type.json"
    window.open_filter("Every type")
    window.press("alt+g", "ctrl+a", "3", "1", "Tab")
    window.press("alt+r")  # opens a list: initial values, factory defaults
    time.sleep(1)
    window.picture("reset.png")
    window.press("Tab", "Return")  # factory defaults
    time.sleep(1)
    window.picture("after-reset.png")
    window.press("alt+o")
    window.until(written.exists)
    window.until(lambda: len(window.layers()) == 3)
    settings = json.loads(written.read_text())
    assert (settings["gap"], settings["inputs"]) == (4, ["hints", "picture"]), "layers are no settings"
    window.until(lambda: '"Every type"' not in window.titles())
    window.press("ctrl+z")
    window.until(lambda: window.layers() == LAYERS)


def test_an_error_is_shown_in_the_dialog_which_stays_open(window: Window) -> None:
    window.open_filter("Failing")
    window.press("Return")
    time.sleep(5)
    window.picture("error.png")
    assert '"Failing"' in window.titles()
    assert '"GIMP Message"' not in window.titles()
    assert window.layers() == LAYERS
    window.press("Escape")
    window.until(lambda: '"Failing"' not in window.titles())
