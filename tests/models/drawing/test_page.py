import cv2
import numpy as np
import pytest
import torch

from inkwash.models.drawing import page


@pytest.mark.parametrize(("size", "cell"), [((100, 90), 1), ((4100, 33), 3)])
def test_a_stroke_of_one_pixel_counts_in_full_and_keeps_its_colour(size: tuple[int, int], cell: int) -> None:
    hints = torch.zeros(1, 4, *size)
    hints[0, :, 50, 10:20] = torch.tensor([0.9, 0.2, 0.1, 1.0])[:, None]
    hints[0, 1, 70, :] = 1.0  # a colour that is fully transparent
    small = page.strongest(hints, cell)
    assert small.shape == (-(-size[0] // cell), -(-size[1] // cell), 4)
    assert small[50 // cell, 15 // cell].tolist() == [230, 51, 26, 255]
    assert (small[70 // cell, :, 3] == 0).all()


def test_the_page_is_opaque_unless_something_is_left_empty() -> None:
    flat = np.full((9, 7, 4), 255, np.uint8)
    assert page.coloured_page(flat, None, 1).shape == (1, 3, 9, 7)
    flat[3, 3, 3] = 0
    whole = page.coloured_page(flat, None, 1)
    assert whole.shape == (1, 4, 9, 7)
    assert (whole[0, 3] == 255).sum() == 62


def test_shade_is_laid_on_at_the_page_s_own_size() -> None:
    flat = np.full((9, 7, 4), (100, 100, 100, 255), np.uint8)
    shade = np.full((5, 4, 3), 0.1, np.float32)
    assert torch.allclose(page.coloured_page(flat, shade, 2), torch.tensor(100 / 255 + 0.1))


def test_shade_is_enlarged_without_a_seam() -> None:
    shade = np.random.default_rng(1).random((3 * page.ROWS + 5, 4, 3), np.float32)
    flat = np.full((3 * len(shade) - 1, 11, 4), (0, 0, 0, 255), np.uint8)
    whole = cv2.resize(shade, None, fx=3, fy=3, interpolation=cv2.INTER_LINEAR)[:-1, :-1]
    assert torch.allclose(page.coloured_page(flat, shade, 3)[0], torch.from_numpy(whole).permute(2, 0, 1), atol=1e-6)


def test_shading_and_light_make_the_painted_colours_of_the_flat_ones() -> None:
    flat, painted = torch.rand(1, 4, 20, 20), torch.rand(1, 4, 20, 20)
    flat = flat.clamp(0.02, 0.98)
    shading, light = page.shading_and_light(painted, flat)
    made = 1 - (1 - flat[:, :3] * shading[:, :3]) * (1 - light[:, :3])
    assert torch.allclose(made, painted[:, :3], atol=1 / 255)
    assert torch.equal(shading[:, 3:], flat[:, 3:])
