"""The wire between a host and the daemon: message and layer types, codec, and where their files are."""

from .errors import BadFrame, BadLayer, ProtocolError, TooLarge, Truncated
from .frame import Frame, encode
from .header import Limits
from .layer import Buffer, Layer
from .reader import FrameReader
from .version import BEAT_SECONDS, CONTENT_TYPE, PROTOCOL, PROTOCOL_HEADER, VERSION

__all__ = [
    "BEAT_SECONDS",
    "CONTENT_TYPE",
    "PROTOCOL",
    "PROTOCOL_HEADER",
    "VERSION",
    "BadFrame",
    "BadLayer",
    "Buffer",
    "Frame",
    "FrameReader",
    "Layer",
    "Limits",
    "ProtocolError",
    "TooLarge",
    "Truncated",
    "encode",
]
