import json
from pathlib import Path

import pytest

from inkwash.training.evaluation.judgement import Row, judged
from inkwash.training.evaluation.pictures import entries
from inkwash.training.evaluation.report import figures, sheet, tables, write


@pytest.fixture
def rows(artwork: Path, filler, hinter) -> list[Row]:
    colorizers = [filler("red", (220, 40, 40)), filler("blue", (40, 40, 220))]
    return [row for entry in entries(artwork, 9) for row in judged(entry, colorizers, (0.0, 0.5, 1.0), hinter)]


def test_the_tables_show_the_whole_curve_and_its_area(rows: list[Row]) -> None:
    text = tables(rows)
    assert "| PSNR, dB at hint ratio | by | 0 | 0.5 | 1 | area |" in text
    assert "| PSNR through the same lines, dB at hint ratio |" in text
    assert "| artwork (3) | red |" in text
    assert "Euclidean difference, %" in text


def test_the_figures_are_the_same_for_programs(rows: list[Row]) -> None:
    data = figures(rows)
    assert set(data["summary"]["artwork"]) == {"red", "blue"}
    assert list(data["summary"]["artwork"]["red"]["psnr"]["curve"]) == ["0", "0.5", "1"]
    assert len(data["rows"]) == len(rows)


def test_a_report_is_a_folder_of_tables_json_and_plots(rows: list[Row], tmp_path: Path) -> None:
    write(rows, tmp_path / "report")
    assert {f.name for f in (tmp_path / "report").iterdir()} == {
        "report.md", "report.json", "curves.png", "histograms.png"
    }  # fmt: skip
    assert json.loads((tmp_path / "report/report.json").read_text())["summary"]


def test_the_sheet_has_a_row_for_each_amount_of_hints(artwork: Path, filler, hinter) -> None:
    made = sheet(entries(artwork, 2), [filler("red", (220, 40, 40))], hinter)
    assert made.shape == (2 * 3 * 192, 4 * 192, 3)
