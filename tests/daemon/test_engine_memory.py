"""The engine and memory: what happens when it is full, and what stays in it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import torch

from inkwash.daemon.settings import Settings
from inkwash.daemon.work import engine
from inkwash.daemon.work.device import Device
from inkwash.daemon.work.jobs import Queue
from inkwash.models import networks
from inkwash.models.cards import Card
from inkwash.models.filters.declaration import Input, Output, Step, filter
from inkwash.models.store import Store, save

Start = Callable[..., Awaitable[Any]]
Body = Callable[[Any, Any, Any], Generator[Step, None, Any]]
PICTURE = Input("picture", "Picture", "What to work on.", "rgb")
RESULT = Output("result", "Result")


def declare(body: Body, id: str = "tried") -> None:
    filter(id, "Tried", inputs=(PICTURE,), outputs=(RESULT,))(body)


async def _no_models(host: Any) -> bool:
    return not (await host.get("/v1/status"))["models"]


async def _no_jobs(host: Any) -> bool:
    return not (await host.get("/v1/jobs"))["jobs"]


def out_of_memory(kind: str) -> Exception:
    return {
        "torch": torch.OutOfMemoryError("CUDA out of memory."),
        "cpu": RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried ..."),
        "windows": RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes."),
        "python": MemoryError(),
    }[kind]


@pytest.mark.parametrize("kind", ["torch", "cpu", "windows", "python"])
async def test_full_memory_is_tried_again_with_smaller_tiles(start: Start, kind: str) -> None:
    tiles: list[int] = []

    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        tiles.append(context.tile)
        yield Step(0.1, "filling")
        if context.tile > 256:
            raise out_of_memory(kind)
        return {"result": inputs["picture"]}

    declare(body)
    frame = await (await start(device="cpu")).run("tried")
    assert frame.message["type"] == "result"
    assert tiles == [1024, 512, 256]
    [notice] = frame.message["notices"]
    assert "smaller tiles" in notice


def test_a_full_graphics_card_leads_to_the_cpu_and_says_so(tmp_path: Path) -> None:
    worker = engine.Engine(Queue(1), Store([tmp_path]), Settings())
    card = Device(torch.device("cuda"), torch.bfloat16, "a card")
    device, tile, notice = worker._smaller(card, 256)
    assert (device.where.type, tile) == ("cpu", 1024)
    assert "processor" in notice


async def test_memory_that_never_suffices_is_an_error_with_what_to_do(start: Start) -> None:
    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        yield Step(0, "filling")
        raise out_of_memory("cpu")

    declare(body)
    host = await start(device="cpu")
    frame = await host.run("tried")
    assert frame.message["code"] == "out_of_memory"
    assert frame.message["hint"]


async def test_a_failed_attempt_frees_its_memory_before_the_next(start: Start) -> None:
    held: list[weakref.ref[torch.Tensor]] = []
    alive: list[bool] = []

    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        alive.extend(reference() is not None for reference in held)
        large = torch.zeros(1000)
        held.append(weakref.ref(large))
        yield Step(0, "filling")
        if len(held) < 2:
            raise out_of_memory("torch")
        return {"result": inputs["picture"]}

    declare(body)
    await (await start()).run("tried")
    assert alive == [False]


async def test_nothing_of_a_job_stays_in_memory(start: Start) -> None:
    pictures: list[weakref.ref[torch.Tensor]] = []

    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        pictures.append(weakref.ref(inputs["picture"]))
        yield Step(0, "looking")
        return {"result": 1 - inputs["picture"]}

    declare(body)
    host = await start()
    await host.run("tried")
    await host.eventually(lambda: _no_jobs(host))
    gc.collect()
    assert pictures[0]() is None


async def test_models_are_loaded_once_and_reported(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(networks.ARCHITECTURES, "point", lambda: torch.nn.Conv2d(1, 1, 1))
    save(
        tmp_path / "ink.safetensors",
        torch.nn.Conv2d(1, 1, 1),
        Card("ink", "Ink", "test", "point", {}, "1", "MIT"),
    )
    seen: list[int] = []

    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        network = context.network("ink", "test")
        seen.append(id(network))
        assert network.weight.dtype == context.dtype
        assert not network.weight.requires_grad
        yield Step(0, "looking")
        return {"result": inputs["picture"]}

    declare(body)
    host = await start()
    for _ in range(2):
        assert (await host.run("tried")).message["type"] == "result"
    assert seen[0] == seen[1]
    assert (await host.get("/v1/status"))["models"] == ["ink"]


async def test_models_that_nobody_uses_are_dropped(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LOOK_AROUND", 0.05)
    monkeypatch.setitem(networks.ARCHITECTURES, "point", lambda: torch.nn.Conv2d(1, 1, 1))
    card = Card("ink", "Ink", "test", "point", {}, "1", "MIT")
    save(tmp_path / "ink.safetensors", torch.nn.Conv2d(1, 1, 1), card)
    loaded: list[str] = []

    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        context.network("ink", "test")
        loaded.extend(context.networks.names())
        yield Step(0, "looking")
        return {"result": inputs["picture"]}

    declare(body)
    host = await start(model_minutes=0.0001)
    await host.run("tried")
    assert loaded == ["ink"]
    await host.eventually(lambda: _no_models(host))
