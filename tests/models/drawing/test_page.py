import pytest
import torch

from inkwash.models.drawing import page
from inkwash.models.errors import BadPicture


def _lines(height: int = 64, width: int = 96) -> torch.Tensor:
    line = torch.ones(1, 1, height, width)
    line[..., width // 2] = 0
    return line


def test_an_empty_line_layer_is_refused_in_words() -> None:
    with pytest.raises(BadPicture, match="empty"):
        page.levelled(torch.ones(1, 1, 20, 20))
    with pytest.raises(BadPicture, match="empty"):
        page.levelled(torch.zeros(1, 1, 20, 20))


def test_grey_pencil_on_grey_paper_is_levelled() -> None:
    levelled, dark = page.levelled(0.6 + 0.2 * _lines())
    assert not dark
    assert torch.allclose(levelled, _lines())


def test_light_lines_on_dark_paper_are_turned_round() -> None:
    levelled, dark = page.levelled(1 - _lines())
    assert dark
    assert torch.allclose(levelled, _lines())


def test_a_single_line_in_a_corner_is_not_overlooked() -> None:
    line = torch.ones(1, 1, 3000, 10)
    line[..., 1501, 3] = 0
    assert page.levelled(line)[0][..., 1501, 3] == 0


def test_a_thin_line_stays_dark_when_the_page_is_reduced() -> None:
    ink = page.reduced_ink(_lines(512, 512), (64, 64))
    assert ink[..., 32].min() > 0.3
    assert ink[..., 40].max() == 0


def test_a_stroke_of_one_pixel_on_a_large_page_keeps_its_colour_and_counts_in_full() -> None:
    hints = torch.zeros(1, 4, 4096, 4096)
    hints[0, :, 2000, 1000:1200] = torch.tensor([0.9, 0.2, 0.1, 1.0])[:, None]
    hints[0, 1, 2500, :] = 1.0  # a colour that is fully transparent
    small = page.reduced_hints(hints, 1.0, (512, 512))
    hit = small[0, :, 250, 130]
    assert torch.allclose(hit, torch.tensor([0.9, 0.2, 0.1, 1.0]), atol=1e-4)
    assert small[0, 3].sum() == 25
    assert (small[0, :, 312] == 0).all()


def test_colour_ends_at_the_page_s_own_line() -> None:
    line = _lines(256, 384)
    small = torch.zeros(1, 3, 32, 48)
    small[:, 0, :, :24], small[:, 2, :, 24:] = 1, 1
    small[..., 23:25] = 0.5  # the network's pixels at the line hold a mixture
    colour = page.grown(small, line)
    assert colour.shape == (1, 3, 256, 384)
    assert colour[0, 0, :, :191].min() > 0.93
    assert colour[0, 2, :, 194:].min() > 0.93


def test_a_page_beyond_the_largest_fill_is_scaled_to_its_size() -> None:
    line = torch.ones(1, 1, 100, page.LARGEST_FILL + 300)
    line[..., 1000] = 0
    assert page.grown(torch.rand(1, 3, 22, 512), line).shape == (1, 3, 100, page.LARGEST_FILL + 300)


def test_a_missed_hint_is_honoured_on_its_side_of_the_line_alone() -> None:
    ink = torch.zeros(1, 1, 32, 48)
    ink[..., 24:26] = 1
    hint = torch.zeros(1, 4, 32, 48)
    hint[0, :, 10, 10] = torch.tensor([1.0, 0.0, 0.0, 1.0])
    colour = page.honoured(torch.full((1, 3, 32, 48), 0.5), hint, ink)
    assert torch.allclose(colour[0, :, 10, 10], torch.tensor([1.0, 0.0, 0.0]), atol=1e-3)
    assert colour[0, 0, 20, 15] > 0.7
    assert torch.allclose(colour[..., 28:], torch.tensor(0.5), atol=1e-2)


def test_without_hints_nothing_is_corrected() -> None:
    colour = torch.rand(1, 3, 16, 16)
    assert torch.equal(page.honoured(colour, torch.zeros(1, 4, 16, 16), torch.zeros(1, 1, 16, 16)), colour)


def test_a_slip_over_a_line_is_not_pasted_but_its_stroke_is() -> None:
    line = _lines()
    hints = torch.zeros(1, 4, 64, 96)
    hints[0, :, 30:36, 20:52] = torch.tensor([1.0, 0.0, 0.0, 1.0])[:, None, None]  # the line is at 48
    weight = page.hint_weights(hints, line)
    assert (weight[..., 30:36, 20:48] == 1).all()
    assert (weight[..., 49:] == 0).all()
    made = page.pasted(torch.zeros(1, 3, 64, 96), hints, line, weight, 1.0)
    assert made[0, 0, 33, 30] == 1
    assert made[0, 0, 33, 48] == 1  # under the line
    assert made[0, 0, 33, 50] == 0


def test_a_stroke_that_is_painted_nearly_as_it_is_leaves_no_mark() -> None:
    hints = torch.zeros(1, 4, 40, 40)
    hints[0, :, 10:20, 10:30] = torch.tensor([0.5, 0.5, 0.5, 1.0])[:, None, None]
    counts = torch.ones(1, 1, 40, 40)
    near, far = torch.full((1, 3, 40, 40), 0.52), torch.full((1, 3, 40, 40), 0.62)
    assert torch.equal(page.pasted(near.clone(), hints, counts, counts, 1.0), near)
    made = page.pasted(far.clone(), hints, counts, counts, 1.0)
    assert torch.allclose(made[0, :, 15, 20], torch.tensor(0.5))
    assert torch.equal(made[..., 30:, :], far[..., 30:, :])


def test_a_thin_stroke_on_a_large_page_counts() -> None:
    hints = torch.zeros(1, 4, 3100, 3100)
    hints[0, :, 1501, 1000:2000] = 1
    small = page.straight_hints(hints, (1550, 1550))
    weight = page.hint_weights(small, torch.ones(1, 1, 1550, 1550))
    made = page.pasted(torch.zeros(1, 3, 3100, 3100), hints, torch.ones(1, 1, 3100, 3100), weight, 1.0)
    assert (made[0, :, 1501, 1000:2000] == 1).all()
    assert not made[0, :, 1490].any()
