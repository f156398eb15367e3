"""Reading a frame's header: a msgpack map from a stranger, checked before anything is built from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Tuple

from .errors import BadFrame, BadLayer, TooLarge
from .frame import HEAD_FIELDS, LAYERS
from .layer import LayerHead
from .packing import msgpack

VALUES = 65536  # in one header; one byte of msgpack can become a hundred of Python
DEPTH = 32  # lists and maps inside each other
NEEDED = ("name", "width", "height", "bytes")

# msgpack's type bytes: how many bytes a value has, or how many bytes its count has.
PLAIN = {0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
PLAIN.update({0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8})
COUNTED_BYTES = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
COUNTED_LIST = {0xDC: 2, 0xDD: 4}
COUNTED_MAP = {0xDE: 2, 0xDF: 4}


@dataclass(frozen=True)
class Limits:
    """What a receiver is willing to hold."""

    header_bytes: int = 16 * 2**20  # of one header; mostly colour profiles
    layer_bytes: int = 2 * 2**30  # of one layer
    frame_bytes: int = 4 * 2**30  # of a whole frame
    pixels: int = 2**28  # of one layer: 16384 x 16384
    layers: int = 64  # of one frame


def read_header(header: bytearray, limits: Limits) -> Tuple[Dict[str, Any], List[LayerHead]]:
    """The message and what its layers will be; BadFrame, BadLayer, TooLarge."""
    message = _unpack(header)
    descriptions = message.pop(LAYERS, [])
    if not isinstance(descriptions, list):
        raise BadFrame("The list of layers is no list.")
    if len(descriptions) > limits.layers:
        raise TooLarge("{} layers at once; {} is the limit.".format(len(descriptions), limits.layers))
    heads = [_read_layer(description, limits) for description in descriptions]
    total = len(header) + sum(head.size for head in heads)
    if total > limits.frame_bytes:
        raise TooLarge(_too_many_bytes("These layers are", total, limits.frame_bytes))
    return message, heads


def _read_layer(description: Any, limits: Limits) -> LayerHead:
    if not isinstance(description, dict):
        raise BadLayer("A layer's description is no map.")
    missing = [key for key in NEEDED if key not in description]
    unknown = [key for key in description if key not in HEAD_FIELDS and key != "bytes"]
    if missing or unknown:
        raise BadLayer(
            "A layer's description lacks {} and has unknown {:.60}.".format(missing or "nothing", str(unknown))
        )
    declared = description.pop("bytes")
    head = LayerHead(**description)
    if head.width * head.height > limits.pixels:
        raise TooLarge(
            "Layer {!r:.60} has {} x {} pixels; {} million are the limit.".format(
                head.name, head.width, head.height, limits.pixels // 10**6
            )
        )
    if head.size > limits.layer_bytes:
        raise TooLarge(_too_many_bytes("Layer {!r:.60} is".format(head.name), head.size, limits.layer_bytes))
    if type(declared) is not int or declared != head.size:
        raise BadLayer(
            "Layer {!r:.60} announces {!r:.60} bytes; its size needs {}.".format(head.name, declared, head.size)
        )
    return head


def _too_many_bytes(what: str, size: int, limit: int) -> str:
    return "{} {} MB large; {} MB is the limit.".format(what, size // 10**6, limit // 10**6)


def _unpack(header: bytearray) -> Dict[str, Any]:
    _scan(header)
    try:
        message = msgpack.unpackb(header, object_pairs_hook=_map_without_duplicates)
    except BadFrame:
        raise
    except Exception as error:  # msgpack's documentation: "catch Exception" to catch all that it may raise
        raise BadFrame("The message is damaged ({}).".format(error)) from error
    if not isinstance(message, dict):
        raise BadFrame("The message is no map.")
    return message


def _map_without_duplicates(pairs: List[Tuple[Any, Any]]) -> Dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BadFrame("The message has a key twice.")
    if not all(isinstance(key, str) for key in result):
        raise BadFrame("The message has a key that is no text.")
    return result


def _scan(header: bytearray) -> None:
    """Walk over the values without building them, so that no header can become large or deep in memory."""
    position = values = 0
    due = 1  # values still to come, each of a byte or more
    missing = [1]  # the same for each list or map that is open
    while missing:
        if not missing[-1]:
            missing.pop()
            continue
        missing[-1] -= 1
        values += 1
        position, inside = _step(header, position)
        due += inside - 1
        if inside:
            missing.append(inside)
        if position + due > len(header):
            raise BadFrame("The message ends too early.")
        if values + due > VALUES or len(missing) > DEPTH:
            raise TooLarge("The message has too many parts.")
    if position != len(header):
        raise BadFrame("The message is {} bytes long, not {}.".format(len(header), position))


def _step(header: bytearray, position: int) -> Tuple[int, int]:
    """Where the value at `position` ends, and how many values are inside it."""
    kind = header[position]
    position += 1
    if kind < 0x80 or kind >= 0xE0:  # small whole number
        return position, 0
    if kind < 0x90:  # small map
        return position, 2 * (kind & 0x0F)
    if kind < 0xA0:  # small list
        return position, kind & 0x0F
    if kind < 0xC0:  # short text
        return position + (kind & 0x1F), 0
    if kind in PLAIN:
        return position + PLAIN[kind], 0
    for counted in (COUNTED_BYTES, COUNTED_LIST, COUNTED_MAP):
        if kind in counted:
            end = position + counted[kind]
            count = int.from_bytes(header[position:end], "big")
            if counted is COUNTED_BYTES:
                return end + count, 0
            return end, count * (2 if counted is COUNTED_MAP else 1)
    raise BadFrame("The message has a value of an unknown kind (0x{:02x}).".format(kind))
