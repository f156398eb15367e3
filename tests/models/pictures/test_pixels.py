import io
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageCms

from inkwash.models.pictures.pixels import DTYPES, WHITES, to_layer, to_tensor
from inkwash.protocol import Layer

CHANNELS = {"GRAY": 1, "GRAYA": 2, "RGB": 3, "RGBA": 4}


def _layer(array: np.ndarray, **head: Any) -> Layer:
    """A layer of an (H, W, C) array."""
    height, width, channels = array.shape
    model = {1: "GRAY", 2: "GRAYA", 3: "RGB", 4: "RGBA"}[channels]
    depth = next(name for name, dtype in DTYPES.items() if dtype == array.dtype)
    return Layer("x", width, height, model=model, depth=depth, data=array.tobytes(), **head)


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    depth, model = draw(st.sampled_from(list(DTYPES))), draw(st.sampled_from(list(CHANNELS)))
    shape = (draw(st.integers(1, 9)), draw(st.integers(1, 9)), CHANNELS[model])
    values = np.random.default_rng(draw(st.integers(0, 2**32))).random(shape)
    whole = depth in ("u8", "u16")
    samples = (values * WHITES[depth]).round() if whole else values
    space = draw(st.sampled_from(["srgb", "linear"]))
    order = draw(st.sampled_from(["RGBA", "BGRA"]))
    place = {"x": draw(st.integers(-9, 9)), "y": draw(st.integers(-9, 9))}
    return _layer(samples.astype(DTYPES[depth]), space=space, order=order, **place)


@settings(max_examples=200, deadline=None)
@given(layers())
def test_a_layer_that_no_filter_changed_comes_back_as_it_was(layer: Layer) -> None:
    kind = {"GRAY": "gray", "GRAYA": "rgba", "RGB": "rgb", "RGBA": "rgba"}[layer.model]
    tensor = to_tensor(layer, kind, layer)  # type: ignore[arg-type]
    assert to_layer(tensor, "y", layer, model=layer.model, source=layer).data == layer.data
    back = to_layer(tensor, "y", layer, model=layer.model)
    assert (back.x, back.y, back.model, back.depth, back.order) == (
        layer.x, layer.y, layer.model, layer.depth, layer.order,
    )  # fmt: skip
    before, after = (np.frombuffer(x.data, DTYPES[layer.depth]).astype(np.float64) for x in (layer, back))
    tolerance = {"u8": 0, "u16": 1, "f16": 2e-3, "f32": 1e-5}[layer.depth]
    assert np.abs(before - after).max() <= tolerance


def test_orders_differ_in_red_and_blue_alone() -> None:
    pixel = np.array([[[10, 20, 30, 40]]], np.uint8)
    rgba = to_tensor(_layer(pixel), "rgba", _layer(pixel))
    bgra = to_tensor(_layer(pixel, order="BGRA"), "rgba", _layer(pixel))
    assert torch.equal(rgba[:, [2, 1, 0, 3]], bgra)


def test_transparent_lines_arrive_on_white_paper() -> None:
    pixels = np.array([[[0, 0, 0, 0], [0, 0, 0, 128], [0, 0, 0, 255]]], np.uint8)
    grey = to_tensor(_layer(pixels), "gray", _layer(pixels))
    assert torch.allclose(grey.flatten(), torch.tensor([1.0, 1 - 128 / 255, 0.0]), atol=1e-6)


def test_a_layer_is_cut_and_padded_to_the_canvas() -> None:
    canvas = _layer(np.zeros((4, 5, 1), np.uint8), x=10, y=20)
    hint = _layer(np.full((3, 3, 4), 255, np.uint8), x=13, y=19)
    rgba = to_tensor(hint, "rgba", canvas)
    assert rgba.shape == (1, 4, 4, 5)
    assert rgba[0, 3].sum() == 4  # two columns, two rows
    assert (rgba[0, :, :2, 3:] == 1).all()


def test_a_layer_off_the_canvas_is_empty() -> None:
    canvas = _layer(np.zeros((4, 5, 1), np.uint8))
    for place in ({"x": 100}, {"y": 100}, {"x": -50}, {"y": -50}):
        assert to_tensor(_layer(np.full((3, 3, 4), 255, np.uint8), **place), "rgba", canvas).sum() == 0


def test_linear_grey_is_lighter_in_srgb() -> None:
    half = np.full((1, 1, 3), 0.2140411, np.float32)
    value = to_tensor(_layer(half, space="linear"), "rgb", _layer(half))
    assert torch.allclose(value, torch.tensor(0.5), atol=1e-4)


def test_numbers_that_are_none_become_black() -> None:
    strange = np.array([[[np.nan, np.inf, -5.0]]], np.float32)
    assert to_tensor(_layer(strange), "rgb", _layer(strange)).sum() == 0


def _profile(red_x: float = 0.64) -> bytes:
    """An sRGB-like profile whose description does not say sRGB."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    return profile.tobytes()


def test_a_broken_profile_is_taken_as_srgb() -> None:
    pixel = np.array([[[10, 200, 30]]], np.uint8)
    plain = to_tensor(_layer(pixel), "rgb", _layer(pixel))
    broken = to_tensor(_layer(pixel, icc=b"not a profile"), "rgb", _layer(pixel))
    assert torch.equal(plain, broken)


def test_an_srgb_profile_changes_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pixel = np.array([[[10, 200, 30]]], np.uint8)
    assert torch.equal(
        to_tensor(_layer(pixel, icc=srgb), "rgb", _layer(pixel)), to_tensor(_layer(pixel), "rgb", _layer(pixel))
    )


def test_a_foreign_profile_is_converted_and_back() -> None:
    wide = _wide_gamut()
    pixels = np.random.default_rng(0).integers(40, 200, (6, 6, 3)).astype(np.uint8)
    layer = _layer(pixels, icc=wide)
    tensor = to_tensor(layer, "rgb", layer)
    assert (tensor - to_tensor(_layer(pixels), "rgb", layer)).abs().max() > 0.02
    back = to_layer(tensor, "y", layer)
    assert back.icc == wide
    grey = tensor.mean(1).flatten().argsort()  # colours out of sRGB's gamut are cut; greys are not
    assert len(grey) == 36


def test_a_grey_result_of_a_coloured_layer_drops_the_profile() -> None:
    like = _layer(np.zeros((1, 1, 3), np.uint8), icc=_wide_gamut())
    assert to_layer(torch.zeros(1, 1, 2, 2), "y", like).icc is None
    assert to_layer(torch.zeros(1, 4, 2, 2), "y", like).icc == like.icc


def _wide_gamut() -> bytes:
    """A matrix profile with gamma 1.8, made from Pillow's sRGB profile by changing its curves."""
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    stream = io.BytesIO(bytes(srgb))
    stream.seek(0)
    text = "sRGB".encode("utf-16-be")
    other = bytes(srgb).replace(text, "wide".encode("utf-16-be")).replace(b"sRGB built-in", b"wide built-in")
    # The parametric curves of type 3 start with their exponent, 2.4 as s15Fixed16.
    return other.replace(bytes.fromhex("00026666"), bytes.fromhex("0001cccd"))


@pytest.mark.parametrize("depth", ["u8", "u16", "f16", "f32"])
def test_results_are_clamped_to_what_the_depth_can_hold(depth: str) -> None:
    like = _layer(np.zeros((1, 1, 3), DTYPES[depth]))
    layer = to_layer(torch.tensor([-1.0, 0.5, 2.0]).view(1, 3, 1, 1), "y", like)
    values = np.frombuffer(layer.data, DTYPES[depth]) / WHITES[depth]
    assert values[0] == 0
    assert values[2] == 1


def test_rows_that_a_filter_left_alone_keep_what_a_tensor_cannot_hold() -> None:
    bright = np.random.default_rng(0).uniform(-1, 4, (300, 5, 4)).astype(np.float32)
    layer = _layer(bright, space="linear")
    tensor = to_tensor(layer, "rgba", layer)
    tensor[0, :, 10] = 0.5
    back = np.frombuffer(to_layer(tensor, "y", layer, source=layer).data, np.float32).reshape(bright.shape)
    assert (back[128:] == bright[128:]).all()
    assert back[:128].max() <= 1


def test_a_layer_s_opacity_thins_it() -> None:
    pixels = np.array([[[0, 0, 0, 255], [0, 0, 0, 128]]], np.uint8)
    alpha = to_tensor(_layer(pixels, opacity=0.5), "rgba", _layer(pixels))[0, 3].flatten()
    assert torch.allclose(alpha, torch.tensor([0.5, 64 / 255]), atol=1e-6)
    opaque = to_tensor(_layer(pixels[..., :3].copy(), opacity=0.25), "gray", _layer(pixels))
    assert torch.allclose(opaque, torch.tensor(0.75))


def test_a_mask_is_nothing_beyond_its_layer() -> None:
    canvas = _layer(np.zeros((2, 3, 4), np.uint8))
    mask = to_tensor(_layer(np.full((1, 1, 1), 51, np.uint8), x=1), "mask", canvas)
    assert torch.allclose(mask, torch.tensor([[[[0, 0.2, 0], [0, 0, 0]]]]))


@pytest.mark.parametrize(("channels", "model"), [(1, "GRAYA"), (3, "RGBA"), (4, "RGBA")])
def test_a_mask_limits_what_comes_back(channels: int, model: str) -> None:
    like = _layer(np.zeros((2, 2, 4), np.uint8))
    mask = torch.tensor([[[[0.0, 0.5], [1.0, 0.0]]]])
    layer = to_layer(torch.ones(1, channels, 2, 2), "y", like, mask=mask)
    assert layer.model == model
    assert bytes(layer.memory())[layer.channels - 1 :: layer.channels] == bytes([0, 128, 255, 0])


@pytest.mark.parametrize("model", list(CHANNELS))
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_host_gets_the_model_that_it_wants(channels: int, model: str) -> None:
    like = _layer(np.zeros((1, 1, 4), np.uint16), order="BGRA")
    tensor = torch.tensor([1.0, 0.0, 0.0, 0.5])[:channels].view(1, -1, 1, 1)
    layer = to_layer(tensor, "y", like, model=model)
    grey = 65535 if channels == 1 else round(0.299 * 65535)
    colour = (65535,) * 3 if channels == 1 else (0, 0, 65535)
    wanted = (grey,) if model.startswith("GRAY") else colour
    alpha = ((32768 if channels == 4 else 65535),) if model.endswith("A") else ()
    assert tuple(np.frombuffer(layer.data, np.uint16)) == wanted + alpha


@settings(max_examples=200, deadline=None)
@given(layers(), st.sampled_from([1, 3, 4]), st.sampled_from(list(CHANNELS)))
def test_a_result_in_bytes_comes_back_as_the_same_in_float(like: Layer, channels: int, model: str) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (like.height, like.width, channels), np.uint8)
    whole = torch.from_numpy(picture).permute(2, 0, 1)[None]
    assert to_layer(whole, "y", like, model=model) == to_layer(whole / 255, "y", like, model=model)


@settings(max_examples=200, deadline=None)
@given(layers(), layers(), st.sampled_from(["gray", "rgb", "rgba", "mask"]))
def test_a_layer_arrives_in_bytes_as_it_does_in_float(layer: Layer, canvas: Layer, kind: Any) -> None:
    whole, fine = to_tensor(layer, kind, canvas, in_bytes=True), to_tensor(layer, kind, canvas)
    assert whole.dtype == torch.uint8
    assert torch.equal(whole, (fine * 255).round().byte())
