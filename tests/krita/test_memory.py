"""What is remembered, and what damaged memories do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inkwash.krita.memory import DOCUMENTS, GROUP, Memory
from inkwash.models.filters import declared


def declarations() -> list[dict[str, Any]]:
    return json.loads(json.dumps([filter.declaration() for filter in declared()]))  # type: ignore[no-any-return]


def test_values_are_there_in_the_next_session(settings: Any) -> None:
    Memory(settings).keep_value("colorize", "strength", 0.5)
    memory = Memory(settings)
    assert memory.values("colorize") == {"strength": 0.5}
    memory.forget_value("colorize", "strength")
    assert Memory(settings).values("colorize") == {}
    assert memory.values("lineart") == {}


def test_layers_are_remembered_for_each_document(settings: Any) -> None:
    memory = Memory(settings)
    memory.keep_layer("/a.kra", "colorize", "line", "{1}")
    memory.keep_layer("/a.kra", "colorize", "hints", None)
    memory.keep_layer("/b.kra", "colorize", "line", "{2}")
    memory = Memory(settings)
    assert memory.layers("/a.kra", "colorize") == {"line": "{1}", "hints": None}
    assert memory.layers("/b.kra", "colorize") == {"line": "{2}"}
    assert memory.layers("/b.kra", "lineart") == {}


def test_only_the_latest_documents_are_remembered(settings: Any) -> None:
    memory = Memory(settings)
    for number in range(DOCUMENTS + 5):
        memory.keep_layer("first", "colorize", "line", "{1}")
        memory.keep_layer(str(number), "colorize", "line", "{2}")
    memory = Memory(settings)
    assert memory.layers("first", "colorize") == {"line": "{1}"}
    assert memory.layers("0", "colorize") == {}
    assert memory.layers(str(DOCUMENTS + 4), "colorize") == {"line": "{2}"}


def test_declarations_are_there_before_the_service_is(settings: Any) -> None:
    assert Memory(settings).filters() == []
    Memory(settings).keep_filters(declarations())
    assert Memory(settings).filters() == declarations()


def test_options_keep_their_kind(settings: Any) -> None:
    Memory(settings).keep_option("update_existing", True)
    assert Memory(settings).option("update_existing", False) is True
    assert Memory(settings).option("update_existing", "") == ""
    assert Memory(settings).option("else", "x") == "x"


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", "null", '{"filters": 3}', '{"filters": [{"id": 5}]}', "[" * 9999]
)
def test_damaged_memories_count_as_none(settings: Any, text: str) -> None:
    for name in ("values", "layers", "options", "filters"):
        settings.texts[GROUP, name] = text
    memory = Memory(settings)
    assert memory.values("colorize") == {}
    assert memory.layers("/a.kra", "colorize") == {}
    assert memory.option("last", "") == ""
    assert memory.filters() == []
    memory.keep_value("colorize", "strength", 0.5)
    memory.keep_layer("/a.kra", "colorize", "line", "{1}")
    assert Memory(settings).values("colorize") == {"strength": 0.5}


def test_what_is_written_is_plain_ascii(settings: Any) -> None:
    Memory(settings).keep_layer("/bücher/線.kra", "colorize", "line", "{1}")
    assert all(text.isascii() for text in settings.texts.values())
    assert Memory(settings).layers("/bücher/線.kra", "colorize") == {"line": "{1}"}
