"""How near a painted picture is to its style and its content: measures of paper and of practice."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from inkwash.models.networks.vgg import VGG
from inkwash.models.styles.colours import luma

STYLE_LAYERS = ("relu1_2", "relu2_2", "relu3_3")
CONTENT_LAYER = "relu4_2"
EMD_LAYER = "relu3_3"
FINE = 0.45  # cycles a pixel from which a pattern counts as grain
PLACES = 1024  # of a picture and of its style that the relaxed EMD compares, drawn once


def relaxed_emd(made: Tensor, style: Tensor) -> float:
    """The relaxed earth mover's distance of responses, (1, N, H, W) both, by cosine: 0 is the same, 1 unlike.

    Kolkin, Salavon and Shakhnarovich 2019, "Style transfer by relaxed optimal transport and self-similarity",
    equation 6: each place to the nearest of the other picture, and back; the larger mean of both.
    """
    first, second = (_places(response) for response in (made, style))
    apart = 1 - first @ second.T
    return float(torch.maximum(apart.amin(0).mean(), apart.amin(1).mean()))


def _places(response: Tensor) -> Tensor:
    """At most `PLACES` places' responses, each of length 1, (P, N)."""
    flat = response[0].flatten(1).T.float()
    chosen = torch.randperm(len(flat), generator=torch.Generator().manual_seed(0))[:PLACES]
    return F.normalize(flat[chosen.to(flat.device)], dim=1)


def frechet(made: Tensor, style: Tensor) -> float:
    """The Frechet distance of responses as Gaussians, (1, N, H, W) both: |m - m'|^2 + tr(C + C' - 2 (C C')^(1/2))."""
    (mean, spread), (mean_2, spread_2) = (_gaussian(response) for response in (made, style))
    values = np.linalg.eigvals(spread @ spread_2)
    root = np.sqrt(np.maximum(values.real, 0)).sum()
    return float(np.square(mean - mean_2).sum() + np.trace(spread) + np.trace(spread_2) - 2 * root)


def _gaussian(response: Tensor) -> tuple[np.ndarray, np.ndarray]:
    flat = response[0].flatten(1).double().cpu().numpy()
    return flat.mean(1), np.cov(flat)


def content_distance(made: Tensor, content: Tensor) -> float:
    """How far places' responses are apart, (1, N, H, W) both, each of length 1: the mean of half the squared distance.

    As LPIPS without its weights (Zhang et al. 2018), which ArtFID takes (Wright and Ommer 2022).
    """
    return float(1 - F.cosine_similarity(made.float(), content.float(), dim=1).mean())


def mse(first: Tensor, second: Tensor) -> float:
    """The mean squared difference of two pictures (1, 3, H, W) in [0, 1]; the second is brought to the first's size."""
    if first.shape != second.shape:
        second = F.interpolate(second, first.shape[-2:], mode="area")
    return float((first - second).square().mean())


def grain(made: Tensor) -> float:
    """How much a picture (1, 3, H, W) flickers from pixel to pixel: the deviation of its lightness, in parts of 255.

    Of the lightness only what repeats every two pixels or nearly so: frequencies of `FINE` cycles a pixel and more.
    """
    light = luma(made)[0, 0].double()
    window = torch.outer(torch.hann_window(len(light)), torch.hann_window(light.shape[1])).double()
    spectrum = torch.fft.fft2((light - light.mean()) * window).abs().square()
    rows, columns = (torch.fft.fftfreq(length).abs() for length in light.shape)
    fine = torch.maximum(rows[:, None], columns[None]) >= FINE
    return float((spectrum[fine].sum() / light.numel() / window.square().sum()).sqrt() * 255)


def seam(made: Tensor, parts: Tensor) -> float:
    """The largest difference, in parts of 255, between a picture painted at once and in small strips."""
    return float((made - parts).abs().max() * 255)


class Judge:
    """Compares pictures with one style picture."""

    def __init__(self, network: VGG, style: Tensor) -> None:
        """`style` is (1, 3, H, W) float, sRGB in [0, 1], at the scale of the pictures that will be judged."""
        self.network, self.style = network, style
        self.remembered = self._see(style)

    @torch.no_grad()
    def _see(self, picture: Tensor) -> dict[str, Tensor]:
        found: dict[str, Tensor] = self.network(picture, {CONTENT_LAYER, EMD_LAYER})
        return found

    def __call__(self, made: Tensor, content: Tensor) -> dict[str, float]:
        """The measures of `made`, which shows `content`, both (1, 3, H, W) float, sRGB in [0, 1]."""
        seen, wanted = self._see(made), self._see(content)
        return {
            "emd": relaxed_emd(seen[EMD_LAYER], self.remembered[EMD_LAYER]),
            "content": content_distance(seen[CONTENT_LAYER], wanted[CONTENT_LAYER]),
            "frechet": frechet(seen[EMD_LAYER], self.remembered[EMD_LAYER]),
            "mse_content": mse(made, content),
            "mse_style": mse(made, self.style),
            "grain": grain(made),
        }
