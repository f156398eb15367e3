"""A frame: a message and the layers that go with it, and how to put them on the wire.

On the wire: 4 bytes header length (big-endian), a msgpack map, then the layers' pixels back to back.
The map is the message plus `layers`, a list of the layers' descriptions, each with its `bytes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Dict, List, Mapping, Sequence

import msgpack

from .errors import BadFrame
from .layer import Buffer, Layer, LayerHead

PREFIX_BYTES = 4
LAYERS = "layers"  # the one key that a message cannot have
HEAD_FIELDS = tuple(f.name for f in fields(LayerHead))


@dataclass
class Frame:
    """One message with its layers."""

    message: Dict[str, Any]
    layers: List[Layer] = field(default_factory=list)


def encode(message: Mapping[str, Any], layers: Sequence[Layer] = ()) -> List[Buffer]:
    """The frame as pieces to be sent one after the other; pixels are the layers' own memory, uncopied.

    BadFrame if the message has anything but text, numbers, bytes, lists and maps.
    """
    if LAYERS in message:
        raise BadFrame("A message cannot have a key called 'layers'.")
    heads = [_describe(layer) for layer in layers]
    try:
        header: bytes = msgpack.packb({**message, LAYERS: heads})
        prefix = len(header).to_bytes(PREFIX_BYTES, "big")
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise BadFrame("This message cannot be sent: {}".format(error)) from error
    pieces: List[Buffer] = [prefix + header]
    pieces.extend(layer.memory() for layer in layers)
    return pieces


def _describe(layer: Layer) -> Dict[str, Any]:
    head = {name: getattr(layer, name) for name in HEAD_FIELDS}
    if layer.icc is None:
        del head["icc"]
    if layer.opacity == 1:
        del head["opacity"]
    head["bytes"] = layer.size
    return head
