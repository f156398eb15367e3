"""Pictures of the models, from their cards; a plain icon where a card has none."""

from __future__ import annotations

import base64
from typing import Any, Dict, Mapping

from ...qt import QApplication, QIcon, QPainter, QPalette, QPixmap, QRectF, QSize, Qt, QTextOption

SIZE = QSize(32, 32)
KEPT = 256  # pictures; a store has some dozens

_made: Dict[str, Any] = {}


def icon(card: Mapping[str, Any]) -> Any:
    """The icon of a model's card."""
    text = card.get("thumbnail") or ""
    if not text:
        return QIcon(_plain(str(card.get("label") or card.get("name") or "?")))
    if text not in _made:
        if len(_made) >= KEPT:
            _made.clear()
        _made[text] = QIcon(_decoded(text) or _plain("?"))
    return _made[text]


def _decoded(text: str) -> Any:
    """The picture in `text`, None if it is none."""
    picture = QPixmap()
    try:
        good = picture.loadFromData(base64.b64decode(text))
    except ValueError:
        return None
    return picture if good else None


def _plain(label: str) -> Any:
    """The first letter of `label` in a frame, in the theme's colours."""
    palette = QApplication.palette()
    picture = QPixmap(SIZE)
    picture.fill(palette.color(QPalette.ColorRole.Button))
    painter = QPainter(picture)
    painter.setPen(palette.color(QPalette.ColorRole.ButtonText))
    painter.drawRect(picture.rect().adjusted(0, 0, -1, -1))
    painter.drawText(QRectF(picture.rect()), label[:1].upper(), QTextOption(Qt.AlignmentFlag.AlignCenter))
    painter.end()
    return picture
