"""`stylize`: a picture painted in a style that a network has learned, in one go."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from ..errors import BadParameter, BadPicture
from .declaration import (
    Context,
    Input,
    Inputs,
    ModelChoice,
    Number,
    Output,
    Outputs,
    Settings,
    Step,
    Text,
    Toggle,
    When,
    filter,
)

if TYPE_CHECKING:
    from torch import Tensor

STROKE = 32  # pixels of a long stroke, at stroke size 1
STAGES = 14  # of a network, about: for the progress
ANY = "any"  # the style that looks at a painting
OTHERWISE = "sunset-bridge"  # whose manner it takes if there is none


@filter(
    "stylize",
    "Stylize",
    inputs=(
        Input("picture", "Picture", "The picture that is painted anew.", kind="rgba"),
        Input(
            "mask",
            "Mask of the second style",
            "Where the second style goes: what is painted on a transparent layer, or what is white on an opaque one.",
            kind="rgba",
            required=False,
        ),
        Input(
            "painting",
            "Painting",
            f"A painting of any size, in whose manner the style {ANY} paints.",
            kind="rgba",
            required=False,
            aligned=False,
        ),
    ),
    outputs=(Output("stylized", "Stylized", place="above"),),
    parameters=(
        ModelChoice("style", "Style", "The style to paint in.", default=ANY, role="stylizer"),
        Number("strength", "Strength", "From the picture as it is (0) to the painted one (1).", 1.0, 0.0, 1.0),
        Number("stroke", "Stroke size", "How large the strokes are, against those that were learned.", 1.0, 0.25, 4.0),
        Toggle("keep_colours", "Keep colours", "Take over strokes and lightness alone.", default=False),
        ModelChoice("second", "Second style", "Another style to mix in.", default="cafe-terrace", role="stylizer"),
        Number(
            "blend",
            "Blend",
            "How much of the second style; a mask says it for each place.",
            0.0,
            0.0,
            1.0,
            when=(When("mask", (False,)),),
        ),
        Text(
            "keep_as",
            "Keep the painting as",
            "A name: the painting's manner is then a style that you have.",
            when=(When("painting", (True,)),),
        ),
    ),
)
def stylize(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Paints a picture in the style of a painter, at any size; two styles can be mixed, or have places of their own."""
    import torch

    from ..pictures.transparency import filled, is_transparent
    from ..styles.colours import keep_colours
    from ..styles.paper import with_paper, without_paper
    from ..styles.stylization import painted

    yield Step(0.0, "looking at the picture")
    rgba = inputs["picture"]
    picture = filled(rgba)
    if settings["strength"] == 0:
        return {"stylized": rgba if is_transparent(rgba) else picture}
    styles, share = _styles(inputs, settings)
    styles, painting = _with_painting(styles, inputs.get("painting"), context)
    if painting is not None and settings["keep_as"]:
        _keep(painting, settings["keep_as"], context)
    canvas = _scaled(without_paper(picture), settings["stroke"], context)
    if not isinstance(share, float):
        share = torch.nn.functional.interpolate(share, canvas.shape[-2:], mode="area")
    made = yield from _watched(painted(canvas, styles, share, context, painting), STAGES * len(styles))
    if made.shape != picture.shape:
        made = _resized(made, picture.shape[-2], picture.shape[-1])
    made = with_paper(made, picture)
    if settings["keep_colours"]:
        made = keep_colours(made, picture)
    made = torch.lerp(picture, made, settings["strength"])
    return {"stylized": torch.cat([made, rgba[:, 3:]], 1) if is_transparent(rgba) else made}


def _watched(painting: Generator[None, None, Tensor], stages: int) -> Generator[Step, None, Tensor]:
    """The result of `painting`, with a step for each of its pauses."""
    done = 0
    while True:
        try:
            next(painting)
        except StopIteration as end:
            made: Tensor = end.value
            return made
        done += 1
        yield Step(min(0.95, done / stages), "painting")


def _styles(inputs: Inputs, settings: Settings) -> tuple[list[str], Tensor | float]:
    """The styles by name, and the second's share: a number, or (1, 1, H, W)."""
    style, second, mask = settings["style"], settings["second"], inputs.get("mask")
    if second == style:
        return [style], 0.0
    if mask is None:
        return ([style], 0.0) if settings["blend"] == 0 else ([style, second], settings["blend"])
    from ..pictures.transparency import is_transparent
    from ..styles.colours import luma

    if is_transparent(mask):
        return [style, second], mask[:, 3:]
    return [style, second], luma(mask[:, :3])


def _with_painting(styles: list[str], painting: Tensor | None, context: Context) -> tuple[list[str], Tensor | None]:
    """The styles, and the painting (1, 3, h, w) that one of them looks at; without one, a known manner instead."""
    from ..styles.sources import seen

    if ANY not in styles:
        if painting is not None:
            context.notice(f"The painting was not looked at: only the style {ANY} does that.")
        return styles, None
    if painting is None:
        context.notice(f"No painting was given, so this is in the manner of {OTHERWISE}.")
        return [OTHERWISE if style == ANY else style for style in styles], None
    return styles, seen(painting)


def _keep(painting: Tensor, label: str, context: Context) -> None:
    """Keep a painting's manner as a style; a name that is taken is no reason not to paint."""
    from ..styles.keeping import manner_of

    try:
        manner, card = manner_of(painting, label, copyist=context.network(ANY, "stylizer"), name=ANY)
        context.keep(manner, card)
    except BadParameter as error:
        context.notice(f"The painting was not kept as a style. {error.message} {error.hint}")
    else:
        context.notice(f"The painting is kept as the style {card.name}.")


def _scaled(picture: Tensor, stroke: float, context: Context) -> Tensor:
    """The picture at the size at which a learned stroke has the wanted size on it."""
    height, width = (max(1, round(side / stroke)) for side in picture.shape[-2:])
    if height * width > context.pixels and stroke < 1:
        least = (picture.shape[-2] * picture.shape[-1] / context.pixels) ** 0.5
        raise BadPicture(
            f"For strokes of size {stroke:g} it would be painted at {width} x {height} pixels, which is too large.",
            f"Choose a stroke size of {max(least, 0.01) + 0.005:.2f} or more, or a smaller picture.",
        )
    if min(height, width) < STROKE:
        context.notice("The picture is hardly larger than a stroke: little of the style can be seen.")
    return _resized(picture, height, width) if stroke != 1 else picture


def _resized(picture: Tensor, height: int, width: int) -> Tensor:
    """(1, C, H, W) to (1, C, height, width), smooth both ways, in [0, 1]."""
    import torch.nn.functional as F

    smaller = height < picture.shape[-2]
    return F.interpolate(picture, (height, width), mode="bicubic", antialias=smaller).clamp_(0, 1)
