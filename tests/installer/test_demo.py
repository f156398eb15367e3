"""The demonstration colours its samples for real, and leaves no daemon behind."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkwash.installer import demo, service
from inkwash.installer.python.environment import ROOT, Environment

FILES = [f"{name}-{kind}.png" for name in demo.SAMPLES for kind in ("line", "hints")]


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_there_and_credited(name: str) -> None:
    assert (demo.SOURCES / name).is_file()
    assert name in (demo.SOURCES / "LICENCES.md").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.skipif(not list((ROOT / "models/weights").glob("*.safetensors")), reason="no model is shipped")
def test_the_samples_are_coloured(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results"
    monkeypatch.setattr(demo, "RESULTS", results)
    environment = Environment(Path(sys.prefix), editable=True)
    demo.demo(environment)
    said = capfd.readouterr().out
    for name in demo.SAMPLES:
        file = results / f"{name}.png"
        assert str(file) in said
        picture = cv2.imread(str(file), cv2.IMREAD_COLOR)
        assert picture is not None
        saturation = np.ptp(picture.astype(int), axis=2)  # (H, W), 0 where grey
        assert (saturation > 30).mean() > 0.1
    assert not service.runs()
    shown = next(line.split() for line in said.splitlines() if " restyle PHOTO" in line)
    photo, painting = results / "openmoji.png", results / "cartoon.png"
    small = [shown[0], "restyle", str(photo), "--style", str(painting), "--steps", "1", "--size", "64"]
    done = subprocess.run([*small, "-o", str(results / "restyled.png")], capture_output=True, text=True)
    was_fetched = (home / "models/vgg16.safetensors").exists()
    assert done.returncode == (0 if was_fetched else 2), done.stderr
