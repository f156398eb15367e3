"""A document's layers as an artist picks them: in order, by name, with an id that lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional

from inkwash.client.guess import guess

from ..memory import Memory
from .nodes import children

STROKES = "colorizemask"  # a mask whose key strokes can be hints
LAYERS = ("paintlayer", "grouplayer", "vectorlayer", "clonelayer", "filelayer", "filllayer", STROKES)


@dataclass(frozen=True)
class Entry:
    """A layer that may be chosen."""

    id: str  # stays the same when the document is saved and opened again
    path: str  # "Group/Layer"
    depth: int  # how many groups it is in
    node: Any  # Krita's node

    @property
    def words(self) -> str:
        """What speaks for its use: its path; key strokes are colour hints, whatever the mask is called."""
        return self.path + " colour hints" if self.node.type() == STROKES else self.path

    @property
    def name(self) -> str:
        """Its own name."""
        return str(self.node.name())


def listed(document: Any) -> List[Entry]:
    """Every layer of `document` that shows something, the topmost first."""
    root = document.rootNode()
    return [] if root is None else list(_inside(root, "", 0))


def key(document: Any) -> str:
    """What a document is remembered by: its file, or while it has none, its root layer."""
    root = document.rootNode()
    return str(document.fileName()) or _id(root)


def chosen(
    document: Any, declaration: Mapping[str, Any], memory: Memory, pinned: Optional[Mapping[str, str]] = None
) -> Dict[str, Optional[Entry]]:
    """For each input of a filter the layer that was chosen, or that is most likely meant; `pinned` ones stay."""
    entries = listed(document)
    places = {entry.id: index for index, entry in enumerate(entries)}
    wanted = {**memory.layers(key(document), declaration["id"]), **(pinned or {})}
    remembered = {
        input: None if id is None else places[id] for input, id in wanted.items() if id is None or id in places
    }
    found = guess(
        declaration["inputs"], [entry.words for entry in entries], places.get(_id(document.activeNode())), remembered
    )
    return {input: None if index is None else entries[index] for input, index in found.items()}


def _inside(group: Any, path: str, depth: int) -> Iterator[Entry]:
    for node in reversed(children(group)):
        if node.type() in LAYERS:
            own = path + str(node.name())
            yield Entry(_id(node), own, depth, node)
            yield from _inside(node, own + "/", depth + 1)


def _id(node: Any) -> str:
    return "" if node is None else str(node.uniqueId().toString())
