"""What the application holds, each under a typed key."""

import asyncio

from aiohttp import web

from inkwash.models.store import Store

from .files.presets import Presets
from .lobby import Lobby
from .program import Fingerprint
from .settings import Settings
from .work.engine import Engine
from .work.jobs import Queue

SETTINGS = web.AppKey("settings", Settings)
TOKEN = web.AppKey("token", str)  # what a caller over TCP must know
LOBBY = web.AppKey("lobby", Lobby)
PROGRAM: web.AppKey[Fingerprint] = web.AppKey("program", frozenset)  # as it was when the daemon started
PRESETS = web.AppKey("presets", Presets)
STORE = web.AppKey("store", Store)
QUEUE = web.AppKey("queue", Queue)
ENGINE = web.AppKey("engine", Engine)
STARTED = web.AppKey("started", float)  # seconds since 1970
STOP = web.AppKey("stop", asyncio.Event)  # set when the daemon shall finish its jobs and end
