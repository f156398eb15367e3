"""The queue by itself: who is next, who is replaced, what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from inkwash.daemon.errors import BadRequest, Busy, NoSuchJob
from inkwash.daemon.work.feed import Feed
from inkwash.daemon.work.jobs import Job, Queue
from inkwash.models.filters import find

Make = Callable[..., Job]


@pytest.fixture
async def make(invert: None, make_picture: Any) -> Make:
    feed = Feed(asyncio.get_running_loop())

    def make(priority: str = "user", document: str = "a", filter: str = "invert") -> Job:
        return Job(find(filter), {}, [make_picture()], document, priority, feed)

    return make


async def ending(job: Job) -> dict[str, Any]:
    *_, (message, _) = await job.feed.take(20)
    return message


async def test_live_goes_before_user_and_user_before_batch(make: Make) -> None:
    queue = Queue(9)
    jobs = {priority: make(priority) for priority in ("batch", "user", "live")}
    for job in jobs.values():
        queue.put(job)
    assert queue.jobs() == [jobs["live"], jobs["user"], jobs["batch"]]
    assert [queue.take(), queue.take(), queue.take()] == [jobs["live"], jobs["user"], jobs["batch"]]


async def test_equals_go_in_the_order_of_their_coming(make: Make) -> None:
    queue = Queue(9)
    first, second = make(), make()
    queue.put(first)
    queue.put(second)
    assert queue.take() is first


async def test_only_a_more_urgent_job_overtakes(make: Make) -> None:
    queue = Queue(9)
    running, equal, live = make("user"), make("user"), make("live")
    queue.put(running)
    assert queue.take() is running
    queue.put(equal)
    assert queue.take_over(running) is None
    queue.put(live)
    assert queue.take_over(running) is live


async def test_a_newer_live_job_replaces_a_waiting_one_and_frees_its_memory(make: Make) -> None:
    queue = Queue(1)
    old, new = make("live"), make("live")
    queue.put(old)
    queue.put(new)
    assert queue.jobs() == [new]
    assert (await ending(old))["code"] == "cancelled"
    assert old.layers == []


@pytest.mark.parametrize(("priority", "document"), [("user", "a"), ("live", "b")])
async def test_only_live_jobs_of_one_document_replace_each_other(make: Make, priority: str, document: str) -> None:
    queue = Queue(9)
    queue.put(make("live"))
    queue.put(make(priority, document))
    assert len(queue.jobs()) == 2


async def test_a_newer_live_job_tells_a_running_one_to_stop(make: Make) -> None:
    queue = Queue(9)
    old = make("live")
    queue.put(old)
    queue.take()
    queue.put(make("live"))
    assert old.cancelled is not None


async def test_a_full_queue_is_busy(make: Make) -> None:
    queue = Queue(2)
    queue.put(make())
    with queue.upload(), pytest.raises(Busy):
        queue.put(make())
    queue.put(make())
    with pytest.raises(Busy), queue.upload():
        pass


async def test_a_cancelled_waiting_job_ends_at_once(make: Make) -> None:
    queue = Queue(9)
    job = make()
    queue.put(job)
    queue.cancel(job.id)
    assert queue.jobs() == []
    assert (await ending(job))["code"] == "cancelled"
    with pytest.raises(NoSuchJob):
        queue.cancel(job.id)


async def test_only_a_running_job_that_has_something_can_be_asked_for_it(make: Make, gate: Any) -> None:
    queue = Queue(9)
    stoppable, other = make(filter="stepper"), make()
    queue.put(stoppable)
    with pytest.raises(NoSuchJob):
        queue.finish(stoppable.id)
    queue.take()
    queue.finish(stoppable.id)
    assert stoppable.enough
    queue.put(other)
    queue.take()
    with pytest.raises(BadRequest):
        queue.finish(other.id)
    assert not other.enough


async def test_a_closed_queue_drops_what_waits_and_takes_no_more(make: Make) -> None:
    queue = Queue(9)
    running, waiting = make(), make()
    queue.put(running)
    queue.take()
    queue.put(waiting)
    queue.close()
    assert queue.jobs() == [running]
    assert running.cancelled is None
    assert (await ending(waiting))["code"] == "cancelled"
    with pytest.raises(Busy):
        queue.put(make())
    assert queue.take() is None


async def test_it_is_idle_only_without_jobs_and_uploads(make: Make) -> None:
    queue = Queue(9)
    assert queue.idle_seconds() > 0
    with queue.upload():
        assert queue.idle_seconds() == 0
    job = make()
    queue.put(job)
    assert queue.idle_seconds() == 0
    queue.take()
    assert queue.idle_seconds() == 0
    queue.done(job)
    assert queue.idle_seconds() > 0


async def test_an_unread_event_is_replaced_by_a_newer_one_of_its_type() -> None:
    feed = Feed(asyncio.get_running_loop())
    for event in ({"type": "progress", "n": 1}, {"type": "progress", "n": 2}, {"type": "result"}):
        feed.put(event)
    await asyncio.sleep(0)
    assert [message for message, _ in await feed.take(20)] == [{"type": "progress", "n": 2}, {"type": "result"}]


async def test_who_waits_is_told_what_for_and_when_that_changes(make: Make) -> None:
    queue = Queue(9)
    jobs = [make() for _ in range(3)]
    for job in jobs:
        job.feed = Feed(asyncio.get_running_loop())
        queue.put(job)
    assert queue.take() is jobs[0]
    assert (jobs[0].ahead, jobs[0].stage) == (0, "getting ready")
    [(told, _)] = await jobs[1].feed.take(20)
    assert (told["type"], told["ahead"], told["stage"]) == ("progress", 1, "waiting for Invert to end")
    assert (jobs[2].ahead, jobs[2].stage) == (2, "waiting for 2 other jobs to end")
    assert jobs[2].describe()["ahead"] == 2
    queue.put(urgent := make("live"))
    assert (urgent.ahead, jobs[1].ahead, jobs[2].ahead) == (1, 2, 3)
    queue.cancel(urgent.id)
    assert (jobs[1].ahead, jobs[2].ahead) == (1, 2)
    queue.done(jobs[0])
    assert (jobs[1].ahead, jobs[2].ahead) == (0, 1)
    assert queue.take() is jobs[1]
    [(told, _)] = await jobs[1].feed.take(20)
    assert (told["ahead"], told["stage"]) == (0, "getting ready")
    assert jobs[2].stage == "waiting for Invert to end"


async def test_a_feed_without_news_gives_nothing_after_a_while(make: Make) -> None:
    assert await make().feed.take(0.01) == []
