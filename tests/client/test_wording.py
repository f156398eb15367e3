"""What an artist reads."""

import pytest

from inkwash.client import JobFailed, WontStart, wording
from inkwash.protocol import BadFrame


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("painting", 0.4, 3.2), "painting, 3 s left"),
        (("painting", 0.4, None), "painting"),
        (("painting", 0.99, 0.0), "painting, 1 s left"),
        (("", 0.0, None), "getting ready"),
        (("", 0.5, None), "working"),
        (("refining", 0.1, 150.0), "refining, 2 min left"),
        (("refining", 0.1, 7500.0), "refining, 2 h 5 min left"),
    ],
)
def test_progress_has_a_stage_and_the_time_left(given: tuple[str, float, float | None], said: str) -> None:
    assert wording.progress(*given) == said


def test_the_state_tells_device_models_and_queue() -> None:
    answer = {
        "device": {"ready": True, "type": "cuda", "name": "A card", "memory_free": 6.04e9, "memory_total": 8e9},
        "models": ["inkwash-colorizer"],
        "jobs": [{"state": "running"}, {"state": "waiting"}, {"state": "waiting"}],
    }
    assert wording.status(answer) == "A card (6.0 of 8.0 GB free) · inkwash-colorizer loaded · working · 2 waiting"


def test_a_plain_processor_is_called_so() -> None:
    answer = {"device": {"ready": True, "type": "cpu", "name": "x86_64", "memory_free": None, "memory_total": None}}
    assert wording.status(answer) == "Processor"


def test_a_service_without_work_is_ready() -> None:
    assert wording.status({"device": {"ready": False, "type": "auto"}, "models": [], "jobs": []}) == "Ready"
    assert wording.status({}) == "Ready"
    assert wording.status({"stopping": True}) == "Stopping"


def test_an_error_of_ours_brings_its_words() -> None:
    failure = wording.failure(JobFailed("out_of_memory", "The picture does not fit.", "Close something."))
    assert failure == ("The picture does not fit.", "Close something.", failure.details)
    assert "out_of_memory" in failure.details
    assert wording.failure(BadFrame("The frame is damaged.", "Restart.")).message == "The frame is damaged."


def test_the_services_last_words_are_details() -> None:
    error = WontStart("It ended. It said:\nline 1\nline 2", "Run doctor.", "line 1\nline 2")
    message, hint, details = wording.failure(error)
    assert (message, hint) == ("It ended. It said:", "Run doctor.")
    assert details.count("line 2") == 1


def test_the_cause_is_told_in_the_details() -> None:
    with pytest.raises(JobFailed) as caught:
        _fail()
    assert "division by zero" in wording.failure(caught.value).details


def _fail() -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        raise JobFailed("internal", "It failed.") from error


def test_a_stranger_is_told_plainly_with_its_traceback() -> None:
    message, hint, details = wording.failure(KeyError("line"))
    assert message == wording.UNEXPECTED
    assert hint == wording.REPORT
    assert "KeyError: 'line'" in details
