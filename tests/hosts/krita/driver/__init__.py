"""A Krita plugin for tests: plays the scenes of a file inside Krita and reports each as a line of JSON."""

import faulthandler
import json
import os
import runpy
import sys
import traceback

from krita import Extension, Krita
from PyQt5.QtCore import QTimer

START_SECONDS = 1.5  # after the window is there: Krita is still busy with its resources


class Driver(Extension):
    """Resumes a generator of steps by a timer, so that Krita's own events come in between."""

    def setup(self):
        pass

    def createActions(self, window):  # noqa: N802 (Krita's name)
        self.after(START_SECONDS, self.begin)

    def after(self, seconds, call):
        QTimer.singleShot(int(seconds * 1000), call)

    def begin(self):
        self.report = open(os.environ["INKWASH_REPORT"], "a", buffering=1)  # noqa: SIM115 (until Krita ends)
        faulthandler.enable()  # if Krita crashes, its last words say from where
        self.waiting = []
        self.name = "beginning"
        try:
            sys.path.insert(0, os.path.dirname(os.environ["INKWASH_SCENES"]))
            scenes = runpy.run_path(os.environ["INKWASH_SCENES"])
            self.waiting = [(name, scenes[name]) for name in os.environ["INKWASH_PLAY"].split()]
        except Exception:  # Krita would show it in a dialog, and wait
            self.end(error=traceback.format_exc())
        else:
            self.next_scene()

    def next_scene(self):
        if not self.waiting:
            self.quit()
            return
        self.name, scene = self.waiting.pop(0)
        self.say({"scene": self.name, "state": "begun"})
        try:
            self.steps = scene()
        except Exception:
            self.end(error=traceback.format_exc())
            return
        self.step()

    def step(self):
        try:
            delay = next(self.steps)
        except StopIteration as end:
            self.end(result=end.value)
        except Exception:
            self.end(error=traceback.format_exc())
        else:
            self.after(delay or 0, self.step)

    def end(self, **what):
        self.say({"scene": self.name, "state": "ended", **what})
        self.steps = None
        self.after(0.05, self.next_scene)

    def say(self, what):
        self.report.write(json.dumps(what) + "\n")

    def quit(self):
        """As the artist quits, but for the question what to save."""
        for document in Krita.instance().documents():
            document.setModified(False)
        Krita.instance().action("file_quit").trigger()


Krita.instance().addExtension(Driver(Krita.instance()))
