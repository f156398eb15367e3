"""The version is the package's."""

from importlib.metadata import version

from inkwash.protocol import VERSION


def test_the_version_is_that_of_the_package() -> None:
    assert version("inkwash") == VERSION
