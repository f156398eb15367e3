"""The network that compares pictures, which `restyle` and training need: fetched once, or done without."""

from . import process
from .python.environment import Environment

NAME = "vgg16"


def fetch(environment: Environment) -> bool:
    """Fetch it into the user's models; whether it is there now.

    At once if it is there already. Colouring does not need it, so a failure is told and nothing more.
    """
    print("The network that restyle compares pictures with (55 MB to download) ...", flush=True)
    command = [str(environment.inkwash), "models", "pull", NAME, "--from", "index"]
    if process.run(command) == 0:
        return True
    print(f"Everything but restyle works without it. To fetch it later:\n    {' '.join(command)}", flush=True)
    return False
