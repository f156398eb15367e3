"""What can be wrong with bytes on the wire.

ProtocolError
    BadFrame     not a frame: wrong types, damaged map, duplicate keys
    BadLayer     a layer's description is impossible or does not fit its bytes
    TooLarge     more than the receiver is willing to hold
    Truncated    the stream ended in the middle of a frame
"""


class ProtocolError(Exception):
    """Bytes that are no valid frame; a sentence for the artist, what to do, the wire's stable code."""

    code = "bad_request"
    remedy = "The plugin and the Inkwash service may be of different versions: run the installer again."

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.remedy


class BadFrame(ProtocolError):
    """The bytes are no frame: wrong types, a damaged map, a key twice."""


class BadLayer(ProtocolError):
    """A layer's description is impossible, or does not fit its bytes."""


class TooLarge(ProtocolError):
    """A frame, layer, header or list beyond the receiver's limits."""

    code = "too_large"
    remedy = "Use a smaller selection or a smaller document, or raise the limit in the settings of Inkwash."


class Truncated(ProtocolError):
    """The stream ended in the middle of a frame."""

    remedy = "The connection broke while the picture was being sent: try again."
