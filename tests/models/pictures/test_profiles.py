import io
import struct

import numpy as np
import pytest
import torch
from PIL import Image, ImageCms

from inkwash.models.pictures.profiles import MatrixProfile, profile_of

ADOBE = [(0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)]
SRGB = [(0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)]
GAMMA_2_2 = b"curv" + bytes(4) + struct.pack(">IH", 1, int(2.2 * 256)) + bytes(2)
LINEAR = b"curv" + bytes(4) + struct.pack(">I", 0)
SRGB_CURVE = b"para" + bytes(4) + struct.pack(
    ">HH5i", 3, 0, *(round(v * 65536) for v in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
)  # fmt: skip
TABLE = b"curv" + bytes(4) + struct.pack(">I1024H", 1024, *(round(65535 * (i / 1023) ** 1.8) for i in range(1024)))


def icc(curve: bytes, columns: list[tuple[float, float, float]] | None = ADOBE) -> bytes:
    """A profile as painting programs write them: a matrix and curves, or for grey a curve."""
    tags = {b"wtpt": _xyz(0.9642, 1.0, 0.8249)}
    if columns is None:
        tags[b"kTRC"] = curve
    else:
        for letter, column in zip((b"r", b"g", b"b"), columns, strict=True):
            tags[letter + b"XYZ"], tags[letter + b"TRC"] = _xyz(*column), curve
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    space = b"GRAY" if columns is None else b"RGB "
    header = struct.pack(">I4sI4s4s4s12x4s", start + len(body), b"test", 0x02400000, b"mntr", space, b"XYZ ", b"acsp")
    header += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + table + body


def _xyz(*values: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(v * 65536) for v in values))


@pytest.mark.parametrize("curve", [GAMMA_2_2, LINEAR, SRGB_CURVE, TABLE], ids=["gamma", "linear", "srgb", "table"])
def test_a_profile_is_computed_as_little_cms_computes_it(curve: bytes) -> None:
    profile = icc(curve)
    pixels = np.random.default_rng(0).integers(0, 256, (50, 50, 3)).astype(np.uint8)
    source, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    theirs = np.asarray(ImageCms.profileToProfile(Image.fromarray(pixels), source, srgb, outputMode="RGB"))
    ours = profile_of(profile, 3)
    assert isinstance(ours, MatrixProfile)
    colour = ours.to_srgb(torch.from_numpy(pixels).permute(2, 0, 1) / 255)
    difference = np.abs(colour.permute(1, 2, 0).numpy() * 255 - theirs)
    assert difference.max() < 1


@pytest.mark.parametrize("curve", [GAMMA_2_2, LINEAR, SRGB_CURVE, TABLE], ids=["gamma", "linear", "srgb", "table"])
@pytest.mark.parametrize("columns", [ADOBE, None], ids=["rgb", "grey"])
def test_16_bits_survive_the_way_there_and_back(curve: bytes, columns: list[tuple[float, float, float]] | None) -> None:
    channels = 1 if columns is None else 3
    profile = profile_of(icc(curve, columns), channels)
    if profile is None:
        assert (curve, columns) == (SRGB_CURVE, None)
        return
    colour = 0.1 + 0.8 * torch.rand(channels, 40, 40, generator=torch.Generator().manual_seed(0))
    assert ((profile.to_srgb(profile.from_srgb(colour)) - colour).abs() * 65535).max() < 0.5


def test_a_profile_that_is_srgb_by_another_name_costs_nothing() -> None:
    assert profile_of(icc(SRGB_CURVE, SRGB), 3) is None


def test_a_linear_profile_is_not_taken_for_srgb_by_its_primaries() -> None:
    profile = profile_of(icc(LINEAR, SRGB), 3)
    assert profile is not None
    assert torch.allclose(profile.to_srgb(torch.full((3, 1, 1), 0.2140411)), torch.tensor(0.5), atol=2e-3)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_profile_for_other_samples_is_left_aside(channels: int) -> None:
    assert profile_of(icc(GAMMA_2_2, None if channels == 3 else ADOBE), channels) is None


@pytest.mark.parametrize("length", range(0, 400, 13))
def test_a_profile_that_was_cut_off_does_no_harm(length: int) -> None:
    profile_of(icc(GAMMA_2_2)[:length], 3)


@pytest.mark.parametrize(
    "curve",
    [
        b"para" + bytes(4) + struct.pack(">HHi", 0, 0, 0),
        b"curv" + bytes(4) + struct.pack(">IH", 1, 0),
        b"sf32" + bytes(9),
    ],
    ids=["no gamma", "gamma of nothing", "no curve"],
)
def test_a_curve_that_cannot_be_undone_is_not_used(curve: bytes) -> None:
    assert not isinstance(profile_of(icc(curve), 3), MatrixProfile)
