import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from inkwash.daemon.errors import NotSaved
from inkwash.daemon.files import pictures
from inkwash.daemon.files.samples import array_of, layer_of
from inkwash.daemon.pages import openraster
from inkwash.models.errors import BadPicture

STACK = """<?xml version='1.0' encoding='UTF-8'?>
<image version="0.0.3" w="8" h="6"><stack>
  <layer name="Lines" src="data/a.png" x="1" y="2"/>
  <stack name="group" visibility="hidden" opacity="0.5">
    <layer name="sketch" src="data/b.png" opacity="0.5"/>
  </stack>
  <layer name="paper" src="data/c.png" composite-op="svg:multiply"/>
</stack></image>"""


def block(width: int, height: int, *colour: int, x: int = 0, y: int = 0, dtype: str = "u1"):
    return layer_of(np.full((height, width, len(colour)), colour, dtype), "block", x=x, y=y)


def png(*colour: int, width: int = 8, height: int = 6) -> bytes:
    return pictures.encode(block(width, height, *colour), ".png")


def ora(file: Path, stack: str | bytes = STACK, **members: bytes) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", stack)
        pngs = {"a": png(0, 0, 0, 255, width=3, height=2), "b": png(9, 9, 9), "c": png(255, 0, 0)}
        for name, data in {**pngs, **members}.items():
            archive.writestr(f"data/{name}.png", data)
    return file


def refusal(file: Path) -> str:
    with pytest.raises(BadPicture) as caught:
        openraster.read(file).merged()
    assert caught.value.hint
    return caught.value.message


def test_layers_come_with_names_places_and_what_their_groups_do(tmp_path):
    page = openraster.read(ora(tmp_path / "a.ora"))
    assert (page.width, page.height) == (8, 6)
    lines, sketch, paper = page.entries()
    assert [lines.name, sketch.name, paper.name] == ["Lines", "sketch", "paper"]
    assert [lines.visible, sketch.visible, paper.visible] == [True, False, True]
    assert [lines.opacity, sketch.opacity] == [1.0, 0.25]
    assert [lines.blend, paper.blend] == ["normal", "multiply"]
    layer = page.layer(lines, "line")
    assert (layer.name, layer.x, layer.y, layer.width, layer.height) == ("line", 1, 2, 3, 2)


def test_the_merged_picture_is_what_is_seen(tmp_path):
    merged = array_of(openraster.read(ora(tmp_path / "a.ora")).merged())
    expected = np.full((6, 8, 3), (255, 0, 0), "u1")
    expected[2:4, 1:4] = 0
    np.testing.assert_array_equal(merged, expected)


def test_a_written_page_has_what_viewers_want(tmp_path):
    page = openraster.Page.of(block(300, 600, 10, 20, 30), "lines")
    openraster.write(page, tmp_path / "a.ora")
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"image/openraster"
        merged = pictures.read(io.BytesIO(archive.read("mergedimage.png")), "m").layer
        small = pictures.read(io.BytesIO(archive.read("Thumbnails/thumbnail.png")), "t").layer
    assert (merged.width, merged.height) == (300, 600)
    assert (small.width, small.height) == (128, 256)


def test_layers_are_put_above_and_below_and_others_stay_to_the_byte(tmp_path):
    page = openraster.read(ora(tmp_path / "a.ora"))
    lines = next(page.entries())
    page.put(block(2, 2, 0, 255, 0, x=-1, y=4), "colour", lines, above=False)
    page.put(block(8, 6, 90, 90, 90), "shading", lines, above=False, blend="multiply")
    page.put(block(8, 6, 1, 1, 1, 0), "top", lines, above=True)
    page.hide(list(page.entries())[-1])
    page.multiply(lines)
    openraster.write(page, tmp_path / "b.ora")
    again = openraster.read(tmp_path / "b.ora")
    top, lines, shading, colour, _, paper = again.entries()
    assert [top.name, lines.name, shading.name, colour.name] == ["top", "Lines", "shading", "colour"]
    assert [lines.blend, shading.blend, colour.blend] == ["multiply", "multiply", "normal"]
    assert not paper.visible
    assert (again.layer(colour, "c").x, again.layer(colour, "c").y) == (-1, 4)
    with zipfile.ZipFile(tmp_path / "b.ora") as archive:
        assert archive.read(lines.element.get("src")) == png(0, 0, 0, 255, width=3, height=2)


def test_a_layer_goes_into_the_group_of_its_neighbour(tmp_path):
    page = openraster.read(ora(tmp_path / "a.ora"))
    sketch = list(page.entries())[1]
    page.put(block(8, 6, 9, 9, 9), "in group", sketch, above=True)
    names = [(entry.name, entry.visible) for entry in page.entries()]
    assert names == [("Lines", True), ("in group", False), ("sketch", False), ("paper", True)]


def test_16_bit_layers_stay_16_bit(tmp_path):
    page = openraster.Page.of(block(3, 3, 1000, 2000, 3000, dtype="u2"), "deep")
    openraster.write(page, tmp_path / "a.ora")
    again = openraster.read(tmp_path / "a.ora")
    layer = again.layer(next(again.entries()), "line")
    assert layer.depth == "u16"
    np.testing.assert_array_equal(array_of(layer)[0, 0], [1000, 2000, 3000])


def test_nothing_is_overwritten_unasked(tmp_path):
    page = openraster.read(ora(tmp_path / "a.ora"))
    with pytest.raises(NotSaved, match="exists"):
        openraster.write(page, tmp_path / "a.ora")
    openraster.write(page, tmp_path / "a.ora", force=True)


def test_what_is_no_openraster_is_said(tmp_path):
    assert "There is no file" in refusal(tmp_path / "gone.ora")
    (tmp_path / "a.ora").write_bytes(b"nothing of the kind")
    assert "not an OpenRaster" in refusal(tmp_path / "a.ora")
    with zipfile.ZipFile(tmp_path / "b.ora", "w") as archive:
        archive.writestr("maindoc.xml", "")
    assert "a Krita document" in refusal(tmp_path / "b.ora")


@pytest.mark.parametrize("part", [0.2, 0.7, 0.99])
def test_a_truncated_document_is_refused(tmp_path, part):
    data = ora(tmp_path / "a.ora").read_bytes()
    (tmp_path / "a.ora").write_bytes(data[: int(len(data) * part)])
    refusal(tmp_path / "a.ora")


def test_damaged_members_are_refused(tmp_path):
    data = bytearray(ora(tmp_path / "a.ora").read_bytes())
    at = data.index(b"stack.xml") + 40
    data[at : at + 20] = bytes(20)
    (tmp_path / "a.ora").write_bytes(data)
    assert "damaged" in refusal(tmp_path / "a.ora")


def test_a_missing_or_damaged_layer_is_named(tmp_path):
    assert "'Lines'" in refusal(ora(tmp_path / "a.ora", STACK.replace("data/a.png", "data/gone.png")))
    assert "'Lines'" in refusal(ora(tmp_path / "b.ora", a=png(1, 2, 3)[:45]))


def test_a_hidden_layer_without_picture_harms_nobody(tmp_path):
    page = openraster.read(ora(tmp_path / "a.ora", STACK.replace("data/b.png", "data/gone.png")))
    openraster.write(page, tmp_path / "b.ora")
    assert len(list(openraster.read(tmp_path / "b.ora").entries())) == 3


@pytest.mark.parametrize("source", ["../../etc/passwd", "/etc/passwd", "..\\..\\x", "stack.xml"])
def test_names_that_point_elsewhere_are_only_looked_up_in_the_file(tmp_path, source):
    refusal(ora(tmp_path / "a.ora", STACK.replace("data/a.png", source)))


def test_hostile_member_names_are_not_passed_on(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.ora", "w") as archive:
        archive.writestr("stack.xml", STACK.replace("data/a.png", "../../../evil.png"))
        for name in ("../../../evil.png", "data/b.png", "data/c.png"):
            archive.writestr(name, png(1, 2, 3))
    openraster.write(openraster.read(tmp_path / "a.ora"), tmp_path / "b.ora")
    with zipfile.ZipFile(tmp_path / "b.ora") as archive:
        assert not [name for name in archive.namelist() if "evil" in name]
        assert b"evil" not in archive.read("stack.xml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path, encoding):
    bomb = f"""<?xml version="1.0" encoding="{encoding}"?>
    <!DOCTYPE image [<!ENTITY a "{"x" * 1000}"><!ENTITY b "{"&a;" * 1000}"><!ENTITY c "{"&b;" * 1000}">]>
    <image w="8" h="6"><stack><layer name="&c;"/></stack></image>"""
    assert "damaged" in refusal(ora(tmp_path / "a.ora", bomb.encode(encoding)))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    stack = STACK + " " * 8_000_000
    assert "damaged" in refusal(ora(tmp_path / "a.ora", stack))
    large = bytearray(ora(tmp_path / "b.ora").read_bytes())
    at = large.rindex(b"PK\x01\x02")  # the last member's entry in the directory: data/c.png
    large[at + 24 : at + 28] = (2**31).to_bytes(4, "little")
    (tmp_path / "b.ora").write_bytes(large)
    assert "1 GiB" in refusal(tmp_path / "b.ora")


def test_a_layer_that_unpacks_to_a_bomb_is_refused(tmp_path):
    page = STACK.replace('w="8" h="6"', 'w="40000" h="6"')
    assert "40000 x 6" in refusal(ora(tmp_path / "a.ora", page))


@pytest.mark.parametrize(
    "change",
    [
        ('w="8"', 'w="0"'),
        ('w="8"', ""),
        ('w="8"', 'w="1e9"'),
        ('x="1"', 'x="99999999999999999999"'),
        ('x="1"', 'x="nan"'),
        ("</stack></image>", "</stack>"),
        ('name="Lines"', 'name="Lines" name="twice"'),
    ],
)
def test_a_stack_that_makes_no_sense_is_refused(tmp_path, change):
    refusal(ora(tmp_path / "a.ora", STACK.replace(*change)))


def test_groups_nested_without_end_are_refused(tmp_path):
    deep = '<image w="8" h="6">' + "<stack>" * 50_000 + "</stack>" * 50_000 + "</image>"
    assert "nested" in refusal(ora(tmp_path / "a.ora", deep))


@pytest.mark.parametrize("opacity", ["nan", "-1", "7", "", ".", "abc"])
def test_an_odd_opacity_counts_as_full(tmp_path, opacity):
    page = openraster.read(ora(tmp_path / "a.ora", STACK.replace('opacity="0.5">', f'opacity="{opacity}">')))
    assert [entry.opacity for entry in page.entries()] == [1.0, 0.5, 1.0]
