from pathlib import Path

from click.testing import CliRunner

from inkwash.training.evaluation.command import evaluate


def test_a_wrong_set_is_said_before_any_work(pairs: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(evaluate, ["colorizer", str(pairs), "--set", "portraits", "-o", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "It has: flat" in result.output
    assert not (tmp_path / "out").exists()


def test_the_help_lists_the_peers() -> None:
    assert "gmic" in CliRunner().invoke(evaluate, ["colorizer", "--help"]).output
