"""The panel with a real daemon, no document, at any width."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inkwash.client import find
from inkwash.krita.memory import Memory
from inkwash.krita.panel.form.gallery import Gallery
from inkwash.krita.panel.labels import Caption
from inkwash.krita.panel.panel import Panel
from inkwash.krita.qt import QApplication, QScrollArea, QToolButton
from inkwash.krita.session import Session
from inkwash.models.filters import declared

Wait = Callable[[Callable[[], Any]], None]


@pytest.fixture
def shown(panel: Panel, session: Session, wait_for: Wait) -> Panel:
    """The panel as it is when the daemon has answered."""
    panel.resize(260, 700)
    panel.show()
    wait_for(lambda: session.models and session.service.status)
    return panel


def choose(panel: Panel, filter: str) -> None:
    index = panel.choice.findData(filter)
    panel.choice.setCurrentIndex(index)
    panel.choice.activated.emit(index)


def test_it_starts_the_daemon_and_offers_all_that_it_declares(shown: Panel) -> None:
    offered = [shown.choice.itemData(index) for index in range(shown.choice.count())]
    assert offered == [filter.id for filter in declared()]
    assert shown.console.state.text().startswith("Ready")
    assert shown.console.start_button.isEnabled()
    assert not shown.console.cancel_button.isEnabled()


@pytest.mark.parametrize("filter", [filter.id for filter in declared()])
def test_every_filter_has_its_form(shown: Panel, filter: str) -> None:
    choose(shown, filter)
    assert shown.form is not None
    declaration = shown.form.declaration
    assert [picker.input["name"] for picker in shown.form.pickers] == [each["name"] for each in declaration["inputs"]]
    parameters = sorted(declaration["parameters"], key=lambda each: bool(each.get("advanced")))  # folded: at the end
    assert [each.parameter["name"] for each in shown.form.fields] == [each["name"] for each in parameters]


def test_what_is_advanced_is_folded_until_it_is_wanted_and_that_is_remembered(shown: Panel, session: Session) -> None:
    choose(shown, "restyle")
    assert shown.form is not None
    folded = [each for each in shown.form.fields if each.parameter.get("advanced")]
    assert folded
    assert not any(each.isVisible() for each in folded)
    (fold,) = [button for button in shown.form.findChildren(QToolButton) if button.text() == "Advanced"]
    fold.click()
    assert all(each.isVisible() for each in folded)
    assert session.memory.option("advanced", False)


def test_what_does_not_count_is_grey_and_says_when_it_does(shown: Panel) -> None:
    choose(shown, "lineart")
    assert shown.form is not None
    fields = {each.parameter["name"]: each for each in shown.form.fields}
    assert fields["width"].isEnabled()
    assert not fields["block"].isEnabled()
    assert fields["block"].toolTip() == "Counts only for Method: adaptive."
    fields["method"].set("adaptive")
    assert not fields["width"].isEnabled()
    assert fields["block"].isEnabled()
    fields["method"].set("smooth")
    assert fields["width"].isEnabled()


def test_styles_are_shown_side_by_side_with_their_pictures(shown: Panel) -> None:
    choose(shown, "stylize")
    assert shown.form is not None
    style = next(each for each in shown.form.fields if each.parameter["name"] == "style")
    assert isinstance(style.control, Gallery)
    pictures = [style.control.item(place).icon().availableSizes() for place in range(style.control.count())]
    assert sum(sizes[0].width() == 96 for sizes in pictures) > 10
    style.control.setCurrentRow(style.control.findData("great-wave"))
    assert style.value() == "great-wave"


@pytest.mark.parametrize(("width", "columns"), [(300, 1), (600, 2)])
def test_where_there_is_room_there_are_two_columns(shown: Panel, width: int, columns: int) -> None:
    choose(shown, "restyle")
    shown.resize(width, 800)
    QApplication.processEvents()
    assert shown.form is not None
    places = {each.mapTo(shown, each.rect().topLeft()).x() for each in shown.form.fields if each.isVisible()}
    assert len(places) == columns


def test_without_a_document_it_says_what_to_do(shown: Panel) -> None:
    shown.console.start_button.click()
    assert shown.console.report.text().startswith("No picture is open.")
    assert shown.console.start_button.isEnabled()


@pytest.mark.parametrize("filter", [filter.id for filter in declared()])
@pytest.mark.parametrize("width", [220, 300, 500])
def test_nothing_is_cut_off(shown: Panel, application: Any, filter: str, width: int) -> None:
    choose(shown, filter)
    shown.console.report.fail(KeyError("an error with a long sentence and a hint below it"))
    shown.resize(width, 600)
    application.processEvents()
    assert shown.width() == width, "it cannot be as narrow as that"
    for area in shown.findChildren(QScrollArea):
        assert area.widget().width() <= area.viewport().width()
    for caption in shown.findChildren(Caption):
        if caption.isVisible() and caption.text():
            assert caption.height() >= caption.heightForWidth(caption.width()), caption.text()


def test_what_the_artist_changes_is_remembered(shown: Panel, settings: Any) -> None:
    choose(shown, "lineart")
    assert shown.form is not None
    width: Any = next(each for each in shown.form.fields if each.parameter["name"] == "width")
    width.set(3.0)
    assert Memory(settings).values("lineart") == {"width": 3.0}
    choose(shown, "colorize")
    choose(shown, "lineart")
    width = next(each for each in shown.form.fields if each.parameter["name"] == "width")
    assert width.value() == 3.0
    width.set(1.0)  # its default
    assert Memory(settings).values("lineart") == {}


def test_the_next_start_knows_the_filters_without_a_daemon(shown: Panel, settings: Any) -> None:
    fresh = Session(settings)
    assert [declaration["id"] for declaration in fresh.filters] == [filter.id for filter in declared()]
    fresh.close()


def test_a_daemon_that_went_is_told_of_and_started_again(shown: Panel, session: Session, wait_for: Wait) -> None:
    os.kill(session.service.status["pid"], signal.SIGKILL)
    wait_for(lambda: find() is None)
    shown.console.look()
    wait_for(lambda: "not running" in shown.console.state.text())
    session.service.connect_daemon()
    wait_for(lambda: session.service.status)
    assert shown.console.state.text().startswith("Ready")


def test_a_daemon_that_cannot_be_started_is_told_of_with_details(
    panel: Panel, session: Session, home: Path, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkwash.client.launch.MODULE", "inkwash_is_not_in_this_python")
    panel.show()
    wait_for(panel.console.report.text)
    assert "not installed" in panel.console.report.text()
    assert "not_installed" in panel.console.report.details
    assert panel.choice.count() == 0


def test_an_unknown_filter_is_told_of(shown: Panel, session: Session) -> None:
    session.run("gone")
    assert "no filter called" in shown.console.report.text()
    session.repeat()
    assert "No Inkwash filter has been used" in shown.console.report.text()
