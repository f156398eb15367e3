"""Random jobs that the declarations allow: every filter, input, model, order and depth, and sizes from a pixel on."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from typing import Any

from PIL import ImageCms

from inkwash.models.cards import Card
from inkwash.models.filters import Filter, declared
from inkwash.models.filters.declaration import Choice, Input, Integer, ModelChoice, Parameter, Swaps, Text, Toggle
from inkwash.protocol import Layer
from inkwash.protocol.recolouring import EMPTY, written

CHANNELS = {"GRAY": 1, "GRAYA": 2, "RGB": 3, "RGBA": 4}
BYTES = {"u8": 1, "u16": 2, "f16": 2, "f32": 4}
SIDES = (1, 2, 3, 7, 16, 31, 32, 40)
QUICK = {"steps": (1, 2), "size": (64, 96)}  # where all that is allowed would take hours
SLOW = "restyle"  # a few steps of it take longer than all others
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

Job = tuple[str, list[Layer], dict[str, Any]]


def legal_job(rng: random.Random, cards: Sequence[Card]) -> Job:
    """A filter's id, the layers, and the rest of the message."""
    everything = {filter.id: filter for filter in declared()}
    common = sorted(everything.keys() - {SLOW})
    filter = everything[SLOW if rng.random() < 0.04 else rng.choice(common)]
    side = (lambda: rng.choice((*SIDES, 90))) if rng.random() < 0.3 else (lambda: rng.choice(SIDES))
    width, height = side(), side()
    layers = [
        _layer(rng, input, *((width, height) if rng.random() < 0.7 and input.aligned else (side(), side())))
        for input in filter.inputs
        if input.required or rng.random() < 0.4
    ]
    if rng.random() < 0.3:
        layers.append(_layer(rng, Input("selection", "", "", kind="gray"), width, height))
    rng.shuffle(layers)
    message: dict[str, Any] = {"params": _params(rng, filter, cards), "priority": rng.choice(["live", "user", "batch"])}
    if rng.random() < 0.3:
        message["model"] = rng.choice(list(CHANNELS))
    return filter.id, layers, message


def _layer(rng: random.Random, input: Input, width: int, height: int) -> Layer:
    model, depth = rng.choice(list(CHANNELS)), rng.choice(list(BYTES))
    count = width * height * CHANNELS[model] * BYTES[depth]
    constant = rng.choice([b"\0\0", b"\xff\xff", b"\0\x3c"]) * (count // 2)  # the last is 1 in half floats
    noise = _strokes(rng, count, CHANNELS[model] * width) if depth == "u8" else rng.randbytes(count)
    data = rng.choices([constant, noise, rng.randbytes(count)], [1, 6, 2])[0]
    return Layer(
        input.name,
        width,
        height,
        rng.choice((0, 0, 0, -5, 9, 1000)) if input.aligned else 0,
        rng.choice((0, 0, 0, -5, 9)),
        model=model,
        order=rng.choice(["RGBA", "BGRA"]),
        depth=depth,
        space=rng.choice(["srgb", "linear"]),
        icc=rng.choice([None, None, None, SRGB, LAB, b"", b"no profile"]),
        opacity=rng.choice([1.0, 1.0, 0.5, 0.0]),
        data=data.ljust(count, b"\0"),
    )


def _strokes(rng: random.Random, count: int, row: int) -> bytes:
    """Rows of white, some of them broken by black: something like a drawing."""
    stream = io.BytesIO()
    while stream.tell() < count:
        cut = rng.randrange(row + 1)
        stream.write(b"\xff" * cut + b"\0" * (row - cut) if rng.random() < 0.3 else b"\xff" * row)
    return stream.getvalue()[:count]


def _params(rng: random.Random, filter: Filter, cards: Sequence[Card]) -> dict[str, Any]:
    return {
        parameter.name: _value(rng, parameter, cards)
        for parameter in filter.parameters
        if parameter.name in QUICK or rng.random() < 0.5
    }


def _colour(rng: random.Random) -> str:
    """Often one of those that the layers are full of."""
    return f"#{rng.choice([0, 0xFFFFFF, rng.randrange(2**24)]):06x}"


def _value(rng: random.Random, parameter: Parameter, cards: Sequence[Card]) -> Any:
    if isinstance(parameter, Toggle):
        return rng.random() < 0.5
    if isinstance(parameter, Choice):
        return rng.choice(parameter.choices)
    if isinstance(parameter, ModelChoice):
        return rng.choice([card.name for card in cards if card.role == parameter.role] or [parameter.default])
    if isinstance(parameter, Swaps):
        return written({_colour(rng): rng.choice([_colour(rng), EMPTY]) for _ in range(rng.choice([0, 1, 2, 60]))})
    if isinstance(parameter, Text):
        return rng.choice(["", "mine", "\u7dda\u753b \u00df!", "../x", "x" * parameter.longest])
    if isinstance(parameter, Integer):
        low, high = QUICK.get(parameter.name, (parameter.minimum, parameter.maximum))
        return rng.choice([low, high, rng.randint(low, high)])
    low, high = parameter.minimum, parameter.maximum
    return rng.choice([low, high, rng.uniform(low, high), float(round((low + high) / 2))])
