import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from inkwash.models import store
from inkwash.models.filters import declared

CARD = store.Card(
    "mine", "My colours", "colorizer", "none", {}, "1.0", "CC0", ["my drawings, CC0"], {"hint error": 2.5}
)


@pytest.fixture(autouse=True)
def _own_model(tmp_path, monkeypatch):
    shipped, mine = tmp_path / "shipped", tmp_path / "mine"
    shipped.mkdir()
    mine.mkdir()
    store.save(mine / "mine.safetensors", torch.nn.Linear(1, 1), CARD)
    (mine / "broken.safetensors").write_bytes(b"broken")
    original = store.Store.__init__
    monkeypatch.setattr(store.Store, "__init__", lambda self, folders=(shipped, mine): original(self, folders))


def test_models_are_listed_without_the_service_and_damaged_ones_are_said(call):
    result = call("models", "list")
    assert result.exit_code == 0
    assert result.stdout == "mine  colorizer: My colours (1.0, CC0)\n"
    assert "broken is damaged" in result.stderr


def test_the_list_is_json_too(call):
    assert json.loads(call("models", "list", "--json").stdout) == {"models": [asdict(CARD)]}


def test_a_model_tells_its_sources_and_licence(call):
    text = call("models", "info", "mine").stdout
    assert "licence: CC0\n" in text
    assert "trained on: my drawings, CC0\n" in text
    assert "metrics: hint error 2.5\n" in text
    assert json.loads(call("models", "info", "mine", "--json").stdout)["label"] == "My colours"


@pytest.mark.parametrize(("name", "said"), [("gone", "There are:"), ("broken", "damaged")])
def test_an_unknown_or_damaged_model_is_said(call, name, said):
    result = call("models", "info", name)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert said in result.stderr


def test_a_trained_model_is_put_among_yours_and_replaces_none_unasked(call, tmp_path, monkeypatch):
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path / "home"))
    trained = tmp_path / "sea.safetensors"
    shutil.copy(store.SHIPPED / "great-wave.safetensors", trained)
    added = tmp_path / "home/models/sea.safetensors"
    assert call("models", "add", trained).stdout == f"{added}\n"
    assert [file.name for file in added.parent.iterdir()] == [added.name]
    assert added.read_bytes() == trained.read_bytes()
    clash = shutil.copy(trained, tmp_path / "mine.safetensors")
    result = call("models", "add", clash)
    assert result.exit_code == 2
    assert "There is a model of that name" in result.stderr
    assert call("models", "add", clash, "--force").exit_code == 0


def test_a_painting_is_kept_as_a_style_of_one_small_file(call, tmp_path, monkeypatch):
    shutil.copy(store.SHIPPED / "any.safetensors", tmp_path / "shipped")
    painting = Path(__file__).parents[2] / "data/painting.jpg"
    kept = tmp_path / "mine/night-in-auvers.safetensors"
    assert call("models", "keep", painting, "Night in Auvers").stdout == f"{kept}\n"
    assert kept.stat().st_size < 20_000
    assert "Night in Auvers" in call("models", "list").stdout
    result = call("models", "keep", painting, "Night in Auvers")
    assert result.exit_code == 2
    assert "There is a model called night-in-auvers already." in result.stderr


def test_what_is_no_model_is_not_added(call, tmp_path, monkeypatch):
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path / "home"))
    broken = tmp_path / "torn.safetensors"
    broken.write_bytes((store.SHIPPED / "great-wave.safetensors").read_bytes()[:5000])
    for file in (broken, Path(__file__)):
        assert call("models", "add", file).exit_code == 2
    assert not (tmp_path / "home").exists()


def test_filters_are_listed_with_all_that_is_declared(call):
    listed = json.loads(call("filters", "--json").stdout)["filters"]
    assert listed == json.loads(json.dumps([filter.declaration() for filter in declared()]))
    assert "tint-lines: Lay light red below the lines" in call("filters").stdout
