from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from inkwash.models.networks.pix2pix import Pix2Pix
from inkwash.models.store import Store
from inkwash.training.command import train as command
from inkwash.training.discriminators import PairDiscriminator
from inkwash.training.pix2pix.pair_folder import Pairs, find, read
from inkwash.training.pix2pix.pair_settings import PairSettings
from inkwash.training.pix2pix.pairs import train

SMALL = PairSettings(
    scale_size=36, crop_size=32, width=4, levels=3, steps=4, log_every=2, save_every=2, workers=0, kept_out=0.3
)


def silent(text: str) -> None:
    """Say nothing."""


def picture(seed: int, side: int = 40) -> Image.Image:
    """Blocks of random colours."""
    blocks = np.random.default_rng(seed).integers(0, 255, (2, 2, 3), np.uint8)
    return Image.fromarray(blocks.repeat(side // 2, 0).repeat(side // 2, 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five pairs in folders A and B; B is A with its channels turned."""
    for name in "AB":
        (tmp_path / "pairs" / name).mkdir(parents=True)
    for number in range(5):
        made = picture(number)
        made.save(tmp_path / "pairs" / "A" / f"{number}.png")
        Image.fromarray(np.roll(np.asarray(made), 1, 2)).save(tmp_path / "pairs" / "B" / f"{number}.png")
    return tmp_path / "pairs"


def test_the_defaults_are_those_of_table_1() -> None:
    settings = PairSettings()
    assert (settings.aspect_ratio, settings.gan_weight, settings.l1_weight) == (1.0, 1.0, 100.0)
    assert (settings.lr, settings.scale_size, settings.crop_size, settings.beta1) == (2e-4, 286, 256, 0.5)


def test_the_networks_are_those_of_the_paper() -> None:
    """54.4 and 2.8 million parameters, as Isola et al.'s own at 64 features; patches of 70 pixels at 1/8 less 2."""
    assert sum(p.numel() for p in Pix2Pix().parameters()) == pytest.approx(54.41e6, rel=1e-3)
    assert sum(p.numel() for p in PairDiscriminator().parameters()) == pytest.approx(2.77e6, rel=1e-2)
    assert PairDiscriminator(4)(torch.rand(1, 3, 256, 256), torch.rand(1, 3, 256, 256)).shape == (1, 1, 30, 30)


@pytest.mark.parametrize("size", [(8, 8), (37, 61)])
def test_any_size_and_grey_drawings_go_through(size: tuple[int, int]) -> None:
    made = Pix2Pix(4, 3)(torch.rand(1, 1, *size))
    assert made.shape == (1, 3, *size)
    assert made.min() >= 0
    assert made.max() <= 1


@pytest.mark.parametrize(
    "wrong", [{"levels": 1}, {"crop_size": 100}, {"scale_size": 200}, {"kept_out": 1.0}, {"steps": 0}]
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)).split("_")[0]):
        dataclasses.replace(PairSettings(), **wrong)


def test_a_run_leaves_a_model_samples_plots_and_a_checkpoint(folder: Path, tmp_path: Path) -> None:
    model = train(folder, tmp_path / "run", SMALL, said=silent)
    files = {file.name for file in (tmp_path / "run").iterdir()}
    assert {"settings.json", "log.csv", "losses.png", "checkpoint.safetensors", "run.safetensors"} <= files
    assert [file.name for file in (tmp_path / "run" / "samples").iterdir()].__len__() == 2
    store = Store([model.parent])
    assert store.load("run", "colorizer")(torch.rand(1, 1, 20, 20)).shape == (1, 3, 20, 20)


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(folder: Path, tmp_path: Path) -> None:
    whole = train(folder, tmp_path / "whole", SMALL, said=silent)
    train(folder, tmp_path / "parts", dataclasses.replace(SMALL, steps=2), said=silent)
    parts = train(folder, tmp_path / "parts", SMALL, resume=True, said=silent)
    one, other = (Store([file.parent]).load(file.stem).state_dict() for file in (whole, parts))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_it_learns(folder: Path, tmp_path: Path) -> None:
    settings = dataclasses.replace(SMALL, steps=60, log_every=10, save_every=60, lr=2e-3)
    train(folder, tmp_path / "run", settings, said=silent)
    rows = (tmp_path / "run" / "log.csv").read_text().splitlines()[1:]
    first, last = (float(row.split(",")[2]) for row in (rows[0], rows[-1]))
    assert last < 0.9 * first


def test_pictures_side_by_side_are_pairs_too(tmp_path: Path) -> None:
    both = Image.new("RGB", (40, 20), "white")
    both.paste((0, 0, 0), (20, 0, 40, 20))
    both.save(tmp_path / "both.png")
    a, b = read(find(tmp_path, silent)[0])
    assert a.shape == b.shape == (3, 20, 20)
    assert (a == 1).all()
    assert (b == 0).all()


def test_the_direction_can_be_swapped(folder: Path) -> None:
    pairs = find(folder, silent)
    one = Pairs(pairs, SMALL)[7]
    other = Pairs(pairs, dataclasses.replace(SMALL, swap=1))[7]
    assert torch.equal(one["A"], other["B"])


def test_a_single_pair_is_enough(tmp_path: Path) -> None:
    picture(1).save(tmp_path / "one.png")
    assert train(tmp_path, tmp_path / "run", SMALL, said=silent).exists()


def test_broken_and_lonely_pictures_are_named_and_left_out(folder: Path) -> None:
    (folder / "A" / "0.png").write_bytes(b"\x89PNG broken")
    (folder / "A" / "lonely.png").write_bytes((folder / "A" / "1.png").read_bytes())
    said: list[str] = []
    assert len(find(folder, said.append)) == 4
    assert any("0.png" in text for text in said)
    assert any("lonely" in text for text in said)


def test_an_empty_folder_is_refused_by_the_command(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["pairs", str(tmp_path)])
    assert result.exit_code == 2
    assert "has no pairs" in result.output


def test_the_command_knows_every_setting(folder: Path, tmp_path: Path) -> None:
    small = {"scale-size": 36, "crop-size": 32, "width": 4, "levels": 3, "steps": 1, "workers": 0}
    options = [text for name, value in small.items() for text in (f"--{name}", str(value))]
    result = CliRunner().invoke(command, ["pairs", str(folder), "-o", str(tmp_path / "run"), *options])
    assert result.exit_code == 0, result.output
    again = CliRunner().invoke(command, ["pairs", str(folder), "-o", str(tmp_path / "run"), *options])
    assert "holds a run already" in again.output
