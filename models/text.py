"""Foreign text as text: names and words from files, without what terminals obey and readers are misled by."""

from __future__ import annotations

import unicodedata

OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # Unicode's categories: controls, formats, surrogates, breaks of line
JOINERS = "\u00ad\u200c\u200d"  # formats that letters and emoji are written with
INSTEAD = "\ufffd"


def plain(text: str, *, kept: str = "") -> str:
    """`text` in one line that can be shown and sent anywhere; what cannot is replaced, but for characters of `kept`."""
    if text.isprintable():
        return text
    known = JOINERS + kept
    return "".join(c if c in known or unicodedata.category(c) not in OBEYED else INSTEAD for c in text)
