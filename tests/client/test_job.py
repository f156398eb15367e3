"""A job's stream: what ends it, and how."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from aiohttp import web

from inkwash.client import ConnectionLost, JobFailed, Refused, connect
from inkwash.client.job import Job
from inkwash.protocol import BadFrame, Layer, encode

PROGRESS = {"type": "progress", "fraction": 0.5, "stage": "", "seconds_left": None}


@pytest.fixture
def job(server: Any, picture: Layer) -> Callable[..., Job]:
    """A job whose answer is what the test's function does."""

    def job(answer: Any, layers: list[Layer] | None = None) -> Job:
        server.jobs = answer
        return connect(start=False).run("any", {}, [picture] if layers is None else layers)

    return job


@pytest.fixture
def endless(server: Any) -> Any:
    """A job that never ends."""

    async def endless(request: web.Request) -> web.StreamResponse:
        await request.read()
        response = await server.stream(request, {"type": "accepted", "job": "1"}, PROGRESS)
        await asyncio.sleep(1000)
        return response  # type: ignore[no-any-return]

    return endless


def test_an_error_frame_fails_the_job(server: Any, job: Any) -> None:
    async def answer(request: web.Request) -> Any:
        error = {"type": "error", "code": "out_of_memory", "message": "Too little.", "hint": "Close something."}
        return await server.stream(request, {"type": "accepted", "job": "1"}, error)

    frames = job(answer)
    assert next(frames).message["type"] == "accepted"
    with pytest.raises(JobFailed) as failed:
        next(frames)
    error = failed.value
    assert (error.code, error.message, error.hint) == ("out_of_memory", "Too little.", "Close something.")
    assert list(frames) == []


def test_an_error_frame_without_words_fails_the_job(server: Any, job: Any) -> None:
    async def answer(request: web.Request) -> Any:
        return await server.stream(request, {"type": "error"})

    with pytest.raises(JobFailed) as failed:
        list(job(answer))
    assert failed.value.code == "internal"
    assert failed.value.message


@pytest.mark.parametrize("size", [10, 4000])
def test_a_refusal_before_the_upload_ends_is_still_heard(job: Any, size: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        body = {"code": "too_large", "message": "Too large.", "hint": "Make it smaller."}
        return web.json_response(body, status=413)

    large = Layer("picture", size, size, data=bytes(size * size * 4))
    with pytest.raises(Refused) as refused:
        list(job(answer, [large]))
    assert refused.value.code == "too_large"
    assert refused.value.hint == "Make it smaller."


def test_a_stream_without_a_result_is_a_lost_connection(server: Any, job: Any) -> None:
    async def answer(request: web.Request) -> Any:
        return await server.stream(request, PROGRESS)

    frames = job(answer)
    next(frames)
    with pytest.raises(ConnectionLost):
        next(frames)


def test_a_connection_that_breaks_is_lost(server: Any, job: Any) -> None:
    async def answer(request: web.Request) -> Any:
        response = await server.stream(request, PROGRESS)
        await response.write(encode({}, [Layer("a", 9, 9, data=bytes(324))])[0])
        assert request.transport is not None
        request.transport.abort()
        return response

    frames = job(answer)
    next(frames)
    with pytest.raises(ConnectionLost) as lost:
        next(frames)
    assert lost.value.hint


@pytest.mark.parametrize("body", [b"\xff\xff\xff\xff", b"\0\0\0\x01\xc1", b"<html>", b"", b"\0\0"])
def test_what_is_no_frame_is_a_lost_connection(job: Any, body: bytes) -> None:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=body)

    with pytest.raises(ConnectionLost):
        list(job(answer))


def test_leaving_a_job_cancels_it(server: Any, job: Any, endless: Any) -> None:
    with job(endless) as frames:
        next(frames)
    assert server.cancelled.wait(20)
    with pytest.raises(JobFailed) as failed:
        next(frames)
    assert failed.value.code == "cancelled"


def test_dropping_a_job_cancels_it(server: Any, job: Any, endless: Any) -> None:
    gc.disable()
    try:
        for _ in job(endless):
            break
        assert server.cancelled.wait(20)
    finally:
        gc.enable()


def test_another_thread_can_cancel_a_job_that_waits(server: Any, job: Any, endless: Any) -> None:
    frames = job(endless)
    next(frames), next(frames)
    timer = threading.Timer(0.2, frames.close)
    timer.start()
    with pytest.raises(JobFailed) as failed:
        next(frames)
    timer.join()
    assert failed.value.code == "cancelled"
    assert server.cancelled.wait(20)


def test_another_thread_can_cancel_a_job_that_is_being_sent(job: Any) -> None:
    arrived = threading.Event()

    async def never_reads(request: web.Request) -> Any:
        arrived.set()
        await asyncio.sleep(1000)

    frames = job(never_reads, [Layer("picture", 4000, 4000, data=bytes(64_000_000))])
    canceller = threading.Thread(target=lambda: (arrived.wait(20), frames.close()))
    canceller.start()
    with pytest.raises(JobFailed) as failed:
        next(frames)
    canceller.join()
    assert failed.value.code == "cancelled"


def test_another_thread_can_ask_for_what_there_is(server: Any, job: Any) -> None:
    asked = asyncio.Event()

    async def until_asked(request: web.Request) -> Any:
        await request.read()
        response = await server.stream(request, {"type": "accepted", "job": "a/7"}, PROGRESS)
        await asyncio.wait_for(asked.wait(), 20)
        await response.write(b"".join(encode({"type": "result"})))
        return response

    async def stop(request: web.Request) -> web.Response:
        asked.set()
        return web.json_response({"finishing": "a/7"})

    server.answers["/v1/jobs/a/7"] = stop
    frames = job(until_asked)
    next(frames), next(frames)
    asking = threading.Thread(target=frames.keep)
    asking.start()
    assert next(frames).message == {"type": "result"}
    asking.join()
    (request,) = (request for request in server.seen if request.method == "DELETE")
    assert request.raw_path == "/v1/jobs/a%2F7?keep=1"


@pytest.mark.parametrize(("code", "is_told"), [("unknown_job", False), ("bad_request", True)])
def test_to_ask_a_job_that_has_ended_is_no_error(server: Any, picture: Layer, code: str, is_told: bool) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.json_response({"code": code, "message": "No.", "hint": ""}, status=400)

    server.answers["/v1/jobs/1"] = refuse
    frames = connect(start=False).run("any", {}, [picture])
    list(frames)
    with pytest.raises(Refused) if is_told else nullcontext():
        frames.keep()


def test_a_job_that_was_left_before_it_began_is_never_sent(server: Any, job: Any, endless: Any) -> None:
    frames = job(endless)
    frames.close()
    frames.close()
    with pytest.raises(JobFailed):
        next(frames)
    assert [request.path for request in server.seen] == ["/v1/status"]


def test_a_job_may_be_closed_after_its_result(server: Any, picture: Layer) -> None:
    with connect(start=False).run("any", {}, [picture]) as frames:
        assert len(list(frames)) == 3
    assert list(frames) == []


def test_a_job_that_cannot_be_sent_is_refused_at_once(server: Any, picture: Layer) -> None:
    with pytest.raises(BadFrame):
        connect(start=False).run("any", {"strength": object()}, [picture])


def test_a_large_layer_crosses_unharmed(server: Any) -> None:
    data = bytes(range(256)) * (2048 * 2048 * 4 // 256)
    layer = Layer("picture", 2048, 2048, data=data)
    for transport in ("unix", "tcp"):
        (*_, result) = connect(start=False, transport=transport).run("any", {}, [layer, layer])
        assert result.layers == [layer, layer]
