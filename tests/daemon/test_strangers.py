"""Strangers at the port: however many and however slow, they keep nobody out and cost little."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import zlib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from inkwash.client import connect
from inkwash.daemon import keys, lobby, server
from inkwash.daemon.app import init_app
from inkwash.daemon.settings import Settings
from inkwash.models.store import Store
from inkwash.protocol import Layer, places, proof

Start = Callable[..., Awaitable[Any]]
FILES = 40  # that the daemon may have open
BOMB = 256  # MiB of nothing


@pytest.fixture
def pid(home: Path) -> Iterator[int]:
    """A real daemon that may open few files."""
    command = [sys.executable, "-m", "inkwash.daemon.commands", "daemon", "run"]
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, min(limits[1], FILES))),
    )
    assert process.stdout is not None
    assert "listens" in process.stdout.readline()
    yield process.pid
    process.send_signal(signal.SIGKILL)
    process.communicate()


def port() -> int:
    return int(json.loads(places.endpoint_file().read_text())["tcp"]["port"])


def stranger(said: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port()), timeout=20)
    connection.sendall(said)
    return connection


def works(transport: str) -> None:
    layer = Layer("picture", 8, 8, data=bytes(range(256)))
    *_, result = connect(start=False, transport=transport).run("lineart", {}, [layer])
    assert result.message["type"] == "result"


def still_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def test_hundreds_of_idle_connections_keep_nobody_out(pid: int) -> None:
    with contextlib.ExitStack() as strangers:
        half = b"GET /v1/status HTTP/1.1\r\nHost: "
        crowd = [strangers.enter_context(stranger(half if number % 2 else b"")) for number in range(400)]
        for transport in ("unix", "tcp"):
            works(transport)
        assert sum(still_open(connection) for connection in crowd) <= lobby.PLACES
        assert len(os.listdir(f"/proc/{pid}/fd")) < FILES
        crowd += [strangers.enter_context(stranger()) for _ in range(200)]
        for transport in ("unix", "tcp"):
            works(transport)
    assert "out of system resource" not in places.log_file().read_text()


def test_what_a_stranger_has_compressed_is_never_unfolded(pid: int) -> None:
    works("unix")
    bomb = zlib.compress(bytes(BOMB * 2**20), 9)
    before = peak(pid)
    for token in ("", json.loads(places.endpoint_file().read_text())["token"]):
        head = (
            f"POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{port()}\r\nContent-Encoding: deflate\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: {len(bomb)}\r\n\r\n"
        )
        with stranger(head.encode()) as connection:
            with contextlib.suppress(OSError):  # it has heard enough
                connection.sendall(bomb)
            with contextlib.suppress(ConnectionError):
                assert connection.recv(12) == (b"HTTP/1.1 400" if token else b"HTTP/1.1 403")
    works("unix")
    assert peak(pid) - before < BOMB / 8


def peak(pid: int) -> float:
    """The most memory that the process has had, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**10


async def test_who_does_not_come_to_the_point_is_shown_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lobby, "SECONDS", 1)
    app = init_app(Settings(), token="5" * 64, store=Store([tmp_path]))
    runner = web.AppRunner(app)
    await runner.setup()
    room = app[keys.LOBBY]
    sock = socket.create_server(("127.0.0.1", 0))
    listening = await server._open_port(runner, sock, room)
    watch = asyncio.create_task(room.watch())
    reader, writer = await asyncio.open_connection(*sock.getsockname())
    writer.write(b"GET /v1/status HTTP/1.1\r\nX-Slow: ")
    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 20) == b""
    assert len(room) == 0
    writer.close()
    watch.cancel()
    listening.close()
    await runner.cleanup()


async def test_the_daemon_proves_that_it_knows_the_token_to_who_has_not_said_it(start: Start) -> None:
    host = await start()
    path = f"{proof.PATH}?challenge={'ab' * 32}"
    async with host.client.get(path, headers={"Authorization": ""}) as response:
        assert response.status == 200
        said = (await response.json())["proof"]
    assert said == proof.proof("5" * 64, "ab" * 32, proof.address(None, host.client.port))
    for wrong in ("", "?challenge=", "?challenge=" + "a" * 1000):
        async with host.client.get(proof.PATH + wrong) as response:
            assert response.status == 400
    async with host.client.get(path, headers={"Origin": "http://evil.example"}) as response:
        assert response.status == 403


async def test_who_was_refused_keeps_no_connection(start: Start) -> None:
    host = await start()
    async with host.client.get("/v1/status", headers={"Authorization": "Bearer no"}) as response:
        assert response.status == 403
        assert response.headers["Connection"] == "close"


def test_mutated_requests_get_an_answer_and_do_no_harm(pid: int) -> None:
    chance = random.Random(14)
    endpoint = json.loads(places.endpoint_file().read_text())
    for number in range(120):
        over_tcp = bool(number % 2)
        host = f"127.0.0.1:{port()}\r\nAuthorization: Bearer {endpoint['token']}" if over_tcp else "localhost"
        head = f"POST /v1/jobs HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 400\r\n\r\n".encode()
        said = bytearray(head + chance.randbytes(400))
        for _ in range(chance.choice((1, 2, 4, 10))):
            place = chance.randrange(len(head))
            said[place : place + chance.randrange(2)] = chance.randbytes(chance.randrange(3))
        connection = stranger() if over_tcp else socket.socket(socket.AF_UNIX)
        with connection:
            connection.settimeout(20)
            if not over_tcp:
                connection.connect(endpoint["unix"])
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                answer = b""
                while piece := connection.recv(65536):  # fails with a timeout if it is never answered nor closed
                    answer += piece
                assert b" 500 " not in answer.partition(b"\r\n")[0]
    for transport in ("unix", "tcp"):
        works(transport)
    assert "Traceback" not in places.log_file().read_text()
