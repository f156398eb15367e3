"""What can go wrong while Inkwash is set up.

InstallError
    NoVenv          this Python cannot make environments
    NotOurs         a folder that is not an environment is in the way
    NetworkLost     the connection dropped and stayed away
    NotOffered      no package index has what was asked for
    NoSpace         the disk is full
    PipFailed       pip failed for another reason
    Broken          everything was installed and still does not run
    NotACheckout    the command needs the downloaded folder
    NothingThere    nothing is installed that the command could use
"""


class InstallError(Exception):
    """An error that a person reads: one sentence, what to do, and the code of the other parts' errors."""

    code = "not_installed"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NoVenv(InstallError):
    """This Python lacks the module that makes environments, or it failed."""


class NotOurs(InstallError):
    """A folder that is not an environment is where ours should go."""


class NetworkLost(InstallError):
    """The connection dropped, and trying again did not help."""


class NotOffered(InstallError):
    """No package index has the package, or not in that version or for this Python."""


class NoSpace(InstallError):
    """The disk is full."""


class PipFailed(InstallError):
    """pip failed for a reason that only its log tells."""


class Broken(InstallError):
    """Everything was installed, twice, and still does not run."""


class NotACheckout(InstallError):
    """The command works on the downloaded folder, and this is not run from one."""


class NothingThere(InstallError):
    """Nothing is installed that the command could use."""
