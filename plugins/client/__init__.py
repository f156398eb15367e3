"""Find or start the daemon, send it a job, read its stream, cancel."""

from .client import Client, connect, find, stop
from .errors import (
    ClientError,
    ConnectionLost,
    JobFailed,
    NotInstalled,
    NotRunning,
    Refused,
    Unresponsive,
    WontStart,
    WrongVersion,
)
from .job import Job

__all__ = [
    "Client",
    "ClientError",
    "ConnectionLost",
    "Job",
    "JobFailed",
    "NotInstalled",
    "NotRunning",
    "Refused",
    "Unresponsive",
    "WontStart",
    "WrongVersion",
    "connect",
    "find",
    "stop",
]
