"""A card is believed only as far as its fields are what they should be."""

import base64
import io
import json
import os
import struct
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inkwash.models import cards
from inkwash.models.cards import Card, read_card
from inkwash.models.errors import BadModel
from inkwash.models.store import SHIPPED, Store

GOOD = asdict(Card("evil", "Evil", "stylizer", "coder", {"kind": "light"}, "1", "CC0"))


def _put(folder: Path, card: Any = GOOD, name: str = "evil", header: bytes | None = None) -> Path:
    text = card if isinstance(card, str) else json.dumps(card)
    header = header if header is not None else json.dumps({"__metadata__": {"inkwash": text}}).encode()
    file = folder / f"{name}.safetensors"
    file.write_bytes(struct.pack("<Q", len(header)) + header)
    return file


@pytest.mark.parametrize("value", [None, 5, [], {}, ["a"], "x" * 5000])
@pytest.mark.parametrize("field", ["label", "role", "architecture", "version", "licence", "notes", "name"])
def test_a_field_of_another_type_or_size_makes_it_no_model(tmp_path: Path, field: str, value: Any) -> None:
    with pytest.raises(BadModel, match="damaged") as refused:
        read_card(_put(tmp_path, {**GOOD, field: value}))
    assert field in refused.value.hint


@pytest.mark.parametrize("value", [None, 5, "text", [1], {"a": {"b": 1}}, [{"x": 1}], {"x": None}, {"x": [1]}])
@pytest.mark.parametrize("field", ["settings", "trained_on", "metrics"])
def test_lists_and_maps_hold_what_they_should(tmp_path: Path, field: str, value: Any) -> None:
    with pytest.raises(BadModel, match="damaged"):
        read_card(_put(tmp_path, {**GOOD, field: value}))


@pytest.mark.parametrize(
    "card",
    [
        '{"a":' + "[" * 200_000 + "]" * 200_000 + "}",
        '{"name": ' + "9" * 5000 + "}",
        json.dumps({**GOOD, "metrics": {"x": float("nan")}}),
        json.dumps({**GOOD, "metrics": {"x": float("inf")}}),
        "null",
        "[]",
        "5",
        json.dumps({"name": "evil"}),
    ],
    ids=range(8),
)
def test_a_card_that_is_none_is_refused_in_words(tmp_path: Path, card: str) -> None:
    with pytest.raises(BadModel, match="damaged"):
        read_card(_put(tmp_path, card))


@pytest.mark.parametrize(
    "header",
    [b'{"__metadata__":' + b"[" * 200_000 + b"]" * 200_000 + b"}", b'{"__metadata__": null}', b"[]", b"\xff\xfe{"],
)
def test_a_header_that_is_none_is_refused_in_words(tmp_path: Path, header: bytes) -> None:
    with pytest.raises(BadModel, match="damaged"):
        read_card(_put(tmp_path, header=header))


def test_what_a_terminal_would_obey_and_no_letter_is_is_taken_out(tmp_path: Path) -> None:
    evil = "\x1b[31mred\x1b]0;t\x07\r\n\u202egnp\ud800"
    card = read_card(_put(tmp_path, {**GOOD, "label": evil, "notes": evil, "trained_on": [evil], "licence": evil}))
    shown = card.label + card.notes.replace("\n", "") + card.licence + card.trained_on[0]
    assert "[31mred" in shown
    assert shown.isprintable()
    shown.encode()


def test_a_thumbnail_that_is_none_or_a_bomb_is_left_out(tmp_path: Path) -> None:
    stream, small = io.BytesIO(), io.BytesIO()
    Image.new("1", (8000, 8000)).save(stream, "PNG")
    Image.new("RGB", (32, 32)).save(small, "PNG")
    bomb, good = (base64.b64encode(picture.getvalue()).decode() for picture in (stream, small))
    found = [
        read_card(_put(tmp_path, {**GOOD, "thumbnail": text, "notes": text[:9]})).thumbnail
        for text in (bomb, "!!", good)
    ]
    assert found == ["", "", good]


def test_a_renamed_model_has_one_name_everywhere(tmp_path: Path) -> None:
    _put(tmp_path, name="given")
    store = Store([tmp_path])
    assert [card.name for card in store.cards()] == ["given"] == list(store.files())
    assert read_card(store.file("given")).name == "given"


def test_what_is_no_file_does_not_keep_anybody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.safetensors")
    (tmp_path / "folder.safetensors").mkdir()
    (tmp_path / "zero.safetensors").symlink_to("/dev/zero")
    (tmp_path / "nowhere.safetensors").symlink_to(tmp_path / "gone")
    (tmp_path / "loop.safetensors").symlink_to(tmp_path / "loop.safetensors")
    _put(tmp_path, name="good")
    store = Store([tmp_path])
    assert [card.name for card in store.cards()] == ["good"]
    for name in ("pipe", "folder", "zero", "nowhere", "loop"):
        with pytest.raises(BadModel):
            store.load(name)
        with pytest.raises(BadModel):
            read_card(store.files()[name])


def test_a_name_that_cannot_be_shown_is_no_model_and_is_said_as_text(tmp_path: Path) -> None:
    with pytest.raises(BadModel) as refused:
        read_card(_put(tmp_path, name="\x1b[31mred"))
    assert refused.value.message.isprintable()
    assert Store([tmp_path]).cards() == []


def test_a_file_is_read_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    opened = cards.regular.opened
    monkeypatch.setattr(cards.regular, "opened", lambda file: read.append(file) or opened(file))
    for number in range(50):
        _put(tmp_path, name=f"m{number}", card=GOOD if number % 2 else "broken")
    store = Store([tmp_path])
    assert len(store.cards()) == len(store.cards()) == len(store.cards("stylizer")) == 25
    assert len(read) == 50
    _put(tmp_path, name="m1", card={**GOOD, "label": "Changed label"})
    assert "Changed label" in [card.label for card in store.cards()]
    assert len(read) == 51


def test_the_shipped_cards_keep_their_thumbnails() -> None:
    assert sum(bool(card.thumbnail) for card in Store([SHIPPED]).cards("stylizer")) >= 15
