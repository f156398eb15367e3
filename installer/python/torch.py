"""Which build of PyTorch: the small one for the CPU, or the large one for NVIDIA GPUs."""

import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

from ..errors import NotOffered
from .environment import Environment
from .pip import Pip

Build = Literal["cpu", "cuda"]

CPU_VERSION = "2.13.0+cpu"  # the label by which an index that has CPU builds offers them
OLDEST = (2, 6)
ANY = "torch>=2.6"

LARGE = ("cuda", "nvidia", "triton")  # how the names of libraries of hundreds of megabytes begin
UNMET = """
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from packaging.requirements import Requirement
for need in map(Requirement, requires(sys.argv[1]) or ()):
    if need.marker is None or need.marker.evaluate({"extra": ""}):
        need.marker = None
        try:
            met = not need.extras and need.specifier.contains(version(need.name), prereleases=True)
        except PackageNotFoundError:
            met = False
        if not met:
            print(need)
"""


def sees_nvidia(driver: Path = Path("/proc/driver/nvidia/version")) -> bool:
    """Whether a driver for an NVIDIA GPU is loaded here."""
    if driver.exists():
        return True
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return False
    try:  # the tool alone proves nothing: it stays behind when the card is gone
        listed = subprocess.run([tool, "-L"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return listed.returncode == 0 and "GPU" in listed.stdout


def choose(wanted: str) -> Build:
    """The build that `wanted` ("cpu", "cuda" or "auto") means on this machine."""
    if wanted == "auto":
        return "cuda" if sees_nvidia() else "cpu"
    return "cuda" if wanted == "cuda" else "cpu"


def is_kept(installed: str, build: Build, *, explicit: bool) -> bool:
    """Whether the `installed` version ("" for none) serves; any build computes on the CPU."""
    numbers = re.match(r"(\d+)\.(\d+)", installed)
    if not numbers or (int(numbers[1]), int(numbers[2])) < OLDEST:
        return False
    return not (explicit and build == "cuda" and installed.endswith("+cpu"))


def words(build: Build) -> str:
    """What will be downloaded, and roughly how much."""
    if build == "cuda":
        return "PyTorch for NVIDIA GPUs, about 3 GB to download"
    return "PyTorch for the CPU, about 200 MB to download"


def provide(pip: Pip, environment: Environment, build: Build, *, explicit: bool, index: str = "") -> None:
    """Install `build` unless the environment's own PyTorch serves; `index` is a further package index.

    It comes without its libraries first, and each large one by itself after it: what has arrived is
    installed and stays, so that a dropped connection never costs gigabytes again.
    """
    further = ["--extra-index-url", index] if index else []
    installed = environment.version_of("torch")
    if is_kept(installed, build, explicit=explicit):
        pip.progress.note(f"PyTorch {installed} is already there")
    elif build == "cuda":
        # An index may offer the CPU build too, and pip holds its label for the newer version.
        pip.install("--no-deps", "--upgrade", "--force-reinstall", *further, f"{ANY},!={CPU_VERSION}")
    else:
        _cpu(pip, ["--no-deps", "--upgrade", *further])
    libraries = unmet(environment, "torch")
    large = [library for library in libraries if library.startswith(LARGE)]
    for count, library in enumerate(large, 1):
        name = re.split(r"[^\w.-]", library)[0]
        pip.progress.note(f"library {count} of {len(large)}: {name}")
        pip.install(library, *further)
    if len(large) < len(libraries):
        pip.install(*(library for library in libraries if library not in large), *further)
    if environment.version_of("torch") != installed:
        pip.progress.note(f"PyTorch {environment.version_of('torch')} is installed")


def unmet(environment: Environment, package: str) -> list[str]:
    """What the installed `package` needs and the environment lacks, as pip takes it."""
    command = [str(environment.python), "-I", "-c", UNMET, package]
    # Should it fail, pip finds out by itself when Inkwash is installed, if only all at once.
    return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()


def _cpu(pip: Pip, options: list[str]) -> None:
    """The CPU build; elsewhere than on Linux every plain build is one."""
    if sys.platform == "linux":
        try:
            pip.install(*options, f"torch=={CPU_VERSION}")
            return
        except NotOffered:
            if platform.machine() in ("x86_64", "AMD64"):
                pip.progress.note("The small build is not offered here. The ordinary one is about 3 GB to")
                pip.progress.note("download; it works on the CPU just as well.")
    pip.install(*options, ANY)
