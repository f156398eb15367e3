"""Photoshop documents: layers by name, in their groups, and what cannot be shown is said."""

import contextlib
import io
import random

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode

from inkwash.daemon.files.samples import array_of
from inkwash.daemon.pages import openraster, photoshop
from inkwash.models.errors import BadPicture


def _document() -> PSDImage:
    """A page of 20 x 16 with paper, flats in a group, clipped shading, and lines that reach beyond the page."""
    document = PSDImage.new("RGB", (20, 16))
    document.create_pixel_layer(Image.new("RGB", (20, 16), "white"), name="Paper")
    group = document.create_group(name="Colours", blend_mode=BlendMode.NORMAL)
    flats = document.create_pixel_layer(Image.new("RGBA", (8, 8), (200, 100, 50, 255)), name="Flats", top=4, left=4)
    shade = document.create_pixel_layer(
        Image.new("RGBA", (20, 16), (128, 128, 128, 255)), name="Shade", blend_mode=BlendMode.MULTIPLY
    )
    group.extend([flats, shade])
    shade.clipping = True
    document.create_pixel_layer(Image.new("RGBA", (10, 4), (0, 0, 0, 255)), name="Lines", top=-2, left=15, opacity=128)
    return document


def _saved(document: PSDImage) -> io.BytesIO:
    stream = io.BytesIO()
    document.save(stream)
    stream.seek(0)
    return stream


def test_layers_come_by_name_in_their_groups_and_places() -> None:
    page = photoshop.read(_saved(_document()))
    assert (page.width, page.height) == (20, 16)
    names = [entry.name for entry in page.entries()]
    assert names == ["Lines", "Shade", "Flats", "Paper"]
    lines, shade, flats, _ = page.entries()
    assert lines.opacity == pytest.approx(0.5, abs=0.01)
    assert shade.blend == "multiply"
    layer = page.layer(lines, "line")
    assert (layer.x, layer.y, layer.width, layer.height) == (15, -2, 10, 4)
    assert array_of(page.layer(flats, "a"))[0, 0].tolist() == [200, 100, 50, 255]


def test_the_page_is_seen_as_it_was_painted() -> None:
    seen = array_of(photoshop.read(_saved(_document())).merged())
    assert seen[0, 0].tolist() == [255, 255, 255]
    assert seen[5, 5].tolist() == [100, 50, 25]  # the shade is clipped to the flats ...
    assert seen[14, 14].tolist() == [255, 255, 255]  # ... and nowhere else
    assert abs(int(seen[0, 16, 0]) - 127) <= 1


def test_it_goes_on_as_openraster() -> None:
    page = photoshop.read(_saved(_document()))
    again = openraster.read(io.BytesIO(openraster.encode(page)))
    np.testing.assert_array_equal(array_of(again.merged()), array_of(page.merged()))


def test_a_document_without_layers_is_one_layer() -> None:
    document = PSDImage.frompil(Image.new("RGB", (6, 5), (10, 20, 30)))
    page = photoshop.read(_saved(document))
    assert [entry.name for entry in page.entries()] == ["Background"]
    assert array_of(page.merged())[0, 0].tolist() == [10, 20, 30]


def test_damaged_documents_are_refused_in_words_or_read() -> None:
    data, rng = _saved(_document()).getvalue(), random.Random(3)
    for _ in range(60):
        broken = bytearray(data[: rng.randrange(len(data))] if rng.random() < 0.4 else data)
        for _ in range(rng.choice([1, 4, 20])):
            if broken:
                broken[rng.randrange(len(broken))] = rng.randrange(256)
        with contextlib.suppress(BadPicture):
            photoshop.read(io.BytesIO(bytes(broken))).merged()
