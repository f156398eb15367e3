"""Line art from a coloured SVG drawing: its strokes and dark fills, everything else white."""

import re
import xml.etree.ElementTree as ET

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray

SHAPES = {"path", "circle", "ellipse", "rect", "polygon", "polyline", "line"}
DARK = 60  # luminance out of 255 below which a fill counts as ink
TRANSLUCENT = 0.8  # shapes with less opacity are shading, not drawing

Picture = NDArray[np.uint8]  # (H, W, 3) sRGB, or (H, W, 4) with straight alpha


def render(svg: str, size: int) -> Picture:
    """The drawing as (H, W, 4) RGBA uint8, `size` pixels on its longer side; ValueError if it cannot be drawn."""
    png = resvg_py.svg_to_bytes(svg_string=svg, width=size)
    picture = cv2.imdecode(np.frombuffer(bytes(png), np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.ndim != 3 or min(picture.shape[:2]) < size // 4:
        raise ValueError("the drawing is empty or far from square")
    if picture.shape[0] > size:
        width = max(1, round(picture.shape[1] * size / picture.shape[0]))
        picture = cv2.resize(picture, (width, size), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA), np.uint8)


def _style(element: ET.Element, inherited: dict[str, str]) -> dict[str, str]:
    """The presentation properties of `element`: attributes, then its style attribute, over its parent's."""
    own = {key: value for key, value in element.attrib.items() if key in PROPERTIES}
    for item in element.get("style", "").split(";"):
        key, _, value = item.partition(":")
        if key.strip() in PROPERTIES:
            own[key.strip()] = value.strip()
    result = {**inherited, **own}
    for key in ("opacity", "mix-blend-mode"):  # not inherited, but a group's holds for what is inside
        result[key] = own.get(key, inherited.get(key, ""))
    return result


PROPERTIES = {
    "fill", "stroke", "stroke-width", "opacity", "fill-opacity", "stroke-opacity", "mix-blend-mode"
}  # fmt: skip


def _luminance(colour: str) -> float:
    """Luminance in [0, 255] of a CSS colour; 255 for what is no plain colour (gradients)."""
    if match := re.fullmatch(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", colour.strip()):
        digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
        red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
        return 0.299 * red + 0.587 * green + 0.114 * blue
    return 0.0 if colour.strip() in ("black", "currentColor") else 255.0


def _number(text: str, default: float) -> float:
    try:
        return float(text)
    except ValueError:
        return default


def _ink(element: ET.Element, style: dict[str, str], outline: float | None) -> bool:
    """Turn one shape into line art in place; False if it must be dropped."""
    opacity = _number(style["opacity"], 1.0) * _number(style.get("fill-opacity", ""), 1.0)
    if opacity < TRANSLUCENT or style["mix-blend-mode"] not in ("", "normal"):
        return False
    fill, stroke = style.get("fill", "black"), style.get("stroke", "none")
    element.attrib.pop("style", None)
    element.attrib.pop("filter", None)
    if fill != "none":
        element.set("fill", "#000000" if _luminance(fill) < DARK else "#ffffff")
    if stroke != "none" and _number(style.get("stroke-opacity", ""), 1.0) >= TRANSLUCENT:
        element.set("stroke", "#000000" if _luminance(stroke) < 200 else "#ffffff")
        element.set("stroke-width", style.get("stroke-width", "1"))
    elif outline is not None and fill != "none":
        element.set("stroke", "#000000")
        element.set("stroke-width", f"{outline:g}")
    else:
        element.set("stroke", "none")
    return True


def line_art(svg: str, outline: float | None = None) -> str:
    """The SVG reduced to its lines; with `outline` every unstroked shape gets a black stroke of that width.

    `outline` is in user units of the drawing. Raises ValueError if the SVG cannot be parsed.
    """
    try:
        root = ET.fromstring(svg)
    except ET.ParseError as error:
        raise ValueError(str(error)) from error

    def walk(parent: ET.Element, inherited: dict[str, str], inside_mask: bool) -> None:
        for child in list(parent):
            tag = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
            masked = inside_mask or tag in ("mask", "clipPath", "defs")
            style = _style(child, inherited)
            dropped = tag in SHAPES and not masked and not _ink(child, style, outline)
            if dropped or tag in ("image", "text", "filter"):
                parent.remove(child)
            else:
                walk(child, style, masked)

    walk(root, _style(root, {"opacity": "", "mix-blend-mode": ""}), False)
    return ET.tostring(root, encoding="unicode")
