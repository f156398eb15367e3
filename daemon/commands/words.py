"""What commands print: words that a terminal shows and never obeys, and names of files as they are."""

from __future__ import annotations

import os
import sys

import click

from inkwash.models.text import plain


def say(text: object, *, err: bool = False) -> None:
    """Print words, some of which may come from a file: whatever it says, it is only shown."""
    click.echo(plain(str(text), kept="\n\t"), err=err)


def say_file(file: object) -> None:
    """Print a file's name on standard output: for a terminal as words, for another program in its very bytes."""
    if sys.stdout.isatty():
        say(file)
    else:
        click.echo(os.fsencode(str(file)))
