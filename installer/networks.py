"""The network that compares pictures, which `restyle` and training need: fetched once, or done without."""

import os
from collections.abc import Mapping

from . import process
from .environment import Environment

NAME = "vgg16"


def fetch(environment: Environment, settings: Mapping[str, str] | None = None) -> bool:
    """Fetch it into the user's models, or those of `settings`' INKWASH_HOME; whether it is there now.

    At once if it is there already. Colouring does not need it, so a failure is told and nothing more.
    """
    print("The network that restyle compares pictures with (55 MB to download) ...", flush=True)
    command = [str(environment.inkwash), "models", "pull", NAME, "--from", "index"]
    if process.run(command, env=dict(settings or os.environ)) == 0:
        return True
    print(f"Everything but restyle works without it. To fetch it later:\n    {' '.join(command[:4])}", flush=True)
    return False
