import cv2
import numpy as np
import torch

from inkwash.models.drawing.lines import adaptive_threshold, smooth_lines


def _scan() -> np.ndarray:
    """Grey pencil lines on unevenly lit paper with grain."""
    paper = np.tile(np.linspace(150, 240, 200, dtype=np.float32), (200, 1))
    cv2.circle(paper, (100, 100), 60, 0, 3)
    light = np.tile(np.linspace(150, 240, 200, dtype=np.float32), (200, 1))
    scan = light - 0.35 * (light - cv2.GaussianBlur(paper, (0, 0), 1)).clip(0)
    return (scan + np.random.default_rng(0).normal(0, 3, scan.shape)).clip(0, 255).astype(np.uint8)


def test_adaptive_is_opencv_s_mean_threshold_of_the_paper(run) -> None:
    picture = torch.rand(1, 1, 40, 60, generator=torch.Generator().manual_seed(0))
    lines = run("lineart", {"picture": picture}, method="adaptive")["lines"]
    grey = (picture[0, 0] * 255).round().byte().numpy()
    expected = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 9, 2)
    assert np.array_equal(lines[0, 0].numpy() * 255, expected)


def test_smooth_turns_a_grey_scan_into_black_on_white() -> None:
    lines = smooth_lines(_scan(), 1.5)
    ring = np.zeros((200, 200), np.uint8)
    cv2.circle(ring, (100, 100), 60, 255, 1)
    assert lines[ring > 0].mean() < 60
    away = cv2.dilate(ring, np.ones((15, 15), np.uint8)) == 0
    assert lines[away].mean() > 250


def test_smooth_is_cleaner_than_the_threshold_on_a_grainy_scan() -> None:
    scan, away = _scan(), np.s_[90:110, 90:110]
    assert smooth_lines(scan)[away].mean() > 250
    assert adaptive_threshold(scan)[away].mean() < 250


def test_more_detail_gives_more_ink() -> None:
    inks = [255 - smooth_lines(_scan(), detail=detail).mean() for detail in (0.0, 0.5, 1.0)]
    assert inks == sorted(inks)
    assert inks[0] < inks[2]


def test_a_picture_of_one_pixel_has_lines_too(run) -> None:
    for method in ("smooth", "adaptive"):
        assert run("lineart", {"picture": torch.ones(1, 1, 1, 1)}, method=method)["lines"].shape == (1, 1, 1, 1)


def test_tones_can_be_taken_away_and_the_lines_stay(run) -> None:
    picture = torch.ones(1, 1, 200, 200)
    picture[..., 2:200:8, 2:200:8] = picture[..., 3:200:8, 2:200:8] = picture[..., 2:200:8, 3:200:8] = 0
    picture[..., 100:104, :] = 0
    kept, gone = (run("lineart", {"picture": picture}, tones=tones)["lines"] for tones in ("keep", "remove"))
    assert kept[..., :90, :].mean() < 0.97
    assert gone[..., 20:80, 20:180].min() > 0.95
    assert gone[..., 102, 20:180].max() < 0.3
