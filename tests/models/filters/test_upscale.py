"""`upscale`: how large it may get, and that its tiles are not seen."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from inkwash.models.errors import BadPicture
from inkwash.models.filters import upscale

Run = Callable[..., dict[str, Tensor]]


def _picture(height: int, width: int) -> Tensor:
    colours = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(2))
    return torch.cat([colours, torch.ones(1, 1, height, width)], 1)


def test_tiles_give_what_one_piece_gives(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = _picture(70, 100)
    whole = run("upscale", {"picture": picture}, factor="4")["upscaled"]
    monkeypatch.setattr(upscale, "TILE", 40)
    assert whole.shape == (1, 3, 280, 400)
    assert torch.allclose(run("upscale", {"picture": picture}, factor="4")["upscaled"], whole, atol=1e-4)


def test_what_would_be_too_large_is_refused_before_any_work_with_the_size_that_fits(run: Run, lent: object) -> None:
    lent.pixels = 160 * 120  # type: ignore[attr-defined]
    with pytest.raises(BadPicture) as refused:
        run("upscale", {"picture": _picture(36, 48)}, factor="4")
    assert "192 x 144" in refused.value.message
    assert "up to 40 x 30" in refused.value.hint
    assert run("upscale", {"picture": _picture(30, 40)}, factor="4")["upscaled"].shape == (1, 3, 120, 160)


def test_strokes_so_fine_that_the_canvas_would_be_too_large_are_refused_with_the_size_that_fits(
    run: Run, lent: object
) -> None:
    lent.pixels = 64 * 64  # type: ignore[attr-defined]
    with pytest.raises(BadPicture, match="160 x 160") as refused:
        run("stylize", {"picture": _picture(40, 40)}, stroke=0.25)
    assert "0.63" in refused.value.hint
    assert run("stylize", {"picture": _picture(40, 40)}, stroke=0.63)["stylized"].shape == (1, 3, 40, 40)
