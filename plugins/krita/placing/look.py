"""The finished look: the document as it would be with a result in it, put together beside it.

Nothing of the document changes, its undo history least of all. Qt lays the layers over each other in 8 bits, strip
by strip, so that the window goes on answering.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, Tuple

from inkwash.protocol import Frame

from ..document.area import Area
from ..document.nodes import children
from ..document.paint import Desk
from ..document.pieces import Work
from ..document.pixels import canvas, sent_space
from ..qt import QImage, QPainter, QRect, QRectF, Qt
from . import results
from .stencils import Style

SMALL = 1536  # pixels: what is shown at less than full size needs no more
ROWS = 128  # put together at once; a multiple of every reduction
MASKS = "mask"  # how the types of nodes end that lie within a layer
UNSEEN = ("filterlayer",)  # what it does to the layers below cannot be had
Mode = QPainter.CompositionMode
MODES: Dict[str, Any] = {  # Krita's names of blending modes
    "multiply": Mode.CompositionMode_Multiply,
    "screen": Mode.CompositionMode_Screen,
    "overlay": Mode.CompositionMode_Overlay,
    "darken": Mode.CompositionMode_Darken,
    "lighten": Mode.CompositionMode_Lighten,
    "dodge": Mode.CompositionMode_ColorDodge,
    "burn": Mode.CompositionMode_ColorBurn,
    "hard_light": Mode.CompositionMode_HardLight,
    "soft_light_svg": Mode.CompositionMode_SoftLight,
    "diff": Mode.CompositionMode_Difference,
    "exclusion": Mode.CompositionMode_Exclusion,
    "add": Mode.CompositionMode_Plus,
}


class Look(NamedTuple):
    """A picture as large as its document, and a smaller one to be shown from afar."""

    whole: Any  # QImage
    small: Any  # QImage; the same if there is no need of another

    def paint(self, painter: Any, transform: Any) -> None:
        """Paint it, its pixels placed by `transform`."""
        scale = abs(transform.determinant()) ** 0.5
        shown = self.small if scale <= self.small.width() / self.whole.width() else self.whole
        painter.setTransform(transform, True)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 2)  # large pixels stay pixels
        painter.drawImage(QRectF(self.whole.rect()), shown, QRectF(shown.rect()))


class Sheet(NamedTuple):
    """One of what lies over each other."""

    strip: Callable[[Area], Any]  # its pixels there: QImage; None if it has none
    style: Style


def looking(document: Any, node: Any, frame: Frame) -> Work[Look]:
    """The look of `document` with the layers of `frame`, a result or preview for `node`, in pieces. NotThere.

    An earlier result of the same filter is left out, as it is when the new one is kept.
    """
    results.check_there(document, node)
    document.waitForDone()  # a stroke may still be on its way
    desk = Desk()
    try:
        sheets = yield from _sheets(desk, document, node, frame)
        return (yield from _laid(sheets, canvas(document)))
    finally:
        desk.close()


def _laid(sheets: List[Sheet], area: Area) -> Work[Look]:
    whole = QImage(area.width, area.height, QImage.Format.Format_ARGB32_Premultiplied)
    whole.fill(0)
    reduction = _reduction(area)
    small = whole if reduction == 1 else QImage(*_reduced(area, reduction), whole.format())
    for top in range(0, area.height, ROWS):
        strip = Area(0, top, area.width, min(ROWS, area.height - top))
        _lay(whole, sheets, strip)
        if reduction > 1:
            _reduce(whole, small, strip, reduction)
        yield
    return Look(whole, small)


def _sheets(desk: Desk, document: Any, node: Any, frame: Frame) -> Work[List[Sheet]]:
    area, anchor = canvas(document), results.check_there(document, node)
    group = frame.message["group"]
    old = results.existing(anchor, group)
    under, over = _around(anchor, group["place"] == results.BELOW)
    style = Style(group["blend"]) if old is None else Style(old.blendingMode(), old.opacity())
    layers = {layer.name: layer for layer in frame.layers}
    inside: List[Tuple[Any, Any]] = []
    for output in frame.message["outputs"]:
        pixels = yield from desk.picture(sent_space(node), layers[output["name"]])
        inside.append((pixels, output["blend"]))
    ours = Sheet(lambda strip: _composed(inside, area, strip), style)
    gone = None if old is None else old.uniqueId()
    return [*_seen(desk, under, gone), ours, *_seen(desk, over, gone)]


def _around(anchor: Any, below: bool) -> Tuple[List[Any], List[Any]]:
    """The nodes under and over the place beside `anchor`; groups that it is in count as what is in them."""
    parent = anchor.parentNode()
    if parent is None:
        return children(anchor), []
    under, over = ([], [anchor]) if below else ([anchor], [])
    node = anchor
    while parent is not None:
        siblings = children(parent)
        own = [sibling.uniqueId() for sibling in siblings].index(node.uniqueId())
        under, over = siblings[:own] + under, over + siblings[own + 1 :]
        node, parent = parent, parent.parentNode()
    return under, over


def _seen(desk: Desk, nodes: List[Any], gone: Any) -> List[Sheet]:
    found: List[Sheet] = []
    for node in nodes:
        kind = node.type()
        if not node.visible() or kind.endswith(MASKS) or kind in UNSEEN or node.uniqueId() == gone:
            continue
        if kind == "grouplayer" and node.passThroughMode():
            found += _seen(desk, children(node), gone)
        else:
            found.append(Sheet(desk.node_strip(node), Style(node.blendingMode(), node.opacity())))
    return found


def _lay(whole: Any, sheets: List[Sheet], strip: Area) -> None:
    painter = QPainter(whole)
    painter.setClipRect(QRect(*strip))
    for sheet in sheets:
        image = sheet.strip(strip)
        if image is not None:
            painter.setCompositionMode(MODES.get(sheet.style.blend, Mode.CompositionMode_SourceOver))
            painter.setOpacity(sheet.style.opacity / 255)
            painter.drawImage(0, strip.y, image)
    painter.end()


def _composed(inside: List[Tuple[Any, Any]], area: Area, strip: Area) -> Any:
    """The result's own layers over each other; those of another size are made as large as the document."""
    image = QImage(strip.width, strip.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for pixels, blend in inside:
        painter.setCompositionMode(MODES.get(blend, Mode.CompositionMode_SourceOver))
        if (pixels.width(), pixels.height()) == (area.width, area.height):
            painter.drawImage(0, -strip.y, pixels)
        else:
            painter.drawImage(QRectF(0, -strip.y, area.width, area.height), pixels, QRectF(pixels.rect()))
    painter.end()
    return image


def _reduction(area: Area) -> int:
    reduction = 1
    while max(area.width, area.height) / reduction > SMALL:
        reduction *= 2
    return reduction


def _reduced(area: Area, reduction: int) -> Tuple[int, int]:
    return max(1, area.width // reduction), max(1, area.height // reduction)


def _reduce(whole: Any, small: Any, strip: Area, reduction: int) -> None:
    rows = -(-strip.height // reduction)
    part = whole.copy(QRect(*strip)).scaled(
        small.width(), rows, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    painter = QPainter(small)
    painter.setCompositionMode(Mode.CompositionMode_Source)
    painter.drawImage(0, strip.y // reduction, part)
    painter.end()
