"""A layer to send, for the tests of the wire."""

import pytest

from inkwash.protocol import Layer


@pytest.fixture
def layer() -> Layer:
    return Layer("line", width=3, height=2, model="RGB", data=bytes(range(18)))
