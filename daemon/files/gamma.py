"""PNG's older words for colour, gAMA and cHRM, as the profile that they mean."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import numpy as np

SIGNATURE = 8  # bytes
BETTER = {b"iCCP", b"sRGB", b"cICP"}  # what overrules them
USUAL, CLOSE = 0.45455, 0.01  # the gamma that stands for sRGB, and how near to it others do
SRGB = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)  # white, red, green and blue, each x and y
D50 = np.array([0.9642, 1.0, 0.8249])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def profile_in(start: bytes, *, grey: bool) -> bytes | None:
    """The profile that the `start` of a PNG, up to its pixels, asks for; None if that is sRGB or said otherwise."""
    chunks = dict(_chunks(start))
    if BETTER & chunks.keys() or len(chunks.get(b"gAMA", b"")) != 4:
        return None
    gamma = struct.unpack(">I", chunks[b"gAMA"])[0] / 1e5
    primaries: Sequence[float] = SRGB
    if len(chunks.get(b"cHRM", b"")) == 32 and not grey:
        primaries = [value / 1e5 for value in struct.unpack(">8I", chunks[b"cHRM"])]
    usual = np.allclose(primaries, SRGB, atol=2e-3)
    if not 0.1 <= gamma <= 10 or (usual and abs(gamma - USUAL) < CLOSE):
        return None
    try:
        columns = _columns(primaries)
    except np.linalg.LinAlgError:
        return None
    return _profile(1 / gamma, columns, grey=grey)


def _chunks(start: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = SIGNATURE
    while at + 8 <= len(start):
        length, kind = struct.unpack_from(">I4s", start, at)
        if kind == b"IDAT":
            return
        yield kind, start[at + 8 : at + 8 + length]
        at += 12 + length


def _columns(primaries: Sequence[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """XYZ of red, green and blue as columns, relative to D50 by Bradford's adaptation. LinAlgError."""
    xy = np.reshape(primaries, (4, 2))
    if (xy[:, 1] <= 0).any():
        raise np.linalg.LinAlgError
    white, *colours = (np.array([x / y, 1.0, (1 - x - y) / y]) for x, y in xy)
    unscaled = np.stack(colours, 1)
    matrix = unscaled * np.linalg.solve(unscaled, white)
    adapted = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ white)) @ BRADFORD
    return np.asarray(adapted @ matrix)


def _profile(exponent: float, columns: np.ndarray[tuple[int, ...], np.dtype[np.float64]], *, grey: bool) -> bytes:
    """An ICC profile, version 2, of one exponent and a matrix (ICC.1:2001-04)."""
    curve = b"curv" + bytes(4) + struct.pack(">IH2x", 1, min(65535, round(exponent * 256)))
    words = b"as the PNG says\0"
    description = b"desc" + bytes(4) + struct.pack(">I", len(words)) + words + bytes(78)
    tags = {b"desc": description, b"cprt": b"text" + bytes(4) + b"CC0\0", b"wtpt": _xyz(D50)}
    tags |= {b"kTRC": curve} if grey else dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    if not grey:
        tags |= {name: _xyz(columns[:, i]) for i, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))}
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        content += bytes(-len(content) % 4)
        table += name + struct.pack(">II", at + len(body), len(content))
        body += content
    head = struct.pack(">I4sI", at + len(body), b"", 0x02400000) + b"mntr" + (b"GRAY" if grey else b"RGB ") + b"XYZ "
    head += struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + _xyz(D50)[8:]
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz(values: Sequence[float] | np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(float(value) * 65536) for value in values))
