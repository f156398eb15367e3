"""The shaded sources: what is left out of them, and what is kept out of training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkwash.training.data.shaded import Emoji, Noto, concept, excluded_concepts, is_thing
from inkwash.training.data.splits import keep_twins_out, split


class FewEmoji(Emoji):
    name = "few"

    def coded(self, raw: Path) -> Iterator[tuple[str, Path]]:
        return ((code, raw / f"{code}.svg") for code in ("1f40e", "1f40f", "1f40f-1f3fb", "1f1eb-1f1f7", "2648"))


def test_a_concept_is_one_whatever_its_skin_tone_and_variant() -> None:
    assert concept("1F468-1F3FB-200D-1F393") == concept("1f468-200d-1f393") == "1F468-1F393"
    assert concept("2614-FE0F") == "2614"


def test_flags_signs_and_skin_tones_are_no_drawings_to_learn_from() -> None:
    assert is_thing("1f436")
    assert is_thing("1f468-200d-1f33e")
    assert not any(is_thing(code) for code in ("1f1eb-1f1f7", "1f44b-1f3fd", "0023-20e3", "2648", "1f550"))


def test_no_set_shows_a_concept_that_is_judged(tmp_path: Path) -> None:
    assert "1F40E" in excluded_concepts()
    assert [code for code, _ in FewEmoji().drawings(tmp_path)] == ["1F40F"]


def test_a_concept_kept_out_of_one_set_is_kept_out_of_all() -> None:
    codes = [f"1F4{n:02X}" for n in range(256)]
    splits = [split("fluent", code) for code in codes]
    assert 10 < splits.count("val") < 50
    assert (
        splits == [split("noto", code) for code in codes] == [split("fluent-solid", code + "-FE0F") for code in codes]
    )


def test_every_twelfth_of_the_illustrator_s_pictures_is_kept_out() -> None:
    assert [split("art4apps", f"p{n}", n) for n in range(25)].count("val") == 3


def test_painted_portraits_are_only_judged_by() -> None:
    assert {split("portraits", f"p{n}", n) for n in range(40)} == {"val"}


def _picture(file: Path, seed: int, margin: int) -> None:
    blocks = np.random.default_rng(seed).integers(0, 200, (4, 4, 3)).astype(np.uint8)
    drawn = cv2.resize(blocks, (80, 80), interpolation=cv2.INTER_NEAREST)
    cv2.imwrite(str(file), cv2.copyMakeBorder(drawn, *[margin] * 4, cv2.BORDER_CONSTANT, value=(255, 255, 255)))


def test_a_kept_out_picture_is_not_trained_on_under_another_name(tmp_path: Path) -> None:
    rows = []
    for name, source, kept, seed, margin in (
        ("owl", "art4apps", "val", 1, 20), ("night-owl", "cartoons", "train", 1, 4), ("cat", "cartoons", "train", 2, 4)
    ):  # fmt: skip
        _picture(tmp_path / f"{name}.png", seed, margin)
        rows.append({"name": name, "source": source, "split": kept, "color": f"{name}.png"})
    assert [row["name"] for row in keep_twins_out(rows, tmp_path)] == ["owl", "cat"]


@pytest.fixture
def noto(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    (tmp_path / "package/package.json").write_text("{}")
    lit = '<linearGradient id="a"><stop stop-color="#f00"/></linearGradient>'
    ball = lit + '<circle cx="64" cy="64" r="50" fill="url(#a)"/>'
    icons = {"ball": {"body": ball}, "flat": {"body": "<path/>"}}
    (tmp_path / "package/icons.json").write_text(json.dumps({"icons": icons}))
    (tmp_path / "package/chars.json").write_text('{"26be": "ball", "26bd": "flat"}')
    return tmp_path


def test_drawings_with_gradients_are_taken_and_get_outlines(noto: Path) -> None:
    source = Noto()
    source.fetch(noto)
    ((name, file),) = source.drawings(noto)
    pair = source.pair(name, file, 96)
    assert name == "26BE"
    assert pair.color[48, 48, 0] > 200
    assert pair.line is not None
    assert pair.line[48, 48] == 255 > pair.line[:, 8:14].min()
