"""What the tests of the wire share: a layer to send, and what it means that bytes are refused."""

from collections.abc import Callable

import pytest

from inkwash.protocol import FrameReader, Layer, Limits, ProtocolError


@pytest.fixture
def layer() -> Layer:
    return Layer("line", width=3, height=2, model="RGB", data=bytes(range(18)))


@pytest.fixture
def refused() -> Callable[..., ProtocolError]:
    return refuse


def feed_byte_by_byte(reader: FrameReader, data: bytes) -> None:
    for byte in data:
        reader.feed(bytes([byte]))


def refuse(data: bytes, limits: Limits | None = None) -> ProtocolError:
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
