"""Results as layers: a group named by the result, at its place beside the lines, one undo step."""

from __future__ import annotations

from typing import Any, Generator

from inkwash.protocol import Frame


def place(document: Any, node: Any, result_frame: Frame, update_existing: bool) -> Any:
    """Put the result beside `node`, the first input's; the group node."""
    raise NotImplementedError


def placing(document: Any, node: Any, result_frame: Frame, update_existing: bool) -> Generator[None, None, Any]:
    """The same in pieces; between two of them the window answers."""
    raise NotImplementedError
    yield
