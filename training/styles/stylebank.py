"""Train a StyleBank, coder and banks together, or one new bank for a coder that is left as it is.

Preset `inkwash`, and a new bank, learn first what the copyist paints of a picture, which is soon learned, and then
strokes: moments at two sizes, and every third step squares of the painting itself without and with its strokes.
Chen et al. 2017 train encoder, banks and decoder with the perceptual losses of Johnson et al.; so does preset `full`,
with small squares and few steps, and without their third stage, the coder alone as an auto-encoder: what a bank keeps
of the picture is up to its sketch. Preset `paper` is Srinath et al.'s: the coder first, alone, then each bank by the
mean squared error against optimised pictures; `light` takes the pictures of another StyleBank's banks instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from inkwash.models.cards import Card
from inkwash.models.networks.layers import Sketch
from inkwash.models.networks.stylebank import Bank, Coder, fingerprint
from inkwash.models.store import Store, save

from .style_cards import style_card
from .style_presets import StyleSettings
from .stylizing import Painter, Say, Studio, adopt, keep, run_through


class Banks(Painter):
    """A coder with its banks."""

    def __init__(self, coder: Coder, banks: Sequence[Bank]) -> None:
        super().__init__()
        self.gives_back = coder.kind == "light"
        self.coder, self.banks = coder, nn.ModuleList(banks)

    def forward(self, pictures: Tensor, styles: Sequence[int] | None, noise: Tensor | float = 0.0) -> Tensor:
        """Pictures (B, 3, H, W), each through the bank of its style; through none if `styles` is None."""
        responses = self.coder.encode(pictures + noise)
        if styles is None:
            return self.coder.decode(responses)
        banks: list[Any] = [self.banks[n] for n in styles]
        painted = [bank(x) for bank, x in zip(banks, torch.split(responses, 1), strict=True)]
        made = self.coder.decode(torch.cat(painted))
        if self.coder.kind == "light":
            return made
        drawn = [sketch(x) for sketch, x in zip(self.sketches(styles), torch.split(pictures, 1), strict=True)]
        return made + torch.cat(drawn)

    def sketches(self, styles: Sequence[int]) -> list[Sketch]:
        """The sketches of the styles' banks; `light` has none."""
        banks: list[Any] = [self.banks[n] for n in styles]
        return [bank.sketch for bank in banks if bank.sketch is not None]

    def share(self, learns: bool) -> None:
        """Whether the coder learns from now on."""
        self.coder.requires_grad_(learns)


def train(
    folder: Path,
    styles: dict[str, Path],
    out: Path,
    settings: StyleSettings,
    *,
    resume: bool = False,
    said: Say = print,
) -> list[Path]:
    """Train a coder and a bank for each of `styles` on the pictures in `folder`; returns the models' files.

    `out` is the run's folder, its name the coder's. Ctrl-C saves and exports; `resume` continues exactly.
    """
    torch.manual_seed(settings.seed)
    painter = Banks(Coder(settings.network), [Bank(settings.network, coarse=settings.sketch) for _ in styles])
    studio = Studio(settings, painter, folder, styles, out, said)
    run, done = run_through(studio, resume=resume)
    figures = keep(studio, run, done)
    run.close()
    average = studio.average
    assert isinstance(average, Banks)
    return export(average, studio, out, figures, version=f"{done} steps")


def export(
    banks: Banks, studio: Studio, out: Path, figures: dict[str, dict[str, float]], *, version: str
) -> list[Path]:
    """Write coder and banks as models; a bank knows its coder by name and fingerprint."""
    name, kind = out.name, studio.settings.network
    files = [out / f"{name}.safetensors"]
    known_by = {"kind": kind, "fingerprint": fingerprint(banks.coder)}
    rebuilt = {**known_by, "noise": studio.settings.noise}
    card = Card(name, name.replace("-", " ").capitalize(), "coder", "coder", rebuilt, version, "")
    save(files[0], banks.coder, style_card(card, studio.folder))
    settings = {**known_by, "coder": name, "coarse": studio.settings.sketch}
    for (style, picture), bank in zip(studio.styles.items(), banks.banks, strict=True):
        card = Card(style, style.replace("-", " ").capitalize(), "stylizer", "bank", settings, version, "")
        files.append(out / f"{style}.safetensors")
        save(files[-1], bank, style_card(card, studio.folder, picture=picture, metrics=figures[style]))
    return files


class NewBank(Banks):
    """A coder that is left as it is, with the one bank that learns."""

    def __init__(self, coder: Coder, bank: Bank) -> None:
        super().__init__(coder.requires_grad_(False), [bank])
        self.gives_back = False


def add(
    folder: Path | None,
    style: Path,
    out: Path,
    settings: StyleSettings,
    *,
    coder: str,
    resume: bool = False,
    said: Say = print,
) -> Path:
    """Train one new bank for the store's model `coder`, which keeps every bit; returns the new bank's file.

    The bank begins as the one of that coder whose pictures are nearest to the new style. `folder` None trains on
    made-up shapes. `out` is the run's folder, its name the style's.
    """
    network = Store().load(coder, "coder")
    assert isinstance(network, Coder)
    settings = replace(settings, network=network.kind, noise=network.noise)
    torch.manual_seed(settings.seed)
    rebuilt: dict[str, Any] = {
        "kind": network.kind,
        "coder": coder,
        "fingerprint": network.fingerprint,
        "coarse": settings.sketch,
    }
    bank = Bank(**rebuilt)
    painter = NewBank(network, bank)
    studio = Studio(settings, painter, folder, {out.name: style}, out, said)
    if not resume:
        begun = nearest_bank(studio, network, coder)
        for known in (painter, studio.average):
            if begun is not None:
                _bank(known).load_state_dict(begun.state_dict())
                adopt(known, studio.paintings)
    run, done = run_through(studio, resume=resume)
    figures = keep(studio, run, done)[out.name]
    run.close()
    card = Card(out.name, out.name.replace("-", " ").capitalize(), "stylizer", "bank", rebuilt, f"{done} steps", "")
    file = out / f"{out.name}.safetensors"
    save(file, _bank(studio.average), style_card(card, folder, picture=style, metrics=figures))
    return file


def _bank(painter: Painter) -> nn.Module:
    assert isinstance(painter, Banks)
    return painter.banks[0]


@torch.no_grad()
def nearest_bank(studio: Studio, network: Coder, coder: str) -> Bank | None:
    """The one among the coder's banks whose pictures have the smallest style loss; None if it has none."""
    store, found = Store(), list[tuple[float, str, Bank]]()
    pictures = studio.judged.middles(4).to(studio.fabric.device)
    for card in store.cards("stylizer"):
        known = card.settings.get("coder"), card.settings.get("fingerprint")
        if card.architecture == "bank" and known == (coder, network.fingerprint):
            bank = store.load(card.name, "stylizer").to(pictures.device)
            assert isinstance(bank, Bank)
            made = Banks(network, [bank])(pictures, [0] * len(pictures))
            styles = [studio.remembered[0]] * len(pictures)
            found.append((float(studio.perception.compare(made, pictures, styles)[1]), card.name, bank))
    if not found:
        return None
    _, name, bank = min(found)
    studio.said(f"Beginning with the style {name}, the nearest.")
    return bank
