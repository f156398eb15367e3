"""`python -m inkwash.daemon.commands`: the command line without its console script."""

from . import main

main(prog_name="inkwash")
