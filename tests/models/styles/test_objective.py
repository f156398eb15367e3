from dataclasses import replace
from typing import Any

import pytest
import torch

from inkwash.models.styles.objective import Objective, Scales, Terms, halved, tiles

LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_3")
TERMS = Terms({"relu2_2": 1.0}, dict.fromkeys(LAYERS, 0.5), variation=0.1)


@pytest.fixture
def photo(sample: Any) -> torch.Tensor:
    return sample("photo.jpg", 192)


@pytest.fixture
def painting(sample: Any) -> torch.Tensor:
    return sample("painting.jpg", 100)


def test_tiles_cover_the_picture_once() -> None:
    covered = torch.zeros(1, 1, 211, 500)
    for tile in tiles(211, 500, 96, LAYERS):
        top, bottom, left, right = tile.core
        covered[..., top:bottom, left:right] += 1
        assert tile.seen[0] <= top
        assert tile.seen[3] >= right
    assert (covered == 1).all()


def test_a_picture_that_fits_is_one_tile() -> None:
    assert len(tiles(96, 80, 96, LAYERS)) == 1


@pytest.mark.parametrize("centred", [False, True])
def test_in_tiles_loss_and_gradient_are_the_same(eye, photo, painting, centred) -> None:
    terms, photo = replace(TERMS, centred=centred), photo[..., :123, :180]
    begun = (photo + 0.1 * torch.randn(photo.shape, generator=torch.Generator().manual_seed(1))).clamp(0, 1)
    whole = Objective(eye, terms, photo, [(painting, 1.0)], tile=1024)(begun)
    parts = Objective(eye, terms, photo, [(painting, 1.0)], tile=64)(begun)
    assert parts.loss == pytest.approx(whole.loss, rel=1e-4)
    assert parts.content == pytest.approx(whole.content, rel=1e-4)
    error = (parts.gradient - whole.gradient).norm() / whole.gradient.norm()
    assert error < 1e-3


def test_the_gradient_says_how_the_loss_grows(eye, photo, painting) -> None:
    objective = Objective(eye, TERMS, photo[..., :64, :64], [(painting, 1.0)])
    picture = photo[..., 20:84, 40:104].contiguous() * 0.8 + 0.1
    verdict = objective(picture)
    direction = verdict.gradient / verdict.gradient.norm()
    ahead, behind = objective(picture + 0.01 * direction), objective(picture - 0.01 * direction)
    assert (ahead.loss - behind.loss) / 0.02 == pytest.approx(float(verdict.gradient.norm()), rel=0.05)


def test_at_two_scales_the_gradient_says_how_the_sum_grows(eye, photo, painting) -> None:
    content = photo[..., :97, :95]
    fine, half = Objective(eye, TERMS, content, [(painting, 1.0)]), Terms({}, {"relu2_2": 2.0}, centred=True)
    both = Scales(fine, Objective(eye, half, halved(content), [(halved(painting), 1.0)]))
    picture = content * 0.8 + 0.1
    verdict = both(picture)
    assert verdict.loss > fine(picture).loss
    direction = verdict.gradient / verdict.gradient.norm()
    ahead, behind = both(picture + 0.01 * direction), both(picture - 0.01 * direction)
    assert (ahead.loss - behind.loss) / 0.02 == pytest.approx(float(verdict.gradient.norm()), rel=0.05)


def test_the_content_itself_has_no_content_loss_and_the_style_itself_no_style_loss(eye, photo, painting) -> None:
    assert Objective(eye, TERMS, photo, [(painting, 1.0)])(photo).content == pytest.approx(0, abs=1e-6)
    assert Objective(eye, TERMS, painting, [(painting, 1.0)])(painting).style == pytest.approx(0, abs=1e-6)


def test_a_mixture_lies_between_its_styles(eye, photo, painting) -> None:
    terms = Terms({}, {"relu2_2": 1.0})
    mixed = Objective(eye, terms, photo, [(painting, 3.0), (photo, 1.0)])
    assert mixed(photo).style == pytest.approx(Objective(eye, terms, photo, [(painting, 1.0)])(photo).style * 9 / 16)


@pytest.mark.parametrize("normalised", ["size", "area", "none"])
def test_gram_matrices_may_be_divided_by_other_things(eye, photo, painting, normalised) -> None:
    terms = Terms({}, {"relu1_2": 1.0}, normalised=normalised, averaged=True)
    verdict = Objective(eye, terms, photo, [(painting, 1.0)])(photo)
    assert verdict.loss > 0
    assert verdict.content == 0


def test_average_pooling_answers_otherwise(eye, photo) -> None:
    sharp, soft = (eye(photo, ["relu3_1"], pooling=pooling)["relu3_1"] for pooling in ("max", "average"))
    assert sharp.shape == soft.shape
    assert not torch.equal(sharp, soft)
