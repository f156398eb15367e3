"""The plugin's widgets outside Krita: no screen, one of both Qt bindings, settings in memory."""

from __future__ import annotations

import importlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Which Qt, as Krita would have loaded it before the plugin: INKWASH_QT, see test_qt.py.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
importlib.import_module(os.environ.get("INKWASH_QT", "PyQt5") + ".QtCore")

from inkwash.client import find  # noqa: E402
from inkwash.krita.live import Live  # noqa: E402
from inkwash.krita.panel.panel import Panel  # noqa: E402
from inkwash.krita.qt import QApplication, QTimer  # noqa: E402
from inkwash.krita.session import Session  # noqa: E402

PATIENCE = 60_000  # ms


class Settings:
    """Krita as far as the panel needs it while no document is open."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], str] = {}

    def readSetting(self, group: str, name: str, default: str) -> str:  # noqa: N802
        return self.texts.get((group, name), default)

    def writeSetting(self, group: str, name: str, value: str) -> None:  # noqa: N802
        self.texts[group, name] = value

    def activeDocument(self) -> None:  # noqa: N802
        return None


@pytest.fixture(scope="session")
def application() -> Any:
    return QApplication.instance() or QApplication(["tests"])


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that stands for all of the user's; the daemon in it ends with the test."""
    folder = Path(tempfile.mkdtemp(prefix="ink-"))  # shorter than tmp_path: a socket lives there
    monkeypatch.setenv("INKWASH_HOME", str(folder))
    yield folder
    client = find()
    if client is not None:
        client.shutdown()
    while find() is not None:
        pass
    shutil.rmtree(folder)


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def wait_for(application: Any) -> Callable[[Callable[[], Any]], None]:
    """Let Qt's events happen until something holds."""

    def wait_for(holds: Callable[[], Any]) -> None:
        late: list[bool] = []
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: late.append(True))
        timer.start(PATIENCE)
        while not holds():
            assert not late, "this never came true"
            application.processEvents()

    return wait_for


@pytest.fixture
def session(application: Any, home: Path, settings: Settings) -> Iterator[Session]:
    session = Session(settings)
    yield session
    session.close()


@pytest.fixture
def panel(session: Session) -> Iterator[Panel]:
    panel = Panel(session, Live(session))
    yield panel
    panel.close()
    panel.deleteLater()
