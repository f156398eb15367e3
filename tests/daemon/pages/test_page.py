"""Pages as painting programs write them: groups, operators, numbers, places, and layers beyond count."""

import io
import time
import zipfile

import numpy as np
import pytest

from inkwash.daemon.files import pictures
from inkwash.daemon.files.samples import array_of, layer_of
from inkwash.daemon.pages import openraster, page
from inkwash.daemon.pages.compositing import Extent, placed
from inkwash.models.errors import BadPicture


def _png(*colour: int, side: int = 4) -> bytes:
    return pictures.encode(layer_of(np.full((side, side, len(colour)), colour, "u1"), "a"), ".png")


def _page(inner: str, label: str = "") -> openraster.Page:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stack.xml", f'<image w="4" h="4" xres="300" yres="299.6"><stack>{inner}</stack></image>')
        for name, colour in {"red": (200, 0, 0), "grey": (128, 128, 128), "half": (0, 0, 200, 128)}.items():
            archive.writestr(name, _png(*colour))
    stream.seek(0)
    return openraster.read(stream, label=label)


def _seen(inner: str) -> list[int]:
    return array_of(_page(inner).merged())[0, 0].tolist()


def _layer(source: str, **more: str) -> str:
    words = " ".join(f'{key.replace("_", "-")}="{value}"' for key, value in more.items())
    return f'<layer name="{source}" src="{source}" {words}/>'


def test_a_texture_in_overlay_leaves_the_colours_below_it() -> None:
    red = _layer("red")
    assert np.abs(np.subtract(_seen(_layer("grey", composite_op="svg:overlay") + red), [200, 0, 0])).max() <= 1


@pytest.mark.parametrize("opacity", ["0.5", ".5", "5e-1", "0,5", " 0.50 ", "+0.5"])
def test_a_number_may_be_written_as_one_likes(opacity: str) -> None:
    assert _seen(_layer("grey", opacity=opacity) + _layer("red"))[0] == 164
    [entry] = _page(_layer("red", x="1.0", y="-2e0")).entries()
    layer = _page(_layer("red", x="1.0", y="-2e0")).layer(entry, "a")
    assert (layer.x, layer.y) == (1, -2)


def test_a_group_that_stands_apart_is_blended_as_one() -> None:
    inner = _layer("grey", composite_op="svg:multiply") + _layer("half")
    through = _seen(f"<stack>{inner}</stack>" + _layer("red"))
    apart = _seen(f'<stack isolation="isolate">{inner}</stack>' + _layer("red"))
    assert through[0] == pytest.approx(200 * (1 - 128 / 255) * 128 / 255, abs=1.5)
    assert apart != through
    faint = _seen(f'<stack opacity="0.5">{_layer("grey")}{_layer("half")}</stack>' + _layer("red"))
    assert faint == [164, 64, 64]


def test_a_way_to_blend_that_is_not_known_is_named_and_taken_as_normal() -> None:
    found = _page(_layer("grey", composite_op="krita:bumpmap") + _layer("red"), "a.ora")
    assert array_of(found.merged())[0, 0].tolist() == [128, 128, 128]
    [notice] = found.notices
    assert "'grey'" in notice
    assert "krita:bumpmap" in notice
    assert _page(_layer("grey") + _layer("red", composite_op="svg:plus")).notices == []


def test_print_resolution_is_read_and_kept() -> None:
    found = _page(_layer("red"))
    assert found.dpi == (300, 299.6)
    again = openraster.read(io.BytesIO(openraster.encode(found)))
    assert again.dpi == found.dpi


def test_a_shared_picture_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []
    read = pictures.read
    monkeypatch.setattr(page.pictures, "read", lambda *given, **more: reads.append(1) or read(*given, **more))
    found = _page(_layer("half") * 50 + _layer("red"))
    found.merged()
    assert len(reads) == 2
    _, members = found.packed()
    assert len(members) == 2


def test_layers_beyond_count_are_refused_at_once() -> None:
    begun = time.process_time()
    with pytest.raises(BadPicture, match="110000 layers"):
        _page(_layer("red") * 110_000)
    assert time.process_time() - begun < 10


def test_layers_that_add_up_to_a_bomb_are_refused_before_one_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "FULL_PAGES", 2)
    monkeypatch.setattr(pictures, "DEFAULT_BOUNDS", pictures.Bounds(pixels=200))
    large = _png(1, 2, 3, side=14)  # 196 pixels
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("stack.xml", f'<image w="4" h="4"><stack>{_layer("a") * 3}</stack></image>')
        archive.writestr("a", large)
    with pytest.raises(BadPicture, match="too large"):
        openraster.read(stream, bounds=pictures.Bounds(pixels=200))


def test_a_layer_is_brought_to_the_page_and_transparent_where_it_does_not_reach() -> None:
    layer = layer_of(np.full((2, 3), 7, "u1"), "a", x=1, y=-1)
    whole = placed(layer, Extent(0, 0, 5, 4))
    samples = array_of(whole)
    assert whole.model == "GRAYA"
    assert samples[0, 1:4].tolist() == [[7, 255]] * 3
    assert samples.sum() == 3 * 262
    assert placed(whole, Extent(0, 0, 5, 4)) is whole
    assert placed(layer, Extent(1, -1, 2, 2)).model == "GRAY"


def test_a_page_grows_with_a_larger_result() -> None:
    small = layer_of(np.full((4, 4, 3), 9, "u1"), "small")
    found = openraster.Page.of(small, "a")
    found.put(layer_of(np.full((8, 8, 3), 5, "u1"), "large"), "Enlarged", next(found.entries()), above=True)
    found.grow(8, 8)
    again = openraster.read(io.BytesIO(openraster.encode(found)))
    assert (again.width, again.height) == (8, 8)
    assert array_of(again.merged())[7, 7].tolist() == [5, 5, 5]
