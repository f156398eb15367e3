"""The device that runs the networks: which one, and in what precision.

This module imports torch; the engine imports it when the first job comes.
"""

from __future__ import annotations

import gc
import os
import platform
import time
from dataclasses import dataclass

import torch

from ..errors import BadSettings

FASTER = 0.8  # half precision must take less than this part of float32's time to be worth its rounding


@dataclass(frozen=True)
class Device:
    """Where networks run, and their precision; pictures stay float32."""

    where: torch.device
    dtype: torch.dtype
    name: str

    def memory(self) -> tuple[int, int] | None:
        """Free and total bytes; None where the system does not say."""
        if self.where.type == "cuda":
            return torch.cuda.mem_get_info(self.where)
        if self.where.type == "cpu" and hasattr(os, "sysconf") and "SC_AVPHYS_PAGES" in os.sysconf_names:
            page = os.sysconf("SC_PAGE_SIZE")
            return page * os.sysconf("SC_AVPHYS_PAGES"), page * os.sysconf("SC_PHYS_PAGES")
        return None

    def place(self, network: torch.nn.Module) -> torch.nn.Module:
        """`network`, moved here for inference."""
        return channels_last(network.requires_grad_(False).to(self.where, self.dtype))

    def release(self) -> None:
        """Give memory that nothing refers to back to the system."""
        gc.collect()
        if self.where.type == "cuda":
            torch.cuda.empty_cache()
        elif self.where.type == "mps":
            torch.mps.empty_cache()


def choose(wanted: str, precision: str) -> Device:
    """The device of the settings `wanted` and `precision`; BadSettings if this machine has none."""
    usable = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        wanted = next(kind for kind, there in usable.items() if there)
    device = torch.device(wanted)
    if not usable[device.type] or (device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count()):
        raise BadSettings(
            f"The setting device asks for {wanted}, which this machine does not have or torch cannot use.",
            'Set it to "auto" in settings.json.',
        )
    dtype = torch.float32 if precision == "float32" else _fast_dtype(device)
    return Device(device, dtype, _name(device))


def on_cpu(precision: str) -> Device:
    """The CPU, for what does not fit anywhere else."""
    return choose("cpu", precision)


def channels_last(network: torch.nn.Module) -> torch.nn.Module:
    """`network` with the memory format that convolutions are fastest in."""
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return platform.processor() or platform.machine()


def _fast_dtype(device: torch.device) -> torch.dtype:
    if device.type == "cuda":
        # Before compute capability 8, bfloat16 is emulated and slow.
        native = torch.version.hip or torch.cuda.get_device_capability(device) >= (8, 0)
        return torch.bfloat16 if native else torch.float16
    if device.type == "mps":
        return torch.float16
    faster = _convolution_seconds(torch.bfloat16) < FASTER * _convolution_seconds(torch.float32)
    return torch.bfloat16 if faster else torch.float32


@torch.no_grad()
def _convolution_seconds(dtype: torch.dtype) -> float:
    """How long this CPU needs for a typical small layer: what its instruction list promises is not enough."""
    convolution = channels_last(torch.nn.Conv2d(64, 64, 3).to(dtype=dtype))
    picture = torch.zeros(1, 64, 128, 128, dtype=dtype).to(memory_format=torch.channels_last)
    times = []
    for _ in range(6):
        start = time.perf_counter()
        convolution(picture)
        times.append(time.perf_counter() - start)
    return min(times)
