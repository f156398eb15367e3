"""Pixels out of GIMP and back: nothing is lost that the image can hold, and what goes out is what the artist sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from gimp_session import FORMATS, PROFILED, GimpSession

pytestmark = pytest.mark.hosts

Result = Callable[[str], dict[str, Any]]
DTYPES = {"u8": "u1", "u16": "<u2", "u32": "<u4", "half": "<f2", "float": "<f4", "double": "<f8"}
# 32-bit integers and doubles travel as floats; grey in linear light goes through sRGB and back inside the filter.
AS_FLOATS = {"u32": 2**32 * 2.0**-24, "double": 3 * 2.0**-24}
THROUGH_SRGB = {"u32": 2**32 * 1e-6, "double": 1e-6, "float": 1e-6, "half": 1e-3}
WIDTH, HEIGHT = 48, 32


def values(session: GimpSession, name: str, depth: str) -> npt.NDArray[Any]:
    return np.frombuffer(session.pixels(name), DTYPES[depth])


def is_exact(kind: str, nick: str) -> bool:
    """Whether every bit must come back."""
    depth, curve = nick.split("-", 1)
    return depth not in ("u32", "double") and (kind == "rgba" or curve != "linear" or depth in ("u8", "u16"))


@pytest.mark.parametrize(("kind", "nick"), FORMATS)
def test_an_untouched_picture_comes_back_as_it_was(session: GimpSession, result: Result, kind: str, nick: str) -> None:
    found = result(f"identity:{kind}:{nick}")
    assert found["status"] == "success"
    assert found["kept"], "the image's precision was changed"
    assert session.pixels(found["untouched"]) == session.pixels(found["before"])
    depth = nick.split("-")[0]
    before, after = (values(session, found[key], depth) for key in ("before", "after"))
    if kind == "gray":  # what came has alpha
        after = np.ascontiguousarray(after[::2])
    if kind == "graya":  # the filter asks for grey without alpha, which is seen on white
        assert after.size == before.size
        assert (after[1::2] == after.max()).all()
    elif kind == "rgb":  # the filter gives alpha back
        assert (after.reshape(-1, 4)[:, :3] == before.reshape(-1, 3)).all()
    elif is_exact(kind, nick):
        assert after.tobytes() == before.tobytes()
    else:
        tolerances = AS_FLOATS if kind == "rgba" else THROUGH_SRGB
        assert np.abs(after.astype(float) - before).max() <= tolerances[depth]


@pytest.mark.parametrize("nick", PROFILED)
def test_a_wide_gamut_survives_and_colours_are_put_into_it(session: GimpSession, result: Result, nick: str) -> None:
    found = result(f"profile:{nick}")
    assert session.pixels(found["after"]) == session.pixels(found["before"])
    assert found["profile"] == "Compatible with Adobe RGB (1998)"
    assert found["red"] == pytest.approx([1, 0, 0, 1], abs=0.02)  # sRGB's red, as GIMP reads it back


def test_greyscale_becomes_rgb_for_a_coloured_result(result: Result) -> None:
    found = result("grey_becomes_colour")
    assert found["same"], "the lines were altered"
    assert found["base"] == "rgb"
    assert found["colour"][:3] == [255, 0, 0]


def test_greyscale_stays_for_a_grey_result(result: Result) -> None:
    found = result("grey_stays_grey")
    assert (found["status"], found["base"]) == ("success", "gray")
    assert found["layers"][0]["children"][0]["type"] in ("gray-image", "graya-image")


def test_an_indexed_image_becomes_rgb_with_its_colours(result: Result) -> None:
    found = result("indexed")
    assert (found["status"], found["base"]) == ("success", "rgb")
    assert found["colours"] == [[255, 0, 0, 255, 0, 40, 200, 255]] * 2


def test_the_edge_of_a_selection_is_as_soft_in_the_result(session: GimpSession, result: Result) -> None:
    layers = result("selected")["layers"]
    assert (layers[0]["x"], layers[0]["y"]) == (0, 0)
    chosen, alpha = (
        np.frombuffer(session.pixels(f"selected.{name}"), np.uint8).reshape(HEIGHT, WIDTH)
        for name in ("selection", "alpha")
    )
    assert len(np.unique(chosen)) > 50
    assert (alpha == chosen).all()  # the page is coloured, though the layer lies at (-5, 3) in it


@pytest.mark.parametrize("scene", ["masked", "half_opaque", "grouped", "with_effect"])
def test_what_goes_out_is_what_the_artist_sees(session: GimpSession, result: Result, scene: str) -> None:
    assert result(scene)["status"] == "success"
    seen, given = (
        np.frombuffer(session.pixels(f"{scene}.{name}"), "<u2").reshape(-1, 4).astype(float) / 257
        for name in ("seen", "given")
    )
    assert np.abs(seen[:, 3] - given[:, 3]).max() <= 1  # of 255: opacity and mask round once each
    shown = seen[:, 3:] / 255
    assert np.abs((seen - given)[:, :3] * shown).max() <= 1


def test_a_mask_that_is_selected_means_its_layer(result: Result) -> None:
    assert result("given_a_mask")["status"] == "success"


def test_a_layer_with_a_mask_keeps_it(result: Result) -> None:
    assert result("masked")["untouched"]


def test_hints_on_a_smaller_layer_elsewhere_meet_the_lines_where_they_lie(session: GimpSession, result: Result) -> None:
    assert result("hints_elsewhere")["status"] == "success"
    given = np.frombuffer(session.pixels("hints.given"), np.uint8).reshape(HEIGHT, WIDTH, 4)
    hints = np.frombuffer(session.pixels("hints.layer"), np.uint8).reshape(8, 10, 4)
    expected = np.zeros_like(given)
    expected[0:4, 20:30] = hints[4:]  # at (20, -4)
    shown = expected[..., 3] > 0
    assert (given[..., 3] == expected[..., 3]).all()
    assert (given[shown] == expected[shown]).all()
