"""`restyle`: a picture in the style of another picture, by optimisation."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ..errors import BadPicture, UnknownModel
from .declaration import (
    Choice,
    Context,
    Input,
    Inputs,
    Integer,
    ModelChoice,
    Number,
    Output,
    Outputs,
    Settings,
    Step,
    Toggle,
    When,
    filter,
)

if TYPE_CHECKING:
    from torch import Tensor

    from ..networks.vgg import VGG
    from ..styles.objective import Terms
    from ..styles.restyling import Recipe, State

PRESET = "as the preset"
SHOWN = 4  # steps from one preview to the next
SKETCHED = 768  # pixels of the longer side that the copyist paints what is gone on from
COPYIST = "any"
HELD = 24  # pictures as large as what is painted that are held at once: those that L-BFGS learns from, and responses


@filter(
    "restyle",
    "Restyle after a picture",
    inputs=(
        Input("picture", "Picture", "The picture that is painted anew.", kind="rgba"),
        Input("style", "Style", "A painting to learn the style from, of any size.", kind="rgba", aligned=False),
        Input("style_2", "Second style", "Another one to mix in.", kind="rgba", required=False, aligned=False),
        Input("style_3", "Third style", "One more to mix in.", kind="rgba", required=False, aligned=False),
        Input("begun", "Begun", "A picture to go on from, such as a stylized one.", kind="rgba", required=False),
    ),
    outputs=(Output("restyled", "Restyled", place="above"),),
    parameters=(
        Choice(
            "preset",
            "Preset",
            "inkwash is ours, coarse to fine; the others do as the papers by their authors have it.",
            default="inkwash",
            choices=("inkwash", "johnson", "grover", "jin", "srinath", "ding"),
        ),
        Number("strength", "Strength", "From the picture's shapes (0) to the style's (1).", 0.5, 0.0, 1.0),
        Number("style_scale", "Style scale", "How large the strokes are.", 1.0, 0.25, 4.0),
        Toggle("keep_colours", "Keep colours", "Take over strokes and lightness alone.", default=False),
        Integer("size", "Size", "Longest side that is painted; a larger picture is enlarged.", 1024, 64, 8192, "px"),
        Integer("steps", "Steps", "How long it is worked on; 0 is as the preset.", 0, 0, 10_000, advanced=True),
        Choice(
            "start", "Start", "What it begins with, unless a begun picture is given.",
            PRESET, (PRESET, "content", "painted", "noise", "style"), advanced=True, when=(When("begun", (False,)),),
        ),
        Choice(
            "method", "Method", "How the picture is made better.",
            PRESET, (PRESET, "l-bfgs", "adam", "adadelta", "gradient descent", "monte carlo"), advanced=True,
        ),
        Number("weight_2", "Weight of the second style", "Against 1 for the first.", 1.0, 0.0, 10.0,
               when=(When("style_2", (True,)),)),
        Number("weight_3", "Weight of the third style", "Against 1 for the first.", 1.0, 0.0, 10.0,
               when=(When("style_3", (True,)),)),
        Number("finest", "Finest strokes", "How much layers of block 1 count.", 1.0, 0.0, 10.0, advanced=True),
        Number("fine", "Fine strokes", "How much layers of block 2 count.", 1.0, 0.0, 10.0, advanced=True),
        Number("broad", "Broad strokes", "How much layers of block 3 count.", 1.0, 0.0, 10.0, advanced=True),
        Number("shapes", "Shapes", "How much layers of blocks 4 and 5 count.", 1.0, 0.0, 10.0, advanced=True),
        Number("smoothness", "Smoothness", "How much roughness is avoided.", 1.0, 0.0, 100.0, advanced=True),
        Choice(
            "gram", "Gram matrices", "What they are divided by: a layer's size, its area, or nothing.",
            PRESET, (PRESET, "size", "area", "none"), advanced=True,
        ),
        ModelChoice(
            "network", "Network", "The network that compares pictures.",
            default="vgg16", role="perceptual", advanced=True,
        ),
        Integer("seed", "Seed", "Another number, another noise.", 0, 0, 2**31 - 1, advanced=True),
    ),
    previews=True,
    stoppable=True,
)  # fmt: skip
def restyle(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Paints a picture in the style of another, step by step; stop it when you like what you see, and keep that."""
    from ..pictures.transparency import filled
    from ..styles import restyling
    from ..styles.paper import without_paper

    yield Step(0.0, "looking at the pictures")
    picture = inputs["picture"]
    _check_fits(picture, settings["size"], context.pixels // HELD)
    network = _network(settings["network"], context)
    recipe = _recipe(settings, network, context)
    content = _padded(_bounded(filled(picture), settings["size"]))
    content = without_paper(content) if recipe.paper else content
    styles, begun = _styles(inputs, settings, context), filled(inputs["begun"]) if "begun" in inputs else None
    if begun is None and recipe.start == "painted":
        yield Step(0.0, "sketching")
        begun = _painted(content, styles, settings["strength"], context)
        content = content if begun is None else begun
    state = None
    for state in restyling.restyle(
        network, content, styles, recipe, start=begun, style_scale=settings["style_scale"], tile=context.tile
    ):
        preview = _shown(state.picture, picture, recipe) if state.step % SHOWN == 1 else None
        yield Step(min(state.fraction, 0.99), f"painting, {max(state.size)} px", preview=preview)
        if context.enough or state.broken:
            break
    assert state is not None
    _notices(state, context)
    return {"restyled": _finished(state.picture, picture, content, settings, recipe)}


def _check_fits(picture: Tensor, size: int, pixels: int) -> None:
    """BadPicture if what is painted at this size has more than so many pixels."""
    scale = _scale(picture, size)
    height, width = (int(side * scale) for side in picture.shape[-2:])
    if height * width <= pixels:
        return
    fits = int(max(picture.shape[-2:]) * (pixels / (picture.shape[-2] * picture.shape[-1])) ** 0.5)
    raise BadPicture(
        f"Restyling at {width} x {height} pixels needs more memory than there is for it: "
        f"{pixels / 1e6:.2g} million pixels are the limit.",
        f"Set the size to {fits} or less; what is painted is then enlarged to the picture.",
    )


def _network(name: str, context: Context) -> VGG:
    """The perceptual network; UnknownModel says how to get it."""
    try:
        network: Any = context.network(name, "perceptual")
    except UnknownModel as error:
        from ..styles.perceptual import advice

        raise UnknownModel(
            f"The network {name}, which compares pictures, is not here yet.",
            advice(name),
        ) from error
    return network  # type: ignore[no-any-return]


def _painted(content: Tensor, styles: list[tuple[Tensor, float]], strength: float, context: Context) -> Tensor | None:
    """What the copyist makes of the content in the manner of the weightiest style, to go on from; None without one.

    Its shapes and colours are what is kept then: those of a photograph would be torn by the painting's, faces first.
    It is painted small, for large strokes; below half the strength there is the more of the content in it.
    """
    from ..styles.restyling import resized
    from ..styles.stylization import painted

    style, _ = max(styles, key=lambda pair: pair[1])
    small = _bounded(content, SKETCHED)
    painting = painted(small, [COPYIST], 0.0, context, style)
    while True:
        try:
            next(painting)
        except StopIteration as end:
            made: Tensor = end.value
            return content.lerp(resized(made, *content.shape[-2:]), min(1.0, 2 * strength))
        except UnknownModel:
            return None


def _recipe(settings: Settings, network: VGG, context: Context) -> Recipe:
    """The preset's recipe with what the artist changed, for the layers that the network has."""
    from ..styles.recipes import PRESETS

    preset = PRESETS[settings["preset"]]
    recipe = preset.recipe
    if network.depth != preset.depth:
        context.notice(f"This preset was made for VGG-{preset.depth}; VGG-{network.depth} is used instead.")
    turned = partial(_turned, settings=settings, network=network)
    half = None if recipe.half is None else turned(recipe.half)
    recipe = replace(
        recipe, terms=turned(recipe.terms), half=half, steps=settings["steps"] or recipe.steps, seed=settings["seed"]
    )
    if settings["start"] != PRESET:
        recipe = replace(recipe, start=settings["start"])
    if settings["method"] != PRESET:
        from ..styles.optimisers import RATES

        recipe = replace(recipe, method=settings["method"], rate=RATES[settings["method"]])
    return recipe


def _turned(terms: Terms, *, settings: Settings, network: VGG) -> Terms:
    """`terms` as the artist turned them, for the layers that the network has; a strength of 0.5 leaves them."""
    strength = (2 * settings["strength"]) ** 3
    by_block = dict(enumerate((settings[name] for name in ("finest", "fine", "broad", "shapes", "shapes")), 1))
    style = {name: weight * strength * by_block[int(name[4])] for name, weight in terms.style.items()}
    return replace(
        terms,
        content=_had(terms.content, network),
        style=_had(style, network),
        variation=terms.variation * settings["smoothness"],
        normalised=terms.normalised if settings["gram"] == PRESET else settings["gram"],
    )


def _had(weights: dict[str, float] | Any, network: VGG) -> dict[str, float]:
    """The weights by layers that the network has: what lies deeper counts at its deepest layer."""
    found: dict[str, float] = {}
    for layer, weight in weights.items():
        name = layer if layer in network.layers else network.layers[-1]
        found[name] = found.get(name, 0.0) + weight
    return found


def _styles(inputs: Inputs, settings: Settings, context: Context) -> list[tuple[Tensor, float]]:
    """Each style picture, (1, 3, H, W), with its weight; BadPicture."""
    from ..styles.sources import seen

    weights = {"style": 1.0, "style_2": settings["weight_2"], "style_3": settings["weight_3"]}
    styles = [(seen(inputs[name]), weight) for name, weight in weights.items() if name in inputs and weight > 0]
    grey = [float((style - style.mean(1, keepdim=True)).abs().max()) < 2 / 255 for style, _ in styles]
    if all(grey) and not settings["keep_colours"]:
        context.notice("The style is grey, and so is the result. Keep colours takes its strokes alone.")
    return styles


def _bounded(picture: Tensor, longest: int) -> Tensor:
    """The picture, made smaller if a side is longer."""
    from ..styles.restyling import resized

    scale = min(1.0, longest / max(picture.shape[-2:]))
    height, width = (max(1, round(side * scale)) for side in picture.shape[-2:])
    return resized(picture, height, width)


def _padded(picture: Tensor) -> Tensor:
    """The picture with its edges repeated to the right and below until the network has enough to see."""
    from ..networks.layers import extended
    from ..styles.restyling import SMALLEST

    return extended(picture, SMALLEST, SMALLEST)


def _finished(made: Tensor, picture: Tensor, content: Tensor, settings: Settings, recipe: Recipe) -> Tensor:
    """What was painted at the picture's own size, with its transparency and, if wanted, its colours."""
    from ..pictures.transparency import filled
    from ..styles.colours import keep_colours
    from ..styles.restyling import resized

    made = resized(made, *content.shape[-2:])
    height, width = (round(side * _scale(picture, settings["size"])) for side in picture.shape[-2:])
    made = resized(made[..., : max(1, height), : max(1, width)], *picture.shape[-2:])
    if settings["keep_colours"]:
        made = keep_colours(made, filled(picture))
    return _shown(made, picture, recipe)


def _shown(made: Tensor, picture: Tensor, recipe: Recipe) -> Tensor:
    """What was painted, (1, 3, h, w), with the light paper and the transparency of `picture`, if it has any."""
    import torch

    from ..pictures.transparency import filled, is_transparent
    from ..styles.paper import with_paper
    from ..styles.restyling import resized

    if recipe.paper:
        made = with_paper(made, resized(filled(picture), *made.shape[-2:]))
    if not is_transparent(picture):
        return made
    return torch.cat([made, resized(picture[:, 3:], made.shape[-2], made.shape[-1])], 1)


def _scale(picture: Tensor, longest: int) -> float:
    """By what a picture is made smaller so that no side is longer."""
    return min(1.0, longest / max(picture.shape[-2:]))


def _notices(state: State, context: Context) -> None:
    if state.broken:
        context.notice("The numbers ran out of range, so painting was stopped: this is the last good picture.")
    elif context.enough:
        context.notice("Stopped as you asked: this is the best picture so far.")
