"""What a Krita or GIMP itself lacks, so that it would pass over our plugin in silence."""

import subprocess
import sys
from pathlib import Path

from .hosts import Host

SYSTEM_PYTHON = "/usr/bin/python3"  # the one that a Linux distribution's Krita and GIMP load
SECONDS = 30.0
TRIALS = {
    "Krita": "try: import PyQt5.QtWidgets\nexcept ImportError: import PyQt6.QtWidgets",
    "GIMP": "import gi; gi.require_version('Gimp', '3.0'); gi.require_version('GimpUi', '3.0')",
}
ADVICE = {
    "Krita": "Install the package python3-pyqt5 (Debian, Ubuntu) or python-pyqt5 (Arch, Fedora: python3-qt5).",
    "GIMP": "Install the packages python3-gi and gir1.2-gimp-3.0 (Debian, Ubuntu) or python-gobject (Arch).",
}
WORDS = {
    "Krita": "Krita's Python has no Qt, so that Krita loads no Python plugin",
    "GIMP": "Python cannot speak to GIMP, so that GIMP loads no Python plug-in",
}


def missing(host: Host) -> tuple[str, str]:
    """What the program `host` lacks and what to do, two sentences; both empty if nothing is known to lack."""
    if sys.platform != "linux" or host.packing or not host.place.startswith("/usr/bin/"):
        return "", ""  # those bring a Python of their own
    try:
        Path(SYSTEM_PYTHON).stat()
        trial = [SYSTEM_PYTHON, "-I", "-c", TRIALS[host.name]]
        answer = subprocess.run(trial, capture_output=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return "", ""
    return (WORDS[host.name], ADVICE[host.name]) if answer.returncode else ("", "")
