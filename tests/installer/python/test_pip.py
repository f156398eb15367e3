"""pip's failures become sentences, and a connection that comes back is used again."""

import hashlib
import io
import os
import sys
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from inkwash.installer.errors import InstallError, NetworkLost, NoSpace, NotOffered, PipFailed
from inkwash.installer.progress import Progress
from inkwash.installer.python.pip import TAIL, Pip, explain

PYTHON = Path(sys.executable)
pytest.importorskip("pip", reason="these tests run the pip of their own environment")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own settings of pip are out of the way."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_RESUME_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")


def wheel() -> bytes:
    """A package of one empty module."""
    files = {
        "inkwash_trial.py": "",
        "inkwash_trial-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: inkwash-trial\nVersion: 1.0\n",
        "inkwash_trial-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "inkwash_trial-1.0.dist-info/RECORD": "",
    }
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return memory.getvalue()


class Index(ThreadingHTTPServer):
    """A package index that breaks the first `drops` downloads in the middle."""

    def __init__(self, drops: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.drops = drops
        self.wheel = wheel()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/simple"


class Handler(BaseHTTPRequestHandler):
    """Answers with the one project's page and its one file."""

    server: Index

    def do_GET(self) -> None:
        body = self.server.wheel
        if self.path.startswith("/simple"):
            digest = hashlib.sha256(body).hexdigest()
            file = f"inkwash_trial-1.0-py3-none-any.whl#sha256={digest}"
            body = f'<!DOCTYPE html><a href="/files/{file}">{file}</a>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if self.path.startswith("/simple") else "application/zip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.path.startswith("/files") and self.server.drops:
            self.server.drops -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    """An index that drops as many downloads as its parameter says."""
    server = Index(request.param)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def said() -> io.StringIO:
    """What the person was told."""
    return io.StringIO()


@pytest.fixture
def pip(tmp_path: Path, said: io.StringIO) -> Pip:
    """The pip that tries twice, without waiting."""
    return Pip(PYTHON, tmp_path / "install.log", Progress(1, said), waits=(0.0,), modern=False)


def into(folder: Path) -> list[str]:
    return ["--target", str(folder), "--no-deps"]


@pytest.mark.parametrize("index", [0, 1], indirect=True)
def test_a_download_that_broke_is_tried_again(pip: Pip, index: Index, tmp_path: Path, said: io.StringIO) -> None:
    broke = bool(index.drops)
    pip.install(*into(tmp_path / "out"), "--index-url", index.url, "inkwash-trial")
    assert (tmp_path / "out/inkwash_trial.py").exists()
    assert ("connection was lost" in said.getvalue()) is broke


@pytest.mark.parametrize("index", [99], indirect=True)
def test_a_connection_that_stays_away_is_said(pip: Pip, index: Index, tmp_path: Path) -> None:
    with pytest.raises(NetworkLost, match="connection") as caught:
        pip.install(*into(tmp_path / "out"), "--index-url", index.url, "inkwash-trial")
    assert "same command again" in caught.value.hint


def test_nobody_listening_is_a_lost_connection(pip: Pip, tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9/simple"
    with pytest.raises(NetworkLost):
        pip.install(*into(tmp_path / "out"), "--retries", "1", "--index-url", nobody, "inkwash-trial")


@pytest.mark.parametrize("index", [0], indirect=True)
def test_a_version_that_no_index_has_is_not_offered(pip: Pip, index: Index, tmp_path: Path) -> None:
    with pytest.raises(NotOffered, match="inkwash-trial==2.0"):
        pip.install(*into(tmp_path / "out"), "--index-url", index.url, "inkwash-trial==2.0")


def test_another_failure_shows_the_last_lines_and_the_log(pip: Pip, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    with pytest.raises(PipFailed) as caught:
        pip.install("--no-index", ".", cwd=tmp_path / "project")
    assert "is not installable" in caught.value.hint
    assert str(pip.log) in caught.value.hint
    assert "is not installable" in pip.log.read_text()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", NoSpace),
        ("WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'", NetworkLost),
        ("ERROR: HTTP error 503 while getting a file", NetworkLost),
        ("ERROR: No matching distribution found for torch==2.13.0+cpu", NotOffered),
        ("error: subprocess-exited-with-error", PipFailed),
    ],
)
def test_what_pip_says_last_decides_what_it_means(line: str, kind: type[InstallError]) -> None:
    error = explain(["Collecting torch", line], Path("install.log"))
    assert type(error) is kind
    assert "install.log" in error.hint


def test_a_missing_package_on_a_dead_line_is_a_dead_line() -> None:
    lines = [
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",
        "ERROR: No matching distribution found for torch",
    ]
    assert type(explain(lines, Path("install.log"))) is NetworkLost


def test_a_long_story_is_cut_to_its_end() -> None:
    error = explain([f"line {n}" for n in range(100)], Path("install.log"))
    assert error.hint.count("    line") == TAIL
    assert "line 99" in error.hint
