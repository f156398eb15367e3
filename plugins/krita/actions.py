"""The actions: each filter in a menu and with a shortcut, usable without the docker."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List

from inkwash.client import wording
from krita import Extension

from .live import Live
from .panel.docker import ID
from .panel.question import ask
from .panel.report import CANCELLED
from .qt import QIcon, QMenu, QMessageBox, Qt, QTimer
from .session import ENLARGED, ENLARGING, FILTER, NotReady, Session

# One menu in two places. An action of Krita's may be in one place only, a menu in many.
PLACES = {"inkwash_scripts": "tools/scripts", "inkwash_filter": "filter"}
TITLE = "Inkwash"
RUN = "inkwash_run_"  # and a filter's id: the id of its action, by which Krita keeps its shortcut
ICON = str(Path(__file__).with_name("inkwash.svg"))
SHORT, LONG = 2500, 8000  # ms that a message floats over the picture
CLOSING = 500  # milliseconds: if Krita is being closed, its window is gone by then


class InkwashActions(Extension):
    """Krita asks it for actions once for each window, before there is a daemon."""

    def __init__(self, krita: Any, session: Session, live: Live) -> None:
        super().__init__(krita)
        self._krita, self._session, self._live = krita, session, live
        self._menus: List[Any] = []
        session.filters_changed.connect(self._offer)
        session.started.connect(self._started)
        session.failed.connect(self._failed)
        session.finished.connect(self._finished)
        session.undecided.connect(self._ask_how)

    def setup(self) -> None:
        """Krita has loaded the plugin."""

    def createActions(self, window: Any) -> None:  # noqa: N802 (Krita's name)
        """Fill the menus of a window that is being made."""
        menu = QMenu(TITLE, window.qwindow())
        menu.setIcon(QIcon(ICON))
        menu.destroyed.connect(lambda: self._menus.remove(menu))
        for id, place in PLACES.items():
            window.createAction(id, TITLE, place).setMenu(menu)
        fixed = {
            "inkwash_repeat": ("Repeat last Inkwash filter", self._session.repeat),
            "inkwash_live": ("Live preview", self._toggle_live),
            "inkwash_keep": ("Stop and keep", self._keep),
            "inkwash_cancel": ("Cancel", self._session.cancel),
        }
        menu.addSeparator()
        for id, (text, slot) in fixed.items():
            action = window.createAction(id, text, "")
            action.triggered.connect(lambda _=False, slot=slot: slot())
            menu.addAction(action)
        self._menus.append(menu)
        self._add_filters(window, menu)

    def _offer(self) -> None:
        """The daemon may know filters that were unknown when the windows were made."""
        for window in self._krita.windows():
            for menu in self._menus:
                if menu.parent() == window.qwindow():
                    self._add_filters(window, menu)

    def _add_filters(self, window: Any, menu: Any) -> None:
        there = {action.objectName(): action for action in menu.actions()}
        first = next(action for action in menu.actions() if action.isSeparator())
        for declaration in self._session.filters:
            id = RUN + declaration["id"]
            if id not in there:
                action = window.createAction(id, declaration["label"], "")
                action.setToolTip(declaration["help"])
                action.triggered.connect(lambda _=False, filter=declaration["id"]: self._session.run(filter))
                menu.insertAction(first, action)

    def _keep(self) -> None:
        self._live.keep() if self._live.is_on else self._session.keep()

    def _toggle_live(self) -> None:
        if self._live.is_on:
            self._live.stop()
            self._float("Inkwash: live preview is off.", SHORT)
            return
        known = [declaration["id"] for declaration in self._session.filters]
        chosen = self._session.memory.option(FILTER, "")
        try:
            self._live.start(chosen if chosen in known or not known else known[0])
            self._float("Inkwash: live preview is on.", SHORT)
        except NotReady as error:
            self._session.failed.emit(error)

    def _started(self, request: Any) -> None:
        self._float("{}…".format(request.filter["label"]), SHORT)

    def _finished(self, notices: List[str]) -> None:
        self._float("\n".join(notices or ["Inkwash is done."]), LONG if notices else SHORT)

    def _failed(self, error: BaseException) -> None:
        if getattr(error, "code", "") == CANCELLED:
            self._float("Inkwash: cancelled.", SHORT)
            return
        message, hint, details = wording.failure(error)
        text = "{}\n{}".format(message, hint).strip()
        if not self._float(text, LONG):
            QTimer.singleShot(CLOSING, lambda: self._show(text, details))

    def _ask_how(self, filter: str) -> None:
        window = self._krita.activeWindow()

        def go(answer: str) -> None:
            self._session.memory.keep_option(ENLARGED, answer)
            self._session.run(filter)

        words = "The result is larger than the picture. What shall be done? The docker can change it later."
        ask(None if window is None else window.qwindow(), words, ENLARGING, go)

    def _float(self, text: str, milliseconds: int) -> bool:
        """Say it over the picture, unless the docker does; False if there is no place to say it."""
        if self._docker_is_seen():
            return True
        window = self._krita.activeWindow()
        view = None if window is None or self._krita.activeDocument() is None else window.activeView()
        if view is None:
            return False
        view.showFloatingMessage(text, QIcon(ICON), milliseconds, 1)
        return True

    def _docker_is_seen(self) -> bool:
        return any(
            docker.objectName() == ID and not docker.visibleRegion().isEmpty() for docker in self._krita.dockers()
        )

    def _show(self, text: str, details: str) -> None:
        """Say it in a window of its own, which holds nothing up; not while Krita closes.

        A window that goes down with Krita's last one, without having been closed, would keep Krita alive unseen.
        """
        window = self._krita.activeWindow()
        if window is None or not window.qwindow().isVisible():
            return
        box = QMessageBox(window.qwindow())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(TITLE)
        box.setWindowIcon(QIcon(ICON))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setDetailedText(details)
        box.setModal(False)
        box.show()
