"""A private environment: where it is, whether it is whole, and how it is made."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Literal

from inkwash.protocol.places import data_folder

from .. import process
from ..errors import NotACheckout, NotOurs, NoVenv
from . import debian

ROOT = Path(__file__).resolve().parents[2]  # the downloaded folder, or what holds the installed parts

# What `python -m venv`, pip and this installer leave in an environment's top folder. Anything else in
# it means that the folder is somebody's, not a half-made environment that may be thrown away.
KNOWN = {
    *("bin", "include", "lib", "lib64", "share", "etc", "pyvenv.cfg", ".gitignore"),
    *("Scripts", "Include", "Lib"),
    *("install.log", "inkwash-stamp.json", "inkwash-home", "tmp", "source"),
}


@dataclass(frozen=True)
class Environment:
    """A folder with a Python and Inkwash in it."""

    folder: Path
    editable: bool  # the checkout's own, which sees every change of its files; else a copy for the artist

    @property
    def scripts(self) -> Path:
        """The folder of its commands."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def inkwash(self) -> Path:
        """Its `inkwash` command."""
        return self.scripts / ("inkwash.exe" if os.name == "nt" else "inkwash")

    @property
    def log(self) -> Path:
        """What pip said."""
        return self.folder / "install.log"

    @property
    def python_version(self) -> str:
        """The version that its settings name, such as "3.11.2"; empty if there are none."""
        try:
            lines = (self.folder / "pyvenv.cfg").read_text("utf-8").splitlines()
        except OSError:
            return ""
        settings = dict(line.partition("=")[::2] for line in lines)
        return {key.strip(): value.strip() for key, value in settings.items()}.get("version", "")

    def version_of(self, package: str) -> str:
        """The installed version of `package`, its build included ("2.13.0+cpu"); empty if there is none."""
        minor = ".".join(self.python_version.split(".")[:2])
        posix = self.folder / "lib" / f"python{minor}" / "site-packages"
        packages = self.folder / "Lib" / "site-packages" if os.name == "nt" else posix
        return next((found.version for found in distributions(name=package, path=[str(packages)])), "")

    def state(self) -> Literal["absent", "whole", "half-made"]:
        """Whether it can be used as it is; half-made also after its Python was removed from the system."""
        if not self.folder.is_dir() or not any(self.folder.iterdir()):
            return "absent"
        if not self.python_version:
            return "half-made"
        try:
            answer = subprocess.run([self.python, "-I", "-c", "import pip"], capture_output=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return "half-made"
        return "half-made" if answer.returncode else "whole"

    def remove(self) -> None:
        """Delete the folder; NotOurs if there is something in it that no environment has."""
        if not self.folder.is_dir():
            return
        strange = sorted({entry.name for entry in self.folder.iterdir()} - KNOWN)
        if strange and not self.python_version:
            raise NotOurs(
                f"{self.folder} is in the way: it is not an environment (it holds {strange[0]!r}).",
                "Move it to another place and run the same command again.",
            )
        shutil.rmtree(self.folder)

    def make(self) -> None:
        """Make it anew with the Python that runs this; NoVenv if that Python cannot."""
        debian.provide_venv()
        self.remove()
        self.folder.mkdir(parents=True)
        command = [_system_python(), "-I", "-m", "venv", str(self.folder)]
        with self.log.open("w", encoding="utf-8") as log:
            code = process.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if code:
            raise NoVenv(
                "The private environment could not be made.",
                f"What Python said is in {self.log}. {debian.ADVICE}",
            )


def checkout() -> Environment:
    """The environment of the downloaded folder that this runs from; NotACheckout if it is none."""
    if not (ROOT / "pyproject.toml").is_file():
        raise NotACheckout(
            "This command works on Inkwash's downloaded folder.",
            "Go to that folder and run it as: python3 installer ...",
        )
    return Environment(ROOT / ".venv", editable=True)


def artist() -> Environment:
    """The environment that every host program of this user shares."""
    return Environment(data_folder() / "environment", editable=False)


def _system_python() -> str:
    """This Python, or the one below it when it is an environment's own, which may be about to go."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)
