"""`python3 installer ...` before anything is installed; `python -m inkwash.installer` after.

`inkwash` has no folder of its own: pyproject.toml maps its parts to folders, and an installation makes
that map real. Here there is none yet, so `Parts` answers for the parts that the installer needs.
"""

import sys
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path

if sys.version_info < (3, 10):  # noqa: UP036  an older Python must be able to read this one file and say why
    sys.exit("Inkwash needs Python 3.10 or later; this is {}.{}.".format(*sys.version_info[:2]))

HERE = Path(__file__).resolve().parent
PARTS = {
    "inkwash.client": HERE.parent / "plugins" / "client",
    "inkwash.installer": HERE,
    "inkwash.protocol": HERE.parent / "plugins" / "protocol",
}


class Parts(MetaPathFinder):
    """Finds the parts in their folders, without links, which not every checkout can have."""

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]  # noqa: ANN001
        """The part called `name`; only the installer's own front door is opened.

        That of the wire imports msgpack, which a bare machine lacks, and the installer needs only its places.
        """
        if name == "inkwash.installer":
            return spec_from_file_location(name, HERE / "__init__.py", submodule_search_locations=[str(HERE)])
        if name != "inkwash" and name not in PARTS:
            return None
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(PARTS[name])] if name in PARTS else []
        return spec


if not __package__:
    # Python puts this folder first; its modules are inkwash.installer.process and so on, never plain process.
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != HERE]
    sys.meta_path.insert(0, Parts())

if __name__ == "__main__":
    sys.exit(import_module("inkwash.installer.commands").main(sys.argv[1:]))
