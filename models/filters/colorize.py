"""`colorize`: line art and colour hints in, coloured layers out."""

from __future__ import annotations

from collections.abc import Generator
from functools import cache, partial
from typing import TYPE_CHECKING

from inkwash.protocol.recolouring import parsed

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
    Swaps,
    Toggle,
    When,
    filter,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..colouring.assignment import Assignment
    from ..colouring.hints import Hints
    from ..colouring.painting import Painting
    from ..drawing.drawing import Drawing


@filter(
    "colorize",
    "Colorize line art",
    inputs=(
        Input("line", "Lines", "The line art: dark lines on light or transparent paper.", kind="gray",
              in_bytes=True),
        Input("hints", "Colour hints", "Scribbles of colour, transparent where there is no hint.", kind="rgba",
              required=False, in_bytes=True),
        Input("clear", "Leave empty", "Whatever is drawn here marks a place that is to stay transparent.", kind="rgba",
              required=False, in_bytes=True),
        Input("palette", "Palette", "Any picture, of any size: what nobody marked takes its tones.", kind="rgba",
              required=False, aligned=False, tones=True),
    ),
    outputs=(
        Output("color", "Colour", place="below"),
        Output("shading", "Shading", place="below", blend="multiply"),
        Output("light", "Light", place="below", blend="screen"),
        Output("rooms", "Rooms", place="below"),
        Output("lines", "Lines", place="replace"),
    ),
    parameters=(
        ModelChoice(
            "model", "Model", "The colorizer that guesses what nobody said.", default="inkwash-colorizer",
            role="colorizer",
        ),
        Number("strength", "Hint strength", "From ignoring the hints (0) to obeying them (1).", 1.0, 0.0, 1.0,
               when=(When("hints", (True,)),)),
        Swaps(
            "recolour", "Hint colours", "Colours of the hints that stand for others, #ff0000=#00aa88, or for nothing,"
            " #ff0000=empty.", of="hints", when=(When("hints", (True,)),),
        ),
        Choice(
            "finish",
            "Finish",
            "painted: with light and shade; flat: one colour for each room; flat + shading: as painted, but apart.",
            default="painted",
            choices=("painted", "flat", "flat + shading"),
        ),
        Number("gap", "Gap closing", "Openings in the lines up to this wide count as closed.", 3.0, 0.0, 8.0, "%"),
        Choice(
            "unhinted",
            "Without a hint",
            "What no hint reaches: a guess, nothing (leave), or white paper; auto: a guess, but paper is left.",
            default="auto",
            choices=("auto", "guess", "leave", "paper"),
        ),
        Toggle("lines", "Lines on their own layer", "Also give the lines back, on transparent paper.", default=False),
        Toggle("rooms", "Rooms for the magic wand", "Also give the rooms, each in a colour of its own.", default=False),
        ModelChoice(
            "painter", "Painter", "The model that lays light and shade on the colours.", default="inkwash-painter",
            role="painter", advanced=True, when=(When("finish", ("painted", "flat + shading")),),
        ),
        Integer(
            "seed", "Seed", "0: the likeliest colours; another number, another palette (without hints).",
            0, 0, 2**31 - 1,
        ),
    ),
    previews=True,
)  # fmt: skip
def colorize(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Colours a line drawing; hints say which colour goes where. The lines themselves are never altered."""
    from ..colouring.assignment import assigned
    from ..colouring.flats import by_lot, flats
    from ..colouring.hints import heard
    from ..colouring.painting import shades, views
    from ..colouring.shading import shading
    from ..drawing import page
    from ..drawing.drawing import Drawing
    from ..pictures.pixels import as_float

    yield Step(0.0, "reading the lines")
    drawing = Drawing.of(page.bytes_of(inputs["line"])[..., 0])
    swaps = parsed(settings["recolour"])
    hints = heard(drawing, inputs, context.notice, obey=settings["strength"] > 0, swaps=swaps)
    yield Step(0.2, "finding the rooms")
    assignment = assigned(drawing, hints, settings["gap"] / 100 * max(drawing.plan.shape))
    yield Step(0.4, "painting")
    table = _table(drawing, hints, assignment, inputs, settings, context)
    yield Step(0.7, "fitting the colour to the lines", preview=page.whole(table[assignment.places[::2, ::2]]))
    flat = flats(drawing, assignment.places, table)
    outputs: Outputs = {}
    shade = None
    if settings["finish"] != "flat":
        yield Step(0.8, "shading")
        shader = partial(
            shading, network=context.network(settings["painter"], "painter"), device=context.device, dtype=context.dtype
        )
        shade = shades(assignment, table, views(drawing, context.tile), shader)
    outputs["color"] = page.coloured_page(flat, shade, drawing.cell)
    if settings["finish"] == "flat + shading":
        shaded, outputs["color"] = outputs["color"], page.coloured_page(flat, None, drawing.cell)
        outputs["shading"], outputs["light"] = page.shading_and_light(shaded, as_float(outputs["color"]))
    if settings["rooms"]:
        outputs["rooms"] = page.coloured_page(flats(drawing, assignment.places, by_lot(len(table))), None, drawing.cell)
    if settings["lines"] or drawing.light:
        outputs["lines"] = page.line_layer(drawing.line, light=drawing.light)
    if drawing.light:
        context.notice("The lines are light on dark paper: they come back on a layer of their own.")
    for notice in () if hints is None else hints.unheard(assignment.colour[assignment.places]):
        context.notice(notice)
    return outputs


def _table(
    drawing: Drawing, hints: Hints | None, assignment: Assignment, inputs: Inputs, settings: Settings, context: Context
) -> NDArray[np.uint8]:
    """The colour of every place (places, 4); the model paints only where a guess is shown."""
    from ..colouring.painter import Painter
    from ..colouring.painting import painted
    from ..colouring.palette import drawn_by_lot, taken_from
    from ..colouring.proposals import coloured
    from ..drawing.page import bytes_of

    spoken = hints is not None and hints.speaks
    palette = drawn_by_lot(settings["seed"]) if settings["seed"] and not spoken else None
    palette = taken_from(bytes_of(inputs["palette"])) if "palette" in inputs else palette
    network = context.network(settings["model"], "colorizer")

    @cache
    def paint() -> list[Painting]:
        painter = Painter(network, context.device, context.dtype, settings["seed"])
        said = None if hints is None else hints.seen(settings["strength"])
        return painted(drawing, said, painter, context.tile)

    choice = {name: settings[name] for name in ("unhinted", "strength", "seed")}
    return coloured(drawing, hints, assignment, paint, palette=palette, **choice)
