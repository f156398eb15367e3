"""Pictures of studies: read, written, and laid out with words above them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from inkwash.models.styles.restyling import resized

from .reading import on_white

BAND = 16  # pixels above a picture for its words
GAP = 4


def read(file: Path, longest: int) -> Tensor:
    """A picture file as (1, 3, H, W) float, sRGB in [0, 1], no side longer than `longest`; ValueError."""
    whole = torch.from_numpy(on_white(file)).permute(2, 0, 1)[None].float() / 255
    scale = min(1.0, longest / max(whole.shape[-2:]))
    height, width = (max(32, round(side * scale)) for side in whole.shape[-2:])
    return resized(whole, height, width)


def image(picture: Tensor) -> Image.Image:
    """(1, 1 | 3, H, W) float in [0, 1] as an image."""
    pixels = (picture[0].clamp(0, 1) * 255).round().byte().expand(3, -1, -1).permute(1, 2, 0)
    return Image.fromarray(pixels.contiguous().cpu().numpy())


def save_sheet(file: Path, pictures: Mapping[str, Tensor]) -> None:
    """Write pictures (1, 1 | 3, H, W) beside each other, each below its words."""
    images = {words: image(picture) for words, picture in pictures.items()}
    width = sum(max(each.width, 90) + GAP for each in images.values())
    sheet = Image.new("RGB", (width, BAND + max(each.height for each in images.values())), "white")
    draw, left = ImageDraw.Draw(sheet), 0
    for words, each in images.items():
        draw.text((left + 1, 2), words, fill="black")
        sheet.paste(each, (left, BAND))
        left += max(each.width, 90) + GAP
    sheet.save(file)
