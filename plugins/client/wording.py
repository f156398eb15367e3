"""What both hosts say to the artist: progress, the service's state, and errors."""

from __future__ import annotations

import traceback
from typing import Any, List, Mapping, NamedTuple, Optional

UNEXPECTED = "Something went wrong that Inkwash did not expect."
REPORT = "Try again. If it happens again, copy the details into a report."


class Failure(NamedTuple):
    """An error in words."""

    message: str  # one sentence
    hint: str  # what to do, may be empty
    details: str  # for a report: code, causes, the service's last words


def progress(stage: str, fraction: float, seconds_left: Optional[float]) -> str:
    """What is being done and how long it will take, such as "painting, 3 s left"."""
    stage = stage or ("getting ready" if fraction <= 0 else "working")
    return stage if seconds_left is None else "{}, {} left".format(stage, duration(seconds_left))


def duration(seconds: float) -> str:
    """`seconds` as an artist says it: "1 s", "2 min", "1 h 5 min"."""
    whole = max(1, round(seconds))
    if whole < 100:
        return "{} s".format(whole)
    minutes = round(whole / 60)
    if minutes < 100:
        return "{} min".format(minutes)
    return "{} h {} min".format(minutes // 60, minutes % 60)


def status(answer: Mapping[str, Any]) -> str:
    """The service's answer to GET /v1/status in a line: where it computes, what is loaded, what waits."""
    parts = ["Stopping" if answer.get("stopping") else _device(answer.get("device") or {})]
    models = answer.get("models") or []
    if models:
        parts.append("{} loaded".format(", ".join(str(model) for model in models)))
    states = [job.get("state") for job in answer.get("jobs") or []]
    waiting = states.count("waiting")
    if len(states) > waiting:
        parts.append("working")
    if waiting:
        parts.append("{} waiting".format(waiting))
    return " · ".join(parts)


def failure(error: BaseException) -> Failure:
    """Any exception in words: the client's and the wire's errors bring theirs along."""
    message, hint = getattr(error, "message", ""), getattr(error, "hint", "")
    if not isinstance(message, str) or not message:
        return Failure(UNEXPECTED, REPORT, "".join(_traceback(error)).strip())
    first, _, rest = message.partition("\n")
    details = ["{}: {}".format(getattr(error, "code", "") or type(error).__name__, first)]
    details += [str(hint), rest, _unsaid(getattr(error, "log", ""), rest), *_causes(error)]
    return Failure(first, str(hint), "\n".join(part for part in details if part))


def _device(device: Mapping[str, Any]) -> str:
    if device.get("fault"):
        return str(device["fault"])
    if not device.get("ready"):
        return "Ready"
    kind = device.get("type", "")
    name = "Processor" if kind == "cpu" else str(device.get("name") or kind).strip()  # "x86_64" says little
    free, total = device.get("memory_free"), device.get("memory_total")
    if not free or not total:
        return name
    return "{} ({:.1f} of {:.1f} GB free)".format(name, free / 1e9, total / 1e9)


def _unsaid(log: str, said: str) -> str:
    return "" if log in said else log


def _causes(error: BaseException) -> List[str]:
    cause = error.__cause__ or error.__context__
    return [] if cause is None else ["caused by " + "".join(_traceback(cause)).strip()]


def _traceback(error: BaseException) -> List[str]:
    return traceback.format_exception(type(error), error, error.__traceback__)
