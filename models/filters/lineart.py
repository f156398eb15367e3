"""`lineart`: lines from a picture, a scan or a photograph."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from .declaration import Choice, Context, Input, Inputs, Integer, Number, Output, Outputs, Settings, Step, When, filter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


SMOOTH, ADAPTIVE = (When("method", ("smooth",)),), (When("method", ("adaptive",)),)


@filter(
    "lineart",
    "Extract line art",
    inputs=(Input("picture", "Picture", "A drawing, scan or photograph.", kind="gray"),),
    outputs=(Output("lines", "Lines", ink=True),),
    parameters=(
        Choice(
            "method",
            "Method",
            "smooth gives clean, soft lines from scans and photographs; adaptive is the plain adaptive threshold.",
            default="smooth",
            choices=("smooth", "adaptive"),
        ),
        Choice(
            "tones",
            "Screentones",
            "keep them as they are, or remove the dots between the lines.",
            default="keep",
            choices=("keep", "remove"),
        ),
        Number("width", "Line width", "Scale of the lines that are looked for.", 1.0, 0.5, 8.0, unit="px", when=SMOOTH),
        Number("detail", "Detail", "From strong lines only (0) to everything (1).", 0.5, 0.0, 1.0, when=SMOOTH),
        Integer(
            "block", "Block size", "Side of the surroundings compared with; odd.",
            9, 3, 99, unit="px", advanced=True, when=ADAPTIVE,
        ),
        Number(
            "constant", "Constant", "How much darker than its surroundings ink is.",
            2.0, -50.0, 50.0, advanced=True, when=ADAPTIVE,
        ),
    ),
)  # fmt: skip
def lineart(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Finds the lines of a picture, black on white."""
    import torch

    yield Step(0.1, "finding lines")
    picture = inputs["picture"]
    grey = (picture[0, 0] * 255).round().byte().cpu().numpy()
    lines = torch.from_numpy(_lines(grey, settings)).to(picture.device)
    return {"lines": (lines.float() / 255)[None, None]}


def _lines(grey: NDArray[np.uint8], settings: Settings) -> NDArray[np.uint8]:
    """Lines (H, W) of a grey picture (H, W) by the method that the settings name."""
    from ..drawing.drawing import LINE
    from ..drawing.lines import adaptive_threshold, smooth_lines
    from ..drawing.paper import levelled
    from ..drawing.tones import tones

    if settings["tones"] == "remove":
        grey = grey.copy()
        grey[tones(levelled(grey)[0] < LINE)] = 255
    if settings["method"] == "smooth":
        return smooth_lines(grey, settings["width"], settings["detail"])
    return adaptive_threshold(grey, settings["block"] | 1, settings["constant"])
