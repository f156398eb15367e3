"""The lock between processes."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inkwash.client.lock import FileLock

HOLD = """
import sys, time
from pathlib import Path
from inkwash.client.lock import FileLock
with FileLock(Path(sys.argv[1]), 5):
    print("held", flush=True)
    time.sleep(1000)
"""


def test_only_one_thread_holds_it(tmp_path: Path) -> None:
    inside, most = [], []

    def hold() -> None:
        for _ in range(5):
            with FileLock(tmp_path / "lock", 60):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=hold) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 40


def test_a_process_that_is_killed_frees_it(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(TimeoutError), FileLock(tmp_path / "lock", 0.1):
            pass
        process.kill()
        with FileLock(tmp_path / "lock", 20):
            pass


def test_its_folder_is_made_for_the_user_alone(tmp_path: Path) -> None:
    with FileLock(tmp_path / "new" / "lock", 1):
        pass
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "lock").stat().st_mode & 0o777 == 0o600
