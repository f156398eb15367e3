"""A newer Debian in a folder, with Krita and GIMP 3 in it: prepared once, entered by every test.

`INKWASH_HOSTS` names the folder of these folders; without it they are in the user's cache. `INKWASH_SUITE`
chooses the Debian: `trixie` (Krita 5.2, GIMP 3.0) unless it says `forky` (Krita 5.3, GIMP 3.2).
`python3 tests/hosts/environment.py` prepares it ahead of the tests. Standard library only.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGES = (
    *("gimp", "python3-gi", "gir1.2-gimp-3.0", "gir1.2-gtk-3.0"),
    *("krita", "python3-pyqt5"),  # without PyQt5 Krita loads no plugin
    *("xvfb", "xauth", "openbox", "xdotool", "x11-utils", "imagemagick", "dbus", "procps"),
)
STAMP = "inkwash-suite.json"  # in a finished folder: what is installed in it
ATTEMPTS = 3  # a mirror may drop a connection
PAUSE = 10.0  # seconds between them
DEBIAN = "http://deb.debian.org/debian"
APT = ("-q", "-o", "Acquire::Retries=5", "-o", "Acquire::Check-Valid-Until=false", "-o", "Dpkg::Use-Pty=0")
INSTALL = ("install", "-y", "--no-install-recommends")
CLEAN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root"}
SMALL = (
    "path-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\npath-exclude=/usr/share/locale/*\nforce-unsafe-io\n"
)

# Mounts are made in a mount namespace of their own: nobody else sees them, and they end with the last
# process in it, so there is nothing to undo, whatever happens. Arguments: the folder; shared paths; "--";
# folders to be put in the place of others (new, old, ...); "--"; the command.
ENTER = """
set -e
root=$1; shift
for kind in proc sys dev; do mount --rbind /$kind "$root/$kind"; done
while [ "$1" != -- ]; do mkdir -p "$root$1"; mount --rbind "$1" "$root$1"; shift; done
shift
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done
shift
exec chroot "$root" /usr/bin/env -i "$@"
"""


class NotPossible(Exception):
    """This machine cannot have the folder; the text says why."""


@dataclass(frozen=True)
class Suite:
    """One Debian in a folder."""

    name: str
    folder: Path

    def command(
        self,
        words: Sequence[str | Path],
        *,
        env: dict[str, str] | None = None,
        shared: Sequence[Path] = (),
        replaced: Sequence[tuple[Path, Path]] = (),
    ) -> list[str]:
        """The command that runs `words` inside, with no variables but `env` and the plainest ones.

        `shared` paths are the same inside as outside; each of `replaced` (new, old) lays the folder `new`
        over the shared folder `old`, inside only.
        """
        settings = [f"{key}={value}" for key, value in {**CLEAN, **(env or {})}.items()]
        laid = [str(path) for pair in replaced for path in pair]
        inside = [str(self.folder), *map(str, shared), "--", *laid, "--", *settings, *map(str, words)]
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "enter", *inside]

    def is_ready(self) -> bool:
        """Whether it is whole and has every package."""
        try:
            return set(PACKAGES) <= set(json.loads((self.folder / STAMP).read_text("utf-8"))["packages"])
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def prepare(self) -> None:
        """Make the folder unless it is ready; NotPossible, and CalledProcessError if the mirror fails for good.

        Of several that call this at once, one does it. A folder that was not finished never counts as ready.
        """
        if self.is_ready():
            return
        if reason := obstacle():
            raise NotPossible(reason)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / f"{self.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.is_ready():
                self._make()

    def _make(self) -> None:
        if not (self.folder / STAMP).exists():
            remove(self.folder)
            # A name that is never ready, until everything that can break off half-way is done.
            part = Suite(self.name, self.folder.with_name(f"{self.name}.part"))
            _attempt(part._bootstrap)
            _attempt(part._install)
            part.folder.rename(self.folder)
        else:  # it lacks a package that a later version of this file asks for
            _attempt(self._install)
        beside = self.folder / f"{STAMP}.part"
        beside.write_text(json.dumps({"packages": PACKAGES}), "utf-8")
        beside.replace(self.folder / STAMP)

    def _bootstrap(self) -> None:
        """The smallest Debian."""
        _provide_debootstrap()
        remove(self.folder)
        words = ["debootstrap", "--variant=minbase", self.name, str(self.folder), mirror()]
        if not Path("/usr/share/debootstrap/scripts", self.name).exists():
            words.append("sid")  # a suite that is newer than this machine's debootstrap
        # In a namespace too: it mounts, and would leave that behind when it is interrupted.
        _run(["unshare", "--mount", "--propagation", "private", *words])
        shutil.copy("/etc/resolv.conf", self.folder / "etc/resolv.conf")
        for file in Path("/etc/apt/apt.conf.d").glob("*"):  # this machine's own ways to its mirror
            shutil.copy(file, self.folder / "etc/apt/apt.conf.d" / file.name)
        (self.folder / "etc/dpkg/dpkg.cfg.d/small").write_text(SMALL)
        policy = self.folder / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")  # no service starts in there
        policy.chmod(0o755)

    def _install(self) -> None:
        """The programs."""
        for words in (("update",), (*INSTALL, *PACKAGES)):
            _run(self.command(["apt-get", *APT, *words], env={"DEBIAN_FRONTEND": "noninteractive"}))


def suite() -> Suite:
    """The one that the environment asks for."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "inkwash-hosts"
    name = os.environ.get("INKWASH_SUITE") or "trixie"
    return Suite(name, Path(os.environ.get("INKWASH_HOSTS") or cache).absolute() / name)


def obstacle() -> str:
    """Why this machine cannot have or enter such a folder; empty if it can."""
    if sys.platform != "linux":
        return "a Debian in a folder needs Linux"
    if os.geteuid() != 0:
        return "a Debian in a folder needs root"
    if (
        not shutil.which("unshare")
        or subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "mount", "--bind", "/", "/mnt"], capture_output=True
        ).returncode
    ):
        return "this machine lets nobody mount"
    if not (shutil.which("debootstrap") or shutil.which("apt-get")):
        return "a Debian in a folder needs debootstrap, which this machine lacks"
    return ""


def mirror() -> str:
    """The Debian mirror that this machine uses, or the general one."""
    sources = [*sorted(Path("/etc/apt/sources.list.d").glob("*")), Path("/etc/apt/sources.list")]
    lines = [line for file in sources if file.is_file() for line in file.read_text("utf-8", "replace").splitlines()]
    found = re.search(r"^(?:URIs:|deb\b).*?(https?://\S+/debian)/?(?:\s|$)", "\n".join(lines), re.MULTILINE)
    return found[1] if found else DEBIAN


def remove(folder: Path) -> None:
    """Delete `folder`, unless something is mounted in it: that would be deleted too."""
    mounts = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
    inside = [point for point in (line.split()[4] for line in mounts) if Path(point).is_relative_to(folder)]
    if inside:
        raise NotPossible(f"{inside[0]} is mounted, in a folder that is to be deleted: unmount it first")
    if folder.exists():
        _run(["rm", "-rf", "--one-file-system", str(folder)])


def _provide_debootstrap() -> None:
    if not shutil.which("debootstrap"):
        settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (("update",), (*INSTALL, "debootstrap")):
            _run(["apt-get", *APT, *words], env=settings)


def _attempt(step: Callable[[], None]) -> None:
    """Do `step`, again after a pause if a command in it fails."""
    for left in range(ATTEMPTS - 1, -1, -1):
        try:
            step()
            return
        except subprocess.CalledProcessError:
            if not left:
                raise
            time.sleep(PAUSE)


def _run(words: Sequence[str], env: dict[str, str] | None = None) -> None:
    """Run a command that must succeed; what it says is shown if it does not."""
    answer = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env)
    if answer.returncode:
        print((answer.stdout + answer.stderr)[-4000:], file=sys.stderr)
        answer.check_returncode()


if __name__ == "__main__":
    started = time.monotonic()
    try:
        suite().prepare()
    except NotPossible as error:
        sys.exit(f"No Krita and GIMP for the tests: {error}.")
    print(f"Krita and GIMP for the tests are in {suite().folder} ({time.monotonic() - started:.0f} s).")
