"""The proof: how a daemon shows that it knows the token, without a word of it from either side.

A client asks with a challenge that nobody can have heard before. The answer holds for the address that the client
called: whoever took another one cannot have it from the daemon.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Optional

PATH = "/v1/proof"
CHALLENGE_BYTES = 32
ANSWER_BYTES = 1000  # more than the answer has


def proof(token: str, challenge: str, address: str) -> str:
    """HMAC-SHA256 of the challenge and the address, in hex."""
    said = "inkwash {} {}".format(challenge, address)
    return hmac.new(token.encode(), said.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def address(unix: Optional[str], port: int) -> str:
    """What stands for the path of a Unix socket, or for a port of this machine."""
    return "unix {}".format(unix) if unix is not None else "tcp {}".format(port)
