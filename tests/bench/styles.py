"""How well each style does: `python tests/bench/styles.py PICTURES PAINTINGS -o SHEET`.

PICTURES is a folder of photographs and drawings that no style was trained on; PAINTINGS holds each style's painting as
`STYLE.*` (`STYLE-light` and `STYLE-quick` are judged by that of `STYLE`). For each style, the mean content and style
loss over up to 20 pictures at 128 pixels, and with `--optimise N` those of optimisation for the first N. The sheet
has a row for each of the first pictures and a column for each style. `--write` puts the losses into the cards.
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

from inkwash.daemon.device import choose
from inkwash.models import stylization
from inkwash.models.recipes import PRESETS
from inkwash.models.restyling import restyle
from inkwash.models.store import HEADER_KEY, Card, Store, read_card
from inkwash.training.crops import Crops
from inkwash.training.perception import perceive, read_style

LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_3")
SIDE, SHOWN, COUNT, ROWS = 128, 256, 20, 4
ENDINGS = ("-light", "-quick")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("paintings", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=Path("styles.png"))
    parser.add_argument("--optimise", type=int, default=0)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    pictures = Crops(asked.pictures, size=SIDE, seed=0).middles(asked.count)
    shown = Crops(asked.pictures, size=SHOWN, seed=0).middles(asked.count)[:: max(1, asked.count // ROWS)][:ROWS]
    names = [card.name for card in Store().cards("stylizer")]
    made: dict[str, list[Tensor]] = {}
    for name in names:
        painting = next(asked.paintings.glob(f"{plain(name)}.*"), None)
        if painting is None:
            print(f"{name}: there is no painting to judge it by")
            continue
        figures = judged(name, painting, pictures, asked.optimise)
        made[name] = painted(name, shown)
        print(f"{name:>24}  " + "  ".join(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)
        if asked.write:
            rewrite(Store().file(name), figures)
    sheet(shown, made, asked.out)


def plain(name: str) -> str:
    return next((name.removesuffix(ending) for ending in ENDINGS if name.endswith(ending)), name)


@torch.inference_mode()
def painted(name: str, pictures: Tensor) -> list[Tensor]:
    """What a style makes of each of the pictures."""
    lent = Lent(choose("cpu", "auto"))
    return [ended(stylization.painted(picture, [name], 0.0, lent)) for picture in torch.split(pictures, 1)]


def judged(name: str, painting: Path, pictures: Tensor, optimised: int) -> dict[str, float]:
    """A style's losses, and optimisation's."""
    perception = perceive(torch.device("cpu"), choose("cpu", "auto").dtype, "relu3_3", LAYERS)
    style = read_style(painting, 256)
    wanted = perception.remember(style)
    made = painted(name, pictures)
    with torch.inference_mode():
        losses = [perception.compare(x, p, [wanted]) for x, p in zip(made, torch.split(pictures, 1), strict=True)]
    content, likeness = torch.tensor(losses).mean(0).tolist()
    figures = {"content_loss": round(content, 3), "style_loss": round(likeness, 3)}
    if optimised:
        network, recipe = perception.network.float(), PRESETS["inkwash"].recipe
        others = []
        for picture in torch.split(pictures[:optimised], 1):
            for state in restyle(network, picture, [(style, 1.0)], recipe):
                best = state.picture
            others.append(perception.compare(best, picture, [wanted]))
        content, likeness = torch.tensor(others).mean(0).tolist()
        figures |= {"optimised_content_loss": round(content, 3), "optimised_style_loss": round(likeness, 3)}
    return figures


def rewrite(file: Path, figures: dict[str, float]) -> None:
    """Put `figures` into the card of a model's file."""
    card: Card = replace(read_card(file), metrics=figures)
    tensors = safetensors.torch.load_file(file)
    beside = file.with_suffix(".part")
    safetensors.torch.save_file(tensors, beside, metadata={HEADER_KEY: json.dumps(asdict(card))})
    beside.replace(file)


def sheet(pictures: Tensor, made: dict[str, list[Tensor]], out: Path) -> None:
    """A row for each picture, a column for each style."""
    side, head = SHOWN * 3 // 4, 14
    image = Image.new("RGB", ((len(made) + 1) * side, len(pictures) * side + head), "white")
    draw = ImageDraw.Draw(image)
    for column, (name, row) in enumerate([("", list(torch.split(pictures, 1))), *made.items()]):
        draw.text((column * side + 2, 1), name, fill="black")
        for index, picture in enumerate(row):
            pixels = (picture[0].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).contiguous().numpy()
            image.paste(Image.fromarray(pixels).resize((side, side)), (column * side, head + index * side))
    image.save(out)


if __name__ == "__main__":
    main()
