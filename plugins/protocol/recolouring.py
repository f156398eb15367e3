"""Colours that stand for others, as a setting has them: "#ff0000=#00aa88 #123456=empty"."""

from __future__ import annotations

import re
from typing import Dict, Mapping

EMPTY = "empty"  # stands for a place where nothing shall be
PAIR = re.compile(r"(#[0-9a-f]{6})=(#[0-9a-f]{6}|empty)$")


def parsed(text: str) -> Dict[str, str]:
    """What each colour stands for; ValueError, with the word that is no such pair."""
    found = {}
    for word in text.lower().split():
        pair = PAIR.match(word)
        if pair is None:
            raise ValueError(word)
        found[pair.group(1)] = pair.group(2)
    return found


def written(swaps: Mapping[str, str]) -> str:
    """The same as text."""
    return " ".join("{}={}".format(colour, other) for colour, other in swaps.items())
