"""What can go wrong inside GIMP.

HostError
    NotALayer     no layer of this image: a channel, a floating selection, another image's
    SameLayer     a layer was given for two inputs
    MissingLayer  an input that the filter needs was not given, or has been deleted
    BadFile       a file or a palette that was chosen gives no picture
    NoDisplay     a dialog was asked for where there is no display
    ImageGone     the image was closed while the job ran
"""


class HostError(Exception):
    """An error that an artist reads: one sentence, what to do, and a stable code."""

    code = "bad_request"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotALayer(HostError):
    """No layer of this image: a channel, a floating selection, another image's."""


class SameLayer(HostError):
    """A layer was given for two inputs."""


class MissingLayer(HostError):
    """An input that the filter needs was not given, or has been deleted."""


class ImageGone(HostError):
    """The image was closed while the job ran."""


class NoDisplay(HostError):
    """A dialog was asked for where there is no display."""


class BadFile(HostError):
    """A file or a palette that was chosen gives no picture."""
