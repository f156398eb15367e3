"""What can go wrong between a host and the daemon.

ClientError
    NotInstalled      there is no daemon on this machine that could be started
    NotRunning        there is no daemon, and none was to be started
    WontStart         the daemon was started and ended at once, or never answered
    WrongVersion      the daemon that runs is older or newer than this client
    ConnectionLost    the daemon ended, or what it sent is no answer
        Unresponsive  the daemon is there but does not answer
    Refused           the daemon does not take the request
    JobFailed         the job ended without a result; `code` says why ("cancelled", "out_of_memory", ...)
"""


class ClientError(Exception):
    """An error that an artist reads: one sentence, what to do, and a stable code."""

    code = "internal"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotInstalled(ClientError):
    """There is no daemon on this machine that could be started."""

    code = "not_installed"


class NotRunning(ClientError):
    """There is no daemon, and none was to be started."""

    code = "not_running"


class WontStart(ClientError):
    """The daemon was started and ended at once, or never answered; `log` is what it last wrote."""

    code = "wont_start"

    def __init__(self, message: str, hint: str = "", log: str = "") -> None:
        super().__init__(message, hint)
        self.log = log


class WrongVersion(ClientError):
    """The daemon that runs is older or newer than this client."""

    code = "wrong_version"


class ConnectionLost(ClientError):
    """The daemon ended, or what it sent is no answer."""

    code = "connection_lost"


class Unresponsive(ConnectionLost):
    """The daemon is there but does not answer."""

    code = "unresponsive"


class Refused(ClientError):
    """The daemon does not take the request; `code` is the daemon's."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class JobFailed(ClientError):
    """The job ended without a result; `code` is the daemon's."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code
