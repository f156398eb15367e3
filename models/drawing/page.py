"""A whole page around a network of bounded size: lines and hints reduced, colour honoured and brought back."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from ..errors import BadPicture
from ..networks.spread import ON_A_LINE, nearest, spread, transmission
from .strokes import weights

LARGEST_FILL = 2048  # longest side in pixels at which colour is fitted to the lines; beyond that it is scaled
ROWS = 256  # of a page worked on at a time
ENDLESS = 1e6  # pixels: the reach of what only lines stop
CONTRAST = 0.05  # least difference between ink and paper that counts as a drawing
UNSEEN, SEEN = 0.03, 0.1  # of a channel, of 1: a stroke's difference that leaves no mark, and one that would be missed
HIDDEN = 0.62  # darkness of a line, of 1, from which the colour under it is hardly seen
DARK_PAPER = 0.35  # paper darker than this carries light lines


def fitted(height: int, width: int, longest: int) -> tuple[int, int]:
    """The size (height, width) whose longer side is `longest`, in the same proportions."""
    scale = longest / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))


def levelled(line: Tensor) -> tuple[Tensor, bool]:
    """The drawing with its paper white and its ink black, and whether it was light lines on dark paper.

    `line` is (1, 1, H, W) float in [0, 1]. BadPicture if nothing is drawn on it.
    """
    sparse = line[..., :: max(1, line.shape[-2] // 1024), :: max(1, line.shape[-1] // 1024)]
    dark = bool(sparse.median() < DARK_PAPER)
    if dark:
        line, sparse = 1 - line, 1 - sparse
    paper = float(sparse.flatten().kthvalue(max(1, round(0.8 * sparse.numel()))).values)
    ink = float(min(line.amin(), sparse.amin()))
    if paper - ink < CONTRAST:
        raise BadPicture(
            "The line layer is empty: nothing is drawn on it.",
            "Choose the layer that holds the lines, or draw on it first.",
        )
    return ((line - ink) / (paper - ink)).clamp_(0, 1), dark


def reduced_ink(line: Tensor, size: tuple[int, int]) -> Tensor:
    """Darkness (1, 1, h, w) of the lines (1, 1, H, W, paper 1), between the mean and the darkest of each cell.

    The mean alone loses a thin line, the darkest alone makes a line of every speck.
    """
    ink = 1 - line
    if size == tuple(line.shape[-2:]):
        return ink
    if size[0] > line.shape[-2]:
        return F.interpolate(ink, size, mode="bilinear", antialias=False)
    mean = F.interpolate(ink, size, mode="area")
    return (mean * F.adaptive_max_pool2d(ink, size)).sqrt_()


def hint_weights(hints: Tensor, line: Tensor) -> Tensor:
    """How much each pixel of the hints (1, 4, H, W), straight alpha, counts: (1, 1, H, W), 0 where it is a slip.

    `line` is (1, 1, H, W), paper 1. See `strokes.weights`.
    """
    grey, rgba = ((x[0] * 255 + 0.5).byte().permute(1, 2, 0).contiguous().cpu().numpy() for x in (line, hints))
    return torch.from_numpy(weights(grey[..., 0], rgba)).to(hints)[None, None]


def reduced_hints(hints: Tensor, weight: Tensor | float, size: tuple[int, int]) -> Tensor:
    """Hints (1, 4, H, W), straight alpha, as (1, 4, h, w) premultiplied with their mask, which comes last.

    Reduced premultiplied, so that the colour of transparent pixels never bleeds in; a cell's mask is the strongest
    alpha times `weight` (1, 1, H, W) in it, so that a stroke of one pixel counts in full however large the page.
    """
    if size[0] > hints.shape[-2]:
        alpha = F.interpolate(hints[:, 3:] * weight, size, mode="nearest")
        return torch.cat([F.interpolate(hints[:, :3], size, mode="nearest") * alpha, alpha], 1)
    small, height, low = hints.new_zeros((1, 4, *size)), hints.shape[-2], size[0]
    meet = math.gcd(height, low)  # so many equal parts end both between pixels and between cells
    parts = max(1, meet * ROWS // height)
    for first in range(0, meet, parts):
        end = min(first + parts, meet)
        rows, cells = (slice(first * n // meet, end * n // meet) for n in (height, low))
        alpha = hints[:, 3:, rows] * (weight[..., rows, :] if isinstance(weight, Tensor) else weight)
        if bool(alpha.any()):
            small[..., cells, :] = _reduced_rows(hints[..., rows, :], alpha, (cells.stop - cells.start, size[1]))
    return small


def _reduced_rows(hints: Tensor, alpha: Tensor, size: tuple[int, int]) -> Tensor:
    """`reduced_hints`, of the hints of some rows, the alpha of which is given."""
    reduced = F.adaptive_avg_pool2d(torch.cat([hints[:, :3] * alpha, alpha], 1), size)
    mask = F.adaptive_max_pool2d(alpha, size)
    reduced *= mask / reduced[:, 3:].clamp_min(1e-6)
    reduced[:, 3:] = mask
    return reduced


def straight_hints(hints: Tensor, size: tuple[int, int]) -> Tensor:
    """`reduced_hints`, but not premultiplied: (1, 4, h, w), straight alpha; the hints themselves at their own size."""
    if size == tuple(hints.shape[-2:]):
        return hints
    small = reduced_hints(hints, 1.0, size)
    return torch.cat([small[:, :3] / small[:, 3:].clamp_min(1e-6), small[:, 3:]], 1).clamp_(0, 1)


def honoured(colour: Tensor, hint: Tensor, ink: Tensor) -> Tensor:
    """`colour` corrected to what the hints say, and around them as far as the paper reaches without a line.

    All at the network's size: `colour` (1, 3, h, w), `hint` (1, 4, h, w) premultiplied, `ink` (1, 1, h, w), float in
    [0, 1]. What the network missed at a hint (the residual) is spread, so its shading stays. Returns (1, 3, h, w).
    """
    mask = hint[:, 3:] * (ink < ON_A_LINE)
    if not bool((mask > 0).any()):
        return colour
    hint = torch.cat([hint[:, :3] * (ink < ON_A_LINE), mask], 1)
    residual = hint[:, :3] - mask * colour
    passes = transmission((2 * ink).clamp_(0, 1), reach=float(max(ink.shape[-2:])))
    total = spread(torch.cat([residual, mask], 1), passes)
    near = nearest((mask > 0).float(), passes)
    correction = total[:, :3] / total[:, 3:].clamp_min(1e-12) * near
    return (colour + correction).clamp(0, 1)


def grown(colour: Tensor, line: Tensor) -> Tensor:
    """Colour at the network's size brought to the page's, ending at the page's own lines.

    `colour` is (1, 3, h, w), `line` (1, 1, H, W), paper 1; returns (1, 3, H, W), all float in [0, 1]. Network
    pixels that a line touches hold a mixture of both its sides; they are dropped, and their place is filled along
    the paper from either side. Colour runs on under the lines.
    """
    size = (line.shape[-2], line.shape[-1])
    if size == tuple(colour.shape[-2:]):
        return colour
    work = size if max(size) <= LARGEST_FILL else fitted(*size, LARGEST_FILL)
    if work[0] > colour.shape[-2]:
        colour = _filled(colour, line, work)
    return F.interpolate(colour, size, mode="bilinear", align_corners=False)


def _filled(colour: Tensor, line: Tensor, work: tuple[int, int]) -> Tensor:
    """`grown`, at a size that is larger than the network's and not larger than LARGEST_FILL."""
    sure = _sureness(F.adaptive_max_pool2d(1 - line, colour.shape[-2:]))
    seeds = F.interpolate(torch.cat([colour * sure, sure], 1), work, mode="bilinear", align_corners=False)
    ink = F.adaptive_max_pool2d(1 - line, work)
    total = spread(seeds, transmission(2 * ink, reach=work[0] / colour.shape[-2]), rounds=1)
    return total[:, :3] / total[:, 3:].clamp_min(1e-12)


def _sureness(touched: Tensor) -> Tensor:
    """How far the network's pixels can be trusted, (1, 1, h, w), from the darkest ink in each.

    All of it away from lines, little beside one, hardly any on one: enough for an eye that is nothing but lines
    to keep its own colour, where no better pixel can be reached.
    """
    clear = (1 - 1.5 * touched).clamp_(0, 1).square_()
    beside = -F.max_pool2d(-clear, 3, 1, 1)
    return 0.003 + 0.05 * clear + 0.947 * beside


def pasted(page: Tensor, hints: Tensor, line: Tensor, weight: Tensor, strength: float) -> Tensor:
    """`page` (1, 3, H, W) with the hints (1, 4, H, W) themselves on it, in place: no stroke loses its colour.

    Slips, whose `weight` (1, 1, h, w) is 0, are left out on the paper; a stroke that is painted nearly as it is leaves
    no mark there. Under the `line` (1, 1, H, W), paper 1, where nobody sees it, all is as the hints say.
    """
    counts = F.interpolate((weight > 0).float(), page.shape[-2:], mode="nearest")
    for y in range(0, page.shape[-2], ROWS):
        rows = slice(y, y + ROWS)
        strip, under = hints[..., rows, :], 1 - line[..., rows, :]
        missed = (strip[:, :3] - page[..., rows, :]).abs_().amax(1, keepdim=True)
        shown = counts[..., rows, :] * ((missed - UNSEEN) / (SEEN - UNSEEN)).clamp_(0, 1)
        shown = torch.where(under > HIDDEN, 1.0, torch.maximum(shown, under))
        page[..., rows, :].lerp_(strip[:, :3], strip[:, 3:] * shown * strength)
    return page


def cleared(colour: Tensor, clear: Tensor, hint: Tensor, ink: Tensor, line: Tensor) -> Tensor:
    """`colour` (1, 3, H, W) made transparent, (1, 4, H, W), where `clear` (1, 4, H, W) is scribbled.

    A scribble reaches as far along the paper as no line and no nearer hint stops it: over its whole closed region, and
    where that has hints too, up to half way to them. `hint` (1, 4, h, w) and `ink` (1, 1, h, w) are the network's.
    """
    size = (ink.shape[-2], ink.shape[-1])
    paper = ink < ON_A_LINE
    wanted = ((reduced_hints(clear, 1.0, size)[:, 3:] > 0) & paper).float()
    hinted = ((hint[:, 3:] > 0) & paper).float() * (1 - wanted)
    within = nearest(wanted, transmission(ink, reach=ENDLESS), rounds=4) > 0.05
    nearer = nearest(torch.cat([wanted, (wanted + hinted)], 1), transmission(ink, reach=max(size) / 4))[:, :1] > 0.5
    gone = within & nearer
    opaque = grown(1 - gone.float().expand(-1, 3, -1, -1), line)[:, :1]
    return torch.cat([colour, torch.minimum(opaque, 1 - clear[:, 3:])], 1)
