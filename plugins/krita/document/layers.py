"""A document's layers as an artist picks them: in order, by name, with an id that lasts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence

from inkwash.client.guess import guess, takes_any

from ..memory import Memory
from .files import File
from .looks import looks
from .nodes import children

STROKES = "colorizemask"  # a mask whose key strokes can be hints
WHOLE, ELSEWHERE, FILE = "/", "//", "///"  # paths of what is no layer
LAYERS = ("paintlayer", "grouplayer", "vectorlayer", "clonelayer", "filelayer", "filllayer", STROKES)


@dataclass(frozen=True)
class Entry:
    """A layer that may be chosen."""

    id: str  # stays the same when the document is saved and opened again
    path: str  # "Group/Layer"
    depth: int  # how many groups it is in
    node: Any  # Krita's node, or the File
    title: str = ""  # of what is no layer

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is no layer of the document: another document, or a file."""
        return self.path in (ELSEWHERE, FILE)

    @property
    def words(self) -> str:
        """What speaks for its use: its path; key strokes are colour hints, whatever the mask is called."""
        return self.path + " colour hints" if self.node.type() == STROKES else self.path

    @property
    def name(self) -> str:
        """Its own name."""
        return {WHOLE: "Whole picture", ELSEWHERE: self.title, FILE: self.title}.get(self.path) or str(self.node.name())


def listed(document: Any) -> List[Entry]:
    """Every layer of `document` that shows something, the topmost first."""
    root = document.rootNode()
    return [] if root is None else list(_inside(root, "", 0))


def offered(document: Any, input: Mapping[str, Any], chosen: Optional[str] = None) -> List[Entry]:
    """What an input may take: layers; the whole picture, where any will do; for one to learn from, other pictures."""
    found = listed(document)
    if takes_any(input) and document.rootNode() is not None:
        found.insert(0, Entry(_id(document.rootNode()), WHOLE, 0, document.rootNode()))
    if not input.get("aligned", True):
        found += _elsewhere(document)
        if chosen is not None and chosen.startswith(File.MARK):
            file = File(chosen[len(File.MARK) :])
            found.append(Entry(chosen, FILE, 0, file, "File: " + file.name))
    return found


def _elsewhere(document: Any) -> List[Entry]:
    from krita import Krita

    others = [other for other in Krita.instance().documents() if other != document and other.rootNode() is not None]
    titles = [Path(str(other.fileName())).name or str(other.name()) for other in others]
    pairs = zip(others, titles)
    return [Entry(_id(o.rootNode()), ELSEWHERE, 0, o.rootNode(), "Document: " + title) for o, title in pairs]


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
    fixed = _no_layers(document, declaration["inputs"], wanted)
    remembered = {
        input: None if id is None else places[id] for input, id in wanted.items() if id is None or id in places
    }
    inputs = [input for input in declaration["inputs"] if input["name"] not in fixed]
    active = None if declaration["inputs"][0]["name"] in fixed else places.get(_id(document.activeNode()))
    seen = looks(document, [entry.node for entry in entries])
    found = guess(inputs, [entry.words for entry in entries], active, remembered, seen)
    taken = {input: None if index is None else entries[index] for input, index in found.items()}
    return {input["name"]: fixed.get(input["name"]) or taken.get(input["name"]) for input in declaration["inputs"]}


def _no_layers(
    document: Any, inputs: Sequence[Mapping[str, Any]], wanted: Mapping[str, Optional[str]]
) -> Dict[str, Entry]:
    """The inputs for which something else than a layer was chosen; the first one takes the whole picture if it can."""
    found: Dict[str, Entry] = {}
    for place, input in enumerate(inputs):
        id = wanted.get(input["name"], "")
        others = [entry for entry in offered(document, input, id) if entry.is_elsewhere or entry.path == WHOLE]
        of_id = [entry for entry in others if entry.id == id]
        if of_id:
            found[input["name"]] = of_id[0]
        elif place == 0 and input["required"] and takes_any(input) and not is_layer(document, id):
            found[input["name"]] = others[0]
    return found


def is_layer(document: Any, id: Optional[str]) -> bool:
    """Whether `id` is that of a layer of `document`."""
    return any(entry.id == id for entry in listed(document))


def _inside(group: Any, path: str, depth: int) -> Iterator[Entry]:
    for node in reversed(children(group)):
        if node.type() in LAYERS:
            own = path + str(node.name())
            yield Entry(_id(node), own, depth, node)
            yield from _inside(node, own + "/", depth + 1)


def _id(node: Any) -> str:
    return "" if node is None else str(node.uniqueId().toString())
