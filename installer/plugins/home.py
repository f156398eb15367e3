"""A home: a folder of one Krita or GIMP in which it looks for its user's plugins."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Part = Literal["krita", "gimp"]
PARTS: tuple[Part, ...] = ("krita", "gimp")


@dataclass(frozen=True)
class Home:
    """Where one host keeps what its user adds to it."""

    part: Part  # which of our plugins belongs into it
    label: str  # "Krita", "GIMP 3.0", "Krita (Flatpak)"
    folder: Path  # Krita's resource folder; GIMP's folder of one version
    settings: Path | None = None  # Krita's kritarc
    sandbox: str = ""  # "Flatpak" or "Snap", if it is shut in by one

    @property
    def plugin(self) -> Path:
        """The folder that holds our plugin."""
        return self.folder / ("pykrita/inkwash" if self.part == "krita" else "plug-ins/inkwash-gimp")
