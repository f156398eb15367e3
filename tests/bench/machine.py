"""What the benchmarks share: the machine in words, medians, and a service of their own."""

import contextlib
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from inkwash.client import Client, find


def describe() -> str:
    """The machine, and how busy it is: numbers mean little on one that is."""
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next((line.split(": ")[1] for line in lines if line.startswith("model name")), name)
    busy = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    return f"{name}, {os.cpu_count()} cores, {busy}, Python {platform.python_version()}"


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(work: Callable[[], object], times: int) -> float:
    """The median of how long `work` takes, after one run that does not count."""
    work()
    return statistics.median(seconds(work) for _ in range(times))


@contextlib.contextmanager
def service(command: list[str]) -> Iterator[Client]:
    """A service of the benchmark's own, started by `command` and ended with it."""
    with tempfile.TemporaryDirectory(prefix="inkwash-bench-") as home:
        os.environ["INKWASH_HOME"] = home
        process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
        try:
            while (client := find()) is None:
                if process.poll() is not None:
                    sys.exit("The service did not start.")
                time.sleep(0.02)
            yield client
        finally:
            process.terminate()
            process.wait()
