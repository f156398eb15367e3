"""Which build of PyTorch is chosen, and which is kept."""

import os
import shutil
import sys
from pathlib import Path

import packaging
import pytest

from inkwash.installer.python import torch
from inkwash.installer.python.environment import Environment


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called nvidia-smi, the only one on the PATH; to be written."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "nvidia-smi"


def write(tool: Path, script: str) -> None:
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)


def test_a_loaded_driver_means_a_gpu(tmp_path: Path) -> None:
    driver = tmp_path / "version"
    driver.write_text("NVRM version")
    assert torch.sees_nvidia(driver)


def test_without_driver_and_tool_there_is_no_gpu(tool: Path, tmp_path: Path) -> None:
    assert not torch.sees_nvidia(tmp_path / "absent")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for nvidia-smi is a shell script")
@pytest.mark.parametrize(
    ("script", "seen"),
    [
        ("echo 'GPU 0: NVIDIA H100'", True),
        ("echo 'No devices found.'", False),
        ("echo 'GPU access blocked'; exit 9", False),
    ],
)
def test_the_tool_is_believed_only_if_it_lists_a_gpu(tool: Path, tmp_path: Path, script: str, seen: bool) -> None:
    write(tool, script)
    assert torch.sees_nvidia(tmp_path / "absent") is seen


def test_a_choice_of_the_person_is_final() -> None:
    assert torch.choose("cpu") == "cpu"
    assert torch.choose("cuda") == "cuda"


def test_auto_follows_the_machine() -> None:
    assert torch.choose("auto") == ("cuda" if torch.sees_nvidia() else "cpu")


@pytest.mark.parametrize(
    ("installed", "build", "explicit", "kept"),
    [
        ("", "cpu", False, False),
        ("2.5.1", "cpu", False, False),
        ("1.13.1+cpu", "cpu", False, False),
        ("2.6.0", "cpu", True, True),
        ("2.13.0+cpu", "cpu", True, True),
        ("2.13.0", "cpu", True, True),  # a GPU build computes on the CPU too
        ("2.13.0+cpu", "cuda", False, True),  # nobody asked for another one
        ("2.13.0+cpu", "cuda", True, False),
        ("2.13.0+cu130", "cuda", True, True),
        ("2.10.0", "cpu", False, True),  # not older than 2.6
        ("nonsense", "cpu", False, False),
    ],
)
def test_an_installed_build_is_kept_if_it_serves(
    installed: str, build: torch.Build, explicit: bool, kept: bool
) -> None:
    assert torch.is_kept(installed, build, explicit=explicit) is kept


def test_the_words_say_roughly_how_large_it_is() -> None:
    assert "MB" in torch.words("cpu")
    assert "GB" in torch.words("cuda")


def test_what_torch_still_lacks_is_known_without_asking_an_index(bare: Environment, packages: Path) -> None:
    for name, version in (("torch", "2.15.0"), ("sympy", "1.14.0"), ("networkx", "3.6")):
        (packages / f"{name}-{version}.dist-info").mkdir()
        (packages / f"{name}-{version}.dist-info/METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            "Requires-Dist: sympy>=1.13\n"
            "Requires-Dist: networkx==3.5\n"
            f'Requires-Dist: nvidia-cudnn-cu13==9.26; sys_platform == "{sys.platform}"\n'
            'Requires-Dist: pywin; sys_platform == "nowhere"\n'
            'Requires-Dist: optional; extra == "more"\n'
        )
    assert torch.unmet(bare, "torch") == []  # nothing there that can read it: pip will see to it
    shutil.copytree(Path(packaging.__path__[0]), packages / "packaging")
    assert torch.unmet(bare, "torch") == ["networkx==3.5", "nvidia-cudnn-cu13==9.26"]


@pytest.mark.skipif(not (Path(sys.prefix) / "pyvenv.cfg").exists(), reason="not run in an environment")
def test_the_environment_of_these_tests_lacks_nothing() -> None:
    unmet = torch.unmet(Environment(Path(sys.prefix), editable=True), "torch")
    assert [need for need in unmet if "[" not in need] == []  # those with extras are always left to pip
