"""Where results go, over a real socket to the application in this process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from inkwash.models.filters.declaration import Input, Output, Step, filter
from inkwash.protocol import Layer

Start = Callable[..., Awaitable[Any]]
LINES = Input("line", "Lines", "", "gray")
RED, CLEAR = bytes([255, 0, 0, 255]), bytes(4)


def page(*, paper: bool, **head: Any) -> Layer:
    return Layer("line", 2, 2, data=(b"\xff" * 4 if paper else CLEAR) * 4, **head)


@pytest.fixture(autouse=True)
def _filters(_own_filters: None) -> None:
    @filter(
        "wash_over",
        "Wash it over",
        inputs=(LINES,),
        outputs=(
            Output("glaze", "Glaze", "above"),
            Output("wash", "Wash", "below"),
            Output("shade", "Shade", "below", "multiply"),
        ),
    )
    def wash_over(inputs: Any, settings: Any, context: Any) -> Iterator[Any]:
        """Wash it over."""
        yield Step(0.5, "washing")
        return dict.fromkeys(("glaze", "shade", "wash"), inputs["line"] * 0)

    @filter("wash", "Wash", inputs=(LINES,), outputs=(Output("wash", "Wash", "below"),), previews=True)
    def wash(inputs: Any, settings: Any, context: Any) -> Iterator[Any]:
        """Wash it."""
        black = inputs["line"].expand(-1, 3, -1, -1) * 0
        yield Step(0.5, "washing", black[..., :1, :1])
        return {"wash": black}

    @filter(
        "glaze",
        "Glaze",
        inputs=(LINES,),
        outputs=(Output("shade", "Shade", "above", "multiply"), Output("light", "Light", "above", "screen")),
    )
    def glaze(inputs: Any, settings: Any, context: Any) -> Iterator[Any]:
        """Glaze it."""
        yield Step(0.5, "glazing")
        return dict.fromkeys(("shade", "light"), inputs["line"] * 0)

    @filter("keep", "Keep", inputs=(Input("line", "Lines", "", "rgba"),), outputs=(Output("kept", "Kept", "replace"),))
    def keep(inputs: Any, settings: Any, context: Any) -> Iterator[Any]:
        """Change nothing."""
        yield Step(0.5, "keeping")
        return {"kept": inputs["line"]}


async def test_outputs_are_stacked_bottom_to_top_in_a_group(start: Start) -> None:
    frame = await (await start()).run("wash_over", [page(paper=False)])
    assert [output["name"] for output in frame.message["outputs"]] == ["wash", "shade", "glaze"]
    assert [layer.name for layer in frame.layers] == ["wash", "shade", "glaze"]
    assert frame.message["group"] == {"name": "Inkwash: Wash over", "place": "above", "blend": "normal"}


async def test_what_only_changes_what_is_below_it_does_so_through_its_group(start: Start) -> None:
    frame = await (await start()).run("glaze", [page(paper=False)])
    assert [output["blend"] for output in frame.message["outputs"]] == ["multiply", "screen"]
    assert frame.message["group"] == {"name": "Inkwash: Glaze", "place": "above", "blend": "through"}


@pytest.mark.parametrize(("paper", "place", "blend"), [(False, "below", "normal"), (True, "above", "multiply")])
async def test_colour_goes_where_it_is_seen_and_lines_stay(start: Start, paper: bool, place: str, blend: str) -> None:
    frame = await (await start()).run("wash", [page(paper=paper)])
    assert frame.message["group"] == {"name": "Inkwash: Wash", "place": place, "blend": blend}


async def test_a_selection_limits_every_output_with_its_soft_edge(start: Start) -> None:
    selection = Layer("selection", 1, 2, x=1, model="GRAY", data=bytes([255, 64]))
    frame = await (await start()).run("wash", [page(paper=True), selection])
    assert bytes(frame.layers[0].data)[3::4] == bytes([0, 255, 0, 64])


@pytest.mark.parametrize(("paper", "place", "blend"), [(False, "below", "normal"), (True, "above", "multiply")])
async def test_a_preview_says_where_its_result_would_go(start: Start, paper: bool, place: str, blend: str) -> None:
    async with (await start()).job("wash", [page(paper=paper)]) as stream:
        preview = await stream.until("preview")
    assert preview.message["group"] == {"name": "Inkwash: Wash", "place": place, "blend": blend}
    assert [(one["name"], one["blend"]) for one in preview.message["outputs"]] == [("preview", "normal")]


async def test_a_preview_is_limited_as_well(start: Start) -> None:
    selection = Layer("selection", 2, 1, model="GRAY", data=bytes([255, 255]))
    async with (await start()).job("wash", [page(paper=True), selection]) as stream:
        preview = await stream.until("preview")
    assert bytes(preview.layers[0].data) == bytes([0, 0, 0, 128])


@pytest.mark.parametrize("model", ["GRAY", "GRAYA", "RGB", "RGBA"])
async def test_layers_come_back_in_the_model_that_was_asked_for(start: Start, model: str) -> None:
    frame = await (await start()).run("wash", [page(paper=True)], model=model)
    assert frame.layers[0].model == model


@pytest.mark.parametrize("depth", ["f16", "f32"])
async def test_what_a_filter_leaves_alone_comes_back_bit_by_bit(start: Start, depth: str) -> None:
    data = bytes(range(1, 9)) * (8 if depth == "f32" else 4)
    layer = Layer("line", 2, 2, x=5, depth=depth, space="linear", data=data)
    frame = await (await start()).run("keep", [layer])
    assert bytes(frame.layers[0].data) == data


async def test_a_thinned_layer_is_not_what_it_was(start: Start) -> None:
    frame = await (await start()).run("keep", [Layer("line", 1, 1, data=RED, opacity=0.2)])
    assert bytes(frame.layers[0].data) == bytes([255, 0, 0, 51])
    assert frame.layers[0].opacity == 1
