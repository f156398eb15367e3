"""What the command line's tests share: a running service with trial filters, and ways to call `inkwash`."""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from inkwash.client import find
from inkwash.daemon.commands import main

PROGRAM = Path(__file__).parent / "trial_filters.py"


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def home(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One folder that stands for all of the user's, for one service to serve these tests."""
    monkeypatch.setenv("INKWASH_HOME", str(shared_home))
    return shared_home


@pytest.fixture(autouse=True)
def _trial_filters(_own_filters: None) -> None:
    spec = importlib.util.spec_from_file_location("trial_filters", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.declare()


@pytest.fixture
def program() -> list[str]:
    """The command `inkwash` with the trial filters, for a process of its own."""
    return [sys.executable, str(PROGRAM)]


class Service:
    """A daemon that knows the trial filters."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._process: subprocess.Popen | None = None

    def ensure(self) -> None:
        """Start it, unless it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        environment = {**os.environ, "INKWASH_HOME": str(self._home)}
        log = (self._home / "out.txt").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, PROGRAM, "daemon", "run"], env=environment, stdout=log, stderr=log
        )
        log.close()
        for _ in range(3000):
            if find() is not None:
                return
            assert self._process.poll() is None, (self._home / "out.txt").read_text()
            time.sleep(0.01)
        raise AssertionError("the service does not answer")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@pytest.fixture(scope="session")
def _one_service(shared_home: Path) -> Iterator[Service]:
    service = Service(shared_home)
    yield service
    service.stop()


@pytest.fixture
def service(_one_service: Service, home: Path) -> Service:
    _one_service.ensure()
    return _one_service


@pytest.fixture
def call() -> Callable[..., Result]:
    """Call `inkwash` in this process."""

    def call(*arguments: object, input: bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def inkwash(service: Service, call: Callable[..., Result]) -> Callable[..., Result]:
    """Call `inkwash` in this process while the service runs."""
    return call


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """A page of 8 x 6 pixels: white paper with a black column in the middle."""
    samples = np.full((6, 8), 255, "u1")
    samples[:, 4] = 0
    Image.fromarray(samples).save(tmp_path / "page.png")
    return tmp_path / "page.png"


@pytest.fixture
def hints(tmp_path: Path) -> Path:
    """Hints for `lines`: blue in the upper left corner."""
    samples = np.zeros((6, 8, 4), "u1")
    samples[:2, :2] = (0, 0, 255, 255)
    Image.fromarray(samples).save(tmp_path / "hints.png")
    return tmp_path / "hints.png"
