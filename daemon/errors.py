"""What can go wrong in the daemon, beside what a filter or the wire reports.

InkwashError (inkwash.models.errors)
    BadSettings       the settings file cannot be used
    BadRequest        a request is no job, or not for this filter
    NoSuchPreset      no settings are kept under that name
    NoSuchJob         no job of that id is waiting or running
    Refused           the caller may not talk to this daemon
    WrongProtocol     the caller speaks another version of the wire
    Busy              too many jobs are waiting, or the daemon is stopping
    Stalled           an upload stopped arriving
    Cancelled         the job was cancelled or replaced
    OutOfMemory       the job does not fit, even in small tiles
    NotLoaded         what computes cannot be loaded
    NotYet            a call of the design that this version does not have
    AlreadyRunning    another daemon owns this user's endpoint
    NotSaved          a file cannot be written
    NotFetched        a file of the network did not come
      Unreachable     nobody answers there
"""

from __future__ import annotations

from inkwash.models.errors import InkwashError


class BadSettings(InkwashError):
    """The settings file is no JSON object, or one of its values is unknown or out of range."""

    code = "bad_params"


class BadRequest(InkwashError):
    """The request is no job, or its layers are not those that the filter declares."""

    code = "bad_request"


class NoSuchPreset(InkwashError):
    """No settings are kept under that name."""

    code = "unknown_preset"


class NoSuchJob(InkwashError):
    """No job of that id is waiting or running."""

    code = "unknown_job"


class Refused(InkwashError):
    """The caller has no token, or a browser sent it."""

    code = "refused"


class WrongProtocol(InkwashError):
    """The caller speaks another version of the wire."""

    code = "wrong_protocol"


class Busy(InkwashError):
    """Too many jobs are waiting, or the daemon is stopping."""

    code = "busy"


class Stalled(InkwashError):
    """An upload stopped arriving before it was whole."""

    code = "bad_request"


class Cancelled(InkwashError):
    """The job was cancelled by its client, or a newer one took its place."""

    code = "cancelled"


class OutOfMemory(InkwashError):
    """The job does not fit into memory, even in small tiles and on the CPU."""

    code = "out_of_memory"


class NotLoaded(InkwashError):
    """torch, or another part that computes, cannot be loaded: the installation is broken."""

    code = "broken_installation"


class NotYet(InkwashError):
    """A call of the design that this version does not have."""

    code = "not_available"


class AlreadyRunning(InkwashError):
    """Another daemon owns this user's endpoint."""

    code = "busy"


class NotSaved(InkwashError):
    """A file cannot be written; nothing was left behind and nothing was lost."""

    code = "not_saved"


class NotFetched(InkwashError):
    """A file could not be downloaded, or is not what was expected; what came stays for the next try."""

    code = "not_fetched"


class Unreachable(NotFetched):
    """Nobody answers at an address."""


class Unsafe(InkwashError):
    """A folder that must be this user's alone is not."""

    code = "refused"
