"""Starting the daemon: once, detached, and with its own words when it will not start."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inkwash.client import (
    Client,
    ConnectionLost,
    JobFailed,
    NotInstalled,
    Unresponsive,
    WontStart,
    connect,
    connection,
    find,
    launch,
)
from inkwash.protocol import Layer, places

Pids = Callable[[], list[int]]


def test_the_daemon_is_started_on_demand_and_then_found(daemons: Pids) -> None:
    started = connect().status()["pid"]
    assert connect(transport="unix").status()["pid"] == started
    assert connect(transport="tcp").status()["pid"] == started
    assert daemons() == [started]


def test_the_started_daemon_is_detached(daemons: Pids) -> None:
    pid = connect().status()["pid"]
    assert os.getsid(pid) == pid
    files = [os.readlink(f"/proc/{pid}/fd/{number}") for number in range(3)]
    assert files == ["/dev/null", "/dev/null", str(places.log_file())]
    assert places.log_file().stat().st_mode & 0o777 == 0o600


def test_ten_processes_at_once_start_one_daemon(sleeper: None, home: Path) -> None:
    source = (
        "import inkwash.client.launch as launch; launch.MODULE = 'absent'\n"
        "from inkwash.client import connect; print(connect().status()['pid'])"
    )
    starting = [subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) for _ in range(10)]
    pids = {process.communicate(timeout=120)[0].strip() for process in starting}
    assert pids == {str(connect(start=False).status()["pid"])}
    assert places.log_file().read_text().count("listens") == 1


def test_ten_threads_at_once_start_one_daemon(daemons: Pids) -> None:
    pids: list[int] = []
    threads = [threading.Thread(target=lambda: pids.append(connect().status()["pid"])) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 10
    assert [*set(pids)] == daemons()


def test_what_a_killed_daemon_left_is_replaced(daemons: Pids, wait_until: Any) -> None:
    first = connect().status()["pid"]
    left_behind = places.endpoint_file().read_bytes()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not daemons())
    assert places.endpoint_file().read_bytes() == left_behind
    assert find() is None
    second = connect().status()["pid"]
    assert second != first
    assert daemons() == [second]


def test_a_port_that_now_belongs_to_a_stranger_is_not_the_daemons(daemons: Pids) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        threading.Thread(target=answer_rudely, args=(stranger,), daemon=True).start()
        port = stranger.getsockname()[1]
        left_behind = {"unix": None, "tcp": {"host": "127.0.0.1", "port": port}, "token": "a"}
        places.endpoint_file().write_text(json.dumps(left_behind))
        assert connect().status()["pid"] in daemons()


def answer_rudely(listening: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the test is over
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example.com ESMTP\r\n")


def test_a_daemon_that_ends_at_once_is_quoted(command: Any) -> None:
    places.log_file().write_text("yesterday's news\n")
    command("import sys\nfor n in range(30): print('line', n, file=sys.stderr)\nsys.exit('no room on the disk')")
    with pytest.raises(WontStart) as error:
        connect()
    assert error.value.log.splitlines()[-1] == "no room on the disk"
    assert error.value.log.splitlines()[0] == "line 11"
    assert "no room on the disk" in error.value.message
    assert "exit status 1" in error.value.message
    assert "yesterday" not in error.value.log
    assert str(places.log_file()) in error.value.hint


def test_a_daemon_that_ends_without_a_word_is_reported(command: Any) -> None:
    command("import os; os._exit(3)")
    with pytest.raises(WontStart, match="exit status 3") as error:
        connect()
    assert error.value.log == ""


def test_a_daemon_that_never_answers_is_reported(command: Any) -> None:
    command("import sys, time; print('thinking', file=sys.stderr, flush=True); time.sleep(100)")
    with pytest.raises(WontStart, match="does not answer yet"):
        connect(patience=1)


def test_the_real_daemons_complaint_is_shown(home: Path) -> None:
    places.settings_file().write_text("{")
    with pytest.raises(WontStart) as error:
        connect()
    assert "settings.json" in error.value.log


def test_no_daemon_at_all_is_not_installed(command: Any) -> None:
    with pytest.raises(NotInstalled) as error:
        connect()
    assert "python3 installer" in error.value.hint


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1]", '"daemon"', '["/no/such/python", "-m", "x"]'])
def test_a_damaged_command_is_not_installed(command: Any, text: str) -> None:
    places.command_file().write_text(text)
    with pytest.raises(NotInstalled):
        connect()


def test_a_home_that_cannot_be_made_is_reported(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("INKWASH_HOME", str(home / "file"))
    with pytest.raises(WontStart) as error:
        connect()
    assert str(home / "file") in error.value.hint


def test_a_hosts_own_python_settings_do_not_reach_the_daemon(
    command: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in launch.HOST_ONLY:
        monkeypatch.setenv(name, "/opt/host")
    command("import os; open('seen', 'w').write(repr(sorted(os.environ)))")
    with pytest.raises(WontStart):
        connect()
    seen = (home / "seen").read_text()
    assert "INKWASH_HOME" in seen
    assert not any(name in seen for name in launch.HOST_ONLY)


def test_a_daemon_that_ends_does_not_stay_as_a_zombie(daemons: Pids, wait_until: Any) -> None:
    pid = connect().status()["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{pid}").exists())


def test_a_client_that_is_killed_while_it_starts_the_daemon_blocks_nobody(sleeper: None) -> None:
    source = (
        "import inkwash.client.launch as launch; launch.MODULE = 'absent'\n"
        "from inkwash.client import connect; launch._spawn = lambda log: print('locked', flush=True) or input()\n"
        "connect()"
    )
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", source], **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        process.kill()
    assert connect(patience=60).status()


def sleeping(client: Client, picture: Layer) -> Any:
    """A job that has begun and will not end soon."""
    job = client.run("sleeper", {}, [picture])
    while next(job).message["type"] != "progress":
        pass
    return job


@pytest.mark.parametrize("transport", ["unix", "tcp"])
def test_the_real_daemon_runs_a_job(sleeper: None, picture: Layer, transport: str) -> None:
    frames = list(connect(transport=transport).run("nothing", {}, [picture]))
    assert frames[0].message["type"] == "accepted"
    assert frames[-1].message["type"] == "result"
    assert [layer.name for layer in frames[-1].layers] == ["result"]


def test_a_daemon_that_is_killed_in_the_middle_of_a_job_is_a_lost_connection(sleeper: None, picture: Layer) -> None:
    client = connect()
    job = sleeping(client, picture)
    os.kill(client.status()["pid"], signal.SIGKILL)
    with pytest.raises(ConnectionLost) as lost:
        list(job)
    assert lost.value.hint
    assert connect().status()["jobs"] == []


def test_leaving_a_job_stops_it_in_the_daemon(sleeper: None, picture: Layer, wait_until: Any) -> None:
    client = connect()
    job = sleeping(client, picture)
    assert len(client.jobs()) == 1
    job.close()
    wait_until(lambda: client.jobs() == [])


def test_a_job_can_be_cancelled_by_its_id(sleeper: None, picture: Layer) -> None:
    client = connect()
    job = sleeping(client, picture)
    client.cancel(client.jobs()[0]["id"])
    with pytest.raises(JobFailed) as failed:
        list(job)
    assert failed.value.code == "cancelled"


def test_a_client_that_is_killed_stops_its_job(sleeper: None, wait_until: Any) -> None:
    client = connect()
    source = (
        "from inkwash.client import connect; from inkwash.protocol import Layer\n"
        "for f in connect(start=False).run('sleeper', {}, [Layer('picture', 1, 1, data=bytes(4))]): pass"
    )
    with subprocess.Popen([sys.executable, "-c", source]) as process:
        wait_until(client.jobs)
        process.kill()
    wait_until(lambda: client.jobs() == [])


def test_a_daemon_that_hangs_is_unresponsive(daemons: Pids, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = connect().status()["pid"]
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.5)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(Unresponsive):
            connect()
    finally:
        os.kill(pid, signal.SIGCONT)
    assert daemons() == [pid]


def test_a_daemon_that_ends_is_followed_by_another(daemons: Pids, wait_until: Any) -> None:
    client = connect()
    ending = client.status()["pid"]
    client.shutdown()
    wait_until(lambda: pid_of_a_daemon() not in (None, ending))
    wait_until(lambda: daemons() == [pid_of_a_daemon()])


def pid_of_a_daemon() -> int | None:
    """The daemon that a client finds or starts; None if it ends before it can be asked."""
    try:
        return int(connect().status()["pid"])
    except ConnectionLost:
        return None


@pytest.fixture
def flatpak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Inside a Flatpak, whose way out is a shell script."""
    monkeypatch.setattr(launch, "FLATPAK", tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def flatpak(script: str) -> None:
        program = tmp_path / launch.SPAWN
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    return flatpak


def test_from_inside_a_flatpak_the_daemon_is_started_outside(
    flatpak: Callable[[str], None], command: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "FOLDERS", home / "folders.json")
    (home / "folders.json").write_text("{}")
    flatpak('echo "$@" > told; exit 1')
    command("")
    with pytest.raises(WontStart) as error:
        connect()
    folders = f"--env=INKWASH_FOLDERS={home / 'folders.json'}"
    started = f"{sys.executable} {home / 'daemon.py'}"
    assert (home / "told").read_text() == f"--host --env=INKWASH_HOME={home} {folders} {started}\n"
    assert str(Path(sys.executable).with_name("inkwash")) in error.value.hint


def test_a_flatpak_that_has_a_way_out_gets_its_daemon(flatpak: Callable[[str], None], sleeper: None) -> None:
    flatpak('shift; while [ "${1#--}" != "$1" ]; do shift; done; exec "$@"')
    assert connect().status()["pid"]


@pytest.mark.parametrize("variable", ["SNAP", ""])
def test_a_host_that_may_start_nothing_says_what_to_type(
    command: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    if variable:
        monkeypatch.setenv(variable, "/snap/krita/1")
    else:
        monkeypatch.setattr(launch, "FLATPAK", tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path))
    places.command_file().write_text('["/home/ada/inkwash/bin/python", "-m", "x"]')
    with pytest.raises(NotInstalled) as error:
        connect()
    assert "/home/ada/inkwash/bin/inkwash daemon start" in error.value.hint


def test_a_socket_that_a_host_does_not_see_is_done_without(daemons: Pids) -> None:
    pid = connect().status()["pid"]
    endpoint = json.loads(places.endpoint_file().read_text())
    places.endpoint_file().write_text(json.dumps({**endpoint, "unix": "/run/user/0/of-another-world/daemon.sock"}))
    assert connect(start=False).status()["pid"] == pid
    assert daemons() == [pid]


def test_the_daemon_of_a_plugins_copy_keeps_its_files_where_the_copy_looks(
    command: Any, home: Path, monkeypatch: pytest.MonkeyPatch, wait_until: Any
) -> None:
    folders = home / "folders.json"
    folders.write_text(json.dumps({"data": str(home), "runtime": str(home / "run")}))
    monkeypatch.delenv("INKWASH_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", "/nowhere")
    monkeypatch.setattr(places, "FOLDERS", folders)
    command("from inkwash.daemon.commands import main; main(['daemon', 'run'])")
    connect().shutdown()
    wait_until(lambda: not places.endpoint_file().exists())
    assert "listens" in (home / "daemon.log").read_text()
