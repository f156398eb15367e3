"""A job as it arrives: read within limits, then checked against what its filter declares."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from aiohttp import web

from inkwash.models.filters import Filter, find
from inkwash.protocol import Frame, FrameReader, Layer, Limits, TooLarge
from inkwash.protocol.layer import CHANNELS

from .errors import BadRequest, Stalled
from .settings import Settings
from .work.feed import Feed
from .work.jobs import ALPHA, PRIORITIES, Job

LAYERS = 16  # more than any filter declares
DOCUMENT_LENGTH = 1000  # characters of a document's id
SELECTION = "selection"  # the layer that any job may have besides its filter's inputs: where the result is wanted


async def read_frame(request: web.Request, settings: Settings) -> Frame:
    """The one frame of the request's body; memory is taken as it arrives, and never beyond the limits.

    ProtocolError if it is no frame or too large, Stalled if it stops arriving, BadRequest if there are two.
    """
    most = settings.body_limit_mb * 2**20
    length = request.content_length
    if length is not None and length > most:
        raise TooLarge(f"This job has {length // 10**6} MB; {most // 10**6} MB are the limit.")
    pixels = settings.pixel_limit_mp * 10**6
    reader = FrameReader(Limits(layer_bytes=most, frame_bytes=most, pixels=pixels, layers=LAYERS))
    reader.expect(length or 0)
    frames: list[Frame] = []
    while chunk := await _next_chunk(request, settings.upload_seconds):
        frames += reader.feed(chunk)
        if len(frames) > 1:
            break
    reader.finish()
    if len(frames) != 1:
        raise BadRequest(
            f"A job must come as one frame, not {len(frames) or 'none'}.",
            "The plugin and the Inkwash service may be of different versions: run the installer again.",
        )
    return frames[0]


async def _next_chunk(request: web.Request, seconds: float) -> bytes:
    try:
        # A timer costs as much as reading a chunk does: only one that must be waited for gets it.
        return request.content.read_nowait() or await asyncio.wait_for(request.content.readany(), seconds)
    except asyncio.TimeoutError:
        raise Stalled(f"The picture stopped arriving {seconds:g} seconds ago.", "Try again.") from None


def job_of(frame: Frame) -> Job:
    """The job that `frame` asks for; BadRequest, BadParameter, UnknownFilter.

    It takes the frame's list of layers over.
    """
    message = frame.message
    if message.get("type") != "job":
        raise BadRequest(f"This is no job: its type is {message.get('type')!r:.60}.")
    filter = find(_text(message, "filter"))
    params = message.get("params", {})
    if not isinstance(params, dict):
        raise BadRequest("A job's params must be a map.")
    priority = _text(message, "priority", "user")
    if priority not in PRIORITIES:
        raise BadRequest(f"A job's priority must be one of {', '.join(PRIORITIES)}, not {priority!r:.60}.")
    model = message.get("model")
    models = (*CHANNELS, ALPHA)
    if model is not None and (not isinstance(model, str) or model not in models):
        raise BadRequest(f"A job's model must be one of {', '.join(models)}, not {model!r:.60}.")
    _check_layers(filter, frame.layers)
    document = _text(message, "document", "")
    feed = Feed(asyncio.get_running_loop())
    return Job(filter, filter.settings(params), frame.layers, document, priority, feed, model)


def _text(message: dict[str, Any], key: str, default: str | None = None) -> str:
    value = message.get(key, default)
    if not isinstance(value, str) or len(value) > DOCUMENT_LENGTH:
        raise BadRequest(f"A job's {key} must be text, not {value!r:.60}.")
    return value


def _check_layers(filter: Filter, layers: list[Layer]) -> None:
    """BadRequest if a layer is unknown, there twice, or missing."""
    given = Counter(layer.name for layer in layers)
    known = {SELECTION, *(input.name for input in filter.inputs)}
    for name, count in given.items():
        if name not in known:
            wanted = ", ".join(sorted(known - {SELECTION}))
            raise BadRequest(f"{filter.label} takes no layer called {name!r:.60}.", f"It takes: {wanted}.")
        if count > 1:
            raise BadRequest(f"{filter.label} takes one layer called {name}, not {count}.")
    for input in filter.inputs:
        if input.required and not given[input.name]:
            raise BadRequest(f"{filter.label} needs a layer: {input.label}.", input.help)
    if not set(given) - {SELECTION}:
        raise BadRequest(f"{filter.label} needs a layer.", "Choose one, then start it again.")
