"""The server: the application on its sockets, from the first log line to the last job."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import logging
import logging.handlers
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from types import FrameType

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from inkwash.models.errors import InkwashError
from inkwash.models.store import SHIPPED, Store
from inkwash.protocol import VERSION, places

from . import endpoint, keys
from .app import init_app
from .errors import NotSaved
from .lobby import Lobby
from .settings import Settings, read_settings

log = logging.getLogger(__name__)

LOG_BYTES = 2**20  # of one log file
LOG_FILES = 3  # older ones that are kept
READ_BYTES = 2**20  # of an upload that may lie between the socket and the frame reader
FAREWELL_SECONDS = 10.0  # for clients to read the end of their stream when the daemon stops
LAST_CALLS_SECONDS = 0.1  # to answer whoever found us just before: aiohttp leaves new connections hanging
IDLE_SECONDS = 30.0  # after an answer, for another request over the same connection
BACKLOG = 128  # connections that may wait to be taken
LOOK_SECONDS = 0.5  # between two looks whether the daemon is idle or drained


def serve(*, announce: Callable[[endpoint.Endpoint], None]) -> None:
    """Run until told to stop or idle for too long; `announce` is called once it listens.

    AlreadyRunning, BadSettings, Unsafe, or NotSaved if it cannot start.
    """
    logging.raiseExceptions = False  # a log that cannot be written, on a full disk perhaps, is no reason to end
    os.umask(0o077)  # whatever is written here is this user's alone
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")  # large pages: most of a new tensor's cost is its first use
    if sys.stderr is not None:
        faulthandler.enable()  # a crash in a driver leaves its traceback where the client points stderr: the log
    with _room(), endpoint.owned():
        settings = read_settings(places.settings_file())
        handlers = _log_to_file()
        try:
            asyncio.run(_serve(settings, announce))
        except (InkwashError, OSError):  # which whoever started this says
            raise
        except Exception:
            log.exception("the daemon ended")
            raise
        finally:
            _close(handlers)


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """A file that cannot be made or written is said with what to do: NotSaved."""
    try:
        yield
    except OSError as error:
        hint = f"Free some space, and see that {places.data_folder()} can be written to."
        raise NotSaved(f"The Inkwash service cannot run: {error}.", hint) from error


async def _serve(settings: Settings, announce: Callable[[endpoint.Endpoint], None]) -> None:
    sockets = endpoint.listen()
    ours = endpoint.describe(sockets)
    app = init_app(settings, token=ours.token, store=Store((SHIPPED, places.models_folder())))
    runner = web.AppRunner(
        app,
        access_log=None,
        handler_cancellation=True,  # a client that goes away cancels its job
        read_bufsize=READ_BYTES,
        shutdown_timeout=FAREWELL_SECONDS,
        keepalive_timeout=IDLE_SECONDS,
        auto_decompress=False,  # a small request could grow without end, before anybody knows whose it is
    )
    await runner.setup()
    *unix, tcp = sockets
    lobby = app[keys.LOBBY]
    watch = asyncio.create_task(lobby.watch())
    port: asyncio.Server | None = None
    try:
        for sock in unix:
            await web.SockSite(runner, sock).start()
        port = await _open_port(runner, tcp, lobby)
        _stop_on_signals(app)
        endpoint.publish(ours)
        log.info("Inkwash %s listens, pid %d", VERSION, ours.pid)
        announce(ours)
        await _until_told_or_idle(app, settings.idle_minutes * 60)
        await _drain(app)
    finally:
        endpoint.withdraw()
        await asyncio.sleep(LAST_CALLS_SECONDS)
        watch.cancel()
        if port is not None:
            port.close()
        await runner.cleanup()
        log.info("Inkwash ends")


async def _open_port(runner: web.AppRunner, sock: socket.socket, lobby: Lobby) -> asyncio.Server:
    server = runner.server
    assert server is not None
    loop = asyncio.get_running_loop()
    # asyncio takes as many connections at once as it lets wait: few at once, but whoever waits is not sent away.
    port = await loop.create_server(lambda: lobby.receive(server), sock=sock, backlog=max(1, lobby.places // 2))
    sock.listen(BACKLOG)
    return port


async def _until_told_or_idle(app: web.Application, seconds: float) -> None:
    while app[keys.QUEUE].idle_seconds() < seconds:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(app[keys.STOP].wait(), min(LOOK_SECONDS, seconds))
            return
    log.info("nothing to do for %.0f seconds", seconds)


async def _drain(app: web.Application) -> None:
    """Let the running jobs end; those that wait are told to come again."""
    queue = app[keys.QUEUE]
    queue.close()
    while queue.jobs():
        await asyncio.sleep(LOOK_SECONDS / 10)


def _stop_on_signals(app: web.Application) -> None:
    """The first signal lets running jobs end, the second one cancels them."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if app[keys.STOP].is_set():
            app[keys.QUEUE].close(now=True)
        app[keys.STOP].set()

    def on_signal(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)


def _log_to_file() -> list[logging.Handler]:
    """Log to the rotating file, and to the terminal if there is one."""
    file = places.log_file()
    handlers: list[logging.Handler] = [
        logging.handlers.RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    ]
    if sys.stderr is not None and sys.stderr.isatty():
        handlers.append(logging.StreamHandler())
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    layout = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in handlers:
        handler.setFormatter(layout)
        root.addHandler(handler)
    return handlers


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether it is no stranger's bad HTTP, which was answered and could fill the log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def _close(handlers: list[logging.Handler]) -> None:
    for handler in handlers:
        logging.getLogger().removeHandler(handler)
        handler.close()
