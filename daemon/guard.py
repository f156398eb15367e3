"""Who may talk to the daemon, in which version, and how errors are answered.

The Unix socket is guarded by its file's mode. Over TCP a caller must know the token, and a web page
that a browser shows must not get through even if it does: its Host or Origin gives it away.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from inkwash.models.errors import InkwashError
from inkwash.protocol import PROTOCOL, PROTOCOL_HEADER, ProtocolError, proof

from . import keys
from .errors import BadRequest, Refused, WrongProtocol

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
STATUS = {
    "bad_request": 400,
    "bad_params": 400,
    "refused": 403,
    "unknown_filter": 404,
    "unknown_model": 404,
    "unknown_job": 404,
    "unknown_preset": 404,
    "too_large": 413,
    "wrong_protocol": 426,
    "not_available": 501,
    "busy": 503,
}
GONE = 499  # the caller hung up; never seen outside


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer an error with its code, sentence and hint as JSON."""
    try:
        return await handler(request)
    except (InkwashError, ProtocolError) as error:
        return _answer(STATUS.get(error.code, 500), error.code, error.message, error.hint)
    except web.HTTPException as error:  # aiohttp's own: no such path, no such method
        return _answer(error.status, "bad_request", f"{request.method} {request.path}: {error.reason}.", "")
    except ConnectionError:
        return web.Response(status=GONE)  # nobody reads it; let through, aiohttp would log it as an error of ours
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        hint = "`inkwash daemon logs` shows what; please report it."
        return _answer(500, "internal", "Something went wrong inside Inkwash.", hint)


@web.middleware
async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let callers of the Unix socket in, and over TCP those that have the token and are no web page."""
    address = request.get_extra_info("sockname")
    if not isinstance(address, (str, bytes)):
        _check_tcp(request, address)
    request.app[keys.LOBBY].let_in(request.protocol)
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise BadRequest("Inkwash takes nothing that is compressed.", "Run the installer again: the plugin is damaged.")
    request.app[keys.QUEUE].touch()
    spoken = request.headers.get(PROTOCOL_HEADER, str(PROTOCOL))
    if spoken != str(PROTOCOL):
        raise WrongProtocol(
            f"This plugin speaks version {spoken:.20} of Inkwash's protocol, the daemon version {PROTOCOL}.",
            "Run the installer again, then restart the program.",
        )
    return await handler(request)


def _check_tcp(request: web.Request, address: tuple[str, int] | None) -> None:
    port = address[1] if address else None
    if request.host not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        raise Refused("This address is not Inkwash's.", "Inkwash only talks to programs on this machine.")
    if "Origin" in request.headers:
        raise Refused("Web pages cannot use Inkwash.", "Inkwash only talks to programs on this machine.")
    if request.path == proof.PATH:
        return
    given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, f"Bearer {request.app[keys.TOKEN]}".encode()):
        raise Refused("The token is missing or wrong.", "It is in endpoint.json; is the plugin of this user?")


def _answer(status: int, code: str, message: str, hint: str) -> web.Response:
    response = web.json_response({"code": code, "message": message, "hint": hint}, status=status)
    if code == Refused.code:
        response.force_close()  # a stranger keeps no connection, and what it still sends is not read
    return response
