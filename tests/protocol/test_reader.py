"""Frames coming in: whatever was sent arrives, however it was cut."""

import sys
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkwash.protocol import Frame, FrameReader, Layer, Truncated, encode
from inkwash.protocol.layer import CHANNELS, ORDERS, SAMPLE_BYTES, SPACES

POSITION = st.integers(-(2**31) + 1, 2**31 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=12,
)
MESSAGES = st.dictionaries(st.text().filter(lambda key: key != "layers"), VALUES, max_size=4)


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    width, height = draw(st.integers(1, 33)), draw(st.integers(1, 33))
    model, depth = draw(st.sampled_from(sorted(CHANNELS))), draw(st.sampled_from(sorted(SAMPLE_BYTES)))
    size = width * height * CHANNELS[model] * SAMPLE_BYTES[depth]
    pattern = draw(st.binary(min_size=1, max_size=16))
    return Layer(
        draw(st.text(max_size=20)),
        width,
        height,
        x=draw(POSITION),
        y=draw(POSITION),
        model=model,
        order=draw(st.sampled_from(ORDERS)),
        depth=depth,
        space=draw(st.sampled_from(SPACES)),
        icc=draw(st.none() | st.binary(max_size=300)),
        data=(pattern * size)[:size],
    )


FRAMES = st.lists(st.builds(Frame, MESSAGES, st.lists(layers(), max_size=3)), min_size=1, max_size=3)


def wire(frames: Iterable[Frame]) -> bytes:
    return b"".join(bytes(piece) for frame in frames for piece in encode(frame.message, frame.layers))


def received(reader: FrameReader, data: bytes, step: int) -> list[Frame]:
    """Frames from a transport that writes at most `step` bytes at a time into the reader's buffer."""
    frames = []
    while data:
        room = reader.buffer()
        count = min(step, len(room), len(data))
        room[:count] = data[:count]
        data = data[count:]
        frame = reader.advance(count)
        if frame is not None:
            frames.append(frame)
    return frames


@settings(max_examples=150, deadline=None)
@given(FRAMES, st.data())
def test_any_frames_survive_in_any_pieces(frames: list[Frame], data: st.DataObject) -> None:
    sent = wire(frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=8)))
    reader, got = FrameReader(), []
    for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
        got += reader.feed(sent[start:end])
    reader.finish()
    assert got == frames


@settings(max_examples=50, deadline=None)
@given(FRAMES, st.integers(1, 5000), st.booleans())
def test_any_frames_survive_being_read_into_the_buffer(frames: list[Frame], step: int, promise: bool) -> None:
    sent = wire(frames)
    reader = FrameReader()
    if promise:
        reader.expect(len(sent))
    assert received(reader, sent, step) == frames
    reader.finish()


@pytest.mark.parametrize("promise", [False, True])
@pytest.mark.parametrize(("width", "height"), [(1024, 1024), (1237, 811), (1, 70_001), (262_145, 1)])
def test_large_layers_survive_growing(width: int, height: int, promise: bool) -> None:
    size = width * height * 4
    layer = Layer("a", width, height, data=(bytes(range(251)) * (size // 251 + 1))[:size])
    sent, reader = wire([Frame({}, [layer])] * 2), FrameReader()
    if promise:
        reader.expect(len(sent))
    assert received(reader, sent, 300_001) == [Frame({}, [layer])] * 2


def test_pixels_arrive_in_memory_that_can_be_written_to(layer: Layer) -> None:
    (frame,) = FrameReader().feed(wire([Frame({}, [layer])]))
    assert type(frame.layers[0].data) is bytearray


def test_a_kept_view_of_the_buffer_does_not_stop_it_from_growing() -> None:
    layer = Layer("a", 600, 600, data=bytes(600 * 600 * 4))
    sent, reader, kept = wire([Frame({}, [layer])]), FrameReader(), []
    while sent:
        room = reader.buffer()
        kept.append(room)
        count = min(len(room), 100_000, len(sent))
        room[:count] = sent[:count]
        sent = sent[count:]
        frame = reader.advance(count)
    assert frame == Frame({}, [layer])


def test_frames_hold_no_more_memory_than_their_pixels() -> None:
    layer = Layer("a", 700, 700, data=bytes(700 * 700 * 4))
    (frame,) = FrameReader().feed(wire([Frame({}, [layer])]))
    assert sys.getsizeof(frame.layers[0].data) < 1.2 * layer.size


def test_a_message_without_layers_needs_no_list_of_them() -> None:
    assert FrameReader().feed(b"\0\0\0\x01\x80") == [Frame({}, [])]


@settings(max_examples=50, deadline=None)
@given(FRAMES, st.data())
def test_a_stream_that_ends_early_is_truncated(frames: list[Frame], data: st.DataObject) -> None:
    sent = wire(frames[:1])
    end = data.draw(st.integers(1, len(sent) - 1))
    reader = FrameReader()
    assert reader.feed(sent[:end]) == []
    with pytest.raises(Truncated):
        reader.finish()


def test_a_stream_may_end_before_it_began() -> None:
    FrameReader().finish()


@pytest.mark.parametrize("count", [-1, 5])
def test_a_transport_cannot_have_read_more_than_there_is_room_for(count: int) -> None:
    with pytest.raises(ValueError, match="cannot advance"):
        FrameReader().advance(count)


def test_nothing_arrived_changes_nothing() -> None:
    reader = FrameReader()
    assert reader.advance(0) is None
    reader.finish()
    assert len(reader.buffer()) == 4


def test_not_a_number_survives() -> None:
    (frame,) = FrameReader().feed(wire([Frame({"a": float("nan")})]))
    value: Any = frame.message["a"]
    assert value != value
