import subprocess
import sys

import pytest

HEAVY = {"torch", "aiohttp", "cv2", "tifffile", "rich", "asyncio", "safetensors"}


def modules_after(code: str) -> set[str]:
    lines = f"import sys\n{code}\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    return set(result.stdout.split("\n")[-2].split())


@pytest.mark.parametrize("arguments", [["--help"], ["tint-lines", "--help"], ["models", "list"], ["filters"]])
def test_looking_around_imports_nothing_heavy(program, arguments):
    code = f"""
import runpy
sys.argv = {[program[1], *arguments]!r}
try:
    runpy.run_path({program[1]!r}, run_name="__main__")
except SystemExit:
    pass"""
    assert not modules_after(code) & {*HEAVY, "numpy", "PIL"}


def test_a_job_imports_no_more_than_it_needs(service, program, lines, tmp_path):
    code = f"""
import runpy
sys.argv = {[program[1], "tint-lines", str(lines), "-o", str(tmp_path / "out.png")]!r}
try:
    runpy.run_path({program[1]!r}, run_name="__main__")
except SystemExit:
    pass"""
    assert not modules_after(code) & HEAVY
    assert (tmp_path / "out.png").exists()
