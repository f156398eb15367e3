import torch

from inkwash.models.colouring.painter import honoured


def test_a_missed_hint_is_honoured_on_its_side_of_the_line_alone() -> None:
    ink = torch.zeros(1, 1, 32, 48)
    ink[..., 24:26] = 1
    hint = torch.zeros(1, 4, 32, 48)
    hint[0, :, 10, 10] = torch.tensor([1.0, 0.0, 0.0, 1.0])
    colour = honoured(torch.full((1, 3, 32, 48), 0.5), hint, ink)
    assert torch.allclose(colour[0, :, 10, 10], torch.tensor([1.0, 0.0, 0.0]), atol=1e-3)
    assert colour[0, 0, 20, 15] > 0.7
    assert torch.allclose(colour[..., 28:], torch.tensor(0.5), atol=1e-2)


def test_without_hints_nothing_is_corrected() -> None:
    colour = torch.rand(1, 3, 16, 16)
    assert torch.equal(honoured(colour, torch.zeros(1, 4, 16, 16), torch.zeros(1, 1, 16, 16)), colour)
