"""Results that are larger than their document: it grows with all its layers, or another document is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, Tuple

from inkwash.protocol import Frame

from ..document.nodes import children, is_open
from ..document.pieces import PAUSE, Work
from ..document.pixels import sent_space, writing
from ..errors import NotThere

SCALE, NEW = "scale", "new"  # what may be done
INTERPOLATION = "Bicubic"  # of the layers that are not ours


def size_of(document: Any, frame: Frame) -> Optional[Tuple[int, int]]:
    """The size of the result, if it is larger than `document`."""
    width, height = (max(getattr(layer, side) for layer in frame.layers) for side in ("width", "height"))
    is_larger = width > document.width() and height > document.height()
    return (width, height) if is_larger else None


def scaling(document: Any, size: Tuple[int, int]) -> Work[None]:
    """Let Krita scale the picture with all its layers, as one undo step, and wait for it in pieces. NotThere."""
    document.scaleImage(*size, round(document.xRes()), round(document.yRes()), INTERPOLATION)
    while not document.tryBarrierLock():
        yield PAUSE
        if not is_open(document):
            raise NotThere("The document was closed while it was scaled.")
    document.unlock()


def made_anew(document: Any, node: Any, frame: Frame) -> Work[Any]:
    """Another document, in a window, with nothing but the layers of the result for `node`, in pieces."""
    from krita import Krita

    layers = {layer.name: layer for layer in frame.layers}
    width, height = (max(getattr(layer, side) for layer in frame.layers) for side in ("width", "height"))
    stem = Path(str(document.fileName())).stem or str(document.name())
    title = " ".join([stem, *(output["label"].lower() for output in frame.message["outputs"][:1])])
    made = Krita.instance().createDocument(width, height, title, *sent_space(node), float(document.resolution()))
    ground = children(made.rootNode())[0]
    for output in frame.message["outputs"]:
        target = made.createNode(output["label"], "paintlayer")
        made.rootNode().addChildNode(target, (children(made.rootNode()) or [None])[-1])
        target.setBlendingMode(output["blend"])
        yield from writing(target, layers[output["name"]])
    ground.remove()
    made.refreshProjection()
    Krita.instance().activeWindow().addView(made)
    return made
