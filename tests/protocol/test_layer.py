"""Layers: what is accepted, and that nothing impossible is."""

import dataclasses

import numpy as np
import pytest

from inkwash.protocol import BadLayer, Layer


@pytest.mark.parametrize(
    ("model", "depth", "size"),
    [("GRAY", "u8", 6), ("RGB", "u16", 36), ("RGBA", "f16", 48), ("RGBA", "f32", 96)],
)
def test_a_layer_knows_its_size(model: str, depth: str, size: int) -> None:
    assert Layer("a", 3, 2, model=model, depth=depth, data=bytes(size)).size == size


@pytest.mark.parametrize("difference", [-1, 1])
def test_pixels_that_do_not_fit_are_refused(difference: int) -> None:
    with pytest.raises(BadLayer, match="needs 24 bytes"):
        Layer("a", 3, 2, data=bytes(24 + difference))


def test_a_layer_without_pixels_is_refused() -> None:
    with pytest.raises(BadLayer):
        Layer("a", 3, 2)


@pytest.mark.parametrize("value", [0, -1, 2**31, 10**30, 1.0, True, "1", None, [1], b"1"])
@pytest.mark.parametrize("field", ["width", "height"])
def test_sides_are_whole_numbers_from_one(field: str, value: object, layer: Layer) -> None:
    with pytest.raises(BadLayer, match=field):
        dataclasses.replace(layer, **{field: value})


@pytest.mark.parametrize("value", [2**31, -(2**31), 0.0, False, "0", None])
@pytest.mark.parametrize("field", ["x", "y"])
def test_places_are_whole_numbers(field: str, value: object, layer: Layer) -> None:
    with pytest.raises(BadLayer, match=field):
        dataclasses.replace(layer, **{field: value})


@pytest.mark.parametrize("value", ["", "CMYK", "rgba", None, 3, ["RGB"]])
@pytest.mark.parametrize("field", ["model", "order", "depth", "space"])
def test_unknown_kinds_of_pixels_are_refused(field: str, value: object, layer: Layer) -> None:
    with pytest.raises(BadLayer, match=field):
        dataclasses.replace(layer, **{field: value})


@pytest.mark.parametrize("value", [None, 1, b"line"])
def test_a_name_is_text(value: object, layer: Layer) -> None:
    with pytest.raises(BadLayer, match="name"):
        dataclasses.replace(layer, name=value)


@pytest.mark.parametrize("value", ["sRGB", 1, bytearray(b"icc")])
def test_a_profile_is_bytes(value: object, layer: Layer) -> None:
    with pytest.raises(BadLayer, match="profile"):
        dataclasses.replace(layer, icc=value)


@pytest.mark.parametrize("value", [-0.1, 1.1, "1", None, True, float("nan")])
def test_opacity_is_from_0_to_1(value: object, layer: Layer) -> None:
    with pytest.raises(BadLayer, match="opacity"):
        dataclasses.replace(layer, opacity=value)


def test_memory_is_the_pixels_themselves() -> None:
    data = bytearray(24)
    layer = Layer("a", 3, 2, data=data)
    data[5] = 7
    assert layer.memory()[5] == 7
    assert layer.memory().obj is data


def test_an_array_of_floats_can_be_the_pixels() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    layer = Layer("a", 3, 2, model="GRAY", depth="f32", data=memoryview(array))
    assert bytes(layer.memory()) == array.tobytes()


@pytest.mark.parametrize("data", [memoryview(bytes(48))[::2], "x" * 24, None, [0] * 24, memoryview(bytes(24))[::-1]])
def test_pixels_with_gaps_or_that_are_no_bytes_are_refused(data: object) -> None:
    with pytest.raises(BadLayer, match="without gaps"):
        Layer("a", 3, 2, data=data)  # type: ignore[arg-type]
