"""Connections: no signal comes of a broken one, and a stranger who has taken an address gets nothing."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from aiohttp import web

from inkwash.client import Unresponsive, connect, find, line
from inkwash.protocol import Layer, places, proof

HOST = """
import signal, sys, threading, time
signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # as it is in Krita
from inkwash.client import ConnectionLost, JobFailed, connect
from inkwash.protocol import Layer
page = Layer("picture", 4000, 4000, data=bytes(64_000_000))
for delay in (0.0, 0.01, 0.05, 0.1, 0.2):
    job = connect(start=False, transport=sys.argv[1]).run("any", {}, [page])
    threading.Timer(delay, job.close).start()
    try:
        next(job)
    except JobFailed as error:
        print(error.code)
"""


async def never_reads(request: web.Request) -> Any:
    await asyncio.sleep(1000)


@pytest.mark.parametrize("transport", ["unix", "tcp"])
def test_a_cancel_in_the_upload_does_not_end_a_host_that_heeds_sigpipe(server: Any, transport: str) -> None:
    server.jobs = never_reads
    run = subprocess.run([sys.executable, "-c", HOST, transport], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout.split()) == (0, ["cancelled"] * 5), run.stderr


@pytest.mark.parametrize("transport", ["unix", "tcp"])
def test_who_does_not_know_the_token_hears_neither_it_nor_a_pixel(server: Any, transport: str) -> None:
    server.token = "8" * 64
    assert find(transport) is None
    assert server.seen == []


def test_the_proof_of_another_address_does_not_count(server: Any) -> None:
    """A stranger who hands the challenge on to the daemon, and its answer back."""
    port = server.port
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        threading.Thread(target=hand_on, args=(stranger, port), daemon=True).start()
        server.publish(unix=None, tcp={"host": "127.0.0.1", "port": stranger.getsockname()[1]})
        assert find() is None
    assert server.seen == []


def hand_on(listening: socket.socket, port: int) -> None:
    connection, _ = listening.accept()
    request = connection.recv(10_000).replace(str(listening.getsockname()[1]).encode(), str(port).encode())
    with socket.create_connection(("127.0.0.1", port)) as daemon:
        daemon.sendall(request)
        connection.sendall(daemon.recv(10_000))
    connection.close()


def test_a_proof_differs_with_token_challenge_and_address() -> None:
    proofs = {
        proof.proof(t, c, a) for t in "ab" for c in "cd" for a in (proof.address(None, 1), proof.address("/1", 0))
    }
    assert len(proofs) == 8


def test_an_endpoint_that_nobody_owns_is_stale_whoever_listens_there(server: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never says a word
        server.publish(unix=None, tcp={"host": "127.0.0.1", "port": silent.getsockname()[1]})
        server.give_lock_up()
        begun = time.monotonic()
        assert find() is None
        assert time.monotonic() - begun < 5
    places.lock_file().unlink()
    assert find() is None


def test_a_daemon_that_stands_still_in_a_job_is_given_up(
    server: Any, picture: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def says_nothing_more(request: web.Request) -> Any:
        await request.read()
        response = await server.stream(request, {"type": "accepted", "job": "1"})
        await asyncio.sleep(1000)
        return response

    monkeypatch.setattr(line, "SILENCE_SECONDS", 0.5)
    server.jobs = says_nothing_more
    job = connect(start=False).run("any", {}, [picture])
    assert next(job).message["type"] == "accepted"
    with pytest.raises(Unresponsive) as error:
        next(job)
    assert error.value.hint
    assert server.cancelled.wait(20)


def test_a_daemon_that_stands_still_in_an_upload_is_given_up(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "SILENCE_SECONDS", 0.5)
    server.jobs = never_reads
    with pytest.raises(Unresponsive):
        next(connect(start=False).run("any", {}, [Layer("picture", 4000, 4000, data=bytes(64_000_000))]))


def test_a_slow_upload_is_not_given_up(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def reads_slowly(request: web.Request) -> Any:
        async for chunk in request.content.iter_chunked(2**20):
            await asyncio.sleep(len(chunk) / 2**20 * 0.03)
        return await server.stream(request, {"type": "result"})

    monkeypatch.setattr(line, "SILENCE_SECONDS", 1.0)
    server.jobs = reads_slowly
    page = Layer("picture", 4000, 4000, data=bytes(64_000_000))
    assert next(connect(start=False).run("any", {}, [page])).message["type"] == "result"
