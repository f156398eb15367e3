"""The daemon's settings: a frozen dataclass, read from `settings.json` and checked before use."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from .errors import BadSettings

DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


@dataclass(frozen=True)
class Settings:
    """What a user may change; every number must be above zero."""

    body_limit_mb: int = 2048  # MiB; a larger request body is refused unread
    pixel_limit_mp: int = 128  # million pixels; a larger layer is refused before memory is taken
    queue_length: int = 32  # jobs that may wait or be uploading; the next one is told to come back later
    upload_seconds: float = 30.0  # an upload is dropped after this long without a byte
    idle_minutes: float = 30.0  # the daemon exits after this long without a job or a request
    model_minutes: float = 10.0  # models are dropped after this long without a job
    model_memory_mb: int = 2048  # MiB that loaded models may take together
    device: str = "auto"  # auto, cpu, mps, cuda or cuda:N
    precision: str = "auto"  # auto: half precision where the device is faster with it; or float32

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            wanted = {"int": int, "float": (int, float), "str": str}[str(field.type)]
            if isinstance(value, bool) or not isinstance(value, wanted):  # type: ignore[arg-type]
                raise _bad(field.name, value, f"of type {field.type}")
            if not isinstance(value, str) and not 0 < value < 2**31:
                raise _bad(field.name, value, "above zero")
        if not DEVICE.fullmatch(self.device):
            raise _bad("device", self.device, "auto, cpu, mps, cuda or cuda:N")
        if self.precision not in ("auto", "float32"):
            raise _bad("precision", self.precision, "auto or float32")


def _bad(name: str, value: Any, wanted: str) -> BadSettings:
    return BadSettings(
        f"The setting {name} must be {wanted}, not {value!r}.",
        "Change it in settings.json, or delete that file for the defaults.",
    )


def read_settings(file: Path) -> Settings:
    """The settings in `file`, the defaults for what it leaves out or if it is missing; BadSettings."""
    try:
        data = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError) as error:
        hint = "Mend or delete it; without it the defaults hold."
        raise BadSettings(f"{file} cannot be read as JSON: {error}.", hint) from error
    if not isinstance(data, dict):
        raise BadSettings(f"{file} must hold a JSON object.", 'For example {"idle_minutes": 60}.')
    known = [field.name for field in fields(Settings)]
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise BadSettings(
            f"{file} has settings that do not exist: {', '.join(unknown)}.",
            f"There are: {', '.join(known)}.",
        )
    return Settings(**data)
