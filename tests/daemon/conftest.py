"""What the daemon's tests share: filters declared for one test, and a host that speaks to the app."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from inkwash.daemon.app import init_app
from inkwash.daemon.settings import Settings
from inkwash.models.filters import declaration
from inkwash.models.filters.declaration import Input, Integer, Output, Step, Toggle, filter
from inkwash.models.store import Store
from inkwash.protocol import Frame, FrameReader, Layer, encode

TOKEN = "5" * 64
PICTURE = Input("picture", "Picture", "What to work on.", "rgb")
RESULT = Output("result", "Result", "replace")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for all of the user's."""
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def _own_filters() -> Iterator[None]:
    """Filters that a test declares are gone after it."""
    before = dict(declaration._declared)
    yield
    declaration._declared.clear()
    declaration._declared.update(before)


@pytest.fixture
def invert() -> None:
    """Declare the five-line filter."""

    @filter("invert", "Invert", inputs=(PICTURE,), outputs=(RESULT,))
    def invert(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        """Swap dark and light."""
        yield Step(0.5, "inverting")
        return {"result": 1 - inputs["picture"]}


class Gate:
    """Holds the filter `stepper` before each of its steps, and writes down what it did."""

    def __init__(self) -> None:
        self.begun: list[str] = []  # the mark of each step, in order, those that wait here too
        self.done: list[str] = []  # the mark of each step that was allowed, in order
        self.closed: list[str] = []  # the marks whose body has ended
        self._permits = threading.Semaphore(0)

    def allow(self, steps: int = 1) -> None:
        self._permits.release(steps)

    def step(self, mark: str) -> None:
        self.begun.append(mark)
        assert self._permits.acquire(timeout=20), "a test forgot to allow a step"
        self.done.append(mark)


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Declare `stepper`, whose settings name it `mark` and whose steps wait for `Gate.allow`."""
    gate = Gate()

    @filter(
        "stepper",
        "Stepper",
        inputs=(PICTURE,),
        outputs=(RESULT,),
        parameters=(
            Integer("mark", "Mark", "", 0, 0, 9),
            Integer("steps", "Steps", "", 3, 1, 1000),
            Toggle("show", "Show", "", False),
        ),
        previews=True,
        stoppable=True,
    )
    def stepper(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        """Take steps."""
        try:
            for number in range(settings["steps"]):
                gate.step(str(settings["mark"]))
                preview = inputs["picture"] if settings["show"] else None
                yield Step((number + 1) / settings["steps"], "stepping", preview)
                if context.enough:
                    break
            return {"result": inputs["picture"]}
        finally:
            gate.closed.append(str(settings["mark"]))

    yield gate
    gate.allow(1000)


def picture(width: int = 4, height: int = 3, value: int = 100, name: str = "picture") -> Layer:
    return Layer(name, width, height, model="RGB", data=bytes([value]) * (width * height * 3))


def body(filter: str, layers: list[Layer] | None = None, **message: Any) -> bytes:
    """The bytes of a job."""
    layers = [picture()] if layers is None else layers
    return b"".join(encode({"type": "job", "filter": filter, **message}, layers))


async def next_frame(response: ClientResponse, reader: FrameReader, waiting: list[Frame]) -> Frame:
    while not waiting:
        chunk = await asyncio.wait_for(response.content.readany(), 20)
        assert chunk, "the stream ended early"
        waiting.extend(reader.feed(chunk))
    return waiting.pop(0)


class Stream:
    """The frames of one running job."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        self._reader = FrameReader()
        self._waiting: list[Frame] = []

    async def next(self) -> Frame:
        return await next_frame(self.response, self._reader, self._waiting)

    async def until(self, *types: str) -> Frame:
        """The next frame of one of these types."""
        while True:
            frame = await self.next()
            if frame.message["type"] in types:
                return frame

    async def end(self) -> Frame:
        return await self.until("result", "error")


class Host:
    """A host program that talks to the application over a real socket."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client

    @asynccontextmanager
    async def job(self, filter: str, layers: list[Layer] | None = None, **message: Any) -> AsyncIterator[Stream]:
        """A job that was accepted."""
        async with self.client.post("/v1/jobs", data=io.BytesIO(body(filter, layers, **message))) as response:
            assert response.status == 200, await response.text()
            stream = Stream(response)
            assert (await stream.next()).message["type"] == "accepted"
            yield stream

    async def run(self, filter: str, layers: list[Layer] | None = None, **message: Any) -> Frame:
        """A job's last frame."""
        async with self.job(filter, layers, **message) as stream:
            return await stream.end()

    async def refusal(self, data: Any, **kwargs: Any) -> tuple[int, dict[str, str]]:
        """The status and error body of a job that is not accepted."""
        async with self.client.post("/v1/jobs", data=data, **kwargs) as response:
            error = await response.json()
            assert set(error) == {"code", "message", "hint"}
            return response.status, error

    async def get(self, path: str) -> Any:
        async with self.client.get(path) as response:
            assert response.status == 200
            return await response.json()

    async def eventually(self, holds: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
        """Wait until `holds()`."""
        for _ in range(2000):
            answer = holds()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("this never came true")


@pytest.fixture
def start(aiohttp_client: Any, tmp_path: Path) -> Callable[..., Awaitable[Host]]:
    """Start the application in this process, with these settings."""

    async def start(**settings: Any) -> Host:
        app = init_app(Settings(**settings), token=TOKEN, store=Store([tmp_path]))
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return Host(await aiohttp_client(app, headers=headers))

    return start


@pytest.fixture
def make_host() -> Callable[[TestClient[Any, Any]], Host]:
    """A host that talks to an application which the test started itself."""

    def host(client: TestClient[Any, Any]) -> Host:
        client.session.headers["Authorization"] = f"Bearer {TOKEN}"
        return Host(client)

    return host


@pytest.fixture
def make_picture() -> Callable[..., Layer]:
    return picture


@pytest.fixture
def make_body() -> Callable[..., bytes]:
    return body
