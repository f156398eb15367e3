"""What can go wrong between Inkwash and an open document.

ClientError
    HostError           the document cannot give or take what a filter needs
        NothingToSend   the chosen layer has no picture, or nothing of it can be had
        NotThere        the document was closed, or the layer deleted, meanwhile
"""

from inkwash.client import ClientError


class HostError(ClientError):
    """The document cannot give or take what a filter needs."""


class NothingToSend(HostError):
    """The chosen layer has no picture, or nothing of it can be had."""

    code = "nothing_to_send"


class NotThere(HostError):
    """The document was closed, or the layer deleted, meanwhile."""

    code = "not_there"
