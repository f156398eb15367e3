"""Progress is said in plain words."""

import io

import pytest

from inkwash.installer.progress import Progress, duration, size


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 kB"), (850_000, "850 kB"), (196_100_000, "196 MB"), (2_900_000_000, "2.9 GB")]
)
def test_a_size_is_said_as_a_download_page_does(count: int, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "0 s"), (4.4, "4 s"), (59.7, "1 min 0 s"), (125, "2 min 5 s")])
def test_a_duration_is_said_in_minutes(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_steps_are_numbered() -> None:
    said = io.StringIO()
    progress = Progress(2, said)
    for what in ("First", "Second"):
        with progress.step(what):
            progress.note("a note")
    assert "(1 of 2) First\n" in said.getvalue()
    assert "(2 of 2) Second\n" in said.getvalue()
    assert said.getvalue().count("done in 0 s") == 2


def test_a_step_that_failed_is_not_called_done() -> None:
    said = io.StringIO()
    with pytest.raises(RuntimeError), Progress(1, said).step("It"):
        raise RuntimeError
    assert "done" not in said.getvalue()


def test_a_log_gets_a_line_for_a_large_download_and_its_quarters_if_it_is_huge() -> None:
    said = io.StringIO()
    progress = Progress(1, said)
    for name, total in (("small", 10**6), ("large", 10**8), ("huge", 10**9)):
        for percent in range(101):
            progress.download(name, total * percent // 100, total)
    words = [line.strip() for line in said.getvalue().splitlines()]
    assert words == [
        "large, 100 MB",
        "huge, 1.0 GB",
        "huge: 250 MB of 1.0 GB",
        "huge: 500 MB of 1.0 GB",
        "huge: 750 MB of 1.0 GB",
    ]


def test_a_terminal_gets_one_moving_line() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    said = Terminal()
    progress = Progress(1, said)
    for done in (0, 50_000_000, 100_000_000):
        progress.download("torch", done, 100_000_000)
    progress.note("unpacking")
    assert said.getvalue().count("\n") == 2
    assert said.getvalue().count("\r") == 3
    assert said.getvalue().endswith("unpacking\n")
