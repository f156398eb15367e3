"""Making the plugin known to Krita."""

from __future__ import annotations

from typing import Any

from krita import DockWidgetFactory, DockWidgetFactoryBase

from .actions import InkwashActions
from .live import Live
from .panel.docker import ID, InkwashDocker
from .session import Session


def register(krita: Any) -> None:
    """Add the docker and the actions; everything ends when Krita does."""
    session = Session(krita)
    live = Live(session)
    krita.addExtension(InkwashActions(krita, session, live))
    side = DockWidgetFactoryBase.DockRight
    krita.addDockWidgetFactory(DockWidgetFactory(ID, side, lambda: InkwashDocker(session, live)))
    krita.notifier().setActive(True)
    krita.notifier().applicationClosing.connect(session.close)
