"""A daemon that lies, stutters or has gone mad: the client says so in a sentence, and never hangs or breaks."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web

from inkwash.client import ClientError, connect, find, line
from inkwash.protocol import Layer, encode, proof

STREAM = b"".join(
    piece
    for message, layers in (
        ({"type": "accepted", "job": "1"}, []),
        ({"type": "progress", "ahead": 0, "fraction": 0.5, "stage": "painting", "seconds_left": None}, []),
        ({"type": "preview"}, [Layer("preview", 3, 2, data=bytes(24))]),
        ({"type": "result", "notices": []}, [Layer("result", 5, 4, data=bytes(80))]),
    )
    for piece in encode(message, layers)
)
STATUS = b'{"version": "0.1.0", "protocol": 1, "pid": 7, "jobs": [], "models": [], "device": {"ready": false}}'


def damaged(data: bytes, chance: random.Random) -> bytes:
    """`data` with a few bytes changed, taken away or put in, or its end cut off."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(result))
        deed = chance.randrange(4)
        if deed == 0:
            result[place] = chance.randrange(256)
        elif deed == 1:
            del result[place]
        elif deed == 2:
            result[place:place] = chance.randbytes(chance.randrange(1, 5))
        else:
            del result[max(1, place) :]
    return bytes(result)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_stream_ends_in_frames_or_a_sentence(
    server: Any, picture: Layer, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "SILENCE_SECONDS", 5.0)
    chance = random.Random(seed)

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=damaged(STREAM, chance), content_type="application/x-inkwash")

    server.jobs = answer
    client = connect(start=False)
    for _ in range(50):
        with suppress(ClientError):
            assert list(client.run("any", {}, [picture]))


@pytest.mark.parametrize("path", ["/v1/status", proof.PATH])
def test_a_damaged_answer_is_no_daemon_or_one_of_another_version(server: Any, path: str) -> None:
    chance = random.Random(path)

    async def answer(request: web.Request) -> web.Response:
        status = chance.choice((200, 200, 200, 204, 400, 403, 404, 418, 500))
        return web.Response(body=b"" if status == 204 else damaged(STATUS, chance), status=status)

    server.answers[path] = answer
    if path == proof.PATH:
        server.prove = answer
    for _ in range(50):
        with suppress(ClientError):
            client = find()
            assert client is None or client.said["protocol"] == 1
