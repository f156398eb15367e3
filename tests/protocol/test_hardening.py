"""Hostile bytes: each gives a ProtocolError, never another exception, a hang or a large allocation."""

import os
import subprocess
import sys
import time
import tracemalloc
from typing import Any

import msgpack
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inkwash.protocol import (
    BadFrame,
    BadLayer,
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


def feed_byte_by_byte(reader: FrameReader, data: bytes) -> None:
    for byte in data:
        reader.feed(bytes([byte]))


def refused(data: bytes, limits: Limits | None = None) -> ProtocolError:
    """The error that `data` gives, whether fed whole or byte by byte; the reader then stays in error."""
    with pytest.raises(ProtocolError) as at_once:
        FrameReader(limits).feed(data)
    reader = FrameReader(limits)
    with pytest.raises(ProtocolError) as slowly:
        feed_byte_by_byte(reader, data)
    assert str(at_once.value) == str(slowly.value)
    for use in (reader.buffer, reader.finish, lambda: reader.feed(b"\0"), lambda: reader.advance(1)):
        with pytest.raises(type(slowly.value)):
            use()
    assert slowly.value.code in ("bad_request", "too_large")
    assert slowly.value.message.endswith(".")
    assert slowly.value.hint
    return slowly.value


@pytest.mark.parametrize(
    "layer",
    [
        {**GOOD, "bytes": 3},
        {**GOOD, "bytes": 5},
        {**GOOD, "bytes": -4},
        {**GOOD, "bytes": 4.0},
        {**GOOD, "bytes": "4"},
        {**GOOD, "bytes": None},
        {**GOOD, "bytes": 2**64 - 1},
        {**GOOD, "width": 0, "bytes": 0},
        {**GOOD, "width": -2, "height": -2},
        {**GOOD, "width": 2.0},
        {**GOOD, "width": True, "bytes": 2},
        {**GOOD, "width": "2"},
        {**GOOD, "width": [2]},
        {**GOOD, "height": {}},
        {**GOOD, "height": float("nan")},
        {**GOOD, "height": float("inf")},
        {**GOOD, "width": 2**64 - 1},
        {**GOOD, "x": 2**40},
        {**GOOD, "y": 0.5},
        {**GOOD, "model": "CMYK"},
        {**GOOD, "model": []},
        {**GOOD, "order": "ARGB"},
        {**GOOD, "depth": "f64"},
        {**GOOD, "depth": {}},
        {**GOOD, "space": 1},
        {**GOOD, "icc": "text"},
        {**GOOD, "name": b"bytes"},
        {**GOOD, "name": 1},
        {**GOOD, "data": b"1234"},
        {**GOOD, "__class__": "Layer"},
        {key: GOOD[key] for key in GOOD if key != "name"},
        {key: GOOD[key] for key in GOOD if key != "width"},
        {key: GOOD[key] for key in GOOD if key != "height"},
        {key: GOOD[key] for key in GOOD if key != "bytes"},
        {},
        [],
        None,
        7,
        "layer",
    ],
    ids=str,
)
def test_an_impossible_layer_is_refused_before_its_pixels(layer: object) -> None:
    assert isinstance(refused(frame_of(layer)), BadLayer)


@pytest.mark.parametrize(
    ("header", "what"),
    [
        (b"", "without a message"),
        (b"\xc0", "no map"),
        (b"\x90", "no map"),
        (b"\x05", "no map"),
        (b"\xa5hello", "no map"),
        (b"\xc1", "unknown kind"),
        (b"\x81\xa1k\xc1", "unknown kind"),
        (b"\x81", "too early"),
        (b"\x81\xa1k", "too early"),
        (b"\x81\xa5k", "too early"),
        (b"\x81\xa1k\x92\x91\x01", "too early"),
        (b"\x81\xa1k\xcb\x00", "too early"),
        (b"\x81\xa1k\xd9", "too early"),
        (b"\x81\xa1k\xda\x00", "too early"),
        (b"\x81\xa1k\xc6\xff\xff\xff\xff", "too early"),
        (b"\x81\xa1k\xdb\xff\xff\xff\xffab", "too early"),
        (b"\x81\xa1k\xdd\xff\xff\xff\xff", "too early"),
        (b"\x81\xa1k\xdf\xff\xff\xff\xff", "too early"),
        (b"\x80\x80", "bytes long"),
        (b"\x82\xa1k\x01\xa1k\x02", "twice"),
        (b"\x81\xa1k\x82\xa1k\x01\xa1k\x02", "twice"),
        (b"\x81\x01\x02", "damaged"),
        (b"\x81\xc0\x02", "damaged"),
        (b"\x81\x90\x02", "damaged"),
        (b"\x81\xc4\x01k\x02", "no text"),
        (b"\x81\xa1\xff\x02", "damaged"),
        (b"\x81\xa1k\xa1\xff", "damaged"),
        (b"\x81\xa1k\xd4\x05\x00", "unknown kind"),
        (b"\x81\xa1k\xd6\xff\x00\x00\x00\x00", "unknown kind"),
        (b"\x81\xa1k\xc7\xff\x05", "unknown kind"),
        (b"\x81\xa1k\xc9\xff\xff\xff\xff\x05", "unknown kind"),
    ],
)
def test_a_header_that_is_no_message_is_refused(header: bytes, what: str) -> None:
    error = refused(frame(header))
    assert isinstance(error, BadFrame)
    assert what in error.message


@pytest.mark.parametrize("layers", [{}, "layers", 1, None, b"", 1.5])
def test_a_list_of_layers_that_is_no_list_is_refused(layers: object) -> None:
    assert isinstance(refused(frame(msgpack.packb({"layers": layers}))), BadFrame)


@pytest.mark.parametrize("length", [2**32 - 1, 2**31, 16 * 2**20 + 1])
def test_an_endless_header_is_refused_by_its_length(length: int) -> None:
    assert isinstance(refused(length.to_bytes(4, "big")), TooLarge)


def test_a_frame_beyond_any_limit_is_refused() -> None:
    ten = {**GOOD, "width": 10, "height": 10, "bytes": 100}
    assert isinstance(refused(frame_of(ten), Limits(pixels=99)), TooLarge)
    assert isinstance(refused(frame_of(ten), Limits(layer_bytes=99)), TooLarge)
    assert isinstance(refused(frame_of(ten, ten), Limits(frame_bytes=250)), TooLarge)
    assert isinstance(refused(frame_of(ten, ten), Limits(layers=1)), TooLarge)
    assert isinstance(refused(frame_of(ten), Limits(header_bytes=20)), TooLarge)


@pytest.mark.parametrize(
    "layer",
    [
        {**GOOD, "width": 2**31 - 1, "height": 2**31 - 1, "bytes": 2**62},
        {**GOOD, "width": 50_000, "height": 50_000, "model": "RGBA", "bytes": 10**10},
        {**GOOD, "width": 10**10, "height": 1, "bytes": 10**10},
    ],
)
def test_a_layer_of_ten_gigabytes_is_refused(layer: dict[str, Any]) -> None:
    assert isinstance(refused(frame_of(layer)), TooLarge | BadLayer)


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


def test_a_header_that_is_almost_too_much_is_read_in_no_time() -> None:
    most = frame(MAP_OF_ONE + KEY + b"\xdc\xff\x00" + b"\x90" * 0xFF00)
    start = time.process_time()
    assert len(FrameReader().feed(most)[0].message["k"]) == 0xFF00
    assert time.process_time() - start < 5


def test_a_damaged_frame_after_a_good_one_is_refused() -> None:
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
