"""`kill -9`, again and again: `python tests/bench/kills.py [--daemon N] [--client N] [--krita N] [--gimp N]`.

The daemon dies idle, while it starts, in an upload, at work, while it ends; the command line, Krita and GIMP die
wherever chance has it. Each time the next start must work, no job may go on for the dead, and no file may be half.
Prints how often each happened and everything that went wrong; its exit code is 1 if something did.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import machine
import numpy as np
from PIL import Image

from inkwash.client import Client, ClientError, connect, find
from inkwash.protocol import Layer

HOSTS = Path(__file__).resolve().parents[1] / "hosts"
sys.path.insert(0, str(HOSTS))

INKWASH = (sys.executable, "-m", "inkwash.daemon.commands")
JOBS = 8  # after every so many kills of the daemon the next one gets a job
DEAD = 30.0  # seconds in which the daemon must have forgotten a dead client's job
PATIENCE = 900.0  # for Krita's first start, which builds its database: beside ten busy programs it took two minutes
SEED = 14


class Round:
    """What is counted, and chance, which is the same each time."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.starts: list[float] = []

    def check(self, what: str, holds: object) -> None:
        """Count `what`; it went wrong unless it `holds`."""
        self.counts[what if holds else f"WRONG: {what}"] += 1
        if not holds:
            self.wrong.append(what)

    def wait(self, least: float, most: float) -> None:
        time.sleep(self.chance.uniform(least, most))


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def kill_daemons(round: Round, times: int, home: Path) -> None:
    """At five kinds of moments in turn; afterwards a daemon is started and works."""
    large = Layer("picture", 3000, 2500, data=bytes(30_000_000))
    moments: dict[str, Callable[[Client], None]] = {
        "idle": lambda client: None,
        "in an upload": lambda client: begin(client, large, round, 0.0, 0.06),
        "at work": lambda client: begin(client, large, round, 0.1, 2.5),
        "while it ends": lambda client: (client.shutdown(), round.wait(0.0, 0.3))[0],
    }
    for number in range(times):
        name = [*moments, "while it starts"][number % (len(moments) + 1)]
        if name in moments:
            client = connect()
            pid = client.said["pid"]
            with suppress(ClientError):
                moments[name](client)
            kill(pid)
        else:
            starting = subprocess.Popen([*INKWASH, "daemon", "run"], stdout=subprocess.DEVNULL)
            round.wait(0.05, 1.5)
            starting.kill()
            starting.wait()
        begun = time.monotonic()
        try:
            client = connect()
            round.check(f"daemon killed {name}: the next one starts", client.said["pid"])
            if number % JOBS == 0:
                *_, last = client.run("lineart", {}, [Layer("picture", 20, 10, data=bytes(800))])
                round.check("the next one works", last.message["type"] == "result")
        except ClientError as error:
            round.check(f"daemon killed {name}: {error.message}", False)
        round.starts.append(time.monotonic() - begun)
        round.check("no half file in the home", not list(home.rglob("*.part")))


def begin(client: Client, layer: Layer, round: Round, least: float, most: float) -> None:
    """A job in a thread, which hears that the daemon is gone."""

    def work() -> None:
        with suppress(ClientError):
            for _ in client.run("lineart", {}, [layer]):
                pass

    threading.Thread(target=work, daemon=True).start()
    round.wait(least, most)


def kill_clients(round: Round, times: int, folder: Path) -> None:
    """The command line at any moment: its file is whole or not there, and its job goes with it."""
    source = folder / "page.png"
    noise = np.random.default_rng(SEED).integers(0, 256, (600, 800, 3), dtype=np.uint8)
    Image.fromarray(noise).save(source)
    begun = time.monotonic()
    subprocess.run([*INKWASH, "lineart", source, "-o", folder / "first.png"], check=True, stdout=subprocess.DEVNULL)
    whole = time.monotonic() - begun
    for number in range(times):
        target = folder / f"{number}.png"
        process = subprocess.Popen([*INKWASH, "lineart", source, "-o", target], stdout=subprocess.DEVNULL)
        round.wait(0.1, whole)
        process.kill()
        process.wait()
        if target.exists():
            round.check("client killed: its file is whole", is_whole(target))
        else:
            round.check("client killed: there is no file", True)
        round.check("no job is left of a dead client", forgotten())


def is_whole(file: Path) -> bool:
    try:
        with Image.open(file) as picture:
            picture.load()
    except (OSError, SyntaxError):
        return False
    return True


def forgotten() -> bool:
    """Whether the daemon has no job any more, or is none."""
    until = time.monotonic() + DEAD
    while time.monotonic() < until:
        client = find()
        if client is None or not client.jobs():
            return True
        time.sleep(0.05)
    return False


def kill_krita(round: Round, times: int, folder: Path) -> None:
    """A Krita that starts, reads, sends, follows or places; then one that plays to its end."""
    from environment import suite
    from krita_stage import Stage
    from visit import Visit

    scenes = HOSTS / "krita" / "scenes_killed.py"
    with Visit(suite(), folder / "krita-home") as visit:
        stage = Stage(visit, folder)
        os.environ["INKWASH_HOME"] = str(stage.ink)
        display = visit.display()
        for number in range(times):
            process, report = stage.start(scenes, ["scene_many_runs"], display)
            if number % 3:  # else in its own start
                round.check("Krita starts after a kill", reports(process, report))
            round.wait(0.0, 4.0)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            round.check("no job is left of a dead Krita", forgotten())
            round.check("no half file in Krita's home", not list(stage.resources.rglob("*.part")))
        play = stage.play(scenes, ["scene_one_run"])
        round.check("after all of them Krita works to its end", play.status == 0 and play["scene_one_run"] == "result")


def reports(krita: subprocess.Popen[str], report: Path) -> bool:
    """Whether Krita comes up; False at once if it ends before."""
    until(lambda: report.exists() or krita.poll() is not None, PATIENCE)
    return report.exists()


def kill_gimp(round: Round, times: int, folder: Path) -> None:
    """A GIMP that starts, reads, sends, waits or places; then one that plays to its end."""
    from environment import suite
    from gimp_session import DATA, GimpSession
    from visit import Visit

    scene = f"picture:{DATA / 'openmoji-line.png'}:{DATA / 'openmoji-hints.png'}"
    with Visit(suite(), folder / "gimp-home") as visit:
        session = GimpSession(visit)
        os.environ["INKWASH_HOME"] = str(session.home)
        for _ in range(times):
            process = session.start(scene, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            round.wait(0.1, 9.0)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            round.check("GIMP killed: no job is left of it", forgotten())
            round.check("no half file in GIMP's home", not list(session.plugin.rglob("*.part")))
        played = session.play(scene)
        round.check("after all of them GIMP works to its end", "error" not in played.get(scene, {"error": ""}))


def until(holds: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, times in (("daemon", 240), ("client", 140), ("krita", 60), ("gimp", 60)):
        parser.add_argument(f"--{name}", type=int, default=times, metavar="N")
    asked = parser.parse_args()
    print(machine.describe())
    round = Round()
    with tempfile.TemporaryDirectory(prefix="ink-") as place:
        home = Path(place, "home")
        os.environ["INKWASH_HOME"] = str(home)
        with suppress(KeyboardInterrupt):  # what was seen until then is printed
            kill_daemons(round, asked.daemon, home)
            if asked.client:
                kill_clients(round, asked.client, Path(place))
            if asked.krita:
                kill_krita(round, asked.krita, Path(place))
            if asked.gimp:
                kill_gimp(round, asked.gimp, Path(place))
        os.environ["INKWASH_HOME"] = str(home)
        if (client := find()) is not None:
            client.shutdown()
    for what, count in sorted(round.counts.items()):
        print(f"{count:6}  {what}")
    if round.starts:
        print(
            f"from a dead daemon to a living one: mean {np.mean(round.starts):.1f} s, longest {max(round.starts):.1f} s"
        )
    print("Nothing went wrong." if not round.wrong else f"{len(round.wrong)} went wrong.")
    return int(bool(round.wrong))


if __name__ == "__main__":
    sys.exit(main())
