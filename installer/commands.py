"""What `python3 installer` understands."""

import argparse
import os
import sys
from collections.abc import Sequence

from . import checks, networks, process, removal
from .demo import demo
from .doctor import examine
from .errors import InstallError
from .installation import install
from .python.environment import artist, checkout

EPILOG = """commands:
  (nothing)   install Inkwash for you, in each Krita and GIMP too, and check it
  demo        try it here: set up, colour two drawings, say where they are
  test        set up here for development and run all checks; what follows -- goes to pytest
  doctor      look at everything and say what to do about what is wrong
  package     zips of the plugins for Krita and GIMP, for who installs them by hand
  uninstall   remove what was installed
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; the process's exit code (0 well, 1 something found, 2 failed, 130 stopped)."""
    process.stop_on_signals()
    ours, further = _split(arguments)
    options = _parser().parse_args(ours)
    try:
        return _run(options, further)
    except InstallError as error:
        print(f"\n{error.message}\n{error.hint}".rstrip(), file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read this, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"\nA file or folder could not be used: {error}", file=sys.stderr)
        print("Check its permissions and the free space, and run the same command again.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130


def _run(options: argparse.Namespace, further: Sequence[str]) -> int:
    """The command that the options name."""
    if options.command == "doctor":
        return examine()
    if options.command == "uninstall":
        return removal.uninstall(sure=options.yes, models=options.models)
    environment = checkout()
    if options.command == "test":
        install(environment, checks.EXTRAS, wanted=options.torch, index=options.torch_index)
        return checks.check(environment, further)
    if options.command == "demo":
        install(environment, wanted=options.torch, index=options.torch_index)
        demo(environment)
        return 0
    if options.command == "package":
        install(environment, wanted=options.torch, index=options.torch_index)
        process.run([environment.inkwash, "plugins", "package"])
        return 0
    install(artist(), wanted=options.torch, index=options.torch_index)
    networks.fetch(artist())
    print(f"\nInkwash is installed. Its command is:\n    {artist().inkwash}\n", flush=True)
    process.run([artist().inkwash, "plugins", "install"])  # the check-up shows what came of it
    print(flush=True)
    return examine()


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The arguments before and after a lone --."""
    words = list(arguments)
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 installer",
        description="Sets Inkwash up in a private environment; nothing else on the machine is changed.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "command", nargs="?", choices=("demo", "test", "doctor", "package", "uninstall"), help="see below"
    )
    parser.add_argument(
        "--torch",
        choices=("cpu", "cuda", "auto"),
        default="auto",
        help="the build of PyTorch: for the CPU, for NVIDIA GPUs, or what fits this machine (default)",
    )
    parser.add_argument("--torch-index", default="", metavar="URL", help="a further package index for PyTorch")
    parser.add_argument("--yes", action="store_true", help="with uninstall: do not ask")
    parser.add_argument("--models", action="store_true", help="with uninstall: your own models and settings too")
    return parser
