"""How quick the wire is beside a bare socket: `python tests/bench/wire.py`.

One 4096 x 4096 RGBA layer of 8 bits, 67 MB, goes to another process and back, in turns:
- bare: a Unix socket; either side reads all of it into one buffer that it keeps, so no memory is made anew;
- fresh: the same, but what comes back goes into a new bytearray, as somebody who keeps the layer would have it;
- wire: the client and the service with all its checks, its engine replaced by one that gives the layer back;
- filter: the same with the real engine and a filter that does nothing: pixels become tensors and layers again.
"""

import contextlib
import os
import socket
import statistics
import sys
from typing import Any

import machine

from inkwash.client import Client
from inkwash.protocol import Layer

SIDE = 4096
TIMES = 9


def main() -> None:
    print(machine.describe())
    data = bytearray(os.urandom(SIDE)) * (SIDE * 4)
    layer = Layer("picture", SIDE, SIDE, data=data)
    print(f"memory bandwidth (one copy of {len(data) / 1e6:.0f} MB): {len(data) / copy_seconds(data) / 1e9:.1f} GB/s")
    room = memoryview(bytearray(len(data)))
    with bare_echo() as other, machine.service([__file__, "echo"]) as client:
        bare, fresh, wire = in_turns(
            lambda: there_and_back(other, data, room),
            lambda: there_and_back(other, data, memoryview(bytearray(len(data)))),
            lambda: job(client, layer),
        )
    with machine.service([__file__, "filter"]) as client:
        (filter,) = in_turns(lambda: job(client, layer))
    print(f"bare    {bare:6.3f} s")
    print(f"fresh   {fresh:6.3f} s  {fresh / bare:.2f} of bare")
    print(f"wire    {wire:6.3f} s  {wire / bare:.2f} of bare")
    print(f"filter  {filter:6.3f} s  {filter / bare:.2f} of bare")


def in_turns(*works: Any) -> list[float]:
    """The median seconds of each of `works`, run by turns so that each meets the same weather."""
    took: list[list[float]] = [[] for _ in works]
    for turn in range(TIMES + 1):
        for work, times in zip(works, took, strict=True):
            seconds = machine.seconds(work)
            if turn:  # the first one warms up
                times.append(seconds)
    return [statistics.median(times) for times in took]


def copy_seconds(data: bytearray) -> float:
    target = bytearray(len(data))

    def copy() -> None:
        target[:] = data

    return machine.median(copy, TIMES)


def job(client: Client, layer: Layer) -> None:
    *_, result = client.run("echo", {}, [layer])
    assert result.layers[0].size == layer.size


def there_and_back(other: socket.socket, data: bytearray, room: memoryview) -> None:
    other.sendall(data)
    receive(other, room)


def receive(other: socket.socket, room: memoryview) -> bool:
    """Fill `room`; False if the other side has gone."""
    while room:
        count = other.recv_into(room)
        if not count:
            return False
        room = room[count:]
    return True


@contextlib.contextmanager
def bare_echo() -> Any:
    """A socket to another process that sends back every layer's worth of bytes."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if not child:
        ours.close()
        room = memoryview(bytearray(SIDE * SIDE * 4))
        while receive(theirs, room):
            theirs.sendall(room)
        os._exit(0)
    theirs.close()
    with ours:
        yield ours
    os.waitpid(child, 0)


def serve(kind: str) -> None:
    """Be the service, with a filter that gives back what it gets."""
    from inkwash.daemon import app
    from inkwash.daemon.commands import main as inkwash
    from inkwash.daemon.work.engine import Engine
    from inkwash.models.filters.declaration import Input, Output, Step, filter

    @filter(
        "echo",
        "Echo",
        inputs=(Input("picture", "Picture", "", "rgba"),),
        outputs=(Output("picture", "Picture", "replace"),),
    )
    def echo(inputs: Any, settings: Any, context: Any) -> Any:
        """Give it back."""
        yield Step(0.5, "echo")
        return dict(inputs)

    class Mirror(Engine):
        def _run(self, job: Any) -> Any:
            outputs = [{"name": "picture", "label": "Picture", "place": "replace", "blend": "normal"}]
            return {"type": "result", "notices": [], "outputs": outputs, "seconds": 0.0}, list(job.layers)

    if kind == "echo":
        app.Engine = Mirror
    inkwash(["daemon", "run"])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(sys.argv[1])
    else:
        main()
