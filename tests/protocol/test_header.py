"""Headers coming in: nothing impossible gets past them, and it is refused before any pixel."""

from collections.abc import Callable
from typing import Any

import msgpack
import pytest

from inkwash.protocol import BadFrame, BadLayer, Limits, ProtocolError, TooLarge

Refused = Callable[..., ProtocolError]
GOOD = {"name": "a", "width": 2, "height": 2, "model": "GRAY", "bytes": 4}


def frame(header: bytes) -> bytes:
    return len(header).to_bytes(4, "big") + header


def frame_of(*layers: Any) -> bytes:
    return frame(msgpack.packb({"layers": list(layers)}))


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
def test_an_impossible_layer_is_refused_before_its_pixels(layer: object, refused: Refused) -> None:
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
def test_a_header_that_is_no_message_is_refused(header: bytes, what: str, refused: Refused) -> None:
    error = refused(frame(header))
    assert isinstance(error, BadFrame)
    assert what in error.message


@pytest.mark.parametrize("layers", [{}, "layers", 1, None, b"", 1.5])
def test_a_list_of_layers_that_is_no_list_is_refused(layers: object, refused: Refused) -> None:
    assert isinstance(refused(frame(msgpack.packb({"layers": layers}))), BadFrame)


@pytest.mark.parametrize("length", [2**32 - 1, 2**31, 16 * 2**20 + 1])
def test_an_endless_header_is_refused_by_its_length(length: int, refused: Refused) -> None:
    assert isinstance(refused(length.to_bytes(4, "big")), TooLarge)


def test_a_frame_beyond_any_limit_is_refused(refused: Refused) -> None:
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
def test_a_layer_of_ten_gigabytes_is_refused(layer: dict[str, Any], refused: Refused) -> None:
    assert isinstance(refused(frame_of(layer)), TooLarge | BadLayer)
