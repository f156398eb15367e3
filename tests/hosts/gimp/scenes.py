"""Scenes that GIMP's own Python plays: each makes an image, works on it, and returns what is there afterwards.

Imported inside GIMP, as all of `scenes_*.py`, where `GimpSession` plays them: standard library and gi only.
"""

import importlib
import json
import os
import traceback
from pathlib import Path

OUT = os.environ["INKWASH_OUT"]
SCENES = {}


def scene(function):
    """Make `function` a scene, under its name."""
    SCENES[function.__name__] = function
    return function


def play(names, arguments):
    """Play the scenes called `names` ("name" or "name:word:word") and write what they return."""
    for file in Path(__file__).parent.glob("scenes_*.py"):
        importlib.import_module(file.stem)
    results = {}
    for name in names:
        try:
            function, *words = name.split(":")
            results[name] = SCENES[function](*words, **arguments)
        except Exception:
            results[name] = {"error": traceback.format_exc()}
    say("scenes", results)


def say(name, content):
    """Write `content` into the file `name`.json at once: it may be read at any time."""
    draft = os.path.join(OUT, name + ".part")
    with open(draft, "w") as stream:
        json.dump(content, stream)
    os.replace(draft, os.path.join(OUT, name + ".json"))
