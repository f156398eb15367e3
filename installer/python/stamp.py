"""The stamp in a finished environment: what it was made from, so that a second run can tell at once."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "inkwash-stamp.json"
PARTS = ("daemon", "installer", "models", "plugins", "training")


@dataclass(frozen=True)
class Stamp:
    """What an environment was made from."""

    recipe: str  # hash of the project's settings, the Python version and, for a copy, of its files
    torch: str  # "cpu" or "cuda", as it was chosen
    extras: tuple[str, ...]  # sorted names, such as ("evaluate", "test")

    def covers(self, wanted: "Stamp", *, any_torch: bool) -> bool:
        """Whether an environment with this stamp already is what is wanted."""
        same_torch = any_torch or self.torch == wanted.torch
        return self.recipe == wanted.recipe and same_torch and set(wanted.extras) <= set(self.extras)


def recipe(source: Path, python_version: str, *, editable: bool) -> str:
    """A hash that changes when an environment made from the folder `source` must be brought up to date."""
    digest = hashlib.sha256((source / "pyproject.toml").read_bytes())
    digest.update(python_version.encode())
    if not editable:  # a copy does not see the files change
        for file in sorted(f for part in PARTS for f in (source / part).rglob("*") if f.is_file()):
            if file.suffix != ".pyc":
                digest.update(f"{file.relative_to(source)} {file.stat().st_size}".encode())
                digest.update(str(file.stat().st_mtime_ns).encode())
    return digest.hexdigest()


def read(folder: Path) -> Stamp | None:
    """The stamp in the environment `folder`; None if it was never finished."""
    try:
        data = json.loads((folder / NAME).read_text("utf-8"))
        return Stamp(str(data["recipe"]), str(data["torch"]), tuple(map(str, data["extras"])))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def write(folder: Path, stamp: Stamp) -> None:
    """Stamp the environment `folder` as finished."""
    beside = folder / f"{NAME}.part"
    beside.write_text(json.dumps(asdict(stamp)), "utf-8")
    beside.replace(folder / NAME)


def erase(folder: Path) -> None:
    """Take the stamp away before the environment is changed, so that an interruption shows."""
    (folder / NAME).unlink(missing_ok=True)
