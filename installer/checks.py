"""The checks that every change must pass: style, types and tests, as `python3 installer test` runs them."""

import time
from collections.abc import Sequence

from . import process
from .progress import duration
from .python.environment import ROOT, Environment

EXTRAS = ("test",)
PARALLEL = ("-n", "auto", "--dist", "loadfile")  # a process a core; a file's tests share their Krita


def check(environment: Environment, pytest_arguments: Sequence[str] = ()) -> int:
    """Run them all, so that one run shows everything; the exit code of the first that fails, or 0."""
    checks = {
        "style": ["ruff", "check", "."],
        "format": ["ruff", "format", "--check", "."],
        "types": ["mypy"],
        "tests": ["pytest", *PARALLEL, *pytest_arguments],
    }
    codes = {name: _run(environment, name, words) for name, words in checks.items()}
    failed = [name for name, code in codes.items() if code]
    print("\nAll checks pass." if not failed else f"\nThese checks fail: {', '.join(failed)}.", flush=True)
    return next((code for code in codes.values() if code), 0)


def _run(environment: Environment, name: str, words: Sequence[str]) -> int:
    """One check in the checkout's folder; its words go straight to the terminal."""
    print(f"\n== {name}: {' '.join(words)}", flush=True)
    started = time.monotonic()
    code = process.run([environment.python, "-m", *words], cwd=ROOT)
    print(f"== {name}: {'failed' if code else 'passed'} in {duration(time.monotonic() - started)}", flush=True)
    return code
