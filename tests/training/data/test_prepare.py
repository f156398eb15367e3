"""Making pairs: what is kept, what is skipped, what a second run does."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from inkwash.training.data.__main__ import main
from inkwash.training.data.splits import UNSEEN_STYLE, split


@pytest.fixture
def cartoons(tmp_path: Path) -> Path:
    folder = tmp_path / "cartoons"
    folder.mkdir()
    for index in range(5):
        pixels = np.random.default_rng(index).integers(0, 255, (90, 70, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{index}.webp", lossless=True)
    (folder / "broken.webp").write_bytes(b"RIFF")
    return folder


def _prepare(out: Path, cartoons: Path) -> str:
    result = CliRunner().invoke(main, [str(out), "--source", "cartoons", "--cartoons", str(cartoons), "--size", "64"])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_folder_of_pairs_comes_with_its_manifest_and_licence(tmp_path: Path, cartoons: Path) -> None:
    assert "5 pairs, 1 drawings of no use" in _prepare(tmp_path / "out", cartoons)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    assert "CC BY-SA" in manifest["cartoons"]["licence"]
    assert list(manifest["cartoons"]["unusable"]) == ["broken"]
    for row in manifest["pairs"]:
        with Image.open(tmp_path / "out" / row["color"]) as picture:
            assert max(picture.size) == 64


def test_a_second_run_keeps_what_is_there_and_continues(tmp_path: Path, cartoons: Path) -> None:
    _prepare(tmp_path / "out", cartoons)
    kept, lost = tmp_path / "out/cartoons/0.color.png", tmp_path / "out/cartoons/1.color.png"
    before = kept.stat().st_mtime_ns
    lost.unlink()
    _prepare(tmp_path / "out", cartoons)
    assert kept.stat().st_mtime_ns == before
    assert lost.exists()


def test_a_source_that_cannot_be_had_is_left_out_and_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path / "out"), "--source", "cartoons"])
    assert result.exit_code == 0
    assert "--cartoons" in result.output


def test_the_split_is_fixed_by_the_name() -> None:
    assert split("dicebear", f"{UNSEEN_STYLE}-3") == "val"
    shares = [split("openmoji", str(n)) for n in range(1000)]
    assert 50 < shares.count("val") < 170
    assert shares == [split("openmoji", str(n)) for n in range(1000)]


def test_the_drawings_of_the_tests_were_never_trained_on() -> None:
    unseen = Path(__file__).parents[2] / "data/unseen"
    codes = {file.name.split(".")[0] for file in unseen.glob("*.png")}
    assert len(codes) == 12
    assert {split("openmoji", code) for code in codes} == {"val"}
    assert split("cartoons", "turtle") == "val"
