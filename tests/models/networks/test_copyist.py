"""The copyist of any painting, against the networks that its weights come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from inkwash.models.networks import strips
from inkwash.models.networks.copyist import Copyist
from inkwash.models.networks.stylebank import fingerprint
from inkwash.models.store import Store

DATA = Path(__file__).parents[2] / "data"
SIDE, FEWEST_DB = 96, 40.0


@pytest.fixture(scope="module")
def copyist() -> Copyist:
    network = Store().load("any", "stylizer")
    assert isinstance(network, Copyist)
    return network


def read(name: str) -> Tensor:
    with Image.open(DATA / name) as stored:
        paper = Image.new("RGBA", stored.size, "white")
        pixels = np.asarray(Image.alpha_composite(paper, stored.convert("RGBA")).convert("RGB"))
    return torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)[None]


def pairs() -> list[tuple[Tensor, Tensor]]:
    """Ten of a picture (1, 3, 96, 96) and a painting (1, 3, 256, 256)."""
    photo, painting, cat, santa, cartoon = map(read, ("photo.jpg", "painting.jpg", "unseen/1F431.color.png",
                                                      "unseen/1F385.color.png", "cartoon-line.png"))  # fmt: skip
    third = (..., slice(128, 416, 3), slice(128, 416, 3))
    pictures = [photo[..., 16:112, 48:144], painting[..., 50:146, 20:116], cat[third], santa[third]]
    pictures.append(cartoon[..., 200:296, 200:296])
    large = painting[..., 32:160, 12:140].repeat_interleave(2, 2).repeat_interleave(2, 3)
    return [(picture, seen) for seen in (large, santa[..., 128:384, 128:384]) for picture in pictures]


def psnr(made: Tensor, wanted: Tensor) -> float:
    return float(-10 * (made - wanted).square().mean().log10())


@torch.inference_mode()
def test_ten_pairs_come_out_as_from_the_networks_that_the_weights_come_from(copyist: Copyist) -> None:
    # Made by onnxruntime from the package's own files, whose responses are not rounded to 8 bits here.
    wanted = read("manners.png").split(SIDE, 3)
    for (picture, painting), target in zip(pairs(), wanted, strict=True):
        assert psnr(copyist(picture, copyist.code(painting)), target) > FEWEST_DB


@torch.inference_mode()
def test_in_strips_it_paints_as_at_once(copyist: Copyist) -> None:
    picture, painting = pairs()[0]
    code = copyist.code(painting)
    running: Any = strips.run(copyist.told(code), picture - 0.5, strip=2**12)
    while True:
        try:
            next(running)
        except StopIteration as end:
            made = copyist.picture(end.value, picture)
            break
    assert torch.allclose(made, copyist(picture, code), atol=1e-4)


@torch.inference_mode()
def test_telling_it_how_to_paint_leaves_it_as_it_was(copyist: Copyist) -> None:
    before = fingerprint(copyist)
    first, second = (copyist.code(painting) for painting in (pairs()[0][1], pairs()[5][1]))
    picture = pairs()[0][0]
    apart = (copyist(picture, first) - copyist(picture, second)).abs().mean()
    assert float(apart) > 0.05
    assert fingerprint(copyist) == before == copyist.fingerprint
