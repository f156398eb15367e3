"""The recipes of `restyle`: our own, and those of the papers that describe the method, each with its settings.

Weights hold for responses of 1 on average (see `perceptual.level`). What a paper leaves open is as Gatys, Ecker and
Bethge have it in "Image style transfer using convolutional neural networks", 2016.
"""

from __future__ import annotations

from dataclasses import dataclass

from .objective import Terms
from .restyling import Recipe

GATYS_STYLE = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
JOHNSON_STYLE = ("relu1_2", "relu2_2", "relu3_3", "relu4_3")


@dataclass(frozen=True)
class Preset:
    """A recipe and the network that it was made for."""

    recipe: Recipe
    depth: int = 16  # of VGG
    words: str = ""  # whose it is


def evenly(layers: tuple[str, ...], weight: float = 1.0) -> dict[str, float]:
    """The same weight for every layer, `weight` together."""
    return dict.fromkeys(layers, weight / len(layers))


PRESETS = {
    "inkwash": Preset(
        Recipe(
            Terms({"relu3_3": 0.5}, evenly(JOHNSON_STYLE[:3], 0.04), variation=0.3, centred=True, pooling="average"),
            half=Terms({"relu4_2": 1.0}, evenly(JOHNSON_STYLE[1:], 0.04), centred=True, pooling="average"),
            steps=40, start="painted", paper=True,
        ),
        words="ours: means and covariances at two scales, for shapes and colours that the copyist has painted",
    ),
    "johnson": Preset(
        # The baseline of Johnson, Alahi and Fei-Fei 2016: white noise, L-BFGS projected at every step, 500 of them.
        Recipe(
            Terms({"relu2_2": 1.0}, evenly(JOHNSON_STYLE, 4.0), variation=1e-4, variation_power=2),
            steps=500, start="noise", coarse=False, settles=False,
        ),
        words="VGG-16, from noise, 500 steps of L-BFGS",
    ),
    "grover": Preset(
        # Grover and Banker: average pooling, 1,000 steps at a rate of 1, alpha = beta = 0.001, the style fitted to the
        # content. Of the starts that they show, the first.
        Recipe(
            Terms({"relu4_2": 0.001}, evenly(GATYS_STYLE, 0.001), pooling="average"),
            steps=1000, rate=1.0, start="noise", coarse=False, settles=False, fitted=True,
        ),
        depth=19,
        words="VGG-19 with average pooling, from noise, 1,000 steps of L-BFGS",
    ),
    "jin": Preset(
        # Jin 2021: content, style and total variation 1 : 1000 : 10, Gram matrices divided by the picture's size, each
        # loss a mean of squares; 500 epochs at 0.1, with Adam, the usual choice where a paper names a rate alone.
        Recipe(
            Terms({"relu4_2": 1.0}, dict.fromkeys(GATYS_STYLE, 1000.0), variation=10.0, averaged=True),
            method="adam", rate=0.1, steps=500, coarse=False, settles=False,
        ),
        depth=19,
        words="VGG-19, content : style : smoothness 1 : 1000 : 10, 500 steps of Adam",
    ),
    "srinath": Preset(
        # Srinath, Yin and Verma: VGG-16, alpha / beta = 0.01, from noise; 100 steps, as in their comparison.
        Recipe(
            Terms({"relu4_2": 0.01}, evenly(GATYS_STYLE[:4])),
            steps=100, start="noise", coarse=False, settles=False,
        ),
        words="VGG-16, content : style 0.01, from noise, 100 steps of L-BFGS",
    ),
    "ding": Preset(
        # Ding, Panenko, Sun and Yin compare Newton-like with other methods on VGG-16 and leave the rest open.
        Recipe(
            Terms({"relu4_2": 0.01}, evenly(GATYS_STYLE[:4])),
            steps=500, start="content", coarse=False, settles=False,
        ),
        words="VGG-16, from the content, 500 steps of L-BFGS",
    ),
}  # fmt: skip
