"""A saved .kra file, read without Krita: its layer tree."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any


def layers(file: Path) -> list[dict[str, Any]]:
    """Name, blending mode and children of each layer, top to bottom."""
    with zipfile.ZipFile(file) as archive:
        root = ET.fromstring(archive.read("maindoc.xml"))
    found = next(element for element in root.iter() if _tag(element) == "layers")
    return [_layer(element) for element in found]


def _layer(element: ET.Element) -> dict[str, Any]:
    inside = [child for child in element if _tag(child) == "layers"]
    return {
        "name": element.get("name"),
        "blend": element.get("compositeop"),
        "children": [_layer(child) for group in inside for child in group],
    }


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
