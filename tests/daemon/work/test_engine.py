"""The engine: who steps when, what cancels, and what happens when a filter fails."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import torch

from inkwash.daemon import server
from inkwash.models.errors import BadPicture
from inkwash.models.filters.declaration import Input, Output, Step, filter

Start = Callable[..., Awaitable[Any]]
Body = Callable[[Any, Any, Any], Generator[Step, None, Any]]
PICTURE = Input("picture", "Picture", "What to work on.", "rgb")
RESULT = Output("result", "Result")


def declare(body: Body, id: str = "tried") -> None:
    filter(id, "Tried", inputs=(PICTURE,), outputs=(RESULT,))(body)


async def test_more_urgent_jobs_go_first_between_steps(start: Start, gate: Any) -> None:
    host = await start()
    async with (
        host.job("stepper", params={"mark": 0, "steps": 3}, priority="batch") as batch,
        after(host, gate, "0"),
        host.job("stepper", params={"mark": 1, "steps": 2}, priority="user") as user,
        host.job("stepper", params={"mark": 2, "steps": 2}, priority="live") as live,
    ):
        gate.allow(6)
        for stream in (live, user, batch):
            assert (await stream.end()).message["type"] == "result"
    # The step that had begun ends first.
    assert gate.done == ["0", "0", "2", "2", "1", "1", "0"]


async def test_one_that_overtook_can_be_overtaken(start: Start, gate: Any) -> None:
    host = await start()
    async with (
        host.job("stepper", params={"mark": 0, "steps": 3}, priority="batch") as batch,
        after(host, gate, "0"),
        host.job("stepper", params={"mark": 1, "steps": 3}, priority="user") as user,
        after(host, gate, "0", "0"),
        after(host, gate, "0", "0", "1"),
        host.job("stepper", params={"mark": 2, "steps": 2}, priority="live") as live,
    ):
        gate.allow(5)
        for stream in (live, user, batch):
            assert (await stream.end()).message["type"] == "result"
    assert gate.done == ["0", "0", "1", "1", "2", "2", "1", "0"]


@asynccontextmanager
async def after(host: Any, gate: Any, *done: str) -> AsyncIterator[None]:
    """Allow one step, and wait until these steps are done and the next one has begun."""
    gate.allow()
    await host.eventually(lambda: gate.done == list(done) and len(gate.begun) == len(done) + 1)
    yield


async def test_equals_wait_for_each_other(start: Start, gate: Any) -> None:
    host = await start()
    gate.allow(4)
    async with (
        host.job("stepper", params={"mark": 1, "steps": 2}) as first,
        host.job("stepper", params={"mark": 2, "steps": 2}) as second,
    ):
        await first.end()
        await second.end()
    assert gate.done == ["1", "1", "2", "2"]


async def test_a_newer_live_job_stops_the_running_one_after_its_step(start: Start, gate: Any) -> None:
    host = await start()
    live = {"priority": "live", "document": "page"}
    async with (
        host.job("stepper", params={"mark": 1, "steps": 9}, **live) as old,
        after(host, gate, "1"),
        host.job("stepper", params={"mark": 2}, **live) as new,
    ):
        gate.allow(9)
        assert (await old.end()).message["code"] == "cancelled"
        assert (await new.end()).message["type"] == "result"
    assert gate.done == ["1", "1", "2", "2", "2"]


async def test_a_client_that_goes_away_cancels_its_running_job(start: Start, gate: Any) -> None:
    host = await start()
    async with host.job("stepper", params={"mark": 1, "steps": 9}) as stream, after(host, gate, "1"):
        stream.response.close()
    await host.eventually(lambda: _stopping(host))
    gate.allow()
    await host.eventually(lambda: gate.closed == ["1"])
    assert len(gate.done) == 2
    await host.eventually(lambda: _no_jobs(host))


async def test_a_client_that_goes_away_cancels_its_waiting_job(start: Start, gate: Any) -> None:
    host = await start()
    async with host.job("stepper", params={"mark": 1}) as running:
        async with host.job("stepper", params={"mark": 2}) as waiting:
            waiting.response.close()
        await host.eventually(lambda: _one_job(host))
        gate.allow(3)
        await running.end()
    assert gate.done == ["1", "1", "1"]


async def test_cancelling_runs_the_filters_own_cleanup(start: Start, gate: Any) -> None:
    host = await start()
    async with host.job("stepper", params={"mark": 7}) as stream:
        [job] = (await host.get("/v1/jobs"))["jobs"]
        async with host.client.delete(f"/v1/jobs/{job['id']}"):
            gate.allow()
        assert (await stream.end()).message["code"] == "cancelled"
        assert gate.closed in ([], ["7"])  # [] if it had not begun


async def test_a_filters_own_error_travels_as_it_is(start: Start) -> None:
    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        yield Step(0, "looking")
        raise BadPicture("There are no lines.", "Draw some.")

    declare(body)
    message = (await (await start()).run("tried")).message
    assert message == {
        "type": "error",
        "code": "bad_request",
        "message": "There are no lines.",
        "hint": "Draw some.",
    }


async def test_an_unexpected_error_is_a_sentence_and_a_traceback_in_the_log(
    start: Start, invert: None, caplog: pytest.LogCaptureFixture
) -> None:
    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        yield Step(0, "dividing")
        raise ZeroDivisionError("a secret path")

    declare(body)
    host = await start()
    with caplog.at_level(logging.ERROR):
        message = (await host.run("tried")).message
    assert message["code"] == "internal"
    assert "a secret path" not in message["message"]
    assert "a secret path" in caplog.text
    assert (await host.run("invert")).message["type"] == "result"


@pytest.mark.parametrize("gave", [{"other": torch.zeros(1, 3, 2, 2)}, None, {"result": "a string"}])
async def test_a_filter_that_breaks_its_promise_is_an_internal_error(start: Start, gave: Any) -> None:
    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        yield Step(0, "promising")
        return gave

    declare(body)
    assert (await (await start()).run("tried")).message["code"] == "internal"


async def test_filters_run_without_gradients_on_a_thread_of_their_own(start: Start) -> None:
    seen: list[Any] = []

    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        for _ in range(2):
            seen.append((torch.is_grad_enabled(), threading.current_thread().name, context.device.type))
            yield Step(0.5, "looking")
        with torch.enable_grad():
            seen.append(torch.is_grad_enabled())
        context.notice("Seen.")
        context.notice("Seen.")
        return {"result": inputs["picture"]}

    declare(body)
    frame = await (await start(device="cpu")).run("tried")
    assert seen == [(False, "engine", "cpu"), (False, "engine", "cpu"), True]
    assert frame.message["notices"] == ["Seen."]


async def test_draining_lets_the_running_job_end_and_takes_no_other(start: Start, gate: Any, make_body: Any) -> None:
    host = await start()
    async with host.job("stepper") as running, after(host, gate, "0"), host.job("stepper") as waiting:
        draining = asyncio.create_task(server._drain(host.client.app))
        assert (await waiting.end()).message["code"] == "cancelled"
        status, error = await host.refusal(make_body("stepper"))
        assert (status, error["code"]) == (503, "busy")
        gate.allow(2)
        assert (await running.end()).message["type"] == "result"
        await draining


async def test_a_missing_model_travels_with_its_code(start: Start) -> None:
    def body(inputs: Any, settings: Any, context: Any) -> Generator[Step, None, Any]:
        context.network("none", "test")
        yield Step(0, "looking")
        return {}

    declare(body)
    assert (await (await start()).run("tried")).message["code"] == "unknown_model"


async def test_a_device_that_is_not_there_is_said_plainly(start: Start, invert: None) -> None:
    if torch.backends.mps.is_available():
        pytest.skip("this machine has MPS")
    message = (await (await start(device="mps")).run("invert")).message
    assert message["code"] == "bad_params"
    assert "auto" in message["hint"]


async def _no_jobs(host: Any) -> bool:
    return not (await host.get("/v1/jobs"))["jobs"]


async def _one_job(host: Any) -> bool:
    return len((await host.get("/v1/jobs"))["jobs"]) == 1


async def _stopping(host: Any) -> bool:
    return [job["state"] for job in (await host.get("/v1/jobs"))["jobs"]] == ["stopping"]
