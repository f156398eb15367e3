"""Taking Inkwash off the machine: what the installer made goes, what the artist made stays."""

import shutil
from pathlib import Path

from inkwash.protocol import places

from . import demo, doctor, service
from .plugins import copies
from .progress import size


def uninstall(*, sure: bool, models: bool) -> int:
    """Remove what was installed, after a question unless `sure`; the artist's own `models` only if told."""
    found = belongings(models=models)
    homes = [home for home in copies.homes() if copies.is_in(home)]
    if not found and not homes:
        print("There is nothing to remove.")
        return 0
    print("This will be removed:")
    for path in found:
        print(f"    {path} ({size(_bytes(path))})")
    for home in homes:
        print(f"    {home.plugin} (the plugin of {home.label})")
    kept = places.models_folder()
    if not models and kept.is_dir() and any(kept.iterdir()):
        print(f"Your own models stay in {kept} (--models removes them too).")
    if not sure and not _agreed():
        print("Nothing was removed.")
        return 1
    _stop_daemons()
    for home in homes:
        copies.remove(home)
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    _remove_if_empty(places.data_folder())
    print("Inkwash is removed." if not places.data_folder().exists() else "Inkwash is removed; your files stay.")
    return 0


def belongings(*, models: bool) -> list[Path]:
    """What is there of all that an installation, the demonstration and the daemon leave behind."""
    candidates = [
        # One that was made by hand and never touched by the installer is not ours to remove.
        *(environment.folder for environment in doctor.environments() if environment.log.exists()),
        demo.RESULTS,
        places.command_file(),
        places.endpoint_file(),
        places.lock_file(),
        places.start_lock_file(),
        *sorted(places.data_folder().glob(f"{places.log_file().name}*")),  # the older logs too
        places.runtime_folder(),
    ]
    if models:
        candidates += [places.models_folder(), places.settings_file()]
    return [path for path in candidates if path.exists()]


def _agreed() -> bool:
    """Whether the person says yes; silence is a no."""
    try:
        return input("Remove it? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def _stop_daemons() -> None:
    """A running daemon would write its files again."""
    for environment in doctor.environments():
        if environment.inkwash.exists():
            service.stop(environment)


def _bytes(path: Path) -> int:
    """How much a file or a folder holds."""
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(file.lstat().st_size for file in files if file.is_file() and not file.is_symlink())


def _remove_if_empty(folder: Path) -> None:
    """Remove `folder` unless something is left in it."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
