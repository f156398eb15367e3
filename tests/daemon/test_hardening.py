"""Hostile callers: web pages, strangers, liars, loiterers. The daemon refuses, and goes on working."""

from __future__ import annotations

import asyncio
import io
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgpack
import pytest

from inkwash.protocol import Layer, encode

Start = Callable[..., Awaitable[Any]]
TOKEN = "5" * 64


def header(message: Any) -> bytes:
    packed = msgpack.packb(message)
    return struct.pack(">I", len(packed)) + packed


def claim(width: int, height: int, **wrong: Any) -> bytes:
    """The header of a job whose layer claims this size."""
    head = {"name": "picture", "width": width, "height": height, "bytes": width * height * 4, **wrong}
    return header({"type": "job", "filter": "invert", "layers": [head]})


async def still_works(host: Any) -> None:
    assert (await host.run("invert")).message["type"] == "result"


@pytest.fixture
async def host(start: Start, invert: None) -> Any:
    return await start(body_limit_mb=1, pixel_limit_mp=1, upload_seconds=0.3)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "6" * 64},
        {"Authorization": f"Bearer {TOKEN}5"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"bearer  {TOKEN}"},
        {"Authorization": "Bearer \u00e9\u00e9"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
    ],
)
@pytest.mark.parametrize("path", ["/v1/status", "/v1/shutdown", "/nowhere"])
async def test_a_stranger_is_refused(host: Any, headers: dict[str, str], path: str) -> None:
    method = "POST" if path == "/v1/shutdown" else "GET"
    async with host.client.request(method, path, headers=headers) as response:
        assert response.status == 403
        assert (await response.json())["code"] == "refused"
        assert not [name for name in response.headers if name.startswith("Access-Control")]
    await still_works(host)


async def test_a_browsers_preflight_is_refused(host: Any) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    async with host.client.options("/v1/jobs", headers=headers) as response:
        assert response.status == 403


async def test_a_request_without_a_token_is_refused_before_its_body_is_read(host: Any) -> None:
    answer = await raw(host, request(host, b"Content-Length: 1000000000\r\n", token=False))
    assert b"403" in answer.split(b"\r\n")[0]


async def test_a_body_that_announces_too_much_is_refused_unread(host: Any) -> None:
    answer = await raw(host, request(host, b"Content-Length: 10000000000\r\n"))
    assert b"413" in answer.split(b"\r\n")[0]
    assert b"too_large" in answer
    await still_works(host)


async def test_an_unannounced_body_is_cut_off_at_the_limit(host: Any) -> None:
    layer = Layer("picture", 1000, 900, model="RGB", data=bytes(1000 * 900 * 3))
    pieces = b"".join(encode({"type": "job", "filter": "invert"}, [layer]))

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(pieces), 65536):
            yield pieces[start : start + 65536]

    status, error = await host.refusal(chunks())
    assert (status, error["code"]) == (413, "too_large")
    await still_works(host)


@pytest.mark.parametrize(
    "data",
    [
        claim(50_000, 50_000),  # 10 GB
        claim(2**31 - 1, 2**31 - 1),
        claim(2000, 1000),  # more pixels than the settings allow
        struct.pack(">I", 2**32 - 1),
        header({"layers": [{"name": "a", "width": 1, "height": 1, "bytes": 4}] * 10_000}),
    ],
)
async def test_a_header_that_promises_too_much_takes_no_memory(host: Any, data: bytes) -> None:
    await still_works(host)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status, error = await host.refusal(data)
    assert (status, error["code"]) == (413, "too_large")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB
    await still_works(host)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"\0\0\0\0",
        b"GET / HTTP/1.1\r\n\r\n",
        os.urandom(1000),
        b"\xff" * 70_000,
        header([1, 2, 3]),
        header({"layers": 5}),
        header({}),
        claim(0, 5),
        claim(-5, -5),
        claim(10, 10),  # none of its bytes follow
        claim(10, 10) + bytes(399),
        claim(10, 10, bytes=5) + bytes(5),
        claim(10, 10, depth="f64") + bytes(400),
        claim(10, 10, model=None) + bytes(400),
        claim(10, 10, x="left") + bytes(400),
        claim(10, 10) + bytes(400) + b"more",
        2 * (claim(10, 10) + bytes(400)),
        header({"type": "job", "filter": "invert", "params": {"a": [[[[]]]] * 9}}),
        header({"type": "job", "filter": {"$ne": 1}}),
        header({"type": "job", "filter": "../../etc/passwd"}),
    ],
)
async def test_what_is_no_job_is_refused_and_leaves_nothing_behind(host: Any, data: bytes) -> None:
    status, error = await host.refusal(io.BytesIO(data))
    assert 400 <= status < 500
    assert error["message"]
    assert (await host.get("/v1/jobs"))["jobs"] == []
    await still_works(host)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\r\n\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a browser that tries TLS
        b"POST /v1/jobs HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000,
        b"POST /v1/jobs HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/jobs HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
async def test_what_is_no_http_does_no_harm(host: Any, garbage: bytes) -> None:
    await raw(host, garbage, patience=1)
    await still_works(host)


async def test_an_upload_that_stops_arriving_is_dropped(host: Any, make_body: Any) -> None:
    data = make_body("invert")
    start = request(host, b"Content-Length: %d\r\n" % len(data)) + data[:20]
    answer = await raw(host, start)
    assert b"400" in answer.split(b"\r\n")[0]
    assert b"stopped arriving" in answer
    await still_works(host)


async def test_uploads_that_loiter_do_not_keep_others_out_for_long(start: Start, invert: None, make_body: Any) -> None:
    host = await start(queue_length=2, upload_seconds=0.3)
    loiterer = request(host, b"Content-Length: 1000\r\n")
    first, second = await connection(host), await connection(host)
    for _, writer in (first, second):
        writer.write(loiterer)
    await host.eventually(lambda: _is_busy(host, make_body))
    await host.eventually(lambda: _is_free(host, make_body))
    for _, writer in (first, second):
        writer.close()


async def test_an_upload_that_breaks_off_leaves_nothing(host: Any, make_body: Any) -> None:
    data = make_body("invert")
    for cut in (0, 3, 30, len(data) - 1):
        _, writer = await connection(host)
        writer.write(request(host, b"Content-Length: %d\r\n" % len(data)) + data[:cut])
        await writer.drain()
        writer.close()
    assert (await host.get("/v1/jobs"))["jobs"] == []
    await still_works(host)


async def test_a_client_that_is_killed_while_it_uploads_leaves_nothing(host: Any) -> None:
    start = request(host, b"Content-Length: 1000000\r\n") + bytes(500)
    script = f"""
import socket, time
s = socket.create_connection(("127.0.0.1", {host.client.port}))
s.sendall({start!r})
print("sent", flush=True)
time.sleep(60)
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"sent\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    await still_works(host)
    assert (await host.get("/v1/jobs"))["jobs"] == []


async def test_a_client_that_never_reads_keeps_nobody_waiting(host: Any, make_body: Any) -> None:
    layer = Layer("picture", 500, 500, model="RGB", data=bytes(750_000))
    data = make_body("invert", [layer])
    _, writer = await connection(host)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    writer.write(request(host, b"Content-Length: %d\r\n" % len(data)) + data)
    await still_works(host)
    writer.close()


def request(host: Any, more: bytes, *, token: bool = True) -> bytes:
    """The head of a job."""
    lines = f"POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{host.client.port}\r\n"
    if token:
        lines += f"Authorization: Bearer {TOKEN}\r\n"
    return lines.encode() + more + b"\r\n"


async def connection(host: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", host.client.port)


async def raw(host: Any, data: bytes, patience: float = 20) -> bytes:
    """What the daemon answers to these bytes on a bare socket, as far as it comes within `patience`."""
    reader, writer = await connection(host)
    writer.write(data)
    try:
        return await asyncio.wait_for(reader.read(65536), patience)
    except (asyncio.TimeoutError, ConnectionError):
        return b""
    finally:
        writer.close()


async def _is_busy(host: Any, make_body: Any) -> bool:
    async with host.client.post("/v1/jobs", data=make_body("invert")) as response:
        return bool(response.status == 503)


async def _is_free(host: Any, make_body: Any) -> bool:
    return not await _is_busy(host, make_body)
