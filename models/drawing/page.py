"""A page between the engine's tensors and the drawing's arrays: layers read onto the plan, and put together again."""

from __future__ import annotations

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ..pictures.pixels import as_bytes

Bytes = NDArray[np.uint8]
ROWS = 64  # of the plan that are enlarged at a time


def bytes_of(layer: Tensor) -> Bytes:
    """(1, C, H, W), float in [0, 1] or uint8, as (H, W, C) uint8."""
    array: Bytes = as_bytes(layer[0]).permute(1, 2, 0).contiguous().cpu().numpy()
    return array


def tensor_of(picture: NDArray[np.generic]) -> Tensor:
    """(H, W, C), uint8 or float in [0, 1], as (1, C, H, W) float."""
    tensor = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None]
    return tensor.float().div_(255) if picture.dtype == np.uint8 else tensor.contiguous()


def strongest(layer: Tensor, cell: int) -> Bytes:
    """A layer (1, 4, H, W), straight alpha, in cells of so many pixels, (h, w, 4): each as its most opaque pixel.

    So a stroke of one pixel counts in full however large the page, and colours stay as they are to the last bit.
    """
    if cell == 1:
        return bytes_of(layer)
    alpha, index = F.max_pool2d(layer[:, 3:], cell, ceil_mode=True, return_indices=True)
    drawn = alpha[0, 0] > 0
    found = torch.zeros((*drawn.shape, 4), dtype=torch.uint8)
    found[drawn] = as_bytes(layer[0].flatten(1)[:, index[0, 0][drawn]]).T.cpu()
    return found.numpy()


def whole(picture: Bytes) -> Tensor:
    """(H, W, C) as (1, C, H, W) uint8, without a copy."""
    return torch.from_numpy(picture).permute(2, 0, 1)[None]


def coloured_page(flat: Bytes, shade: NDArray[np.float32] | None, cell: int) -> Tensor:
    """The page (1, 3, H, W) of flat colours (H, W, 4), uint8, or float with the plan's `shade` (h, w, 3) added;
    (1, 4, H, W) if any of it is transparent.
    """
    channels = 3 if flat[..., 3].min() == 255 else 4
    if shade is None:
        return whole(flat if channels == 4 else np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGBA2RGB), np.uint8))
    page = torch.empty((1, channels, *flat.shape[:2]))
    for top in range(0, len(shade), ROWS):
        rows = slice(top * cell, (top + ROWS) * cell)
        added = torch.from_numpy(_enlarged(shade, top, cell)[: len(flat) - rows.start, : flat.shape[1]])
        for channel, plane in enumerate(page[0, :, rows]):  # plane by plane: several times quicker than all at once
            plane.copy_(torch.from_numpy(cv2.extractChannel(flat[rows], channel))).div_(255)
            if channel < 3:
                plane.add_(added[..., channel]).clamp_(0, 1)
    return page


def _enlarged(shade: NDArray[np.float32], top: int, cell: int) -> NDArray[np.float32]:
    """ROWS of the plan from `top` on at the page's size: the rows beside them have a say."""
    if cell == 1:
        return shade[top : top + ROWS]
    above = min(top, 1)
    grown = cv2.resize(shade[top - above : top + ROWS + 1], None, fx=cell, fy=cell, interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown[above * cell :][: ROWS * cell], np.float32)


def shading_and_light(painted: Tensor, flat: Tensor) -> tuple[Tensor, Tensor]:
    """What, multiplied with the flat colours (1, C, H, W) and then screened over them, makes the painted ones of them,
    both (1, C, H, W) in [0, 1], as transparent as these.
    """
    painted, flat, cover = painted[:, :3], flat[:, :3], flat[:, 3:]
    shading = (painted / flat.clamp_min(1 / 255)).clamp_(0, 1)
    light = ((painted - flat) / (1 - flat).clamp_min(1 / 255)).clamp_(0, 1)
    return torch.cat([shading, cover], 1), torch.cat([light, cover], 1)


def line_layer(line: Bytes, *, light: bool) -> Tensor:
    """The lines (H, W), paper 255, as black (or white) ink on transparent paper, (1, 4, H, W)."""
    layer = torch.full((1, 4, *line.shape), float(light))
    layer[0, 3] = 1 - torch.from_numpy(line).float() / 255
    return layer
