"""The command line: `inkwash`, whose filter commands come from the filters' declarations.

Only click and the declarations are imported here; what a command needs besides is imported when it runs.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from inkwash.models.filters import Filter


def _daemon() -> click.Command:
    from .daemon import daemon

    return daemon


def _filters_list() -> click.Command:
    from .models import filters

    return filters


def _models() -> click.Command:
    from .models import models

    return models


def _presets() -> click.Command:
    from .presets import presets

    return presets


def _plugins() -> click.Command:
    from .plugins import plugins

    return plugins


def _study() -> click.Command:
    from inkwash.training.styles.study import study

    return study


def _train() -> click.Command:
    from inkwash.training.command import train

    return train


def _evaluate() -> click.Command:
    from inkwash.training.evaluation.command import evaluate

    return evaluate


LOADERS: dict[str, Callable[[], click.Command]] = {  # commands that are no filter, by name
    "daemon": _daemon,
    "evaluate": _evaluate,
    "filters": _filters_list,
    "models": _models,
    "plugins": _plugins,
    "presets": _presets,
    "study": _study,
    "train": _train,
}


class Failure(click.ClickException):
    """What went wrong and what to do, in two sentences for the artist."""

    exit_code = 2

    def __init__(self, message: str, hint: str) -> None:
        super().__init__("\n".join(part for part in (message, hint) if part))


class Commands(click.Group):
    """A sub-command per declared filter, and those of `LOADERS`, each loaded when it is wanted."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of ours is shown as its sentence and hint, with exit code 2."""
        from inkwash.client import ClientError
        from inkwash.installer.errors import InstallError
        from inkwash.models.errors import InkwashError
        from inkwash.models.text import plain
        from inkwash.protocol import ProtocolError

        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            vars(error)["message"] = plain(error.message, kept="\n")  # it may name a file
            raise
        except (ClientError, InkwashError, InstallError, ProtocolError) as error:
            raise Failure(plain(error.message, kept="\n"), plain(error.hint, kept="\n")) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # who read this has seen enough: click ends quietly
                raise
            room = "Free some space, then try again." if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
            where = plain(f"{error.filename} cannot be used" if error.filename else "A file cannot be used")
            hint = room or "Check the name, the folder and their rights."
            raise Failure(f"{where}: {error.strerror or error}.", hint) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The filters in the order of their declaration, then the rest."""
        return [*_filters(), *LOADERS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`, or None."""
        if cmd_name in LOADERS:
            return LOADERS[cmd_name]()
        filter = _filters().get(cmd_name)
        if filter is None:
            return None
        from .filters import command_of

        return command_of(filter)


def _filters() -> dict[str, Filter]:
    from inkwash.models.filters import declared

    return {filter.id.replace("_", "-"): filter for filter in declared()}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="inkwash", prog_name="inkwash")
def main() -> None:
    """Colour line art and restyle pictures, on this machine."""
