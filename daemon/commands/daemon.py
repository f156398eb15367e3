"""`inkwash daemon`: run, start, stop and look at the daemon."""

import click


@click.group()
def daemon() -> None:
    """Start, stop and look at the daemon that runs the models."""
