"""The check-up: what is installed, what is found, and what to do about each thing that is wrong."""

import json
import os
import platform
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkwash.protocol.places import data_folder, log_file, models_folder
from inkwash.protocol.version import VERSION

from .plugins import hosts
from .python import debian, stamp, torch
from .python.environment import ROOT, Environment, artist

DEVICE = (
    "import json, os, torch; cuda = torch.cuda.is_available();"
    "mps = torch.backends.mps.is_available();"
    "print(json.dumps({'version': torch.__version__, 'cuda': cuda,"
    "'device': torch.cuda.get_device_name(0) if cuda else 'the Apple GPU' if mps"
    " else f'the CPU ({os.cpu_count()} cores)'}))"
)
HEADER_LIMIT = 16 * 2**20  # bytes; a weights file's header is a few kB and a thumbnail


@dataclass(frozen=True)
class Finding:
    """One line of the check-up."""

    words: str
    advice: str = ""  # what to do; empty if nothing is wrong
    is_wrong: bool = False

    def __str__(self) -> str:
        mark = "WRONG" if self.is_wrong else "note " if self.advice else "ok   "
        lines = [f"  {mark}  {self.words}", *(f"         {line}" for line in self.advice.splitlines())]
        return "\n".join(lines)


def examine() -> int:
    """Print the whole check-up; 1 if anything is wrong, else 0."""
    print("Inkwash check-up", flush=True)
    count = 0
    for finding in findings():
        print(finding, flush=True)
        count += finding.is_wrong
    print(f"\n{count} thing{'s' * (count != 1)} to put right." if count else "\nAll is well.")
    return int(bool(count))


def findings() -> Iterator[Finding]:
    """Each thing that is looked at, as it is found."""
    yield _python()
    installed = environments()
    for environment in installed:
        yield from _environment(environment)
    if not installed:
        yield Finding("Nothing is installed yet", _command("to install Inkwash, or `... demo` to try it"), True)
    for environment in [one for one in installed if one.inkwash.exists()][:1]:  # they share one daemon
        yield _daemon(environment)
    yield _models_of_artist()
    yield from _shipped_models(installed)
    yield from _hosts()
    for environment in [one for one in installed if one.inkwash.exists()][:1]:
        yield from _plugins(environment)


def environments() -> list[Environment]:
    """The artist's environment and this checkout's, as far as they are there."""
    here = [Environment(ROOT / ".venv", editable=True)] if (ROOT / "pyproject.toml").is_file() else []
    return [environment for environment in (artist(), *here) if environment.folder.is_dir()]


def _command(purpose: str) -> str:
    return f"Run `python3 installer` in Inkwash's folder {purpose}."


def _python() -> Finding:
    """The Python that runs this, and whether it can make environments."""
    words = f"Python {platform.python_version()} ({sys.executable}) on {platform.platform(terse=True)}"
    if debian.can_make_environments():
        return Finding(words)
    return Finding(f"{words} cannot make private environments", debian.ADVICE, True)


def _environment(environment: Environment) -> Iterator[Finding]:
    """Whether it is whole, what computes in it, and its daemon."""
    whose = "this folder's" if environment.editable else "the artist's"
    repair = _command("again (`... demo` for its own environment); it repairs what is there")
    if environment.state() != "whole":
        yield Finding(f"Environment {environment.folder} ({whose}) is unfinished", repair, True)
        return
    version = environment.version_of("inkwash")
    if stamp.read(environment.folder) is None or not version:
        yield Finding(f"Environment {environment.folder} ({whose}) was not finished here", repair)
    else:
        yield Finding(f"Inkwash {version} in {environment.folder} ({whose})")
    yield _device(environment)


def _device(environment: Environment) -> Finding:
    """What PyTorch computes on, and whether a GPU lies idle."""
    answer = subprocess.run([environment.python, "-I", "-c", DEVICE], capture_output=True, text=True)
    if answer.returncode:
        last = (answer.stderr.strip().splitlines() or ["no reason given"])[-1]
        return Finding(f"PyTorch does not run: {last}", _command("again; it repairs what is there"), True)
    found = json.loads(answer.stdout.splitlines()[-1])
    words = f"PyTorch {found['version']} computes on {found['device']}"
    if torch.sees_nvidia() and not found["cuda"]:
        return Finding(
            f"{words}; the NVIDIA GPU is not used",
            _command("with `--torch cuda`") + "\nIf it already has that build, the GPU's driver may be too old.",
        )
    return Finding(words)


def _daemon(environment: Environment) -> Finding:
    """What the daemon says of itself; a stopped one is in order."""
    command = [str(environment.inkwash), "daemon", "status", "--json"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60)
        found = json.loads(answer.stdout) if answer.stdout else None
    except (OSError, ValueError, RecursionError, subprocess.TimeoutExpired) as error:
        return Finding(f"The daemon cannot be asked: {error}", f"Its log is {log_file()}.", True)
    if found is None:  # it has said why
        complaint, _, hint = answer.stderr.removeprefix("Error: ").partition("\n")
        return Finding(f"The daemon: {complaint}", f"{hint.strip()}\nIts log is {log_file()}.".strip(), True)
    if not found:
        return Finding("The daemon does not run; it starts by itself when it is needed")
    return _running(found, environment)


def _running(found: dict[str, Any], environment: Environment) -> Finding:
    """Whether the daemon that runs is what is installed, and can compute."""
    words = f"The daemon {found.get('version', '')} runs, process {found.get('pid')}"
    stop = f"{environment.inkwash} daemon stop"
    if found.get("device", {}).get("fault"):
        again = _command(f"again; it repairs what is there. Then: {stop}")
        return Finding(f"{words}, but {found['device']['fault']}", again, True)
    if found.get("version") != VERSION or found.get("outdated"):
        advice = f"The next job replaces it, unless it is at work. At once: {stop}"
        return Finding(f"{words}; its program was changed since: this is {VERSION}", advice)
    return Finding(words)


def _models_of_artist() -> Finding:
    """The user's own models."""
    return _models("Your own models", models_folder())


def _shipped_models(installed: list[Environment]) -> Iterator[Finding]:
    """The models that came with Inkwash; without one nothing can be coloured."""
    for environment in installed:
        if environment.editable:
            yield _models("Models of this folder", ROOT / "models" / "weights", required=True)
        else:
            for folder in environment.folder.glob("[lL]ib/**/site-packages/inkwash/models/weights"):
                yield _models("Models of the installation", folder, required=True)


def _models(words: str, folder: Path, *, required: bool = False) -> Finding:
    """The models in `folder`, and those among them that are damaged."""
    files = sorted(folder.glob("*.safetensors"))
    damaged = [file.name for file in files if not has_card(file)]
    if damaged:
        names = ", ".join(damaged)
        return Finding(f"{words}: damaged: {names}", f"Copy it again, or remove it from {folder}.", True)
    if files:
        return Finding(f"{words}: {', '.join(file.stem for file in files)} (in {folder})")
    advice = "Download Inkwash again: its models are missing." if required else ""
    return Finding(f"{words}: none (their folder is {folder})", advice, required)


def has_card(file: Path) -> bool:
    """Whether `file` is a whole weights file with a card in its header."""
    try:
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            header = json.loads(stream.read(length)) if length <= HEADER_LIMIT else {}
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        json.loads(header["__metadata__"]["inkwash"])
        return bool(file.stat().st_size == 8 + length + max(ends, default=0))
    except (OSError, struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def _hosts() -> Iterator[Finding]:
    """The painting programs; none is not wrong, for there is the command line."""
    found = hosts.find()
    for host in found:
        yield Finding(str(host), "" if host.is_new_enough else f"Inkwash needs {hosts.NEEDS[host.name]}.")
    for name in hosts.OLDEST:
        if name not in {host.name for host in found}:
            yield Finding(f"{name}: not found in the usual places")
    if os.environ.get("INKWASH_HOME"):
        yield Finding(f"INKWASH_HOME is set: everything is looked for in {data_folder()}")


def _plugins(environment: Environment) -> Iterator[Finding]:
    """Whether the plugin is where each host looks for it, is this installation's, and would be loaded."""
    command = [str(environment.inkwash), "plugins", "list", "--json"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=120)
        told = [
            Finding(f"{row['label']}: {row['words']} ({row['folder']})", row["advice"], row["is_wrong"])
            for row in json.loads(answer.stdout)
        ]
    except (OSError, ValueError, KeyError, TypeError, RecursionError, subprocess.TimeoutExpired) as error:
        told = [Finding(f"The plugins cannot be looked at: {error}", _command("again"), True)]
    yield from told
