"""Colours that stand for others are written, and read again."""

from __future__ import annotations

import pytest

from inkwash.protocol.recolouring import parsed, written


def test_what_was_written_is_read() -> None:
    swaps = {"#ff0000": "#00aa88", "#123456": "empty"}
    assert parsed(written(swaps)) == swaps
    assert parsed("#FF0000=#00AA88") == {"#ff0000": "#00aa88"}
    assert parsed("") == {}


@pytest.mark.parametrize("text", ["red=#00aa88", "#ff0000", "#ff0000=#00aa8", "#ff0000=nothing", "#ff0000 = #00aa88"])
def test_what_is_no_pair_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=text.split()[0]):
        parsed(text)
