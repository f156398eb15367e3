"""Failures in the worker as errors for the artist; torch may be what failed, so nothing here needs it."""

from __future__ import annotations

import sys

from inkwash.models.errors import InkwashError

from ..errors import NotLoaded, OutOfMemory

TRY_LESS = "Close other programs, or work on a smaller selection."
REPAIR = (
    "Run `python3 installer` again, which repairs it; if memory is short, close other programs. "
    "`python3 installer doctor` says more."
)
OUT_OF_MEMORY = (  # what the allocators of the CPU (Linux, Windows), MPS and OpenCV say
    "can't allocate memory",
    "not enough memory",
    "mps backend out of memory",
    "insufficient memory",
)


def explained(error: BaseException) -> InkwashError:
    """Whatever a job ended with, in words."""
    if isinstance(error, InkwashError):
        return error
    if isinstance(error, ImportError):  # of a part that a filter loads when it begins
        return not_loaded(error)
    if ran_out(error):
        return OutOfMemory("There is not enough memory for this picture.", TRY_LESS)
    return InkwashError(
        f"Something went wrong inside Inkwash ({type(error).__name__}).",
        "`inkwash daemon logs` shows what; please report it.",
    )


def not_loaded(error: BaseException) -> NotLoaded:
    """What computes cannot be loaded: a broken or half-made installation, or far too little memory."""
    reason = (str(error).strip().splitlines() or [""])[-1] or type(error).__name__  # numpy's begins with advice
    return NotLoaded(f"PyTorch or another part that Inkwash computes with cannot be loaded: {reason:.200}", REPAIR)


def ran_out(error: BaseException) -> bool:
    """Whether `error` says that there is not enough memory."""
    torch = sys.modules.get("torch")
    kinds = (MemoryError, *filter(None, [getattr(torch, "OutOfMemoryError", None)]))
    text = str(error).lower()
    return isinstance(error, kinds) or any(words in text for words in OUT_OF_MEMORY)
