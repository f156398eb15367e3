"""The filters: one module each; importing this package declares them all."""

import importlib
import pkgutil

from .declaration import Filter, Output, declared, find

for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f".{module.name}", __name__)

__all__ = ["Filter", "Output", "declared", "find"]
