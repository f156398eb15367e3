"""What networks see where a picture is transparent."""

import torch

from inkwash.models.pictures.transparency import filled


def _sprite(side: int = 33) -> torch.Tensor:
    """Dark in the middle, with a soft edge, and white where nothing is seen, as many programs leave it."""
    away = torch.hypot(*torch.meshgrid(*[torch.linspace(-1, 1, side)] * 2, indexing="ij"))
    alpha = ((0.7 - away) / 0.2).clamp(0, 1)
    dark = torch.tensor([0.1, 0.2, 0.3]).view(3, 1, 1)
    return torch.cat([torch.where(alpha > 0, dark, torch.ones(())), alpha[None]])[None]


def test_what_cannot_be_seen_takes_the_colour_beside_it() -> None:
    assert torch.allclose(
        filled(_sprite()), torch.tensor([0.1, 0.2, 0.3]).view(1, 3, 1, 1).expand(1, 3, 33, 33), atol=1e-4
    )


def test_what_can_be_seen_keeps_its_very_colour() -> None:
    picture = torch.rand(1, 4, 40, 23)
    seen = (picture[:, 3:] >= 1 / 8).expand(-1, 3, -1, -1)
    assert torch.allclose(filled(picture)[seen], picture[:, :3][seen], atol=1e-5)


def test_near_a_colour_its_own_counts_more_than_one_far_away() -> None:
    picture = torch.zeros(1, 4, 8, 64)
    picture[..., :8], picture[..., 56:] = (
        torch.tensor([1.0, 0, 0, 1]).view(4, 1, 1),
        torch.tensor([0.0, 0, 1, 1]).view(4, 1, 1),
    )
    red, _, blue = filled(picture)[0]
    assert (red[:, 8:16] > 0.7).all()
    assert (blue[:, 48:56] > 0.7).all()


def test_nothing_at_all_is_white_and_any_size_will_do() -> None:
    for height, width in ((1, 1), (1, 50), (50, 1), (3, 2)):
        picture = torch.zeros(1, 4, height, width)
        assert bool((filled(picture) == 1).all())
        picture[0, :, 0, 0] = torch.tensor([0.25, 0.5, 0.75, 0.01])
        assert torch.allclose(filled(picture), torch.tensor([0.25, 0.5, 0.75]).view(1, 3, 1, 1), atol=1e-3)
