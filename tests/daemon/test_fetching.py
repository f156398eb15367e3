"""Downloads from a real server that breaks off, restarts, refuses and lies."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from inkwash.daemon.errors import NotFetched, Unreachable
from inkwash.daemon.fetching import fetch

CONTENT = bytes(range(256)) * 4000
SHA = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves CONTENT; breaks a connection off after as many bytes as the next of `breaks` says."""

    daemon_threads = True
    breaks: list[int]
    asked: list[str | None]
    resumes = True
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.breaks, self.asked = [], []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/a/file.bin"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up here on purpose."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append(wanted)
        if self.server.status != 200:
            return self.send_error(self.server.status)
        start = int(wanted[6:-1]) if wanted and self.server.resumes else 0
        if start >= len(CONTENT):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.end_headers()
        end = start + self.server.breaks.pop(0) if self.server.breaks else len(CONTENT)
        self.wfile.write(CONTENT[start:end])
        return None

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def silent(done: int, whole: int) -> None:
    """Follow nothing."""


def test_a_file_comes_whole_and_is_followed(server, tmp_path) -> None:
    seen: list[tuple[int, int]] = []
    fetch(server.url, tmp_path / "new" / "file", SHA, lambda *at: seen.append(at))
    assert (tmp_path / "new" / "file").read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["file"]


def test_it_goes_on_where_it_broke_off(server, tmp_path) -> None:
    server.breaks = [300_000, 1000]
    fetch(server.url, tmp_path / "file", SHA, silent, waits=(0, 0))
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert server.asked == [None, "bytes=300000-", "bytes=301000-"]


def test_a_later_call_goes_on_too(server, tmp_path) -> None:
    server.breaks = [300_000]
    with pytest.raises(NotFetched, match="lost") as error:
        fetch(server.url, tmp_path / "file", SHA, silent, waits=())
    assert "goes on" in error.value.hint
    fetch(server.url, tmp_path / "file", SHA, silent)
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_server_that_cannot_go_on_sends_it_all_again(server, tmp_path) -> None:
    server.breaks, server.resumes = [300_000], False
    fetch(server.url, tmp_path / "file", SHA, silent, waits=(0,))
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_part_that_is_whole_already_is_taken(server, tmp_path) -> None:
    (tmp_path / "file.part").write_bytes(CONTENT)
    fetch(server.url, tmp_path / "file", SHA, silent)
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_another_file_is_thrown_away(server, tmp_path) -> None:
    with pytest.raises(NotFetched, match="another file"):
        fetch(server.url, tmp_path / "file", "00" * 32, silent)
    assert list(tmp_path.iterdir()) == []


def test_the_beginning_of_a_checksum_is_not_enough(server, tmp_path) -> None:
    with pytest.raises(NotFetched, match="another file"):
        fetch(server.url, tmp_path / "file", SHA[:8], silent)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_said_with_its_number(server, tmp_path, status) -> None:
    server.status = status
    with pytest.raises(NotFetched, match=str(status)):
        fetch(server.url, tmp_path / "file", SHA, silent)


def test_nobody_there_is_another_error(tmp_path) -> None:
    with pytest.raises(Unreachable):
        fetch("http://127.0.0.1:9/file", tmp_path / "file", SHA, silent, waits=(0,))
