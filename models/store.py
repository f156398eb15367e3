"""The model store: weights as safetensors files, each with a card in its header."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from inkwash.protocol import places

from .cards import HEADER_KEY, Card, read_card, read_shapes
from .errors import BadModel, BadParameter, UnknownModel

if TYPE_CHECKING:
    import torch

SHIPPED = Path(__file__).parent / "weights"
SUFFIX = ".safetensors"
NAMED = 30  # models that are counted up where one is missing


class Store:
    """Finds, lists and loads models, by default the shipped ones and the artist's own.

    A file dropped into a folder is there at the next look; a later folder's model hides an earlier one's of that name.
    """

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self.folders = tuple(folders) if folders is not None else (SHIPPED, places.models_folder())

    def files(self) -> dict[str, Path]:
        """Every weights file by model name (its stem), read anew so that dropped files appear; BadModel."""
        try:
            folders = (folder for folder in self.folders if folder.is_dir())
            return {file.stem: file for folder in folders for file in sorted(folder.glob(f"*{SUFFIX}"))}
        except OSError as error:
            raise BadModel(
                f"A models folder cannot be read ({error}).", "Give yourself the right to read it, or remove it."
            ) from error

    def cards(self, role: str | None = None) -> list[Card]:
        """The cards of all readable models, of one role if given; damaged files are left out."""
        cards = []
        for file in self.files().values():
            try:
                cards.append(read_card(file))
            except BadModel:
                continue
        return [card for card in cards if role in (None, card.role)]

    def file(self, name: str, role: str | None = None) -> Path:
        """The file of model `name`; UnknownModel if there is none, which names those of `role`."""
        files = self.files()
        if name not in files:
            fitting = [card.name for card in self.cards(role)]
            more = f" and {len(fitting) - NAMED} more" if len(fitting) > NAMED else ""
            raise UnknownModel(
                f"There is no model called {name!r:.200}.",
                f"There are: {', '.join(fitting[:NAMED]) or 'none'}{more}. Your own go into {self.folders[-1]}.",
            )
        if not files[name].is_file():
            raise BadModel(f"{files[name].name} is no file.", f"Remove it from {files[name].parent}.")
        return files[name]

    def keep(self, network: torch.nn.Module, card: Card) -> Path:
        """Put a model among the artist's own, never the shipped ones; BadParameter if there is one of that name."""
        if card.name in self.files():
            raise BadParameter(f"There is a model called {card.name} already.", "Choose another name.")
        if self.folders[-1] == SHIPPED:
            raise BadParameter("There is no folder for models of your own.", "Choose one in the settings.")
        file = self.folders[-1] / f"{card.name}{SUFFIX}"
        file.parent.mkdir(parents=True, exist_ok=True)
        save(file, network, card)
        return file

    def load(self, name: str, role: str | None = None) -> torch.nn.Module:
        """The network of model `name`, float32 on the CPU, in evaluation mode; UnknownModel, BadModel."""
        import safetensors.torch

        from .networks.fitting import fitted

        file = self.file(name, role)
        card = read_card(file)
        if role is not None and card.role != role:
            raise BadModel(f"{name} is a {card.role} model, not a {role} model.", "Choose another model.")
        try:
            network = fitted(card.architecture, card.settings, read_shapes(file))
            weights = safetensors.torch.load_file(file)
            if not all(bool(tensor.isfinite().all()) for tensor in weights.values()):
                raise ValueError("some of its weights are no numbers")
            network.load_state_dict(weights)
        except BadModel:
            raise
        except Exception as error:  # safetensors and torch have errors of their own
            raise BadModel(
                f"{file.name} is damaged or made for another version of Inkwash.",
                f"Copy the file again or train it anew. ({str(error)[:200]})",
            ) from error
        return network.float().eval()


def save(file: Path, network: torch.nn.Module, card: Card) -> None:
    """Write `network` with its `card`; the file appears whole or not at all.

    It is written in half precision, but for those parameters whose names have the network's word `exact` in them.
    """
    import torch

    exact = getattr(network, "exact", None)
    tensors = {
        key: (value.half() if value.dtype == torch.float32 and not (exact and exact in key) else value)
        for key, value in network.state_dict().items()
    }
    tensors = {key: value.contiguous().cpu() for key, value in tensors.items()}
    write(file, tensors, {HEADER_KEY: json.dumps(asdict(card))})


def write(file: Path, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> None:
    """Write a safetensors file, whole or not at all, also where there is no room; OSError."""
    import safetensors
    import safetensors.torch

    beside = file.with_suffix(".part")
    try:
        safetensors.torch.save_file(tensors, beside, metadata=metadata)
        beside.replace(file)
    except safetensors.SafetensorError as error:
        number = int((re.findall(r"os error (\d+)", str(error)) or [errno.EIO])[0])
        raise OSError(number, os.strerror(number), str(file)) from error
    finally:
        beside.unlink(missing_ok=True)
