from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result
from PIL import Image

from inkwash.models.cards import Card
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import save
from inkwash.models.styles.perceptual import level, natural_noise
from inkwash.training.pictures import read
from inkwash.training.styles.layer_study import responses
from inkwash.training.styles.optimiser_study import frechet
from inkwash.training.styles.study import METHODS, study

DATA = Path(__file__).parents[2] / "data"
PICTURES = [str(DATA / "photo.jpg"), str(DATA / "painting.jpg")]


@pytest.fixture(scope="module")
def network() -> VGG:
    torch.manual_seed(0)
    network = VGG(16, "relu3_1")
    for convolution in network.convolutions.values():
        torch.nn.init.kaiming_normal_(convolution.weight)
    level(network, natural_noise(64))
    return network.requires_grad_(False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> None:
    """A network of random weights in the user's store."""
    torch.manual_seed(0)
    network = VGG()
    level(network, natural_noise(64))
    (home / "models").mkdir(parents=True)
    card = Card("vgg16", "VGG-16", "perceptual", "vgg", {"depth": 16, "last": "relu4_3"}, "1", "none")
    save(home / "models" / "vgg16.safetensors", network, card)


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(study, list(map(str, arguments)), catch_exceptions=False)


def test_every_method_has_its_curves_pictures_and_row(store: None, tmp_path: Path) -> None:
    result = call("optimisers", *PICTURES, "-o", tmp_path / "out", "--side", 40, "--steps", 4)
    assert result.exit_code == 0, result.output
    with (tmp_path / "out" / "losses.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["step"] for row in rows if row["method"] == "adam"] == ["1", "2", "3", "4"]
    assert {row["method"] for row in rows} == set(METHODS)
    assert all(float(row["loss"]) > 0 for row in rows)
    report = (tmp_path / "out" / "report.md").read_text()
    assert all(f"| {name} |" in report for name in METHODS)
    for file in ("loss-time.png", "loss-steps.png", "loss-steps-l-bfgs.png", "pictures.png"):
        with Image.open(tmp_path / "out" / file) as picture:
            assert picture.width > 100


def test_some_methods_alone_can_be_studied(store: None, tmp_path: Path) -> None:
    call("optimisers", *PICTURES, "-o", tmp_path, "--side", 40, "--steps", 2, "--method", "adam", "--start", "content")
    assert "l-bfgs" not in (tmp_path / "report.md").read_text()


def test_layers_are_rebuilt_and_shown(store: None, tmp_path: Path) -> None:
    result = call(
        "layers", *PICTURES, "-o", tmp_path, "--side", 40, "--steps", 2, "--layer", "relu1_1", "--layer", "relu2_1"
    )
    assert result.exit_code == 0, result.output
    names = ("content", "style", "responses-relu1_1", "responses-relu2_1")
    assert {file.stem for file in tmp_path.glob("*.png")} == set(names)


def test_a_layer_that_is_not_there_is_named(store: None, tmp_path: Path) -> None:
    assert "relu9_9" in call("layers", *PICTURES, "-o", tmp_path, "--layer", "relu9_9").output


def test_a_file_that_is_no_picture_is_named(store: None, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"broken")
    assert "broken.jpg" in call("layers", PICTURES[0], tmp_path / "broken.jpg", "-o", tmp_path).output


def test_the_distance_of_a_picture_to_itself_is_nothing_and_grows_with_noise(network: VGG) -> None:
    photo = read(DATA / "photo.jpg", 96)
    noise = torch.randn(photo.shape, generator=torch.Generator().manual_seed(0))
    distances = [frechet(network, photo, (photo + amount * noise).clamp(0, 1)) for amount in (0, 0.05, 0.2)]
    assert distances[0] == pytest.approx(0, abs=1e-3)
    assert distances == sorted(distances)


def test_responses_are_pictures(network: VGG) -> None:
    shown = responses(network, read(DATA / "photo.jpg", 64), "relu2_1")
    assert len(shown) == 8
    assert all(float(x.min()) >= 0 and float(x.max()) <= 1 for x in shown.values())
