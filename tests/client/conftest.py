"""What the client's tests share: a home of their own, a small server that misbehaves, and the real daemon."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from inkwash.client import launch
from inkwash.client.lock import FileLock
from inkwash.protocol import CONTENT_TYPE, PROTOCOL, FrameReader, Layer, encode, places, proof

TOKEN = "7" * 64
SLEEPER = '''
import sys, time
from inkwash.models.filters.declaration import Input, Output, Step, filter

PICTURE = Input("picture", "Picture", "What to work on.", "rgb")


@filter("sleeper", "Sleeper", inputs=(PICTURE,), outputs=(Output("result", "Result", "replace"),))
def sleeper(inputs, settings, context):
    """Take a minute."""
    for step in range(6000):
        yield Step(step / 6000, "sleeping")
        time.sleep(0.01)
    return {"result": inputs["picture"]}


@filter("nothing", "Nothing", inputs=(PICTURE,), outputs=(Output("result", "Result", "replace"),))
def nothing(inputs, settings, context):
    """Give back what came."""
    yield Step(0.5, "doing nothing")
    return {"result": inputs["picture"]}


from inkwash.daemon.commands import main

main(["daemon", "run"])
'''


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that stands for all of the user's; a daemon that was started in it is killed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="ink-"))  # shorter than tmp_path: a socket lives there
    monkeypatch.setenv("INKWASH_HOME", str(folder))
    monkeypatch.delenv("INKWASH_TRANSPORT", raising=False)
    yield folder
    for pid in pids_with(f"INKWASH_HOME={folder}"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    eventually(lambda: not pids_with(f"INKWASH_HOME={folder}"))
    shutil.rmtree(folder)


def pids_with(variable: str) -> list[int]:
    """The processes, other than this one, that have `variable` in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if variable.encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return [pid for pid in found if pid != os.getpid()]


def eventually(holds: Callable[[], Any]) -> None:
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("this never came true")


@pytest.fixture
def daemons(home: Path) -> Callable[[], list[int]]:
    """The pids of the processes that were started in this home."""
    return lambda: pids_with(f"INKWASH_HOME={home}")


@pytest.fixture
def wait_until() -> Callable[[Callable[[], Any]], None]:
    return eventually


@pytest.fixture
def command(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the daemon be a Python program, as a host finds it: by the installer's file."""
    monkeypatch.setattr(launch, "MODULE", "inkwash_is_not_in_this_python")

    def command(source: str) -> None:
        script = home / "daemon.py"
        script.write_text(source)
        places.command_file().write_text(json.dumps([sys.executable, str(script)]))

    return command


@pytest.fixture
def source() -> str:
    """The real daemon, with a filter that takes long and one that does nothing, as a program."""
    return SLEEPER


@pytest.fixture
def sleeper(command: Callable[[str], None], source: str) -> None:
    """Let that be the daemon."""
    command(source)


@pytest.fixture
def picture() -> Layer:
    return Layer("picture", 4, 3, model="RGB", data=bytes(range(36)))


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class SmallServer:
    """A server of our own on real sockets, whose answers a test chooses."""

    def __init__(self) -> None:
        self.jobs: Answer = self.echo
        self.answers: dict[str, Any] = {"/v1/status": {"version": "0.1.0", "protocol": PROTOCOL}}
        self.seen: list[web.Request] = []
        self.token = TOKEN
        self.prove: Answer | None = None  # else as the daemon does
        self.cancelled = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        self._lock = FileLock(places.lock_file(), 1)
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def start(self) -> None:
        self._lock.__enter__()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()

    def stop(self) -> None:
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self.give_lock_up()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def give_lock_up(self) -> None:
        """As when a daemon is killed."""
        self._lock.__exit__()

    @property
    def port(self) -> int:
        assert self._runner is not None
        return int(self._runner.addresses[1][1])

    async def _start(self) -> None:
        app = web.Application(client_max_size=2**30)
        app.router.add_post("/v1/jobs", self._job)
        app.router.add_get(proof.PATH, self._prove)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        places.runtime_folder().mkdir(parents=True)
        await web.UnixSite(self._runner, str(places.socket_file())).start()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.publish()

    def publish(self, **changes: Any) -> None:
        assert self._runner is not None
        endpoint = {
            "protocol": PROTOCOL,
            "version": "0.1.0",
            "pid": os.getpid(),
            "started": time.time(),
            "unix": str(places.socket_file()),
            "tcp": {"host": "127.0.0.1", "port": self.port},
            "token": TOKEN,
        }
        places.endpoint_file().write_text(json.dumps({**endpoint, **changes}))

    async def _prove(self, request: web.Request) -> web.StreamResponse:
        """As the daemon does; but what proves it is not among what was seen."""
        if self.prove is not None:
            return await self.prove(request)
        name = request.get_extra_info("sockname")
        address = proof.address(name, 0) if isinstance(name, str) else proof.address(None, name[1])
        return web.json_response({"proof": proof.proof(self.token, request.query["challenge"], address)})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        answer = self.answers.get(request.path)
        if answer is None:
            return web.json_response({"code": "bad_request", "message": "No.", "hint": "Ask else."}, status=404)
        return await answer(request) if callable(answer) else web.json_response(answer)

    async def _job(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        try:
            return await self.jobs(request)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise

    async def echo(self, request: web.Request) -> web.StreamResponse:
        """Give the layers back."""
        reader = FrameReader()
        (frame,) = reader.feed(await request.read())
        response = await self.stream(request, {"type": "accepted", "job": "1"}, {"type": "preview"})
        for piece in encode({"type": "result", "asked": frame.message}, frame.layers):
            await response.write(piece)
        await response.write_eof()
        return response

    async def stream(self, request: web.Request, *messages: dict[str, Any]) -> web.StreamResponse:
        """Begin an answer with these messages."""
        response = web.StreamResponse(headers={"Content-Type": CONTENT_TYPE})
        await response.prepare(request)
        for message in messages:
            await response.write(b"".join(encode(message)))
        return response


@pytest.fixture
def server() -> Iterator[SmallServer]:
    server = SmallServer()
    server.start()
    yield server
    server.stop()
