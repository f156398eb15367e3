"""Frames going out."""

import struct

import msgpack
import pytest

from inkwash.protocol import BadFrame, Layer, encode


def test_a_frame_is_a_length_a_map_and_the_pixels(layer: Layer) -> None:
    header, pixels = encode({"type": "preview"}, [layer])
    (length,) = struct.unpack(">I", header[:4])
    assert length == len(header) - 4
    assert bytes(pixels) == layer.data
    assert msgpack.unpackb(header[4:]) == {
        "type": "preview",
        "layers": [
            {
                "name": "line",
                "width": 3,
                "height": 2,
                "x": 0,
                "y": 0,
                "model": "RGB",
                "order": "RGBA",
                "depth": "u8",
                "space": "srgb",
                "bytes": 18,
            }
        ],
    }


def test_pixels_are_not_copied(layer: Layer) -> None:
    pixels = encode({}, [layer])[1]
    assert isinstance(pixels, memoryview)
    assert pixels.obj is layer.data


def test_a_message_is_not_changed_by_sending_it(layer: Layer) -> None:
    message = {"type": "preview"}
    encode(message, [layer])
    assert message == {"type": "preview"}


DEEP: list[object] = []
for _ in range(2000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, 2**64, "\ud800", DEEP, 1j],
    ids=["object", "set", "int", "surrogate", "deep", "complex"],
)
def test_what_has_no_place_on_the_wire_is_refused(value: object) -> None:
    with pytest.raises(BadFrame):
        encode({"value": value})


def test_a_message_cannot_bring_its_own_layers() -> None:
    with pytest.raises(BadFrame, match="layers"):
        encode({"layers": []})
