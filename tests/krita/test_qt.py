"""The one door to Qt leads to the same names in PyQt5 and PyQt6, and the plugin uses no other."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "plugins/krita"
BINDINGS = ("PyQt5", "PyQt6")
CHECK = """
import importlib, sys
importlib.import_module(sys.argv[1] + ".QtCore")
from inkwash.krita import qt
assert qt.BINDING == sys.argv[1]
missing = []
for chain in sys.argv[2:]:
    found = qt
    for part in chain.split("."):
        found = getattr(found, part, None)
        if found is None:
            missing.append(chain)
            break
print(*missing)
"""


def used_names() -> set[str]:
    """Every name that the plugin takes from the door, with the attributes that it reads of it: `Qt.Orientation...`."""
    chains = set()
    for file in PLUGIN.rglob("*.py"):
        module = ast.parse(file.read_text("utf-8"))
        names = {
            alias.name
            for node in ast.walk(module)
            if isinstance(node, ast.ImportFrom) and node.level and node.module == "qt"
            for alias in node.names
        }
        chains |= names
        for node in ast.walk(module):
            if (
                isinstance(node, ast.Attribute)
                and ast.unparse(node).split(".")[0] in names
                and "(" not in ast.unparse(node)
            ):
                chains.add(ast.unparse(node))
    return chains


@pytest.mark.parametrize("binding", BINDINGS)
def test_every_name_is_there(binding: str) -> None:
    names = sorted(used_names())
    assert "QStyle.StandardPixmap.SP_MessageBoxWarning" in names
    answer = subprocess.run([sys.executable, "-c", CHECK, binding, *names], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


def test_there_is_no_other_door() -> None:
    for file in PLUGIN.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith("PyQt")], file


def test_whatever_is_behind_the_door_is_used() -> None:
    door = ast.parse((PLUGIN / "qt.py").read_text("utf-8"))
    there = {
        node.targets[0].id
        for node in door.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert there - {"BINDING"} == {name for name in used_names() if "." not in name}


@pytest.mark.skipif("INKWASH_QT" in os.environ, reason="this is the run that the test below has started")
def test_the_widgets_work_with_pyqt6_too() -> None:
    tests = [str(file) for file in Path(__file__).parent.rglob("test_*.py")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "INKWASH_QT": "PyQt6"}
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    assert answer.returncode == 0, answer.stdout[-6000:] + answer.stderr[-2000:]
