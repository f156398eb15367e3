import importlib.util
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from inkwash.training.evaluation.judgement import NEEDS_HINTAUC, area, curve, judged, scribbles
from inkwash.training.evaluation.pictures import entries


def test_the_area_is_the_mean_height_by_trapezoids() -> None:
    assert area({0.0: 10.0, 1.0: 20.0}) == 15.0
    assert area({0.0: 10.0, 0.1: 20.0, 1.0: 20.0}) == pytest.approx(19.5)
    assert area({0.5: 7.0}) == 7.0


def test_every_picture_ratio_and_colorizer_gets_a_row(artwork: Path, filler, hinter) -> None:
    colorizers = [filler("red", (220, 40, 40)), filler("blue", (40, 40, 220))]
    rows = [row for entry in entries(artwork, 9) for row in judged(entry, colorizers, (0.0, 1.0), hinter)]
    assert len(rows) == 3 * 2 * 2
    of = {name: [row for row in rows if row.colorizer == name] for name in ("red", "blue")}
    assert np.mean([row.psnr for row in of["red"]]) > np.mean([row.psnr for row in of["blue"]])
    assert list(curve(of["red"], "hint_error")) == [1.0]  # without hints there is none to miss
    assert curve(of["red"], "hint_error")[1.0] > 5


def test_true_colours_lose_to_thresholded_lines_but_not_through_the_same_lines(artwork: Path, hinter) -> None:
    entry = entries(artwork, 1)[0]
    unlined = np.full((96, 96, 3), 255, np.uint8)
    unlined[20:60, 20:60] = 40, 40, 220
    cv2.imwrite(str(entry.color), unlined)
    picture = entry.read()
    truth = SimpleNamespace(name="truth", colour=lambda line, hints: picture.truth)
    (row,) = judged(entry, [truth], (0.0,), hinter)
    assert row.psnr < 100 == row.psnr_lined
    assert row.ssim < 1 == pytest.approx(row.ssim_lined)


def test_the_protocol_s_scribbles_grow_with_the_ratio_or_say_what_they_need(artwork: Path) -> None:
    picture = entries(artwork, 1)[0].read()
    if importlib.util.find_spec("hintauc") is None:
        with pytest.raises(ImportError, match=r"inkwash\[evaluate\]"):
            scribbles(picture)
        assert "pip install" in NEEDS_HINTAUC
        return
    hints_at = scribbles(picture)
    covered = [(hints_at(ratio)[..., 3] > 0).sum() for ratio in (0.0, 0.5, 1.0)]
    assert covered[0] == 0 < covered[1] < covered[2]
    assert hints_at(1.0).shape == (*picture.line.shape, 4)
