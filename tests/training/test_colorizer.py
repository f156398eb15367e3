import base64
import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch
from PIL import Image

from inkwash.models.cards import read_card
from inkwash.models.colouring.palette import likeliest
from inkwash.models.store import Store
from inkwash.training.colorizer import surprise, train
from inkwash.training.loop import learning_rate
from inkwash.training.presets import PRESETS, Settings


def _quiet(text: str) -> None:
    pass


def test_a_run_leaves_its_log_samples_plots_checkpoint_and_model(pairs: Path, preset: Settings, tmp_path: Path) -> None:
    model = train(pairs, tmp_path / "run", preset, said=_quiet)
    run = tmp_path / "run"
    with (run / "log.csv").open() as stream:
        assert [row["step"] for row in csv.DictReader(stream)] == ["1", "2", "3", "4"]
    for picture in (run / "losses.png", *(run / "samples").glob("*.png")):
        with Image.open(picture) as opened:
            opened.verify()
    assert [file.stem for file in sorted((run / "samples").glob("*.png"))] == ["0000002", "0000004"]
    assert read_card(model).architecture == preset.architecture
    card = read_card(model)
    assert "error_with_hints" in card.metrics
    assert len(card.trained_on) == 1
    assert "OpenMoji" in card.trained_on[0]
    with Image.open(io.BytesIO(base64.b64decode(card.thumbnail))) as thumbnail:
        assert thumbnail.size == (96, 96)


def test_an_interrupted_run_resumes_bit_exactly(pairs: Path, preset: Settings, tmp_path: Path) -> None:
    def stop_after_two(text: str) -> None:
        if text.startswith("step 2 of"):
            raise ConnectionError("the machine went away")

    train(pairs, tmp_path / "whole", preset, said=_quiet)
    with pytest.raises(ConnectionError):
        train(pairs, tmp_path / "parts", replace(preset, save_every=1), said=stop_after_two)
    train(pairs, tmp_path / "parts", preset, resume=True, said=_quiet)
    whole, parts = (safetensors.torch.load_file(tmp_path / n / "checkpoint.safetensors") for n in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_training_changes_generator_and_discriminator(pairs: Path, tmp_path: Path, preset: Settings) -> None:
    one = replace(preset, steps=1, save_every=1)
    train(pairs, tmp_path / "short", one, said=_quiet)
    train(pairs, tmp_path / "long", preset, said=_quiet)
    short, long = (safetensors.torch.load_file(tmp_path / n / "checkpoint.safetensors") for n in ("short", "long"))
    adversarial = {"netG/"} | ({"netD/"} if preset.lambda_gan else set())
    for network in adversarial:
        weights = [name for name in short if name.startswith(network) and name.endswith("weight")]
        assert all(not torch.equal(short[name], long[name]) for name in weights if short[name].is_floating_point())


def test_the_exported_model_is_found_by_a_store_and_colours(pairs: Path, preset: Settings, tmp_path: Path) -> None:
    model = train(pairs, tmp_path / "mine", replace(preset, steps=1), said=_quiet)
    network = Store([model.parent]).load("mine", "colorizer")
    with torch.inference_mode():
        colour = network(torch.rand(1, 1, 40, 48), torch.zeros(1, 4, 40, 48))
    assert colour.shape == (1, 3, 40, 48)


def test_a_checkpoint_of_another_network_is_refused(pairs: Path, preset: Settings, tmp_path: Path) -> None:
    train(pairs, tmp_path / "run", replace(preset, steps=1), said=_quiet)
    with pytest.raises(ValueError, match="another network"):
        train(pairs, tmp_path / "run", replace(preset, width=16), resume=True, said=_quiet)


def test_the_learning_rate_falls_to_nothing_over_the_last_part() -> None:
    settings = replace(PRESETS["inkwash"], steps=100, decay=0.5, lr=1.0)
    rates = [learning_rate(settings, step) for step in range(100)]
    assert rates[:50] == [1.0] * 50
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.01


def test_odds_learn_the_true_colours_also_between_those_of_the_cube() -> None:
    truth = torch.tensor([[0.9, 0.3, 0.1], [0.0, 1.0, 0.55]]).view(2, 3, 1, 1).expand(-1, -1, 8, 8)
    scores = torch.zeros(2, 125, 2, 2, requires_grad=True)
    optimizer = torch.optim.Adam([scores], 0.5)
    for _ in range(60):
        loss = surprise(scores.log_softmax(1), truth, torch.ones(2, 1, 8, 8))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    learned = scores.detach().log_softmax(1).numpy()
    for picture, colour in zip(learned, truth[:, :, 0, 0].numpy(), strict=True):
        assert abs(likeliest(picture[:, 1, 1]) / 255 - colour).max() < 0.03


def test_odds_are_not_asked_for_under_lines() -> None:
    odds, truth, weight = torch.rand(1, 125, 2, 2).log(), torch.rand(1, 3, 8, 8), torch.ones(1, 1, 8, 8)
    weight[..., :4] = 0
    darkened = truth * weight
    assert torch.equal(surprise(odds, truth, weight), surprise(odds, darkened, weight))
    assert not torch.equal(surprise(odds, truth, weight), surprise(odds, 1 - truth, weight))


def test_the_paper_s_choices_are_the_defaults() -> None:
    paper = PRESETS["paper"]
    assert (paper.size, paper.width, paper.norm, paper.architecture) == (64, 64, 2, "paper")
    assert paper.lambda_gan > 0
    assert PRESETS["baseline"].lambda_gan == 0


@pytest.mark.parametrize(
    "wrong", [{"norm": 3}, {"size": 50}, {"size": 16}, {"batch": 0}, {"pairs": "x"}, {"architecture": "x"}]
)
def test_impossible_settings_are_refused_before_any_work(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        replace(PRESETS["inkwash"], **wrong)
