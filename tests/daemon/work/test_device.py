"""The choice of device and precision, and the recognition of full memory."""

from __future__ import annotations

import pytest
import torch

from inkwash.daemon.errors import BadSettings
from inkwash.daemon.work.device import choose
from inkwash.daemon.work.failing import ran_out


def test_the_cpu_is_always_there() -> None:
    device = choose("cpu", "float32")
    assert device.where == torch.device("cpu")
    assert device.dtype == torch.float32
    assert device.name


def test_automatic_takes_a_graphics_card_if_there_is_one() -> None:
    assert (choose("auto", "float32").where.type == "cuda") == torch.cuda.is_available()


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadSettings):
        choose("cuda:99", "auto")


def test_automatic_precision_on_the_cpu_runs_a_convolution() -> None:
    device = choose("cpu", "auto")
    network = device.place(torch.nn.Conv2d(3, 8, 3))
    picture = torch.rand(1, 3, 16, 16, dtype=device.dtype)
    assert network(picture).dtype == device.dtype
    assert not network.weight.requires_grad


def test_memory_is_free_and_total_where_the_system_says() -> None:
    memory = choose("cpu", "float32").memory()
    assert memory is None or 0 < memory[0] <= memory[1]


def test_a_real_allocation_that_fails_is_recognised() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**55, dtype=torch.uint8)
    assert ran_out(caught.value)


def test_other_errors_are_not_taken_for_full_memory() -> None:
    assert not ran_out(RuntimeError("shapes do not match"))
    assert not ran_out(ValueError("memory"))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_full_graphics_card_is_recognised() -> None:
    device = choose("cuda", "auto")
    assert device.dtype in (torch.bfloat16, torch.float16)
    with pytest.raises(torch.OutOfMemoryError) as caught:
        torch.empty(2**50, dtype=torch.uint8, device=device.where)
    assert ran_out(caught.value)
    device.release()
