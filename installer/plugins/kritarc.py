"""Krita's settings file: which plugins it loads, changed without touching anything else in the file.

The file is KConfig's: groups such as `[python]`, entries such as `enable_NAME=true`; what stands twice
counts the last time. Everything is done on bytes, so that what is not ours stays as it is, odd or not.
"""

import os
import re
import tempfile
from pathlib import Path

MODULE = "inkwash.krita"  # as the plugin's .desktop file names it
_GROUP = re.compile(rb"\s*\[python\](\[\$\w+\])?\s*$")
_ENTRY = re.compile(rb"\s*enable_" + re.escape(MODULE).encode() + rb"\s*(\[\$\w+\])?\s*=\s*(.*?)\s*$")
_RESOURCES = re.compile(rb"\s*ResourceDirectory\s*(\[\$\w+\])?\s*=\s*(.*?)\s*$")


def is_enabled(settings: bytes) -> bool | None:
    """Whether Krita loads the plugin; None if the settings do not say."""
    entries = [found for line in _python_lines(settings) if (found := _ENTRY.match(line))]
    return entries[-1][2].lower() in (b"true", b"1", b"on", b"yes") if entries else None


def enabled(settings: bytes) -> bytes:
    """`settings` with the plugin switched on."""
    if is_enabled(settings):
        return settings
    ours = b"\r\n" if b"\r\n" in settings else b"\n"
    line = f"enable_{MODULE}=true".encode() + ours
    lines = _without_entry(settings)
    heads = [index for index, text in enumerate(lines) if _GROUP.match(text)]
    if heads:
        at = heads[-1]
        if not lines[at].endswith(b"\n"):
            lines[at] += ours
        return b"".join((*lines[: at + 1], line, *lines[at + 1 :]))
    whole = b"".join(lines)
    if whole and not whole.endswith(b"\n"):
        whole += ours
    return whole + (ours if whole else b"") + b"[python]" + ours + line


def forgotten(settings: bytes) -> bytes:
    """`settings` without any word of the plugin; a group that held nothing else goes too."""
    lines = _without_entry(settings)
    if lines == settings.splitlines(keepends=True):
        return settings
    for index, text in reversed([*enumerate(lines)]):
        following = lines[index + 1 :]
        rest = next((line for line in following if line.strip()), b"[")
        if _GROUP.match(text) and rest.lstrip().startswith(b"["):
            # The empty line before it was made with it.
            start = index - 1 if index and not lines[index - 1].strip() else index
            lines = lines[:start] + following
    return b"".join(lines)


def resource_folder(settings: bytes) -> Path | None:
    """The folder that Krita's user has chosen for brushes, plugins and so on; None if it is the usual one."""
    for line in settings.splitlines():
        if line.lstrip().startswith(b"["):
            break  # it is set before the first group
        if found := _RESOURCES.match(line):
            text = os.fsdecode(found[2])
            folder = Path(os.path.expandvars(text) if found[1] else text)
            return folder if folder.is_absolute() else None
    return None


def write(file: Path, settings: bytes) -> None:
    """Replace `file` at once, or remove it if nothing is left to say; its rights stay, a link stays a link."""
    file = file.resolve()
    if not settings.strip():
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(settings)
        os.chmod(beside, file.stat().st_mode & 0o777 if file.exists() else 0o600)
        os.replace(beside, file)
    except BaseException:
        os.unlink(beside)
        raise


def _python_lines(settings: bytes) -> list[bytes]:
    """The lines of every `[python]` group."""
    found, inside = [], False
    for line in settings.splitlines(keepends=True):
        if line.lstrip().startswith(b"["):
            inside = bool(_GROUP.match(line))
        elif inside:
            found.append(line)
    return found


def _without_entry(settings: bytes) -> list[bytes]:
    """All lines but the plugin's entries."""
    kept, inside = [], False
    for line in settings.splitlines(keepends=True):
        if line.lstrip().startswith(b"["):
            inside = bool(_GROUP.match(line))
        if not (inside and _ENTRY.match(line)):
            kept.append(line)
    return kept
