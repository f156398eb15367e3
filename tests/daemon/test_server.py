"""The real process: it starts, is found, idles out, is stopped, is killed and starts again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from inkwash.client import Client, ConnectionLost, connect
from inkwash.protocol import Layer, places

COMMAND = [sys.executable, "-m", "inkwash.daemon.commands", "daemon"]
Spawn = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def spawn(home: Path) -> Iterator[Spawn]:
    """Start `inkwash daemon run` as a process; it does not outlive the test."""
    started: list[subprocess.Popen[str]] = []

    def spawn() -> subprocess.Popen[str]:
        process = subprocess.Popen([*COMMAND, "run"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield spawn
    for process in started:
        process.kill()
        process.communicate(timeout=20)


def settings(home: Path, **values: Any) -> None:
    home.mkdir(exist_ok=True)
    places.settings_file().write_text(json.dumps(values))


def listening(process: subprocess.Popen[str]) -> Client:
    """A client of the daemon that `process` becomes."""
    assert process.stdout is not None
    assert "listens" in process.stdout.readline()
    return connect(start=False)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("transport", ["unix", "tcp"])
def test_a_client_finds_it_over_both_transports(spawn: Spawn, transport: str) -> None:
    process = spawn()
    listening(process)
    assert connect(start=False, transport=transport).status()["pid"] == process.pid


def test_a_job_runs_over_both_transports_at_once(spawn: Spawn) -> None:
    layer = Layer("picture", 64, 48, model="RGB", data=bytes(range(256)) * 36)
    listening(spawn())

    def run(transport: str) -> bytes:
        with connect(start=False, transport=transport).run("lineart", {}, [layer]) as job:
            return bytes(list(job)[-1].layers[0].data)

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(run, 5 * ["unix", "tcp"]))
    assert len(set(results)) == 1


def test_a_daemon_that_is_killed_in_mid_job_is_a_clear_error(spawn: Spawn) -> None:
    layer = Layer("picture", 4000, 4000, model="GRAY", data=bytes(16_000_000))
    process = spawn()
    with listening(process).run("lineart", {}, [layer]) as job:
        assert next(job).message["type"] == "accepted"
        process.kill()
        with pytest.raises(ConnectionLost):
            list(job)


def test_clients_that_are_killed_in_an_upload_are_no_error_in_the_log(spawn: Spawn) -> None:
    listening(spawn())
    sends = (
        "import os\nfrom inkwash.client import connect\nfrom inkwash.protocol import Layer\n"
        "layer = Layer('picture', 3000, 2500, data=os.urandom(30_000_000))\nclient = connect(start=False)\n"
        "print('begins', flush=True)\n[*client.run('lineart', {}, [layer])]"
    )
    for moment in range(6):
        with subprocess.Popen([sys.executable, "-c", sends], stdout=subprocess.PIPE) as sender:
            assert sender.stdout is not None
            sender.stdout.readline()
            time.sleep(moment * 0.02)
            sender.kill()
    client = connect(start=False)
    until = time.monotonic() + 60
    while client.jobs() and time.monotonic() < until:
        time.sleep(0.1)
    assert "Traceback" not in places.log_file().read_text()


def test_of_two_starts_one_lives(spawn: Spawn) -> None:
    first, second = spawn(), spawn()
    deadline = time.monotonic() + 20
    while first.poll() is None and second.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    loser, winner = (first, second) if first.poll() is not None else (second, first)
    assert loser.returncode == 0
    assert "running already" in loser.communicate()[0]
    assert connect(start=False).status()["pid"] == winner.pid


def test_after_kill_nine_it_starts_again(spawn: Spawn) -> None:
    killed = spawn()
    listening(killed)
    killed.kill()
    killed.wait(20)
    assert places.endpoint_file().exists()
    again = spawn()
    assert listening(again).status()["pid"] == again.pid


def test_shutdown_ends_it_and_leaves_no_endpoint(spawn: Spawn) -> None:
    process = spawn()
    listening(process).shutdown()
    assert process.wait(20) == 0
    assert not places.endpoint_file().exists()
    assert not places.socket_file().exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_politely(spawn: Spawn, number: signal.Signals) -> None:
    process = spawn()
    listening(process)
    process.send_signal(number)
    assert process.wait(20) == 0
    assert not places.endpoint_file().exists()


def test_it_ends_when_nobody_needs_it(spawn: Spawn, home: Path) -> None:
    settings(home, idle_minutes=0.01)
    process = spawn()
    assert process.wait(20) == 0
    assert "nothing to do" in places.log_file().read_text()


def test_it_is_small_until_torch_is_needed(spawn: Spawn) -> None:
    process = spawn()
    listening(process).filters()
    mapped = Path(f"/proc/{process.pid}/maps")
    if not mapped.exists():
        pytest.skip("this system has no /proc")
    assert "libtorch" not in mapped.read_text()


def test_bad_settings_are_said_and_logged(spawn: Spawn, home: Path) -> None:
    settings(home, device="toaster")
    process = spawn()
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "toaster" in said
    assert "Traceback" not in said


def test_the_log_rotates(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import logging

    from inkwash.daemon import server

    home.mkdir()
    monkeypatch.setattr(server, "LOG_BYTES", 200)
    handlers = server._log_to_file()
    try:
        for number in range(20):
            logging.getLogger("inkwash").info("line %d", number)
    finally:
        server._close(handlers)
    assert len(list(home.glob("daemon.log*"))) == 1 + server.LOG_FILES


def test_the_commands_start_show_and_stop_it() -> None:
    assert command("status").returncode == 1
    started = command("start")
    assert started.returncode == 0, started.stderr
    try:
        pid = int(started.stdout.split()[-1].rstrip("."))
        assert command("start").stdout == started.stdout
        assert json.loads(command("status", "--json").stdout)["pid"] == pid
        assert f"process {pid}" in command("status").stdout
        assert "listens" in command("logs").stdout
        stopped = command("stop")
        assert (stopped.returncode, stopped.stdout) == (0, "Inkwash has stopped.\n")
        assert command("stop").stdout == "Inkwash does not run.\n"
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from inkwash.daemon.commands import main; main(['--help'], standalone_mode=False);"
        "print([name for name in ('torch', 'aiohttp', 'cv2', 'numpy') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert answer.stdout.splitlines()[-1] == "[]"
    assert "daemon" in answer.stdout
