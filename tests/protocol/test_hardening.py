"""Hostile bytes: each gives a ProtocolError, never another exception, a hang or a large allocation."""

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgpack
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inkwash.protocol import (
    FrameReader,
    Layer,
    Limits,
    ProtocolError,
    TooLarge,
    Truncated,
    encode,
)

GOOD = {"name": "a", "width": 2, "height": 2, "model": "GRAY", "bytes": 4}
MAP_OF_ONE, KEY = b"\x81", b"\xa1k"


def frame(header: bytes) -> bytes:
    return len(header).to_bytes(4, "big") + header


def frame_of(*layers: Any, **message: Any) -> bytes:
    return frame(msgpack.packb({**message, "layers": list(layers)}))


def allocated_by(data: bytes, limits: Limits | None = None) -> int:
    """Bytes at the highest point while `data` is read."""
    reader = FrameReader(limits)
    tracemalloc.start()
    try:
        reader.feed(data)
    except ProtocolError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


HUGE = Limits(layer_bytes=2**40, frame_bytes=2**40, pixels=2**40, header_bytes=2**32)
TEN_GIGABYTES = {**GOOD, "width": 50_000, "height": 50_000, "model": "RGBA", "bytes": 10**10}


@pytest.mark.parametrize("limits", [None, HUGE], ids=["default limits", "no limits"])
@pytest.mark.parametrize(
    "data",
    [
        frame_of(TEN_GIGABYTES),
        frame_of(*[TEN_GIGABYTES] * 60),
        frame_of(TEN_GIGABYTES) + bytes(1000),
        b"\xff\xff\xff\xff",
        b"\xff\xff\xff\xff\x81",
        b"\x00\xff\xff\xff\x81",
        frame(MAP_OF_ONE + KEY + b"\xdd\xff\xff\xff\xff" + bytes(1000)),
        frame(MAP_OF_ONE + KEY + b"\xdd\x00\x00\x03\xe8" * 150 + bytes(1000)),
        frame(MAP_OF_ONE + KEY + b"\xdf\x00\x00\x01\x00" * 150 + bytes(1000)),
        frame(MAP_OF_ONE + KEY + b"\xc6\xff\xff\xff\xff"),
    ],
    ids=[
        "a layer",
        "many layers",
        "a layer that begins",
        "a length",
        "a header that begins",
        "a header within the limit",
        "a list",
        "lists in lists",
        "maps in maps",
        "bytes",
    ],
)
def test_what_is_only_promised_takes_no_memory(data: bytes, limits: Limits | None) -> None:
    assert allocated_by(data, limits) < 2**20


def test_memory_follows_what_has_arrived() -> None:
    arrived = frame_of(TEN_GIGABYTES) + bytes(3 * 2**20)
    assert allocated_by(arrived, HUGE) < 10 * 2**20


def test_a_promise_of_the_transport_is_not_believed_beyond_it() -> None:
    reader = FrameReader(HUGE)
    reader.expect(2**20)
    tracemalloc.start()
    reader.feed(frame_of(TEN_GIGABYTES))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


@pytest.mark.parametrize(
    "inside",
    [
        b"\x91" * 100 + b"\x00",
        b"\x91" * 100_000 + b"\x00",
        b"\x81\xa1k" * 100_000 + b"\x00",
        b"\x91" * 2_000_000,
    ],
)
def test_lists_and_maps_inside_each_other_are_refused(inside: bytes) -> None:
    with pytest.raises(ProtocolError):
        FrameReader().feed(frame(MAP_OF_ONE + KEY + inside))


def test_a_header_of_millions_of_small_values_is_refused_cheaply() -> None:
    bomb = frame(MAP_OF_ONE + KEY + b"\xdd" + (8 * 2**20).to_bytes(4, "big") + b"\x90" * 8 * 2**20)
    with pytest.raises(TooLarge):
        FrameReader().feed(bomb)
    assert allocated_by(bomb) < 2.5 * len(bomb)


def test_a_header_that_is_almost_too_much_is_read() -> None:
    most = frame(MAP_OF_ONE + KEY + b"\xdc\xff\x00" + b"\x90" * 0xFF00)
    assert len(FrameReader().feed(most)[0].message["k"]) == 0xFF00


def test_a_damaged_frame_after_a_good_one_is_refused(refused: Callable[..., ProtocolError]) -> None:
    good = b"".join(encode({}, [Layer("a", 1, 1, data=b"1234")]))
    refused(good + frame(b"\xc1"))


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=200))
@example(b"\x00\x00\x00\x02\x81\xdf")
def test_any_bytes_are_a_frame_or_a_protocol_error(data: bytes) -> None:
    for sent in (data, frame(data), frame(MAP_OF_ONE + b"\xa6layers\x91" + data)):
        reader = FrameReader()
        try:
            reader.feed(sent)
            reader.finish()
        except ProtocolError:
            pass


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_good_frame_with_changed_bytes_is_a_frame_or_a_protocol_error(data: st.DataObject) -> None:
    layer = Layer("line", 4, 4, model="GRAY", depth="u16", icc=b"profile", data=bytes(32))
    sent = bytearray(b"".join(encode({"type": "job", "params": {"strength": 0.5, "list": [1, None]}}, [layer])))
    for _ in range(data.draw(st.integers(1, 4))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    reader = FrameReader()
    try:
        reader.feed(sent)
        reader.finish()
    except ProtocolError:
        pass


def test_a_stream_cut_anywhere_is_truncated() -> None:
    sent = b"".join(encode({"type": "job"}, [Layer("a", 2, 2, data=bytes(16))]))
    for end in range(1, len(sent)):
        reader = FrameReader()
        assert reader.feed(sent[:end]) == []
        with pytest.raises(Truncated):
            reader.finish()


@pytest.mark.skipif("MSGPACK_PUREPYTHON" in os.environ, reason="this is the run with the pure-Python msgpack")
def test_all_of_this_holds_with_the_msgpack_that_runs_inside_hosts() -> None:
    environment = {**os.environ, "MSGPACK_PUREPYTHON": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", os.path.dirname(__file__)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout[-5000:]


@pytest.mark.skipif("MSGPACK_PUREPYTHON" not in os.environ, reason="the run of the test above")
def test_the_pure_python_msgpack_is_the_one_in_use() -> None:
    assert msgpack.Packer.__module__ == "msgpack.fallback"
