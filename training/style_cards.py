"""What a stylizer's card says: who painted what it learned from, and a thumbnail of the painting."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageOps

from inkwash.models.cards import Card

THUMBNAIL = 96  # pixels a side


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
        thumbnail=thumbnail(picture) if picture is not None else "",
    )


def thumbnail(picture: Path) -> str:
    """The middle square of a picture's file as a small PNG in base64."""
    with Image.open(picture) as stored:
        small = ImageOps.fit(ImageOps.exif_transpose(stored).convert("RGB"), (THUMBNAIL, THUMBNAIL))
    stream = io.BytesIO()
    small.quantize(64).save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode()
