"""`stylize`, `sketch_to_style` and `upscale` with small networks of a store of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from inkwash.models.cards import Card, read_card
from inkwash.models.errors import BadModel, BadPicture
from inkwash.models.filters import find
from inkwash.models.filters.stylize import OTHERWISE
from inkwash.models.networks.copyist import Manner
from inkwash.models.networks.layers import Layer
from inkwash.models.networks.stylebank import Bank, Coder, fingerprint
from inkwash.models.networks.transform import LightTransform, Transform, Upscaler
from inkwash.models.store import SHIPPED, Store, save
from inkwash.models.styles.keeping import manner_of
from inkwash.training.evaluation.painting import grain

Run = Callable[..., dict[str, Tensor]]


def kept(folder: Path, name: str, role: str, architecture: str, network: nn.Module, **settings: Any) -> None:
    save(folder / f"{name}.safetensors", network, Card(name, name, role, architecture, settings, "1", "CC0"))


def shaken(network: nn.Module, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    for layer in network.modules():
        if isinstance(layer, Layer) and layer.norm:
            nn.init.normal_(layer.gain, 0.5, 0.3)
            nn.init.normal_(layer.shift, 0.0, 0.3)
        elif isinstance(layer, Layer):  # the last one, which may begin as nothing
            nn.init.normal_(layer.weight, 0.0, 0.005)
    return network


@pytest.fixture
def shop(tmp_path: Path, lent: Any) -> Path:
    """A store with two banks, one of another coder, one feed-forward style of each kind, and an upscaler."""
    torch.manual_seed(0)
    for kind in ("full", "light"):
        coder = shaken(Coder(kind), 7)
        known = {"kind": kind, "fingerprint": fingerprint(coder)}
        kept(tmp_path, f"coder-{kind}", "coder", "coder", coder, noise=0.05, **known)
        for seed, name in enumerate((f"{kind}-a", f"{kind}-b")):
            bank = shaken(Bank(kind), seed)
            kept(tmp_path, name, "stylizer", "bank", bank, coder=f"coder-{kind}", **known)
    kept(tmp_path, "one", "stylizer", "transform", shaken(Transform(8, 1), 3), width=8, blocks=1)
    network = shaken(LightTransform(8, 1), 4)
    kept(tmp_path, "quick", "stylizer", "light-transform", network, width=8, blocks=1, noise=0.05)
    upscaler = Upscaler(2, 8, 1)
    nn.init.normal_(upscaler.stages[-1].weight, 0, 0.01)  # type: ignore[arg-type]
    kept(tmp_path, "twice", "upscaler", "upscaler", upscaler, factor=2, width=8, blocks=1)
    lent.store = Store([SHIPPED, tmp_path])
    lent.store.keep(
        *manner_of(picture(64, 64, seed=5)[:, :3], "Kept", copyist=lent.network("any", "stylizer"), name="any")
    )
    return tmp_path


def picture(height: int, width: int, *, alpha: float = 1.0, seed: int = 0) -> Tensor:
    """Something with soft and sharp parts, (1, 4, H, W)."""
    generator = torch.Generator().manual_seed(seed)
    rough = torch.rand(1, 3, max(1, height // 16), max(1, width // 16), generator=generator)
    soft = nn.functional.interpolate(rough, (height, width), mode="bicubic").clamp(0, 1)
    soft[..., height // 3 : height // 2, :] = 0.1
    return torch.cat([soft, torch.full((1, 1, height, width), alpha)], 1)


STYLES = ["full-a", "light-a", "one", "quick", "kept"]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("size", [(1, 1), (3, 200), (31, 33), (67, 130)])
def test_every_size_comes_back_as_it_was(shop: Path, run: Run, style: str, size: tuple[int, int]) -> None:
    made = run("stylize", {"picture": picture(*size)}, style=style)["stylized"]
    assert made.shape == (1, 3, *size)
    assert bool(made.isfinite().all())
    assert 0 <= float(made.min()) <= float(made.max()) <= 1


@pytest.mark.parametrize("style", STYLES)
def test_smaller_strips_give_the_same_picture(shop: Path, run: Run, lent: Any, style: str) -> None:
    whole = run("stylize", {"picture": picture(200, 300)}, style=style)["stylized"]
    lent.tile = 64
    parts = run("stylize", {"picture": picture(200, 300)}, style=style)["stylized"]
    assert float((whole - parts).abs().max()) < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("style", ["quick", "full-a"])
def test_in_strips_2048_pixels_look_as_at_once_in_half_precision(shop: Path, lent: Any, style: str) -> None:
    from inkwash.models.networks import strips
    from inkwash.models.styles import stylization

    large = picture(2048, 2048)[:, :3]
    lent.dtype = torch.bfloat16
    load = lent.store.load
    lent.store.load = lambda name, role: load(name, role).bfloat16()
    made = []
    for strip in (strips.STRIP, 2**40):
        strips.STRIP = strip
        painting = stylization.painted(large, [style], 0.0, lent)
        with torch.inference_mode():
            while True:
                try:
                    next(painting)
                except StopIteration as end:
                    made.append(end.value)
                    break
    strips.STRIP = 2**20
    difference = (made[0] - made[1]).abs() * 255
    assert float(difference.mean()) <= 1
    assert float(difference.max()) <= 8


def test_strength_goes_from_the_picture_to_the_painting(shop: Path, run: Run) -> None:
    given = {"picture": picture(64, 80)}
    none, half, full = (run("stylize", given, style="full-a", strength=s)["stylized"] for s in (0.0, 0.5, 1.0))
    assert torch.equal(none, given["picture"][:, :3])
    assert torch.allclose(half, (none + full) / 2, atol=1e-5)
    assert float((full - none).abs().mean()) > 0.01


def test_transparency_comes_back_bit_by_bit(shop: Path, run: Run) -> None:
    given = picture(40, 64)
    given[:, 3] = torch.rand(40, 64)
    for strength in (0.0, 1.0):
        made = run("stylize", {"picture": given}, style="quick", strength=strength)["stylized"]
        assert torch.equal(made[:, 3:], given[:, 3:])


def test_kept_colours_are_the_pictures(shop: Path, run: Run) -> None:
    grey = picture(48, 48)
    grey[:, :3] = grey[:, :1]
    made = run("stylize", {"picture": grey}, style="full-a", keep_colours=True)["stylized"]
    assert torch.allclose(made[:, 0], made[:, 2], atol=1e-5)


def test_stroke_size_changes_the_strokes_and_not_the_size(shop: Path, run: Run) -> None:
    given = {"picture": picture(100, 130)}
    small, large = (run("stylize", given, style="full-a", stroke=s)["stylized"] for s in (0.5, 3.0))
    assert small.shape == large.shape == (1, 3, 100, 130)
    assert float((small - large).abs().mean()) > 0.005


def test_a_picture_smaller_than_a_stroke_is_painted_with_a_notice(shop: Path, run: Run, lent: Any) -> None:
    run("stylize", {"picture": picture(20, 300)}, style="full-a")
    assert any("hardly larger than a stroke" in notice for notice in lent.notices)


@pytest.mark.parametrize(
    ("first", "second"), [("full-a", "full-b"), ("full-a", "light-b"), ("quick", "one"), ("kept", "one")]
)
def test_a_blend_goes_from_one_style_to_the_other(shop: Path, run: Run, first: str, second: str) -> None:
    given = {"picture": picture(64, 64)}
    mixes = [run("stylize", given, style=first, second=second, blend=b)["stylized"] for b in (0.0, 0.5, 1.0)]
    assert torch.allclose(mixes[0], run("stylize", given, style=first)["stylized"], atol=1e-5)
    assert torch.allclose(mixes[2], run("stylize", given, style=second)["stylized"], atol=1e-4)
    apart = float((mixes[0] - mixes[2]).abs().mean())
    assert apart > 0.01
    assert float((mixes[1] - mixes[0]).abs().mean()) < apart


def test_two_manners_are_mixed_as_one(shop: Path, run: Run, lent: Any) -> None:
    lent.store.keep(
        *manner_of(picture(64, 64, seed=6)[:, :3], "Other", copyist=lent.network("any", "stylizer"), name="any")
    )
    given = {"picture": picture(64, 64)}
    ends = [run("stylize", given, style=style)["stylized"] for style in ("kept", "other")]
    half = run("stylize", given, style="kept", second="other", blend=0.5)["stylized"]
    assert float((half - (ends[0] + ends[1]) / 2).abs().mean()) > 1e-3
    for blend, end in zip((1e-4, 1.0), ends, strict=True):
        made = run("stylize", given, style="kept", second="other", blend=blend)["stylized"]
        assert torch.allclose(made, end, atol=0.01)


@pytest.mark.parametrize(("first", "second"), [("full-a", "full-b"), ("quick", "one"), ("kept", "quick")])
@pytest.mark.parametrize("painted", [True, False])
def test_a_mask_gives_the_second_style_its_place(shop: Path, run: Run, first: str, second: str, painted: bool) -> None:
    given = {"picture": picture(128, 256)}
    mask = torch.zeros(1, 4, 128, 256)
    mask[..., 128:] = 1
    mask[:, 3] = mask[:, 3] if painted else 1
    made = run("stylize", {**given, "mask": mask}, style=first, second=second)["stylized"]
    alone = run("stylize", given, style=first)["stylized"]
    other = run("stylize", given, style=second)["stylized"]
    left, right = (made - alone)[..., :64].abs().mean(), (made - other)[..., 192:].abs().mean()
    apart = (alone - other).abs().mean()
    assert float(left) < 0.5 * float(apart)
    assert float(right) < 0.5 * float(apart)


def test_any_painting_is_painted_after_at_once(shop: Path, run: Run, lent: Any) -> None:
    given = {"picture": picture(67, 90)}
    first, second = (run("stylize", {**given, "painting": picture(300, 200, seed=s)})["stylized"] for s in (1, 2))
    assert first.shape == (1, 3, 67, 90)
    assert float((first - second).abs().mean()) > 0.01
    assert lent.notices == []


def test_of_a_painting_only_what_is_seen_counts(shop: Path, run: Run) -> None:
    given, painting = {"picture": picture(64, 64)}, picture(64, 64, seed=1)
    wider = nn.functional.pad(painting, (0, 100, 30, 0))
    alone, within = (run("stylize", {**given, "painting": p})["stylized"] for p in (painting, wider))
    assert torch.equal(alone, within)
    with pytest.raises(BadPicture, match="empty"):
        run("stylize", {**given, "painting": torch.zeros(1, 4, 64, 64)})


def test_without_a_painting_the_style_any_takes_a_known_manner_and_says_so(shop: Path, run: Run, lent: Any) -> None:
    made = run("stylize", {"picture": picture(64, 64)})["stylized"]
    assert torch.equal(made, run("stylize", {"picture": picture(64, 64)}, style=OTHERWISE)["stylized"])
    assert any("No painting was given" in notice for notice in lent.notices)


def test_a_painting_that_no_style_looks_at_is_mentioned(shop: Path, run: Run, lent: Any) -> None:
    run("stylize", {"picture": picture(64, 64), "painting": picture(64, 64)}, style="quick")
    assert any("was not looked at" in notice for notice in lent.notices)


def test_a_kept_painting_paints_as_the_painting_did(shop: Path, run: Run, lent: Any) -> None:
    given = {"picture": picture(64, 80)}
    made = run("stylize", {**given, "painting": picture(99, 80, seed=3)}, keep_as="My Wave!")["stylized"]
    assert (shop / "my-wave.safetensors").stat().st_size < 20_000
    assert read_card(shop / "my-wave.safetensors").thumbnail
    assert float((run("stylize", given, style="my-wave")["stylized"] - made).abs().max()) < 0.01
    assert lent.notices == ["The painting is kept as the style my-wave."]


def test_a_name_that_is_taken_is_said_and_the_picture_painted(shop: Path, run: Run, lent: Any) -> None:
    before = (shop / "quick.safetensors").read_bytes()
    given = {"picture": picture(64, 80), "painting": picture(99, 80)}
    assert run("stylize", given, keep_as="Quick")["stylized"].shape == (1, 3, 64, 80)
    assert any("called quick already" in notice for notice in lent.notices)
    assert (shop / "quick.safetensors").read_bytes() == before


def test_a_manner_of_another_copyist_is_refused(shop: Path, run: Run) -> None:
    kept(shop, "alien", "stylizer", "manner", Manner("any", "0123"), copyist="any", fingerprint="0123")
    with pytest.raises(BadModel, match="another version of the model any"):
        run("stylize", {"picture": picture(32, 32)}, style="alien")


def test_a_grey_picture_and_a_flat_one_are_painted(shop: Path, run: Run) -> None:
    for value in (0.0, 0.5, 1.0):
        made = run("stylize", {"picture": torch.full((1, 4, 64, 64), value)}, style="one")["stylized"]
        assert bool(made.isfinite().all())


@pytest.mark.parametrize(("style", "said"), [("coder-full", "coder model"), ("inkwash-colorizer", "colorizer model")])
def test_a_model_of_another_role_is_refused(shop: Path, run: Run, style: str, said: str) -> None:
    with pytest.raises(BadModel, match=said):
        run("stylize", {"picture": picture(32, 32)}, style=style)


def test_a_bank_without_its_coder_says_what_is_missing(shop: Path, run: Run) -> None:
    (shop / "coder-full.safetensors").unlink()
    with pytest.raises(BadModel, match="needs the model coder-full"):
        run("stylize", {"picture": picture(32, 32)}, style="full-a")


def test_a_bank_of_another_coder_is_refused(shop: Path, run: Run) -> None:
    torch.manual_seed(9)
    coder = Coder("full")
    kept(shop, "coder-full", "coder", "coder", coder, kind="full", fingerprint=fingerprint(coder))
    with pytest.raises(BadModel, match="another version of the model coder-full"):
        run("stylize", {"picture": picture(32, 32)}, style="full-a")


def test_weights_of_another_architecture_are_refused(shop: Path, run: Run) -> None:
    kept(shop, "wrong", "stylizer", "transform", LightTransform(8, 1), width=8, blocks=1)
    with pytest.raises(BadModel, match="damaged or made for another version"):
        run("stylize", {"picture": picture(32, 32)}, style="wrong")


def test_a_sketch_is_coloured_and_painted_in_one_action(shop: Path, run: Run, grey: Callable[[str], Tensor]) -> None:
    line = grey("openmoji-line.png")[..., ::4, ::4].contiguous()
    made = run("sketch_to_style", {"line": line}, style="full-a", seed=1)["stylized"]
    coloured = run("colorize", {"line": line}, seed=1)["color"] * line
    whole = torch.cat([coloured, torch.ones_like(line)], 1)
    assert torch.allclose(made, run("stylize", {"picture": whole}, style="full-a")["stylized"], atol=1e-5)
    kept = run("sketch_to_style", {"line": line}, style="full-a", seed=1, keep_lines=True)["stylized"]
    assert float(kept[(line < 0.1).expand_as(kept)].max()) <= 0.1


def test_the_chain_has_the_settings_of_both_filters() -> None:
    names = {parameter.name for parameter in find("sketch_to_style").parameters}
    assert {
        "style",
        "style_strength",
        "stroke",
        "keep_colours",
        "second",
        "blend",
        "model",
        "strength",
        "seed",
    } <= names
    colorize = {given.name for given in find("colorize").inputs}
    assert {given.name for given in find("sketch_to_style").inputs} == {*colorize, "mask", "painting"}


@pytest.mark.parametrize(("factor", "times"), [("2", 2), ("4", 4)])
@pytest.mark.parametrize("size", [(1, 1), (5, 40), (70, 33)])
def test_a_picture_is_enlarged(shop: Path, run: Run, factor: str, times: int, size: tuple[int, int]) -> None:
    made = run("upscale", {"picture": picture(*size)}, model="twice", factor=factor)["upscaled"]
    assert made.shape == (1, 3, size[0] * times, size[1] * times)


def test_bands_of_an_enlarged_picture_have_no_seams(shop: Path, run: Run, lent: Any) -> None:
    whole = run("upscale", {"picture": picture(150, 90)}, model="twice")["upscaled"]
    lent.tile = 40
    assert torch.allclose(run("upscale", {"picture": picture(150, 90)}, model="twice")["upscaled"], whole, atol=1e-5)


def test_transparency_is_enlarged_too(shop: Path, run: Run) -> None:
    made = run("upscale", {"picture": picture(32, 32, alpha=0.5)}, model="twice")["upscaled"]
    assert made.shape == (1, 4, 64, 64)
    assert torch.allclose(made[:, 3], torch.full((1, 64, 64), 0.5))


def test_a_manner_leaves_no_screen_of_two_pixels(run: Run, sample: Any) -> None:
    photo = sample("photo.jpg", 160, alpha=True)
    made = run("stylize", {"picture": photo}, style="sunset-bridge")["stylized"]
    assert grain(made) < 0.1 < grain(photo[:, :3])
