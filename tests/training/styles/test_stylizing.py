"""The recipes `feedforward`, `stylebank` and `upscale`, on a few small pictures."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from click.testing import CliRunner
from PIL import Image

from inkwash.models.cards import Card, read_card
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import Store, save
from inkwash.models.styles.perceptual import level, natural_noise
from inkwash.training.command import train
from inkwash.training.crops import Crops, Leaves
from inkwash.training.styles import feedforward, stylebank
from inkwash.training.styles.style_presets import FEED_FORWARD, NEW_BANK, STYLE_BANK, StyleSettings
from inkwash.training.styles.targets import Pairs
from inkwash.training.upscaling import upscale
from inkwash.training.upscaling.upscale_settings import UPSCALE

TINY: dict[str, Any] = {
    "size": 32, "batch": 2, "steps": 4, "log_every": 1, "save_every": 2, "judged": 2, "workers": 0, "style_side": 32,
    "precision": "32-true", "style_layers": "relu1_2,relu2_2", "content_layer": "relu2_2", "identity_first": 0,
}  # fmt: skip


def _quiet(text: str) -> None:
    pass


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artist's folder with a perceptual network, though one that has never seen anything."""
    home = tmp_path_factory.mktemp("home")
    torch.manual_seed(0)
    network = VGG(16, "relu4_2")
    level(network, natural_noise(64, 1))
    (home / "models").mkdir()
    card = Card("vgg16", "VGG-16", "perceptual", "vgg", {"depth": 16, "last": "relu4_2"}, "1", "CC0")
    save(home / "models/vgg16.safetensors", network, card)
    return home


@pytest.fixture(autouse=True)
def _at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKWASH_HOME", str(home))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of three pictures."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for index, picture in enumerate(natural_noise(64, 3)):
        drawn(folder / f"{index}.png", picture)
    return folder


@pytest.fixture
def paintings(tmp_path: Path) -> dict[str, Path]:
    """Two styles."""
    rng = np.random.default_rng(0)
    files = {}
    for name in ("checks", "noise"):
        picture = np.zeros((48, 64, 3), np.uint8)
        picture[::2, ::2] = (200, 40, 40) if name == "checks" else rng.integers(0, 255, (24, 32, 3))
        files[name] = tmp_path / f"{name}.png"
        Image.fromarray(picture).save(files[name])
    return files


def drawn(file: Path, picture: torch.Tensor) -> None:
    Image.fromarray((picture * 255).byte().permute(1, 2, 0).contiguous().numpy()).save(file)


def tiny(preset: StyleSettings, **more: Any) -> StyleSettings:
    return replace(preset, **{**TINY, **more})


def equal(one: Path, other: Path) -> bool:
    a, b = safetensors.torch.load_file(one), safetensors.torch.load_file(other)
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def a_home_with_a_stylebank(
    styles: dict[str, Path], photos: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """From now on the artist's models are in this folder: the coder `models`, a bank for each style, and the eye."""
    models = folder / "home/models"
    stylebank.train(photos, styles, models, tiny(STYLE_BANK["full"]), said=_quiet)
    (models / "vgg16.safetensors").write_bytes(Store().file("vgg16").read_bytes())
    monkeypatch.setenv("INKWASH_HOME", str(folder / "home"))
    return models


@pytest.mark.parametrize("preset", ["paper", "light"])
def test_a_feed_forward_style_is_trained_and_paints(
    photos: Path, paintings: dict[str, Path], tmp_path: Path, preset: str
) -> None:
    out = tmp_path / "checks"
    model = feedforward.train(
        photos, paintings["checks"], out, tiny(FEED_FORWARD[preset], width=4, blocks=1), said=_quiet
    )
    card = read_card(model)
    assert (card.role, card.name) == ("stylizer", "checks")
    assert {"content_loss", "style_loss"} <= card.metrics.keys()
    assert card.thumbnail
    assert "checks.png" in card.trained_on[0]
    network = Store([tmp_path / "checks"]).load("checks", "stylizer")
    with torch.inference_mode():
        assert network(torch.rand(1, 3, 20, 30)).shape == (1, 3, 20, 30)
    with (out / "log.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["step"] for row in rows] == ["1", "2", "3", "4"]
    assert {"content", "style", "smooth", "seconds"} <= rows[0].keys()
    assert {file.stem for file in (out / "samples").glob("*.png")} == {"0000002", "0000004"}
    assert (out / "losses.png").exists()


def test_a_feed_forward_style_begins_as_the_nearest_known_one(
    photos: Path, paintings: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = a_home_with_a_stylebank({"noise": paintings["noise"]}, photos, tmp_path, monkeypatch)
    heard: list[str] = []
    settings, out = tiny(FEED_FORWARD["light"], steps=1), tmp_path / "checks"
    feedforward.train(photos, paintings["checks"], out, settings, coder=models.name, said=heard.append)
    assert heard[0] == "Beginning with the style noise, the nearest."
    known, learned = Store().load("noise", "stylizer"), Store([out]).load("checks", "stylizer")
    torch.testing.assert_close(learned.stages[3].weight, known.stages[0].weight, atol=0.02, rtol=0)
    assert not torch.equal(learned.sketch.mean, known.sketch.mean)  # it has a palette of its own


@pytest.mark.parametrize("preset", ["inkwash", "full", "light", "paper"])
def test_a_stylebank_is_trained_resumed_bit_by_bit_and_paints(
    photos: Path, paintings: dict[str, Path], tmp_path: Path, preset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tiny(STYLE_BANK[preset], identity_first=1, samples=2, optimised_steps=1, decay=0.0)
    if settings.taught_first:
        settings = replace(settings, taught_first=1, pairs_every=2)
    styles = paintings
    if preset == "light":  # learns from the banks of `full`
        a_home_with_a_stylebank(paintings, photos, tmp_path, monkeypatch)
        styles = {f"{name}-light": file for name, file in paintings.items()}
    files = stylebank.train(photos, styles, tmp_path / "whole", settings, said=_quiet)
    assert [file.stem for file in files] == ["whole", *styles]
    stylebank.train(photos, styles, tmp_path / "parts", replace(settings, steps=3), said=_quiet)
    stylebank.train(photos, styles, tmp_path / "parts", settings, resume=True, said=_quiet)
    assert equal(tmp_path / "whole/checkpoint.safetensors", tmp_path / "parts/checkpoint.safetensors")
    store = Store([tmp_path / "whole"])
    bank, coder = store.load(files[1].stem, "stylizer"), store.load("whole", "coder")
    assert (bank.coder, bank.fingerprint) == ("whole", coder.fingerprint)


def test_a_bank_learns_first_from_the_copyist_then_from_squares_of_the_painting_and_of_pictures(
    photos: Path, paintings: dict[str, Path], tmp_path: Path
) -> None:
    settings = tiny(STYLE_BANK["inkwash"], taught_first=2, pairs_every=2)
    assert (settings.statistics, settings.sketch) == ("moments", 8)
    stylebank.train(photos, paintings, tmp_path / "run", settings, said=_quiet)
    with (tmp_path / "run/log.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["style"]) > 0 for row in rows] == [False, False, True, True]
    assert [float(row["identity"]) > 0 for row in rows] == [False, False, False, True]
    assert Store([tmp_path / "run"]).load("checks", "stylizer").sketch.coarse == 8


def test_a_painting_without_its_strokes_keeps_its_shapes(paintings: dict[str, Path]) -> None:
    painting = torch.zeros(1, 3, 64, 96)
    painting[..., 48:] = 0.8
    stroked = painting.clone()
    stroked[..., 3::9, :] = 1.0
    smooth, sharp = Pairs([stroked], tiny(STYLE_BANK["inkwash"], size=64)).batch([0, 0], 5)
    assert smooth.shape == sharp.shape == (2, 3, 64, 64)
    assert set(smooth.unique().tolist()) == pytest.approx([0.0, 0.8])
    assert float(sharp.max()) == 1.0


def test_a_new_style_changes_no_bit_of_the_coder_and_the_other_banks(
    photos: Path, paintings: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = a_home_with_a_stylebank({"checks": paintings["checks"]}, photos, tmp_path, monkeypatch)
    files = [models / "models.safetensors", models / "checks.safetensors"]
    before = [hashlib.sha256(file.read_bytes()).digest() for file in files]
    x = torch.rand(1, 3, 32, 32)

    def painted(name: str) -> torch.Tensor:
        coder, bank = Store().load("models", "coder"), Store().load(name, "stylizer")
        with torch.inference_mode():
            return coder.decode(bank(coder.encode(x)))

    known = painted("checks")
    heard: list[str] = []
    new = stylebank.add(
        None, paintings["noise"], tmp_path / "noise", tiny(NEW_BANK, taught_first=1), coder="models", said=heard.append
    )
    assert "Beginning with the style checks" in heard[0]
    (models / new.name).write_bytes(new.read_bytes())
    assert [hashlib.sha256(file.read_bytes()).digest() for file in files] == before
    assert torch.equal(painted("checks"), known)
    assert not torch.equal(painted("noise"), known)
    kept = safetensors.torch.load_file(tmp_path / "noise/checkpoint.safetensors")
    coder = Store().load("models", "coder").state_dict()
    for name, tensor in kept.items():
        if name.startswith("painter/coder."):
            assert torch.equal(tensor, coder[name.removeprefix("painter/coder.")])


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_last_good_model(
    photos: Path, paintings: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inkwash.training.styles import stylizing

    settings = tiny(FEED_FORWARD["light"], width=4, blocks=1, save_every=1, steps=3)
    feedforward.train(photos, paintings["checks"], tmp_path / "checks", replace(settings, steps=2), said=_quiet)
    good = (tmp_path / "checks/checkpoint.safetensors").read_bytes()
    compare = stylizing.Perception.compare

    def spoilt(*given: Any) -> Any:
        factor = torch.nan if torch.is_grad_enabled() else 1
        return tuple(loss * factor for loss in compare(*given))

    monkeypatch.setattr(stylizing.Perception, "compare", spoilt)
    heard: list[str] = []
    feedforward.train(photos, paintings["checks"], tmp_path / "checks", settings, resume=True, said=heard.append)
    assert any("no number any more after step 2: the model of step 2 is kept" in text for text in heard)
    assert (tmp_path / "checks/checkpoint.safetensors").read_bytes() == good
    assert read_card(tmp_path / "checks/checks.safetensors").version == "2 steps"


@pytest.mark.parametrize("factor", [2, 4])
def test_an_upscaler_is_trained_and_resumed_bit_by_bit(photos: Path, tmp_path: Path, factor: int) -> None:
    small = {"width": 4, "blocks": 1, "size": 32, "batch": 2, "steps": 4, "log_every": 1, "save_every": 2, "judged": 2}
    settings = replace(UPSCALE, factor=factor, workers=0, **small)
    model = upscale.train(photos, tmp_path / "whole", settings, said=_quiet)
    upscale.train(photos, tmp_path / "parts", replace(settings, steps=2, decay=0.0), said=_quiet)
    network = Store([tmp_path / "whole"]).load("whole", "upscaler")
    assert network(torch.rand(1, 3, 8, 9)).shape == (1, 3, 8 * factor, 9 * factor)
    assert read_card(model).metrics["psnr"] > 10
    again = replace(settings, decay=0.0)
    upscale.train(photos, tmp_path / "parts", again, resume=True, said=_quiet)
    upscale.train(photos, tmp_path / "at once", again, said=_quiet)
    assert equal(tmp_path / "at once/checkpoint.safetensors", tmp_path / "parts/checkpoint.safetensors")


def test_broken_pictures_are_passed_over_and_one_picture_is_enough(tmp_path: Path, caplog: Any) -> None:
    drawn(tmp_path / "good.png", natural_noise(64, 1)[0])
    (tmp_path / "torn.png").write_bytes((tmp_path / "good.png").read_bytes()[:200])
    (tmp_path / "empty.jpg").touch()
    crops = Crops(tmp_path, size=32, seed=0)
    assert [file.name for file in crops.files] == ["good.png"]
    assert crops[5].shape == (3, 32, 32)
    assert torch.equal(crops[5], Crops(tmp_path, size=32, seed=0)[5])
    assert {"torn.png", "empty.jpg"} <= {word for text in caplog.messages for word in text.replace("/", " ").split()}


def test_made_up_squares_are_the_same_in_every_run_of_a_seed() -> None:
    one, other = Leaves(size=64, seed=3), Leaves(size=64, seed=3)
    assert torch.equal(one[7], other[7])
    assert not torch.equal(one[7], one[8])
    assert 0 <= float(one[7].min()) < float(one[7].max()) <= 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["feedforward", "FOLDER"], "--style"),
        (["feedforward", "EMPTY", "--style", "STYLE"], "neither prepared pairs nor pictures"),
        (["feedforward", "FOLDER", "--style", "BROKEN"], "cannot be used"),
        (["feedforward", "FOLDER", "--style", "SPECK"], "no style to see"),
        (["feedforward", "FOLDER", "--style", "STYLE", "--size", "50"], "multiple of 16"),
        (["feedforward", "FOLDER", "--style", "STYLE", "--style-layers", "relu9_9"], "no relu9_9"),
        (["feedforward", "FOLDER", "--style", "STYLE", "--resume"], "no checkpoint"),
        (["stylebank", "--style", "STYLE", "--coder", "nothing"], "no model called"),
        (["stylebank", "--style", "STYLE", "--style", "STYLE"], "One new bank at a time"),
        (["stylebank", "--style", "STYLE", "--preset", "full"], "needs a FOLDER"),
        (["stylebank", "FOLDER", "--style", "STYLE", "--preset", "light"], "no bank to learn from"),
        (["upscale", "FOLDER", "--factor", "3"], "2 or 4"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    photos: Path, paintings: dict[str, Path], tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "nothing").mkdir()
    (tmp_path / "broken.png").write_bytes(b"no picture")
    Image.new("RGB", (8, 400)).save(tmp_path / "speck.png")
    places = {
        "FOLDER": photos, "EMPTY": tmp_path / "nothing", "STYLE": paintings["checks"],
        "BROKEN": tmp_path / "broken.png", "SPECK": tmp_path / "speck.png",
    }  # fmt: skip
    given = [str(places.get(argument, argument)) for argument in arguments]
    small = ["--workers", "0", "--judged", "1"] + ([] if arguments[0] == "upscale" else ["--content-layer", "relu2_2"])
    if arguments[0] != "upscale" and "--style-layers" not in given:
        small += ["--style-layers", "relu2_2"]
    result = CliRunner().invoke(train, [*given, *small, "-o", str(tmp_path / "run")])
    assert result.exit_code != 0
    assert said in result.output + str(result.exception)


def test_without_the_perceptual_network_it_is_said_how_to_get_it(
    photos: Path, paintings: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(ValueError, match="inkwash models pull vgg16 --from index, 55 MB"):
        feedforward.train(photos, paintings["checks"], tmp_path / "run", tiny(FEED_FORWARD["light"]), said=_quiet)


def test_grey_transparent_and_huge_styles_can_be_learned(tmp_path: Path) -> None:
    from inkwash.training.styles.perception import read_style

    Image.new("L", (300, 40), 90).save(tmp_path / "grey.png")
    Image.new("RGBA", (64, 64), (200, 0, 0, 0)).save(tmp_path / "clear.png")
    Image.new("RGB", (5000, 3000), (9, 9, 9)).save(tmp_path / "large.png")
    assert read_style(tmp_path / "grey.png", 64).shape == (1, 3, 64, 480)
    assert float(read_style(tmp_path / "clear.png", 64).min()) == 1.0
    assert read_style(tmp_path / "large.png", 64).shape == (1, 3, 64, 107)
    Image.new("1", (16000, 9000)).save(tmp_path / "huge.png")
    with pytest.raises(ValueError, match="too large"):
        read_style(tmp_path / "huge.png", 64)
