"""The application: everything that the daemon is, without the sockets it listens on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from aiohttp import web

from inkwash.models.store import Store
from inkwash.protocol import places

from . import keys
from .files.presets import Presets
from .guard import admit, answer_errors
from .lobby import Lobby
from .program import fingerprint
from .routes import routes
from .settings import Settings
from .work.engine import Engine
from .work.jobs import Queue


def init_app(settings: Settings, *, token: str, store: Store) -> web.Application:
    """The application; `token` is what callers over TCP must know."""
    app = web.Application(middlewares=[answer_errors, admit])
    app[keys.SETTINGS] = settings
    app[keys.TOKEN] = token
    app[keys.LOBBY] = Lobby()
    app[keys.PROGRAM] = fingerprint()
    app[keys.STORE] = store
    app[keys.PRESETS] = Presets(places.presets_file())
    app[keys.QUEUE] = Queue(settings.queue_length)
    app[keys.ENGINE] = Engine(app[keys.QUEUE], store, settings)
    app[keys.STARTED] = time.time()
    app[keys.STOP] = asyncio.Event()
    app.add_routes(routes)
    app.cleanup_ctx.append(_engine)
    app.on_shutdown.append(_end_jobs)
    return app


async def _engine(app: web.Application) -> AsyncIterator[None]:
    app[keys.ENGINE].start()
    yield
    app[keys.QUEUE].close(now=True)
    await asyncio.to_thread(app[keys.ENGINE].join)


async def _end_jobs(app: web.Application) -> None:
    """Whoever still follows a job is told that it ends, before the connections are closed."""
    app[keys.QUEUE].close(now=True)
