"""The endpoint: its lock, its folders' and files' modes, and what clients read."""

from __future__ import annotations

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from inkwash.daemon import endpoint
from inkwash.daemon.errors import AlreadyRunning, Unsafe
from inkwash.protocol import PROTOCOL, VERSION, places


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_the_second_owner_is_told_that_there_is_one() -> None:
    with endpoint.owned():
        places.endpoint_file().write_text("{}")  # as if it listened
        with pytest.raises(AlreadyRunning), endpoint.owned(patience=60):
            pass


def test_an_owner_that_offers_nothing_is_waited_for() -> None:
    with endpoint.owned(), pytest.raises(AlreadyRunning), endpoint.owned(patience=0.1):
        pass
    with endpoint.owned(patience=0):
        pass


def test_what_a_killed_daemon_left_is_removed() -> None:
    places.data_folder().mkdir(parents=True)
    places.endpoint_file().write_text('{"pid": 1}')
    with endpoint.owned():
        assert not places.endpoint_file().exists()


def test_everything_is_for_this_user_only() -> None:
    with endpoint.owned():
        sockets = endpoint.listen()
        endpoint.publish(endpoint.describe(sockets))
        assert mode(places.data_folder()) == 0o700
        assert mode(places.runtime_folder()) == 0o700
        assert mode(places.socket_file()) == 0o600
        assert mode(places.endpoint_file()) == 0o600
        assert mode(places.lock_file()) == 0o600
        for sock in sockets:
            sock.close()
    assert not places.endpoint_file().exists()
    assert not places.socket_file().exists()


def test_the_file_says_all_that_a_client_needs() -> None:
    with endpoint.owned():
        sockets = endpoint.listen()
        endpoint.publish(endpoint.describe(sockets))
        said = json.loads(places.endpoint_file().read_text())
        for sock in sockets:
            sock.close()
    assert said["protocol"] == PROTOCOL
    assert said["version"] == VERSION
    assert said["pid"] == os.getpid()
    assert said["unix"] == str(places.socket_file())
    assert said["tcp"]["host"] == "127.0.0.1"
    assert said["tcp"]["port"] > 1023
    assert len(bytes.fromhex(said["token"])) == 32


def test_tokens_differ() -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        assert endpoint.describe([sock]).token != endpoint.describe([sock]).token


def test_a_machine_without_unix_sockets_is_served_over_tcp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    [sock] = endpoint.listen()
    with sock:
        assert endpoint.describe([sock]).unix is None


def test_a_link_in_place_of_a_private_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "ours").symlink_to(tmp_path / "theirs")
    with pytest.raises(Unsafe):
        endpoint.private_folder(tmp_path / "ours")


def test_a_folder_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    endpoint.private_folder(folder)
    assert mode(folder) == 0o700


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(Unsafe):
        endpoint.private_folder(folder)
