from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from inkwash.training.data.pairs import Pairs


@pytest.mark.parametrize("style", ["inkwash", "paper"])
def test_a_sample_has_its_shapes_and_ranges(pairs: Path, style: str) -> None:
    data = Pairs(pairs, size=64, seed=0, style=style)
    for index in range(12):
        sample = data[index]
        shapes = {name: tuple(tensor.shape) for name, tensor in sample.items()}
        assert shapes == {"line": (1, 64, 64), "hint": (4, 64, 64), "color": (3, 64, 64), "weight": (1, 64, 64)}
        for name in ("line", "hint", "color", "weight"):
            assert sample[name].min() >= 0
            assert sample[name].max() <= 1
        assert (sample["hint"][:3] <= sample["hint"][3:] + 1e-6).all()


def test_the_same_index_gives_the_same_sample_whatever_was_asked_before(pairs: Path) -> None:
    first, second = Pairs(pairs, size=64, seed=3), Pairs(pairs, size=64, seed=3)
    for index in (9, 4, 7):
        first[index]
    assert all(torch.equal(first[5][name], second[5][name]) for name in ("line", "hint", "color", "weight"))


def test_another_seed_gives_other_samples(pairs: Path) -> None:
    assert not torch.equal(Pairs(pairs, size=64, seed=1)[0]["color"], Pairs(pairs, size=64, seed=2)[0]["color"])


def test_kept_out_drawings_are_never_trained_on(pairs: Path) -> None:
    names = [
        {row["name"] for group in Pairs(pairs, size=64, seed=0, split=s).groups.values() for row in group}
        for s in ("train", "val")
    ]
    assert names[0]
    assert names[1]
    assert not names[0] & names[1]


def test_hints_come_in_every_amount(pairs: Path) -> None:
    data = Pairs(pairs, size=64, seed=0)
    covered = np.array([float(data[index]["hint"][3].mean()) for index in range(80)])
    assert (covered == 0).any()
    assert ((covered > 0) & (covered < 0.05)).any()
    assert (covered > 0.3).any()


def test_any_folder_of_pictures_will_do_and_bad_ones_are_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (80, 60, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.jpg")
    Image.fromarray(pixels).convert("P").save(tmp_path / "b.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG no more")
    Image.new("RGB", (4, 4)).save(tmp_path / "tiny.png")
    (tmp_path / "notes.txt").write_text("not a picture")
    data = Pairs(tmp_path, size=64, seed=0)
    assert {row["name"] for group in data.groups.values() for row in group} == {"a.jpg", "b.png"}
    assert data[0]["color"].shape == (3, 64, 64)
    assert "broken.png" in caplog.text
    assert "tiny.png" in caplog.text


def test_an_empty_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"python -m inkwash.training.data"):
        Pairs(tmp_path, size=64, seed=0)


def test_a_damaged_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ValueError, match="prepare the pairs again"):
        Pairs(tmp_path, size=64, seed=0)
