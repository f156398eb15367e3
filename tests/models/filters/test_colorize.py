"""The `colorize` filter with the model that ships."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from skimage.color import deltaE_ciede2000, rgb2lab
from torch import Tensor

from inkwash.models.colouring.painter import Painter
from inkwash.models.errors import BadModel, BadParameter, BadPicture, UnknownModel
from inkwash.models.store import SHIPPED

DATA = Path(__file__).parents[2] / "data"
UNSEEN = sorted(file.name.removesuffix(".line.png") for file in (DATA / "unseen").glob("*.line.png"))
INK = 0.6  # darker than this, a pixel belongs to a line


def on_white(colour: Tensor) -> Tensor:
    """A picture (1, 3 | 4, H, W) as it looks on white paper, (1, 3, H, W)."""
    return colour if colour.shape[1] == 3 else 1 - colour[:, 3:] * (1 - colour[:, :3])


def difference(a: Tensor, b: Tensor) -> np.ndarray:
    """CIEDE2000 (H, W) between two pictures (1, 3 | 4, H, W) on white."""
    a, b = on_white(a), on_white(b)
    return deltaE_ciede2000(*(rgb2lab(x[0].permute(1, 2, 0).numpy()) for x in (a, b)))


def scribbled(truth: Tensor, line: Tensor) -> tuple[Tensor, np.ndarray]:
    """One short stroke of the true colour in every coloured area, and those areas: (1, 4, H, W), (H, W) bool."""
    rgb = (truth[0] * 255).round().byte().permute(1, 2, 0).numpy()
    paper = line[0, 0].numpy() > INK
    hints, areas = np.zeros((*paper.shape, 4), np.float32), np.zeros(paper.shape, bool)
    for shade in np.unique(rgb[paper], axis=0):
        count, labels = cv2.connectedComponents(((rgb == shade).all(-1) & paper).astype(np.uint8), connectivity=4)
        for label in range(1, count):
            area = labels == label
            if area.sum() < 400 or (shade.min() > 250 and area[0].any()):
                continue  # a sliver, or the paper around the drawing
            depth = cv2.distanceTransform(area.astype(np.uint8), cv2.DIST_L2, 5)
            y, x = np.unravel_index(depth.argmax(), depth.shape)
            stroke = np.zeros(paper.shape, np.uint8)
            cv2.line(stroke, (int(x) - 8, int(y)), (int(x) + 8, int(y)), 1, 5)
            hints[(stroke > 0) & area] = (*(shade / 255), 1)
            areas |= area
    return torch.from_numpy(hints).permute(2, 0, 1)[None].contiguous(), areas


@pytest.mark.slow
def test_hinted_areas_of_unseen_drawings_have_at_most_a_quarter_of_the_error_without_hints(run, grey, colour) -> None:
    hinted, plain = [], []
    for name in UNSEEN:
        line, truth = grey(f"unseen/{name}.line.png"), colour(f"unseen/{name}.color.png")
        hints, areas = scribbled(truth, line)
        hinted.append(difference(run("colorize", {"line": line, "hints": hints})["color"], truth)[areas].mean())
        plain.append(difference(run("colorize", {"line": line})["color"], truth)[areas].mean())
    assert np.mean(hinted) <= np.mean(plain) / 4, f"{np.mean(hinted):.2f} with hints, {np.mean(plain):.2f} without"


@pytest.mark.parametrize("name", ["openmoji", "cartoon"])
def test_every_stroke_keeps_its_colour(run, grey, colour, name: str) -> None:
    line, hints = grey(f"{name}-line.png"), colour(f"{name}-hints.png")
    painted = run("colorize", {"line": line, "hints": hints})["color"]
    inside = (hints[0, 3] > 0.5).numpy() & (line[0, 0] > INK).numpy()
    assert difference(painted, hints[:, :3])[inside].mean() <= 2


def test_flat_gives_a_closed_region_its_hint_to_the_last_bit(run) -> None:
    line = torch.ones(1, 1, 300, 300)
    line[..., 50:54, 50:250] = line[..., 246:250, 50:250] = 0
    line[..., 50:250, 50:54] = line[..., 50:250, 246:250] = 0
    hints = torch.zeros(1, 4, 300, 300)
    hints[0, :, 140:150, 100:200] = torch.tensor([31 / 255, 203 / 255, 98 / 255, 1.0])[:, None, None]
    flat = run("colorize", {"line": line, "hints": hints}, finish="flat")["color"]
    assert (flat[0, 3, 60:240, 60:240] == 1).all()
    assert torch.equal(flat[:, :3, 60:240, 60:240], hints[:, :3, 145:146, 150:151].expand(1, 3, 180, 180))


def test_painted_has_light_and_shade_and_a_room_s_mean_stays_its_hint_s_colour(run) -> None:
    line = torch.ones(1, 1, 400, 400)
    cv2.circle(line[0, 0].numpy(), (200, 200), 120, 0.0, 4)
    hints = torch.zeros(1, 4, 400, 400)
    told = torch.tensor([0.85, 0.45, 0.2])
    hints[0, :, 190:200, 140:260] = torch.cat([told, torch.ones(1)])[:, None, None]
    painted = run("colorize", {"line": line, "hints": hints})["color"][0, :3]
    y, x = np.mgrid[:400, :400]
    inside = torch.from_numpy(np.hypot(x - 200, y - 200) < 115)
    mean = painted[:, inside].mean(1)
    assert deltaE_ciede2000(rgb2lab(mean.numpy()), rgb2lab(told.numpy())) <= 3
    luminance = (painted * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0)[inside]
    assert luminance.quantile(0.95) - luminance.quantile(0.05) > 0.03


def test_white_is_a_colour_that_can_be_hinted(run) -> None:
    line = torch.ones(1, 1, 300, 300)
    cv2.circle(line[0, 0].numpy(), (150, 150), 80, 0.0, 4)
    hints = torch.zeros(1, 4, 300, 300)
    hints[0, :, 140:150, 120:180] = 1.0
    painted = run("colorize", {"line": line, "hints": hints})["color"]
    assert painted[..., 100:200, 110:190].mean() > 0.97


def test_soft_and_half_transparent_strokes_colour_as_much_as_hard_ones(run) -> None:
    line = torch.ones(1, 1, 300, 300)
    cv2.circle(line[0, 0].numpy(), (150, 150), 80, 0.0, 4)
    hints = torch.zeros(1, 4, 300, 300)
    hints[0, :3, 140:160, 120:180] = torch.tensor([0.2, 0.5, 0.9])[:, None, None]
    hints[0, 3, 140:160, 120:180] = 0.4
    hints[0, 3, 145:155, 130:170] = 0.6
    painted = run("colorize", {"line": line, "hints": hints})["color"]
    wanted = hints[:, :3, 150:151, 150:151].expand(1, 3, 300, 300)
    assert difference(painted, wanted)[100:200, 110:190].mean() < 6


def test_what_is_scribbled_to_be_left_empty_is_transparent_up_to_its_lines(run) -> None:
    line = torch.ones(1, 1, 300, 300)
    cv2.circle(line[0, 0].numpy(), (150, 150), 80, 0.0, 6)
    clear = torch.zeros(1, 4, 300, 300)
    clear[..., 10:20, 10:290] = 1
    for finish in ("painted", "flat"):
        alpha = run("colorize", {"line": line, "clear": clear}, finish=finish)["color"][0, 3]
        assert alpha[100:200, 110:190].min() == 1
        assert alpha[30:60, 10:290].max() == 0
        assert alpha[290, 290] == 0


def test_without_hints_a_palette_or_a_seed_decides_the_colours(run, grey) -> None:
    line = grey("openmoji-line.png")
    blue = torch.tensor([0.1, 0.2, 0.9, 1.0]).view(1, 4, 1, 1).expand(1, 4, 20, 30)
    plain, painted = run("colorize", {"line": line})["color"], run("colorize", {"line": line, "palette": blue})["color"]
    assert (painted[0, 2] - painted[0, 0]).max() > 0.5 > (plain[0, 2] - plain[0, 0]).max()
    seeds = [run("colorize", {"line": line}, seed=seed)["color"] for seed in (0, 1, 2)]
    assert torch.equal(seeds[0], plain)
    assert not torch.equal(seeds[1], seeds[2])


def test_hints_rule_over_a_palette(run, grey, colour) -> None:
    line, hints = grey("openmoji-line.png"), colour("openmoji-hints.png")
    blue = torch.tensor([0.1, 0.2, 0.9, 1.0]).view(1, 4, 1, 1).expand(1, 4, 20, 30)
    painted = run("colorize", {"line": line, "hints": hints, "palette": blue})["color"]
    inside = (hints[0, 3] > 0.5).numpy() & (line[0, 0] > INK).numpy()
    assert difference(painted, hints[:, :3])[inside].mean() <= 2


def test_hints_reach_beyond_their_strokes_but_not_beyond_the_lines(run) -> None:
    line = torch.ones(1, 1, 512, 512)
    line[..., 100:104, 100:400] = line[..., 396:400, 100:400] = 0
    line[..., 100:400, 100:104] = line[..., 100:400, 396:400] = 0
    hints = torch.zeros(1, 4, 512, 512)
    hints[0, :, 240:250, 200:300] = torch.tensor([0.1, 0.5, 0.9, 1.0])[:, None, None]
    painted = run("colorize", {"line": line, "hints": hints})["color"]
    wanted = hints[:, :3, 245:246, 250:251].expand(1, 3, 512, 512)
    error = difference(painted, wanted)
    assert error[110:390, 110:390].mean() < 8
    assert error[10:90, 10:500].mean() > 25


@pytest.mark.slow
def test_strokes_of_one_pixel_on_a_page_of_4096_pixels_count(run) -> None:
    line = torch.ones(1, 1, 4096, 4096)
    cv2.circle(line[0, 0].numpy(), (2048, 2048), 1200, 0.0, 12)
    hints = torch.zeros(1, 4, 4096, 4096)
    hints[0, :, 2000, 1500:2500] = torch.tensor([0.8, 0.1, 0.3, 1.0])[:, None]
    painted = run("colorize", {"line": line, "hints": hints})["color"][..., 1400:2700:16, 1400:2700:16]
    wanted = torch.tensor([0.8, 0.1, 0.3]).view(1, 3, 1, 1).expand_as(painted[:, :3])
    assert difference(painted, wanted).mean() < 10


def test_the_whole_circle_takes_more_of_the_hint_the_stronger_it_is(run, grey, colour) -> None:
    line, hints = grey("openmoji-line.png"), colour("openmoji-hints.png")
    inside = (hints[0, 3] > 0.5).numpy()
    errors = [
        difference(run("colorize", {"line": line, "hints": hints}, strength=s)["color"], hints[:, :3])[inside].mean()
        for s in (0.0, 0.5, 1.0)
    ]
    assert errors == sorted(errors, reverse=True)
    plain = run("colorize", {"line": line})["color"]
    assert torch.equal(run("colorize", {"line": line, "hints": hints}, strength=0.0)["color"], plain)


def test_flat_gives_few_colours_and_with_shading_and_light_it_is_the_painted_one(run, grey, colour) -> None:
    inputs = {"line": grey("cartoon-line.png"), "hints": colour("cartoon-hints.png")}
    painted = run("colorize", inputs)["color"]
    flat = run("colorize", inputs, finish="flat")
    both = run("colorize", inputs, finish="flat + shading")
    assert list(flat) == ["color"]
    assert torch.equal(both["color"], flat["color"])
    colours = np.unique((flat["color"][0] * 255).round().byte().flatten(1).T.numpy(), axis=0)
    assert len(colours) < 100
    shading, light = ((both[name][:, :3] * 255).round() / 255 for name in ("shading", "light"))  # as layers of 8 bits
    shaded = 1 - (1 - flat["color"][:, :3] * shading) * (1 - light)
    assert (shaded - painted[:, :3]).abs().max() <= 2 / 255
    assert not torch.equal(painted, flat["color"])


def test_lines_come_back_on_transparent_paper_if_asked(run, grey) -> None:
    line = grey("cartoon-line.png")
    assert "lines" not in run("colorize", {"line": line})
    lines = run("colorize", {"line": line}, lines=True)["lines"]
    assert torch.allclose(1 - lines[:, 3:], line, atol=0.02)


def test_white_lines_on_black_paper_are_coloured_alike(run, grey, lent) -> None:
    line = grey("openmoji-line.png")
    usual = run("colorize", {"line": line})["color"]
    turned = run("colorize", {"line": 1 - line})
    assert torch.allclose(turned["color"], usual, atol=0.02)
    assert turned["lines"][:, :3].min() == 1
    assert any("dark paper" in notice for notice in lent.notices)


@pytest.mark.parametrize("size", [(1, 9), (9, 1), (3, 700), (70, 71), (1500, 40)])
def test_any_shape_of_page_comes_back_at_its_size(run, size: tuple[int, int]) -> None:
    line = torch.ones(1, 1, *size)
    line[..., size[0] // 2, size[1] // 2] = 0
    for finish in ("painted", "flat + shading"):
        outputs = run("colorize", {"line": line}, finish=finish)
        assert {tuple(x.shape[-2:]) for x in outputs.values()} == {size}


@pytest.mark.parametrize("finish", ["flat", "painted"])
def test_the_colorizer_paints_only_where_a_guess_is_shown(run, monkeypatch, finish: str) -> None:
    line, hints = torch.ones(1, 1, 300, 300), torch.zeros(1, 4, 300, 300)
    line[..., 50:250, 50:54] = line[..., 50:250, 146:150] = line[..., 50:250, 246:250] = 0
    line[..., 50:54, 50:250] = line[..., 246:250, 50:250] = 0
    asked, paint = [], Painter.__call__
    monkeypatch.setattr(Painter, "__call__", lambda *said: asked.append(1) or paint(*said))
    for left, guesses in ((80, 1), (180, 1)):  # the first box is told its colour, then also the other one
        hints[0, :, 140:150, left : left + 40] = torch.tensor([0.1, 0.8, 0.4, 1.0])[:, None, None]
        run("colorize", {"line": line, "hints": hints}, finish=finish)
        assert len(asked) == guesses


def test_an_empty_line_layer_is_refused(run) -> None:
    with pytest.raises(BadPicture, match="empty"):
        run("colorize", {"line": torch.ones(1, 1, 1, 1)})


def test_empty_hints_are_said_and_change_nothing(run, grey, lent) -> None:
    line = grey("cartoon-line.png")
    plain = run("colorize", {"line": line})["color"]
    assert torch.equal(run("colorize", {"line": line, "hints": torch.zeros(1, 4, 512, 512)})["color"], plain)
    assert any("empty" in notice for notice in lent.notices)


def test_a_hint_layer_without_transparency_is_said(run, grey, lent) -> None:
    run("colorize", {"line": grey("cartoon-line.png"), "hints": torch.ones(1, 4, 512, 512)})
    assert any("no transparent place" in notice for notice in lent.notices)


def test_without_hints_the_drawing_is_coloured_and_the_paper_is_not(run, grey, colour) -> None:
    saturation, paper = [], []
    for name in UNSEEN:
        line, truth = grey(f"unseen/{name}.line.png"), colour(f"unseen/{name}.color.png")
        painted = run("colorize", {"line": line})["color"]
        spread = (painted.amax(1) - painted.amin(1))[0].numpy()
        drawn = (truth.amin(1)[0] < 0.9).numpy() & (line[0, 0] > INK).numpy()
        saturation.append(spread[drawn].mean())
        paper.append(painted[0, :, :10].mean())
    assert np.mean(saturation) > 0.1
    assert np.mean(paper) > 0.95


def test_a_model_that_is_not_there_or_of_another_kind_is_refused(run, grey, lent, tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="no-such"):
        run("colorize", {"line": grey("cartoon-line.png")}, model="no-such")
    broken = (SHIPPED / "inkwash-colorizer.safetensors").read_bytes()[:100_000]
    (tmp_path / "broken.safetensors").write_bytes(broken)
    lent.store = type(lent.store)([tmp_path])
    with pytest.raises(BadModel, match="damaged"):
        run("colorize", {"line": grey("cartoon-line.png")}, model="broken")


def test_a_colour_of_the_hints_may_stand_for_another_or_for_nothing(run) -> None:
    line = torch.ones(1, 1, 300, 300)
    line[..., 8:292, 8:12] = line[..., 8:292, 288:292] = line[..., 8:12, 8:292] = line[..., 288:292, 8:292] = 0
    hints = torch.zeros(1, 4, 300, 300)
    hints[:, 0, 140:160, 100:200] = hints[:, 3, 140:160, 100:200] = 1
    green = run("colorize", {"line": line, "hints": hints}, finish="flat", recolour="#ff0000=#00ff00")["color"]
    assert on_white(green)[0, :, 150, 150].tolist() == [0, 1, 0]
    empty = run("colorize", {"line": line, "hints": hints}, finish="flat", recolour="#ff0000=empty")["color"]
    assert empty[0, 3, 150, 150] == 0


def test_what_is_no_pair_of_colours_is_refused(run) -> None:
    with pytest.raises(BadParameter, match="red=blue"):
        run("colorize", {"line": torch.ones(1, 1, 64, 64)}, recolour="red=blue")
