"""What a stylizer's card says: who painted what it learned from, and a thumbnail of the painting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PIL import Image

from inkwash.models.cards import Card
from inkwash.models.styles.keeping import thumbnail

from ..reading import on_white


def style_card(
    card: Card, folder: Path | None, *, picture: Path | None = None, metrics: Mapping[str, float] | None = None
) -> Card:
    """`card` with its sources, figures and thumbnail."""
    sources = ["made-up shapes" if folder is None else f"the pictures in {folder.resolve().name}"]
    if picture is not None:
        sources.insert(0, f"the style of {picture.name}")
    return replace(
        card,
        licence="as the pictures that it was trained on",
        trained_on=sources,
        metrics=dict(metrics or {}),
        thumbnail=_thumbnail(picture) if picture is not None else "",
    )


def _thumbnail(picture: Path) -> str:
    """The middle square of a picture's file as a small PNG in base64."""
    return thumbnail(Image.fromarray(on_white(picture)))
