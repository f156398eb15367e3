"""`inkwash train` as it is typed, and what it makes in the hands of the daemon."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from inkwash.training.command import train

DATA = Path(__file__).parents[1] / "data"
SMALL = [
    "--width", "8", "--size", "32", "--batch", "2", "--workers", "0", "--judged", "2", "--log-every", "1",
    "--precision", "32-true",
]  # fmt: skip


def _inkwash(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "inkwash.daemon.commands", *map(str, arguments)]
    environment = {**os.environ, "INKWASH_HOME": str(home), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["paper", "baseline"])
def test_a_preset_trains_resumes_and_its_model_colours_in_the_daemon(pairs: Path, tmp_path: Path, preset: str) -> None:
    home, run = tmp_path / "home", tmp_path / "run"
    for steps, more in ((2, []), (4, ["--resume"])):
        done = _inkwash(
            "train", "colorizer", pairs, "--preset", preset, "-o", run, "--steps", str(steps), *more, *SMALL, home=home
        )
        assert done.returncode == 0, done.stderr
    assert "step 4 of 4" in done.stdout
    assert "inkwash models add" in done.stderr
    mine = shutil.copy(run / "run.safetensors", tmp_path / f"my-{preset}.safetensors")
    assert _inkwash("models", "add", mine, home=home).returncode == 0
    out = tmp_path / "out.png"
    try:
        lines = DATA / "cartoon-line.png"
        coloured = _inkwash("colorize", lines, "--model", f"my-{preset}", "-o", out, home=home)
        assert coloured.returncode == 0, coloured.stderr
    finally:
        _inkwash("daemon", "stop", home=home)
    with Image.open(out) as picture:
        assert picture.size == (512, 512)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_saves_and_says_how_to_go_on(pairs: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "inkwash.daemon.commands", "train", "colorizer", str(pairs), "--preset", "inkwash"]
    command += ["-o", str(tmp_path / "run"), "--steps", "100000", *SMALL]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if line.startswith("step 2 of"):
                break
        time.sleep(0.2)
        run.send_signal(signal.SIGINT)
        rest = run.stdout.read()
        assert run.wait(60) == 0, rest
    assert "--resume" in rest
    assert (tmp_path / "run/checkpoint.safetensors").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--size", "50"], "multiple of 16"),
        (["--preset", "nothing"], "nothing"),
        (["--resume"], "no checkpoint"),
        (["--steps", "many"], "many"),
    ],
)
def test_what_cannot_be_is_refused_in_words(pairs: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(train, ["colorizer", str(pairs), "-o", str(tmp_path / "run"), *arguments])
    assert result.exit_code == 2
    assert said in result.output


def test_a_run_is_never_overwritten(pairs: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/checkpoint.safetensors").write_bytes(b"precious")
    result = CliRunner().invoke(train, ["colorizer", str(pairs), "-o", str(tmp_path / "run")])
    assert result.exit_code == 2
    assert "--resume" in result.output
    assert (tmp_path / "run/checkpoint.safetensors").read_bytes() == b"precious"


def test_a_folder_without_pictures_is_refused_in_words(tmp_path: Path) -> None:
    result = CliRunner().invoke(train, ["colorizer", str(tmp_path), "-o", str(tmp_path / "run"), *SMALL])
    assert result.exit_code == 2
    assert "neither prepared pairs nor pictures" in result.output


def test_every_setting_is_an_option_with_its_help() -> None:
    text = CliRunner().invoke(train, ["colorizer", "--help"]).output
    for option in ("--lambda-gan", "--gan-from", "--steps", "--precision"):
        assert option in text
    assert "Weight of the adversarial loss" in text
