import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from inkwash.daemon.errors import NotSaved
from inkwash.daemon.files import saving


def test_a_file_is_written_with_usual_rights(tmp_path):
    saving.save(tmp_path / "a.png", b"abc")
    assert (tmp_path / "a.png").read_bytes() == b"abc"
    (tmp_path / "plain").touch()
    assert (tmp_path / "a.png").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_nothing_is_overwritten_unasked(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(b"old")
    with pytest.raises(NotSaved, match="exists already") as caught:
        saving.save(file, b"new")
    assert "--force" in caught.value.hint
    assert file.read_bytes() == b"old"
    saving.save(file, b"new", force=True)
    assert file.read_bytes() == b"new"


def test_a_missing_folder_or_a_folder_as_file_is_named(tmp_path):
    with pytest.raises(NotSaved, match="no folder"):
        saving.save(tmp_path / "gone" / "a.png", b"")
    with pytest.raises(NotSaved, match="is a folder"):
        saving.save(tmp_path, b"", force=True)


def test_a_full_disk_leaves_the_old_file_and_nothing_half_written(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(b"old")
    code = (
        "import sys; from pathlib import Path; from inkwash.daemon.files import saving\n"
        "try: saving.save(Path(sys.argv[1]), bytes(100_000), force=True)\n"
        "except saving.NotSaved as error: print(error.message)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, file],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "no room left" in result.stdout
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_read_only_folder_is_said_before_any_work():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)  # root may write anywhere
        try:
            for attempt in (saving.check, lambda file: saving.save(file, b"")):
                with pytest.raises(NotSaved, match="may not be written to") as caught:
                    attempt(folder / "a.png")
                assert caught.value.hint
        finally:
            os.seteuid(user)
            folder.chmod(0o755)
        assert list(folder.iterdir()) == []
