"""The model store: weights as safetensors files, each with a card in its header."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkwash.protocol import places

from .errors import BadModel, UnknownModel

if TYPE_CHECKING:
    import torch

SHIPPED = Path(__file__).parent / "weights"
SUFFIX = ".safetensors"
HEADER_KEY = "inkwash"
HEADER_LIMIT = 16 * 2**20  # bytes; a real header is a few kB and a thumbnail


@dataclass(frozen=True)
class Card:
    """What a weights file says of itself; enough to rebuild its network and to credit its sources."""

    name: str  # unique in the store, lower case, the file's stem
    label: str  # for menus
    role: str  # which filters can use it, such as "colorizer"
    architecture: str  # a key of `inkwash.models.networks.ARCHITECTURES`
    settings: dict[str, Any]  # keyword arguments of the architecture
    version: str
    licence: str
    trained_on: list[str] = field(default_factory=list)  # sources with their licences
    metrics: dict[str, float] = field(default_factory=dict)
    notes: str = ""
    thumbnail: str = ""  # PNG, base64; empty if none


def read_card(file: Path) -> Card:
    """The card in `file`'s header, without reading its weights; BadModel if there is none."""
    try:
        with file.open("rb") as stream:
            (size,) = struct.unpack("<Q", stream.read(8))
            if size > HEADER_LIMIT:
                raise ValueError("its header is too large")
            metadata = json.loads(stream.read(size))["__metadata__"]
        data = json.loads(metadata[HEADER_KEY])
        known = {f.name for f in fields(Card)}
        return Card(**{key: value for key, value in data.items() if key in known})
    except (OSError, struct.error, ValueError, KeyError, TypeError) as error:
        raise BadModel(
            f"{file.name} is not an Inkwash model, or it is damaged.",
            f"Copy the file again or remove it from {file.parent}. ({error})",
        ) from error


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
            raise UnknownModel(
                f"There is no model called {name!r}.",
                f"There are: {', '.join(fitting) or 'none'}. Your own go into {self.folders[-1]}.",
            )
        return files[name]

    def load(self, name: str, role: str | None = None) -> torch.nn.Module:
        """The network of model `name`, float32 on the CPU, in evaluation mode; UnknownModel, BadModel."""
        import safetensors.torch

        from .networks import ARCHITECTURES

        file = self.file(name, role)
        card = read_card(file)
        if role is not None and card.role != role:
            raise BadModel(f"{name} is a {card.role} model, not a {role} model.", "Choose another model.")
        try:
            network = ARCHITECTURES[card.architecture](**card.settings)
            network.load_state_dict(safetensors.torch.load_file(file))
        except Exception as error:
            raise BadModel(
                f"{file.name} is damaged or made for another version of Inkwash.",
                f"Copy the file again or train it anew. ({error})",
            ) from error
        return network.float().eval()


def save(file: Path, network: torch.nn.Module, card: Card) -> None:
    """Write `network` in half precision with its `card`; the file appears whole or not at all."""
    import safetensors.torch
    import torch

    tensors = {
        key: (value.half() if value.dtype == torch.float32 else value).contiguous().cpu()
        for key, value in network.state_dict().items()
    }
    beside = file.with_suffix(".part")
    safetensors.torch.save_file(tensors, beside, metadata={HEADER_KEY: json.dumps(asdict(card))})
    beside.replace(file)
