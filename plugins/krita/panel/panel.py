"""The panel that fills the docker: the choice of a filter, its form, and the console below."""

from __future__ import annotations

from typing import Any, List, Optional

from inkwash.client.guess import takes_hints

from ..live import Live
from ..qt import QFrame, QScrollArea, Qt, QVBoxLayout, QWidget
from ..session import ENLARGED, ENLARGING, FILTER, HIDE, UPDATE, Session, enlarges
from .console import Console
from .form.form import Form
from .labels import Choices, Toggle

MARGIN = 6
LOW = 64  # pixels of the form that are seen at least


class Panel(QWidget):
    """Follows the session's filters; asks nothing of Krita but what the session asks."""

    def __init__(self, session: Session, live: Live) -> None:
        super().__init__()
        self._session, self._live = session, live
        self.form: Optional[Form] = None
        self._growth: Optional[Choices] = None  # what is done with a larger result, where there may be one
        self.choice = Choices()
        self.choice.setToolTip("What Inkwash shall do.")
        self.choice.setAccessibleName("Filter")
        self.choice.activated.connect(lambda _: self._choose(self.choice.currentData()))
        self.console = Console(session, live)
        self.console.run.connect(lambda: session.run(self.console.filter))
        self._scroll = QScrollArea()
        self._scroll.setMinimumHeight(LOW)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self.choice)
        column.addWidget(self._scroll, 3)
        column.addWidget(self.console)
        self._column = column
        live.preview.changed.connect(self._make_room)  # a method of ours: Qt calls none of a docker that is gone
        session.filters_changed.connect(self.rebuild)
        session.shown.connect(self._show)
        session.started.connect(self._started)
        self.rebuild()

    def _make_room(self) -> None:
        self._column.setStretchFactor(self.console, 0 if self._live.preview.look is None else 2)

    def rebuild(self) -> None:
        """Show the filters there are now; the chosen one stays."""
        wanted = self._session.memory.option(FILTER, "")
        self.choice.clear()
        for declaration in self._session.filters:
            self.choice.addItem(declaration["label"], declaration["id"])
            self.choice.setItemData(self.choice.count() - 1, declaration["help"], Qt.ItemDataRole.ToolTipRole)
        self.choice.setCurrentIndex(max(0, self.choice.findData(wanted)))
        self.choice.setEnabled(self.choice.count() > 0)
        self._build()

    def refresh(self) -> None:
        """Show the current document's layers."""
        if self.form is not None and self.isVisible():
            self.form.refresh()

    def enterEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        """The artist comes to look: what has changed without a word is shown."""
        self.refresh()
        self.console.look()
        super().enterEvent(event)

    def showEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        """Someone sees it."""
        super().showEvent(event)
        self.console.look()
        self.refresh()

    def _enlarged(self) -> Choices:
        """What is done with a result that is larger than the picture."""
        box = Choices()
        box.setToolTip("The picture and all its layers grow with the result, or that becomes a picture of its own.")
        box.setAccessibleName("A larger result")
        for answer, words in {"": "Ask what to do with a larger result", **ENLARGING}.items():
            box.addItem(words, answer)
        box.setCurrentIndex(box.findData(self._session.memory.option(ENLARGED, "")))
        box.activated.connect(lambda _: self._session.memory.keep_option(ENLARGED, box.currentData()))
        self._growth = box
        return box

    def _started(self, _: object) -> None:
        """What was asked for is answered now."""
        if self._growth is not None:
            self._growth.setCurrentIndex(self._growth.findData(self._session.memory.option(ENLARGED, "")))

    def _toggles(self) -> List[Toggle]:
        """What is the same for every filter; hints only where there are some."""
        assert self.form is not None
        made = [
            self._toggle(
                UPDATE,
                "Replace the earlier result",
                "Put the new result in the place of what this filter made before; what you painted on stays, hidden.",
            )
        ]
        if any(takes_hints(input) for input in self.form.declaration["inputs"]):
            made.append(self._toggle(HIDE, "Hide the hints afterwards", "Hide the layer of hints when Run has ended."))
        return made

    def _toggle(self, option: str, text: str, tip: str) -> Toggle:
        toggle = Toggle(text)
        toggle.setToolTip(tip)
        toggle.set_on(self._session.memory.option(option, False))
        toggle.changed.connect(lambda: self._session.memory.keep_option(option, toggle.is_on()))
        return toggle

    def _choose(self, filter: str) -> None:
        self._session.memory.keep_option(FILTER, filter)
        self._build()

    def _show(self, filter: str) -> None:
        """An action has used `filter`: show its form."""
        index = self.choice.findData(filter)
        if index >= 0 and index != self.choice.currentIndex():
            self.choice.setCurrentIndex(index)
            self._build()

    def _build(self) -> None:
        """The form of the chosen filter."""
        id = self.choice.currentData() or ""
        filters = [declaration for declaration in self._session.filters if declaration["id"] == id]
        self.form = Form(self._session, filters[0]) if filters else None
        self._growth = None
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, MARGIN, 0)
        column.setSpacing(8)
        if self.form is not None:
            self.form.changed.connect(self._live.poke)
            column.addWidget(self.form)
            if enlarges(self.form.declaration):
                column.addWidget(self._enlarged())
            for toggle in self._toggles():
                column.addWidget(toggle)
        column.addStretch(1)
        self._scroll.setWidget(content)
        self.console.offer(id)
