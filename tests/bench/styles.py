"""How well each style does: `python tests/bench/styles.py PHOTOGRAPHS PAINTINGS --show PICTURES -o SHEET`.

PHOTOGRAPHS is a folder of those that no style was trained on; PAINTINGS holds each style's painting as `STYLE.*`
(`STYLE-light` is judged by that of `STYLE`). For each style, the mean content and style loss over up to 20 photographs
at 128 pixels, and with `--optimise N` those of `restyle`, by its own preset, over the first N. The sheet has a row for
each of the PICTURES to show and a column for each style. `--write` puts the losses into the cards.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from PIL import Image, ImageDraw
from stylize import Lent, ended
from torch import Tensor

from inkwash.daemon.work.device import choose
from inkwash.models.cards import HEADER_KEY, Card, read_card
from inkwash.models.store import Store
from inkwash.models.styles import stylization
from inkwash.models.styles.recipes import PRESETS
from inkwash.models.styles.restyling import restyle
from inkwash.training.crops import Crops
from inkwash.training.perception import Perception, Style, perceive, read_style

LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_3")
SIDE, STYLE_SIDE, COUNT = 128, 320, 20  # as the styles were trained
SHOWN, CELL, COLUMNS = 448, 224, 6  # pixels that are painted and that they have on the sheet; styles side by side
LIGHT = "-light"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("paintings", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=Path("styles.png"))
    parser.add_argument("--show", type=Path)
    parser.add_argument("--optimise", type=int, default=0, metavar="N")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    pictures = Crops(asked.photographs, size=SIDE, seed=0).middles(asked.count)
    shown = Crops(asked.show or asked.photographs, size=SHOWN, seed=0).middles(4)
    made: dict[str, list[Tensor]] = {}
    optimised: dict[str, dict[str, float]] = {}
    for name in (card.name for card in Store().cards("stylizer")):
        painting = next(asked.paintings.glob(f"{name.removesuffix(LIGHT)}.*"), None)
        if painting is None:
            print(f"{name}: there is no painting to judge it by")
            continue
        figures = judged(name, painting, pictures)
        if asked.optimise:
            if painting.stem not in optimised:
                optimised[painting.stem] = by_optimisation(painting, pictures[: asked.optimise])
            figures |= optimised[painting.stem]
        made[name] = painted(name, shown)
        print(f"{name:>24}  " + "  ".join(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)
        if asked.write:
            rewrite(Store().file(name), figures)
    sheet(shown, made, asked.out)


@torch.inference_mode()
def painted(name: str, pictures: Tensor) -> list[Tensor]:
    """What a style makes of each of the pictures."""
    lent = Lent(choose("cpu", "auto"))
    return [ended(stylization.painted(picture, [name], 0.0, lent)) for picture in torch.split(pictures, 1)]


def judge(painting: Path) -> tuple[Perception, Tensor, Style]:
    """What compares with a painting, the painting and what is remembered of it."""
    perception = perceive(torch.device("cpu"), choose("cpu", "auto").dtype, "relu3_3", LAYERS)
    style = read_style(painting, STYLE_SIDE)
    return perception, style, perception.remember(style)


@torch.no_grad()
def means(perception: Perception, made: list[Tensor], pictures: Tensor, wanted: Style) -> tuple[float, float]:
    """Content and style loss, to three digits."""
    losses = [perception.compare(x, p, [wanted]) for x, p in zip(made, torch.split(pictures, 1), strict=True)]
    content, likeness = torch.tensor(losses).mean(0).tolist()
    return round(content, 3), round(likeness, 3)


def judged(name: str, painting: Path, pictures: Tensor) -> dict[str, float]:
    """A style's losses."""
    perception, _, wanted = judge(painting)
    content, likeness = means(perception, painted(name, pictures), pictures, wanted)
    return {"content_loss": content, "style_loss": likeness}


def by_optimisation(painting: Path, pictures: Tensor) -> dict[str, float]:
    """Those of `restyle`, by its own preset."""
    perception, style, wanted = judge(painting)
    made = []
    for picture in torch.split(pictures, 1):
        *_, last = restyle(
            perception.network, picture, [(style, 1.0)], PRESETS["inkwash"].recipe, style_scale=STYLE_SIDE / SIDE * 2
        )
        made.append(last.picture)
    content, likeness = means(perception, made, pictures, wanted)
    return {"optimised_content_loss": content, "optimised_style_loss": likeness}


def rewrite(file: Path, figures: dict[str, float]) -> None:
    """Put `figures` into the card of a model's file."""
    card: Card = replace(read_card(file), metrics=figures)
    tensors = safetensors.torch.load_file(file)
    beside = file.with_suffix(".part")
    safetensors.torch.save_file(tensors, beside, metadata={HEADER_KEY: json.dumps(asdict(card))})
    beside.replace(file)


def sheet(pictures: Tensor, made: dict[str, list[Tensor]], out: Path) -> None:
    """Bands of a few styles: a row for each picture, a column for each style, the picture itself first."""
    head, names = 14, sorted(made, key=lambda name: name.endswith(LIGHT))
    bands = [names[first : first + COLUMNS] for first in range(0, len(names), COLUMNS)]
    height = head + len(pictures) * CELL
    image = Image.new("RGB", ((min(COLUMNS, len(names)) + 1) * CELL, len(bands) * height), "white")
    draw = ImageDraw.Draw(image)
    for band, shown in enumerate(bands):
        columns = [("", list(torch.split(pictures, 1))), *((name, made[name]) for name in shown)]
        for column, (name, row) in enumerate(columns):
            draw.text((column * CELL + 2, band * height + 1), name, fill="black")
            for index, picture in enumerate(row):
                pixels = (picture[0].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).contiguous().numpy()
                cell = Image.fromarray(pixels).resize((CELL, CELL))
                image.paste(cell, (column * CELL, band * height + head + index * CELL))
    image.quantize(255, dither=Image.Dither.NONE).save(out, optimize=True)


if __name__ == "__main__":
    main()
