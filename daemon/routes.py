"""The daemon's calls."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from aiohttp import web

from inkwash.models.filters import declared
from inkwash.protocol import BEAT_SECONDS, CONTENT_TYPE, PROTOCOL, VERSION, Layer, encode, proof

from . import keys, program
from .errors import BadRequest, Busy, NoSuchJob, NotYet
from .upload import job_of, read_frame
from .work.feed import LAST
from .work.jobs import Job

SLICE = 2**20  # bytes handed to the socket at once: large enough to be cheap, small enough not to be copied

routes = web.RouteTableDef()


@routes.get("/v1/status")
async def status(request: web.Request) -> web.Response:
    """What the daemon is and does."""
    app = request.app
    return web.json_response(
        {
            "version": VERSION,
            "protocol": PROTOCOL,
            "pid": os.getpid(),
            "started": app[keys.STARTED],
            "stopping": app[keys.QUEUE].closed,
            "outdated": await asyncio.to_thread(program.fingerprint) != app[keys.PROGRAM],
            "device": app[keys.ENGINE].describe(),
            "models": app[keys.ENGINE].models(),
            "jobs": [job.describe() for job in app[keys.QUEUE].jobs()],
        }
    )


@routes.get(proof.PATH)
async def prove(request: web.Request) -> web.Response:
    """Show that this is the daemon that wrote the endpoint; asked by who has not said the token yet, too."""
    challenge, address = request.query.get("challenge", ""), request.get_extra_info("sockname")
    if not 0 < len(challenge) <= 2 * proof.CHALLENGE_BYTES:
        raise BadRequest("This is no challenge.")
    at = proof.address(address, 0) if isinstance(address, str) else proof.address(None, address[1])
    return web.json_response({"proof": proof.proof(request.app[keys.TOKEN], challenge, at)})


@routes.get("/v1/filters")
async def filters(request: web.Request) -> web.Response:
    """The declarations of all filters."""
    return _tagged(request, {"filters": [filter.declaration() for filter in declared()]})


@routes.get("/v1/models")
async def models(request: web.Request) -> web.Response:
    """The cards of all models in the store."""
    cards = await asyncio.to_thread(request.app[keys.STORE].cards)
    return _tagged(request, {"models": [asdict(card) for card in cards]})


@routes.get("/v1/jobs")
async def jobs(request: web.Request) -> web.Response:
    """The jobs that run or wait, the next one first."""
    return web.json_response({"jobs": [job.describe() for job in request.app[keys.QUEUE].jobs()]})


@routes.delete("/v1/jobs/{id}")
async def cancel(request: web.Request) -> web.Response:
    """Stop a job; with `?keep=1` its result is what it has until then."""
    id = request.match_info["id"]
    if request.query.get("keep") == "1":
        request.app[keys.QUEUE].finish(id)
        return web.json_response({"finishing": id})
    request.app[keys.QUEUE].cancel(id)
    return web.json_response({"cancelled": id})


@routes.post("/v1/jobs")
async def run(request: web.Request) -> web.StreamResponse:
    """Take a job in and stream its progress and result; closing the connection cancels it."""
    queue = request.app[keys.QUEUE]
    with queue.upload():
        job = job_of(await read_frame(request, request.app[keys.SETTINGS]))
    queue.put(job)
    try:
        return await _follow(request, job)
    finally:
        with contextlib.suppress(NoSuchJob):  # it has ended, unless the client went away
            queue.cancel(job.id, "The program that started it went away.")


@routes.get("/v1/presets")
async def presets(request: web.Request) -> web.Response:
    """The artist's named settings, of all filters."""
    return web.json_response({"presets": await asyncio.to_thread(request.app[keys.PRESETS].all)})


@routes.put("/v1/presets/{filter}/{name}")
async def keep_preset(request: web.Request) -> web.Response:
    """Keep settings, a JSON object, under a name."""
    try:
        settings = json.loads(await request.read())
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        raise BadRequest("Settings must be a JSON object.")
    filter, name = request.match_info["filter"], request.match_info["name"]
    await asyncio.to_thread(request.app[keys.PRESETS].put, filter, name, settings)
    return web.json_response({"kept": name})


@routes.delete("/v1/presets/{filter}/{name}")
async def delete_preset(request: web.Request) -> web.Response:
    """Forget named settings."""
    name = request.match_info["name"]
    await asyncio.to_thread(request.app[keys.PRESETS].delete, request.match_info["filter"], name)
    return web.json_response({"deleted": name})


@routes.post("/v1/shutdown")
async def shutdown(request: web.Request) -> web.Response:
    """Finish the running jobs, then stop; with `?idle=1` only if there is none."""
    if request.query.get("idle") == "1" and request.app[keys.QUEUE].busy:
        raise Busy("Inkwash is at work.", "Try again when it is done.")
    request.app[keys.STOP].set()
    return web.json_response({"stopping": True})


@routes.post("/v1/training")
@routes.get("/v1/training/{id}")
@routes.delete("/v1/training/{id}")
async def training(request: web.Request) -> web.Response:
    """Start, follow or stop a training run: not in this version."""
    raise NotYet("The daemon cannot train models yet.", "Train on the command line: `inkwash train`.")


async def _follow(request: web.Request, job: Job) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type = CONTENT_TYPE
    await response.prepare(request)
    await send_frame(response, {"type": "accepted", "job": job.id})
    while True:
        # When nothing is new, what was said last is a sign of life: whoever hears none for long gives us up.
        for message, layers in await job.feed.take(BEAT_SECONDS) or [(job.progress(), ())]:
            await send_frame(response, message, layers)
            if message["type"] in LAST:
                await response.write_eof()
                return response


async def send_frame(response: web.StreamResponse, message: dict[str, Any], layers: Sequence[Layer] = ()) -> None:
    """Write one frame to a stream, the layers' memory as it is."""
    for piece in encode(message, layers):
        memory = memoryview(piece)
        for start in range(0, len(memory), SLICE):
            await response.write(memory[start : start + SLICE])


def _tagged(request: web.Request, data: dict[str, Any]) -> web.Response:
    """`data` as JSON with an ETag, or 304 if the caller has it already."""
    body = json.dumps(data).encode()
    tag = hashlib.sha256(body).hexdigest()[:32]
    known = request.if_none_match or ()
    if any(etag.value in (tag, "*") for etag in known):
        response = web.Response(status=304)
    else:
        response = web.Response(body=body, content_type="application/json")
    response.etag = tag
    return response
