"""Making an environment ready: PyTorch, Inkwash and its other parts, in steps that can be repeated."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from inkwash.protocol.places import command_file

from . import service
from .errors import Broken
from .progress import Progress, size
from .python import stamp, torch
from .python.environment import ROOT, Environment
from .python.pip import MODERN, Pip

PROOF = (
    "import aiohttp, click, cv2, h5py, lightning_fabric, matplotlib, msgpack, numpy, PIL, resvg_py, rich, safetensors,"
    "scipy, skimage, tensorboard, tifffile, torch, inkwash.protocol"
)
ROOM = {"cpu": 3 * 10**9, "cuda": 12 * 10**9}  # bytes on the disk, downloads included


def install(environment: Environment, extras: Iterable[str] = (), *, wanted: str = "auto", index: str = "") -> None:
    """Bring `environment` to what this folder's files ask for; at once if it already is.

    `wanted` is "cpu", "cuda" or "auto", `index` a further package index for PyTorch.
    Raises InstallError; whatever happens, the next run goes on from what is there.
    """
    build = torch.choose(wanted)
    before = stamp.read(environment.folder)
    goal = _goal(environment, before, build, extras)
    any_torch = wanted == "auto"
    if not (before and environment.python.exists() and before.covers(goal, any_torch=any_torch)):
        _bring_up(environment, goal, build, explicit=not any_torch, index=index)
    if not environment.editable or "INKWASH_HOME" in os.environ:
        name_daemon(environment.python, command_file())


def name_daemon(python: Path, file: Path) -> None:
    """Write into `file` how the daemon is started with `python`, for hosts whose own Python has no Inkwash."""
    command = [str(python), "-m", "inkwash.daemon.commands", "daemon", "run"]
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_name(f"{file.name}.part")
    beside.write_text(json.dumps(command), "utf-8")
    beside.replace(file)


def _goal(
    environment: Environment, before: stamp.Stamp | None, build: torch.Build, extras: Iterable[str]
) -> stamp.Stamp:
    """The stamp of what is wanted; what an earlier run added stays."""
    kept = before.extras if before else ()
    return stamp.Stamp(_recipe(environment), build, tuple(sorted({*extras, *kept})))


def _recipe(environment: Environment) -> str:
    """What an environment made now, with the Python that is in it, would be made from."""
    return stamp.recipe(ROOT, environment.python_version, editable=environment.editable)


def _bring_up(environment: Environment, goal: stamp.Stamp, build: torch.Build, *, explicit: bool, index: str) -> None:
    """The four steps; once more from nothing if the result does not run."""
    print(f"Inkwash gets its private environment in {environment.folder}", flush=True)
    if environment.inkwash.exists():
        service.stop(environment)  # it would go on with the program as it was, and Windows changes no file in use
    stamp.erase(environment.folder)
    for again in (False, True):
        progress = Progress(4)
        _prepare(environment, build, progress)
        pip = Pip(environment.python, environment.log, progress)
        with progress.step(torch.words(build)):
            torch.provide(pip, environment, build, explicit=explicit, index=index)
        with progress.step("Inkwash and its other parts, about 200 MB to download"):
            _packages(pip, environment, goal.extras)
        with progress.step("Trying whether it runs"):
            complaint = _complaint(environment)
        shutil.rmtree(environment.folder / "tmp", ignore_errors=True)
        if not complaint:
            break
        if again:
            raise Broken("Inkwash was installed, but does not run.", f"Python says: {complaint}")
        progress.note(f"It does not run ({complaint}). Making it anew.")
        environment.remove()
    # The goal was set before there was a Python to name in it.
    stamp.write(environment.folder, replace(goal, recipe=_recipe(environment)))


def _prepare(environment: Environment, build: torch.Build, progress: Progress) -> None:
    """A whole, empty environment with a pip that can continue a broken download."""
    with progress.step("A private environment"):
        state = environment.state()
        if state == "half-made":
            progress.note("An unfinished one is there; making it anew")
        if state != "whole":
            environment.make()
        _warn_of_space(environment, ROOM[build], progress)
        if not (_is_modern(environment.version_of("pip")) and environment.version_of("packaging")):
            pip = Pip(environment.python, environment.log, progress, modern=False)
            pip.install("--upgrade", "pip>={}.{}".format(*MODERN), "packaging")


def _is_modern(version: str) -> bool:
    """Whether that version of pip has what the further steps use."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= MODERN


def _warn_of_space(environment: Environment, needed: int, progress: Progress) -> None:
    """Say early that the disk may be too small; only pip knows for sure."""
    free = shutil.disk_usage(environment.folder).free
    if free < needed and not environment.version_of("torch"):
        progress.note(f"Only {size(free)} are free here; about {size(needed)} may be needed")


def _packages(pip: Pip, environment: Environment, extras: tuple[str, ...]) -> None:
    """Inkwash itself and what it needs."""
    target = f".[{','.join(extras)}]" if extras else "."
    if environment.editable:
        return pip.install("--editable", target, cwd=ROOT)
    # A build writes beside its sources; the downloaded folder stays as it is, and may be read-only.
    copy = environment.folder / "source"
    shutil.rmtree(copy, ignore_errors=True)
    for part in stamp.PARTS:
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, copy / file)
    pip.install(target, cwd=copy)
    return shutil.rmtree(copy)


def _complaint(environment: Environment) -> str:
    """The last line of what Python says when Inkwash's parts are loaded; empty if all is well."""
    answer = subprocess.run([environment.python, "-I", "-c", PROOF], capture_output=True, text=True)
    if answer.returncode == 0:
        return ""
    return (answer.stderr.strip().splitlines() or [f"it ended with code {answer.returncode}"])[-1]
