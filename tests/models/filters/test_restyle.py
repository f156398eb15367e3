from __future__ import annotations

import copy
from typing import Any

import pytest
import torch

from inkwash.models.errors import BadModel, BadPicture, UnknownModel
from inkwash.models.filters import find, restyle
from inkwash.models.filters.declaration import Choice
from inkwash.models.store import Store
from inkwash.models.styles.losses import gram
from inkwash.models.styles.objective import Terms
from inkwash.models.styles.recipes import PRESETS
from inkwash.models.styles.restyling import Recipe, levels


@pytest.fixture
def pictures(sample: Any) -> dict[str, torch.Tensor]:
    return {"picture": sample("photo.jpg", 64, alpha=True), "style": sample("painting.jpg", 80, alpha=True)}


def steps_of(lent: Any, pictures: dict[str, torch.Tensor], **settings: Any) -> tuple[list[Any], torch.Tensor]:
    """All steps of a run, and its result."""
    filter = find("restyle")
    body, steps = filter.body(pictures, filter.settings(settings), lent), []
    while True:
        try:
            with torch.no_grad():
                steps.append(next(body))
        except StopIteration as end:
            return steps, end.value["restyled"]


def test_the_picture_comes_nearer_to_the_style(run, seeing, eye, pictures) -> None:
    made = run("restyle", pictures, steps=20, strength=1.0)["restyled"]
    assert made.shape == (1, 3, *pictures["picture"].shape[-2:])
    near, far, goal = (gram(eye(x[:, :3], ["relu2_2"])["relu2_2"]) for x in (made, *pictures.values()))
    assert (near - goal).norm() < 0.5 * (far - goal).norm()
    assert seeing.notices == []


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_runs(run, seeing, pictures, preset) -> None:
    made = run("restyle", pictures, preset=preset, steps=4)["restyled"]
    assert torch.isfinite(made).all()
    assert any("VGG-19" in notice for notice in seeing.notices) == (PRESETS[preset].depth == 19)


def test_the_declaration_names_every_preset_and_method() -> None:
    from inkwash.models.styles.optimisers import METHODS

    parameters = find("restyle").parameters
    choices = {each.name: each.choices for each in parameters if isinstance(each, Choice)}
    assert set(choices["preset"]) == set(PRESETS)
    assert set(choices["method"][1:]) == set(METHODS)


def test_jin_has_the_weights_of_the_paper() -> None:
    terms = PRESETS["jin"].recipe.terms
    assert (sum(terms.content.values()), terms.style["relu1_1"], terms.variation) == (1.0, 1000.0, 10.0)


@pytest.mark.parametrize("method", ["adam", "adadelta", "gradient descent", "monte carlo"])
@pytest.mark.parametrize("start", ["noise", "style"])
def test_other_methods_and_starts_run(run, seeing, pictures, method, start) -> None:
    made = run("restyle", pictures, method=method, start=start, steps=4)["restyled"]
    assert torch.isfinite(made).all()


def test_noise_is_the_same_with_the_same_seed(run, seeing, pictures) -> None:
    one, same, other = (run("restyle", pictures, start="noise", steps=4, seed=n)["restyled"] for n in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_transparency_stays_as_it_was(run, seeing, pictures) -> None:
    pictures["picture"][:, 3, :10] = 0.25
    made = run("restyle", pictures, steps=4)["restyled"]
    assert torch.equal(made[:, 3], pictures["picture"][:, 3])


def test_colours_are_kept_if_wanted(run, seeing, pictures) -> None:
    made = run("restyle", pictures, steps=10, keep_colours=True)["restyled"]
    photo = pictures["picture"][:, :3]
    before, after = (x - x.mean(1, keepdim=True) for x in (photo, made))
    cosine = torch.nn.functional.cosine_similarity(before, after, dim=1)
    assert (cosine[(before.norm(dim=1) > 0.1) & (after.norm(dim=1) > 0.05)] > 0.95).all()


def test_a_second_style_counts(run, seeing, pictures, sample) -> None:
    other = {**pictures, "style_2": sample("photo.jpg", 100, alpha=True)}
    alone, mixed, ignored = (
        run("restyle", given, steps=4, **settings)["restyled"]
        for given, settings in ((pictures, {}), (other, {}), (other, {"weight_2": 0.0}))
    )
    assert torch.equal(alone, ignored)
    assert not torch.equal(alone, mixed)


def test_layers_can_be_left_out(run, seeing, pictures) -> None:
    choices = {}, {"finest": 0.0, "fine": 0.0}
    every, coarse = (run("restyle", pictures, steps=4, **settings)["restyled"] for settings in choices)
    assert not torch.equal(every, coarse)


def test_half_the_strength_leaves_a_preset_as_it_is_and_more_is_more_style(seeing, eye) -> None:
    def weight(name: str, strength: float) -> float:
        recipe = restyle._recipe(find("restyle").settings({"preset": name, "strength": strength}), eye, seeing)
        return sum(recipe.terms.style.values())

    for name, preset in PRESETS.items():
        assert weight(name, 0.5) == pytest.approx(sum(preset.recipe.terms.style.values()))
    assert weight("inkwash", 1.0) > 2 * weight("inkwash", 0.5)
    assert weight("inkwash", 0.0) == 0


def test_without_strength_the_picture_stays_what_it_is(run, seeing, pictures) -> None:
    made = run("restyle", pictures, steps=4, strength=0.0, smoothness=0.0)["restyled"]
    assert (made - pictures["picture"][:, :3]).abs().max() < 0.02


def test_it_goes_on_from_what_the_copyist_paints_and_from_the_content_where_there_is_none(
    run, seeing, pictures, tmp_path
) -> None:
    sketched, plain = (run("restyle", pictures, steps=1, start=start)["restyled"] for start in ("painted", "content"))
    assert not torch.equal(sketched, plain)
    seeing.store = Store([tmp_path])
    assert torch.isfinite(run("restyle", pictures, steps=1)["restyled"]).all()


def test_a_begun_picture_is_gone_on_from(run, seeing, pictures, sample) -> None:
    begun = sample("photo.jpg", 64, alpha=True).flip(3)
    made = run("restyle", {**pictures, "begun": begun}, steps=4, strength=0.0)["restyled"]
    photo = pictures["picture"][:, :3]
    assert (made - begun[:, :3]).abs().mean() < (made - photo).abs().mean()


def test_it_can_be_stopped_and_keeps_what_it_has(seeing, pictures) -> None:
    filter = find("restyle")
    assert filter.stoppable
    body = filter.body(pictures, filter.settings({"steps": 500}), seeing)
    with torch.no_grad():
        for _ in range(3):
            next(body)
        seeing.enough = True
        with pytest.raises(StopIteration) as end:
            next(body)
    assert end.value.value["restyled"].shape[-2:] == pictures["picture"].shape[-2:]
    assert any("Stopped" in notice for notice in seeing.notices)


def test_previews_come_while_it_paints(seeing, pictures) -> None:
    steps, _ = steps_of(seeing, pictures, steps=10)
    previews = [step.preview for step in steps if step.preview is not None]
    assert len(previews) >= 2
    assert [step.fraction for step in steps] == sorted(step.fraction for step in steps)


def test_a_loss_that_is_no_number_ends_it_with_the_last_good_picture(seeing, eye, pictures, monkeypatch) -> None:
    network = copy.deepcopy(eye)
    monkeypatch.setattr(seeing, "network", lambda name, role: network)
    count = 0

    def break_down(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == 10:
            network.convolution("relu1_1").weight.fill_(float("nan"))

    network.register_forward_pre_hook(break_down)
    steps, made = steps_of(seeing, pictures, steps=50, start="content")
    assert len(steps) < 12
    assert torch.isfinite(made).all()
    assert any("ran out of range" in notice for notice in seeing.notices)


def test_a_network_that_is_not_there_is_named_with_what_to_do(run, tmp_path, monkeypatch, lent, pictures) -> None:
    from inkwash.models.store import Store

    lent.store = Store([tmp_path])
    with pytest.raises(UnknownModel) as missing:
        run("restyle", pictures)
    assert "inkwash models pull vgg16 --from index, 55 MB" in missing.value.hint


def test_weights_of_another_kind_are_refused(run, pictures) -> None:
    with pytest.raises(BadModel, match="colorizer"):
        run("restyle", pictures, network="inkwash-colorizer")


def test_a_style_too_small_to_learn_from_is_refused_with_its_size(run, seeing, pictures) -> None:
    pictures["style"] = pictures["style"][..., :15, :40]
    with pytest.raises(BadPicture, match="40 x 15"):
        run("restyle", pictures)


def test_an_empty_style_is_refused(run, seeing, pictures) -> None:
    pictures["style"][:, 3] = 0
    with pytest.raises(BadPicture, match="empty"):
        run("restyle", pictures)


def test_only_what_is_seen_of_a_style_counts(run, seeing, pictures) -> None:
    framed = torch.zeros(1, 4, 120, 120)
    height, width = pictures["style"].shape[-2:]
    framed[..., 7 : 7 + height, 11 : 11 + width] = pictures["style"]
    whole, cut = (run("restyle", {**pictures, "style": s}, steps=4)["restyled"] for s in (pictures["style"], framed))
    assert torch.equal(whole, cut)


def test_a_grey_style_is_mentioned(run, seeing, pictures) -> None:
    pictures["style"][:, :3] = pictures["style"][:, :3].mean(1, keepdim=True)
    run("restyle", pictures, steps=4)
    assert any("grey" in notice for notice in seeing.notices)


def test_a_huge_style_is_made_smaller(run, seeing, pictures) -> None:
    pictures["style"] = pictures["style"].repeat(1, 1, 30, 30)
    assert torch.isfinite(run("restyle", pictures, steps=4)["restyled"]).all()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 200), (17, 33)])
def test_a_picture_smaller_than_a_stroke_comes_back_at_its_size(run, seeing, pictures, height, width) -> None:
    pictures["picture"] = torch.rand(1, 4, height, width)
    pictures["picture"][:, 3] = 1
    assert run("restyle", pictures, steps=4)["restyled"].shape == (1, 3, height, width)


def test_a_large_picture_is_painted_smaller_and_enlarged(seeing, pictures) -> None:
    steps, made = steps_of(seeing, pictures, steps=4, size=64)
    pictures["picture"] = pictures["picture"].repeat(1, 1, 3, 3)
    steps, made = steps_of(seeing, pictures, steps=4, size=64)
    assert made.shape[-2:] == pictures["picture"].shape[-2:]
    assert max(step.preview.shape[-1] for step in steps if step.preview is not None) == 64


def test_in_small_tiles_the_result_is_nearly_the_same(run, seeing, pictures) -> None:
    pictures["picture"] = pictures["picture"].repeat(1, 1, 2, 2)
    whole = run("restyle", pictures, steps=4)["restyled"]
    seeing.tile = 64
    assert (run("restyle", pictures, steps=4)["restyled"] - whole).abs().mean() < 0.01


def test_levels_grow_to_the_full_size_with_ever_fewer_steps() -> None:
    plan = levels(300, 1000, Recipe(Terms({}, {}), steps=100))
    assert [max(height, width) for height, width, _ in plan] == [125, 250, 500, 1000]
    assert [steps for *_, steps in plan] == [100, 60, 36, 22]
    assert levels(300, 1000, Recipe(Terms({}, {}), steps=100, coarse=False)) == [(300, 1000, 100)]


def test_a_size_that_memory_does_not_suffice_for_is_refused_with_the_one_that_does(run, seeing, sample) -> None:
    pictures = {"picture": sample("photo.jpg", 96, alpha=True), "style": sample("painting.jpg", 80, alpha=True)}
    seeing.pixels = 24 * 64 * 48
    with pytest.raises(BadPicture, match="needs more memory") as refused:
        run("restyle", pictures, steps=4)
    fits = int(refused.value.hint.split("size to ")[1].split()[0])
    assert 64 <= fits < 96
    assert run("restyle", pictures, steps=4, size=fits)["restyled"].shape[-2:] == pictures["picture"].shape[-2:]


def test_white_paper_stays_light_under_the_preset_that_is_ours(run, seeing, sample) -> None:
    page = torch.ones(1, 4, 64, 64)
    page[:, :3, 20:44, 20:44] = torch.tensor([0.8, 0.5, 0.4]).view(1, 3, 1, 1)
    pictures = {"picture": page, "style": sample("painting.jpg", 80, alpha=True)}
    made = run("restyle", pictures, steps=4)["restyled"]
    assert float(made[..., :16, :].mean(1).min()) > 0.85
    assert float((made - page[:, :3])[..., 24:40, 24:40].abs().mean()) > 0.03


def test_what_the_copyist_painted_is_kept_and_not_the_photograph(run, seeing, pictures) -> None:
    made = run("restyle", pictures, steps=10, strength=0.5)["restyled"]
    sketch = run("stylize", {"picture": pictures["picture"], "painting": pictures["style"]}, style="any")["stylized"]
    assert (made - sketch).square().mean() < 0.2 * (made - pictures["picture"][:, :3]).square().mean()
