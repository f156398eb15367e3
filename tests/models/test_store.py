import json
import os
import struct
from pathlib import Path

import pytest
import safetensors.torch
import torch

from inkwash.models.cards import Card, read_card
from inkwash.models.errors import BadModel, BadParameter, UnknownModel
from inkwash.models.networks import ARCHITECTURES
from inkwash.models.store import SHIPPED, Store, save


def _card(name: str = "mine", **changes: object) -> Card:
    known = {"label": "Mine", "role": "colorizer", "architecture": "inkwash", "settings": {"width": 4}}
    return Card(name, **{**known, "version": "1", "licence": "CC0", **changes})  # type: ignore[arg-type]


def _save(folder: Path, name: str = "mine", **changes: object) -> Path:
    file = folder / f"{name}.safetensors"
    torch.manual_seed(0)
    save(file, ARCHITECTURES["inkwash"](width=4), _card(name, **changes))
    return file


def test_a_model_comes_back_with_its_card_and_to_half_precision_its_weights(tmp_path: Path) -> None:
    file = _save(tmp_path)
    assert read_card(file) == _card()
    torch.manual_seed(0)
    made = ARCHITECTURES["inkwash"](width=4).eval()
    loaded = Store([tmp_path]).load("mine", "colorizer")
    line, hint = torch.rand(1, 1, 64, 64), torch.zeros(1, 4, 64, 64)
    with torch.inference_mode():
        assert torch.allclose(made(line, hint), loaded(line, hint), atol=5e-3)
    assert not loaded.training


def test_a_file_dropped_into_a_folder_appears_and_a_later_folder_wins(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    shipped.mkdir()
    store = Store([shipped, own])
    assert store.cards() == []
    _save(shipped, label="Shipped")
    assert [card.label for card in store.cards("colorizer")] == ["Shipped"]
    own.mkdir()
    _save(own, label="Own")
    assert [card.label for card in store.cards()] == ["Own"]
    assert store.cards("stylizer") == []


def test_an_unknown_model_is_said_with_those_there_are(tmp_path: Path) -> None:
    _save(tmp_path)
    with pytest.raises(UnknownModel) as refused:
        Store([tmp_path]).load("yours")
    assert "mine" in refused.value.hint
    assert str(tmp_path) in refused.value.hint


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    _save(tmp_path, role="stylizer")
    with pytest.raises(BadModel, match="stylizer"):
        Store([tmp_path]).load("mine", "colorizer")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 7,
        struct.pack("<Q", 2**60) + b"{}",
        struct.pack("<Q", 10) + b"not json!!",
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 4) + b"[[]]",
        struct.pack("<Q", 24) + b'{"__metadata__":{"a":1}}',
    ],
)
def test_a_file_that_is_no_model_is_refused_and_does_not_spoil_the_list(tmp_path: Path, content: bytes) -> None:
    _save(tmp_path)
    (tmp_path / "bad.safetensors").write_bytes(content)
    with pytest.raises(BadModel, match=r"bad\.safetensors"):
        read_card(tmp_path / "bad.safetensors")
    assert [card.name for card in Store([tmp_path]).cards()] == ["mine"]


@pytest.mark.parametrize("changes", [{"architecture": "other"}, {"settings": {"width": 8}}, {"settings": {"depth": 1}}])
def test_a_card_that_does_not_fit_its_weights_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    file = _save(tmp_path)
    weights = safetensors.torch.load_file(file)
    header = {"inkwash": json.dumps({**vars(_card()), **changes})}
    safetensors.torch.save_file(weights, file, metadata=header)
    with pytest.raises(BadModel, match="damaged"):
        Store([tmp_path]).load("mine")


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    file = _save(tmp_path)
    os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(BadModel, match="damaged"):
        Store([tmp_path]).load("mine")


def test_a_card_from_a_later_version_is_still_read(tmp_path: Path) -> None:
    file = _save(tmp_path)
    weights = safetensors.torch.load_file(file)
    header = {"inkwash": json.dumps({**vars(_card()), "mood": "sunny"})}
    safetensors.torch.save_file(weights, file, metadata=header)
    assert read_card(file).label == "Mine"


def test_nothing_is_kept_among_the_shipped_models_nor_in_the_place_of_another(tmp_path: Path) -> None:
    card = Card("stray", "Stray", "colorizer", "none", {}, "1", "CC0")
    with pytest.raises(BadParameter, match="no folder"):
        Store([SHIPPED]).keep(torch.nn.Linear(1, 1), card)
    assert not (SHIPPED / "stray.safetensors").exists()
    store = Store([SHIPPED, tmp_path])
    assert store.keep(torch.nn.Linear(1, 1), card) == tmp_path / "stray.safetensors"
    with pytest.raises(BadParameter, match="already"):
        store.keep(torch.nn.Linear(1, 1), card)


def told_of(card: Card) -> str:
    """Whose page tells of a model: a bank's coder, a manner's copyist, or itself."""
    return str(card.settings.get("coder") or card.settings.get("copyist") or card.name)


def test_every_shipped_model_is_named_after_its_file_credits_its_sources_and_loads() -> None:
    store = Store([SHIPPED])
    assert store.cards()
    for card in store.cards():
        file = store.file(card.name)
        assert file.stat().st_size <= 20e6
        assert (SHIPPED / f"{told_of(card)}.md").exists()
        assert card.licence
        assert card.trained_on
        assert card.metrics
        store.load(card.name, card.role)
