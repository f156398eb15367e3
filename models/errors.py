"""What can go wrong with a filter, its settings, its pictures or its weights.

InkwashError
    BadParameter     a setting is missing, unknown or out of range
    BadPicture       a layer cannot be used for what the filter needs
    UnknownFilter    no filter of that id
    UnknownModel     no model of that name in the store
    BadModel         a model file is corrupt or of another kind
"""


class InkwashError(Exception):
    """An error that an artist reads: one sentence, what to do, and the stable code of the wire."""

    code = "internal"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadParameter(InkwashError):
    """A setting is missing, unknown, of another type or out of its range."""

    code = "bad_params"


class BadPicture(InkwashError):
    """A layer is missing, empty, or does not fit what the filter needs."""

    code = "bad_request"


class UnknownFilter(InkwashError):
    """No filter of that id is declared."""

    code = "unknown_filter"


class UnknownModel(InkwashError):
    """No model of that name is in the store."""

    code = "unknown_model"


class BadModel(InkwashError):
    """A weights file is corrupt, of another kind, or has no card."""

    code = "unknown_model"
