import pytest
import torch

from inkwash.models.styles.losses import apart, content_loss, gram, moments, moments_loss, style_loss, total_variation

RESPONSE = torch.arange(24.0).reshape(1, 2, 3, 4)


def test_equal_pictures_have_no_loss() -> None:
    assert content_loss(RESPONSE, RESPONSE) == 0
    assert style_loss(gram(RESPONSE), gram(RESPONSE)) == 0
    assert total_variation(torch.full((1, 3, 5, 5), 0.4)) == 0


def test_content_is_a_mean_of_squares() -> None:
    assert content_loss(RESPONSE, RESPONSE + 2) == 4


@pytest.mark.parametrize(("normalised", "divisor"), [("none", 1), ("area", 12), ("size", 24)])
def test_a_gram_matrix_is_what_the_formula_says(normalised: str, divisor: int) -> None:
    flat = RESPONSE[0].reshape(2, 12)
    torch.testing.assert_close(gram(RESPONSE, normalised=normalised)[0], flat @ flat.T / divisor)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
def test_a_gram_matrix_has_the_slope_of_the_formula(dtype: torch.dtype) -> None:
    exact, given = (torch.rand(2, 3, 4, 5).to(dtype).requires_grad_() for _ in range(2))
    given.data.copy_(exact.data)
    weights = torch.rand(2, 3, 3)
    flat = exact.reshape(2, 3, 20).float()
    (flat @ flat.transpose(1, 2) / 60 * weights).sum().backward()
    (gram(given) * weights).sum().backward()
    assert given.grad is not None
    assert exact.grad is not None
    torch.testing.assert_close(given.grad.float(), exact.grad.float(), atol=1e-3, rtol=2e-2)


def test_a_large_gram_matrix_is_hardly_rounded_in_half_precision() -> None:
    response = torch.rand(1, 16, 96, 80, generator=torch.Generator().manual_seed(0)).bfloat16()
    exact = gram(response.float())
    assert torch.linalg.matrix_norm(gram(response) - exact) < 5e-4 * torch.linalg.matrix_norm(exact)


def test_a_gram_matrix_does_not_depend_on_where_things_are() -> None:
    torch.testing.assert_close(gram(RESPONSE), gram(RESPONSE.flip(3)))


def test_moments_are_the_mean_and_the_covariance_by_places() -> None:
    flat = RESPONSE[0].reshape(2, 12)
    mean, spread = apart(moments(RESPONSE))
    torch.testing.assert_close(mean[0, :, 0], flat.mean(1))
    torch.testing.assert_close(spread[0], torch.cov(flat, correction=0), rtol=1e-4, atol=1e-4)
    assert moments_loss(moments(RESPONSE), moments(RESPONSE.flip(3))) == pytest.approx(0, abs=1e-6)


def test_a_mean_of_the_right_size_does_not_pass_for_a_texture_as_it_does_in_a_gram_matrix() -> None:
    rough = torch.randn(1, 2, 8, 8, generator=torch.Generator().manual_seed(0))
    flat = rough.square().mean((2, 3), keepdim=True).sqrt().expand_as(rough)
    torch.testing.assert_close(gram(rough).diagonal(0, 1, 2), gram(flat).diagonal(0, 1, 2))
    assert moments_loss(moments(flat), moments(rough)) > 0.5


def test_the_style_loss_is_a_sum_over_the_matrix_and_a_mean_over_the_batch() -> None:
    target = torch.zeros(1, 2, 2)
    assert style_loss(torch.ones(3, 2, 2), target) == 4


def test_total_variation_adds_both_directions() -> None:
    step = torch.zeros(1, 3, 4, 4)
    step[..., 2:] = 0.5
    assert total_variation(step) == pytest.approx(0.5 / 3)
    assert total_variation(step, power=2) == pytest.approx(0.25 / 3)


def test_half_precision_responses_are_summed_in_full_precision() -> None:
    assert gram(torch.full((1, 2, 64, 64), 100.0, dtype=torch.float16), normalised="area").dtype == torch.float32
