"""The import map is complete, every part imports only what it may, and the countable house rules hold."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
tomllib = pytest.importorskip("tomllib", reason="Python 3.10 cannot read TOML; a later one checks the layout")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SETUPTOOLS = PROJECT["tool"]["setuptools"]
FOLDERS: dict[str, Path] = {name: ROOT / folder for name, folder in SETUPTOOLS["package-dir"].items()}

# Each part, and the parts below it that it may import.
MAY_IMPORT = {
    "inkwash.protocol": set[str](),
    "inkwash.client": {"inkwash.protocol"},
    "inkwash.gimp": {"inkwash.client", "inkwash.protocol"},
    "inkwash.krita": {"inkwash.client", "inkwash.protocol"},
    "inkwash.models": {"inkwash.protocol"},
    "inkwash.daemon": {"inkwash.models", "inkwash.protocol"},
    "inkwash.training": {"inkwash.models", "inkwash.protocol"},
    "inkwash.installer": {"inkwash.client", "inkwash.protocol"},
}
COMMAND_LINE = "inkwash.daemon.commands"  # a front end beside the daemon: it speaks to it as a plugin does
COMMAND_LINE_MAY = {"inkwash.client", "inkwash.gimp", "inkwash.installer", "inkwash.training"}
READER = "inkwash.daemon.files"  # how pictures are read: training has no reader of its own
# Installed as `inkwash-gimp.py` beside the folder `inkwash`, outside of its part, to which it leads.
LAUNCHER = "inkwash.gimp.launcher"

# What runs inside a host, or before anything is installed, and what it may import besides.
STANDARD_LIBRARY_ONLY = {
    "inkwash.client": set[str](),
    "inkwash.gimp": {"gi"},  # what GIMP gives its plug-ins
    "inkwash.installer": set[str](),
    "inkwash.krita": {"krita", "PyQt5", "PyQt6"},  # what Krita gives its plugins
    "inkwash.protocol": {"msgpack"},  # its pure-Python fallback is copied beside a plugin
}
IN_HOSTS = ("inkwash.client", "inkwash.gimp", "inkwash.krita", "inkwash.protocol")

PUBLISHED_AS = {"cv2": "opencv_python_headless", "PIL": "pillow", "skimage": "scikit_image"}
AN_EXTRA = {"hintauc", "onnx"}

LONGEST = 350  # lines
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
NO_TORCH_AT_START = [*(ROOT / "models/filters").glob("*.py"), ROOT / "models/store.py"]
FETCHED_WEIGHTS = ROOT / "models/styles/perceptual.py"  # converts what others publish, with torch's reader of tensors
UNSAFE_LOADERS = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal"}


def sources(*folders: Path) -> list[Path]:
    """Every Python file in `folders`."""
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def imports(node: ast.AST) -> Iterator[str]:
    """Every module that `node` imports absolutely, wherever in it."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            yield from (alias.name for alias in inner.names)
        elif isinstance(inner, ast.ImportFrom) and inner.level == 0:
            yield inner.module or ""
            # `from inkwash import protocol` imports a part too.
            names = [alias.name for alias in inner.names if inner.module == "inkwash"]
            yield from (f"inkwash.{name}" for name in names if name != "msgpack")  # a plugin's copy of that package


def imports_at_start(node: ast.AST) -> Iterator[str]:
    """The modules that are imported when the module `node` is: not in functions, not for type checkers."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, (ast.Import, ast.ImportFrom)):
            yield from imports(inner)
        elif isinstance(inner, ast.If) and "TYPE_CHECKING" in ast.unparse(inner.test):
            continue
        elif not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from imports_at_start(inner)


def module_name(part: str, file: Path) -> str:
    """The dotted name of `file` of `part`."""
    return ".".join((part, *file.relative_to(FOLDERS[part]).with_suffix("").parts))


def test_every_package_is_listed() -> None:
    found = {
        ".".join((name, *file.parent.relative_to(folder).parts))
        for name, folder in FOLDERS.items()
        for file in sources(folder)
    }
    assert found == set(SETUPTOOLS["packages"])


@pytest.mark.parametrize("part", ["inkwash.gimp", "inkwash.krita"])
def test_every_file_of_a_plugin_is_installed(part: str) -> None:
    patterns = [*SETUPTOOLS["package-data"]["*"], *SETUPTOOLS["package-data"][part], "**/*.py"]
    installed = {file for pattern in patterns for file in FOLDERS[part].glob(pattern)}
    found = {file for file in FOLDERS[part].rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    assert found - installed == set()


def test_every_package_has_a_front_door() -> None:
    missing = {file.parent for file in sources(*FOLDERS.values()) if not (file.parent / "__init__.py").exists()}
    assert not missing


def test_every_part_is_typed() -> None:
    assert [name for name, folder in FOLDERS.items() if not (folder / "py.typed").exists()] == []


def test_the_checkers_see_the_same_map() -> None:
    links = {f"inkwash.{link.name}": link.resolve() for link in (ROOT / ".imports/inkwash").iterdir()}
    assert links == {name: folder.resolve() for name, folder in FOLDERS.items()}


def test_the_namespace_has_no_front_door() -> None:
    assert not (ROOT / ".imports/inkwash/__init__.py").exists()
    assert not [folder for folder in FOLDERS.values() if folder.name == "inkwash"]


@pytest.mark.parametrize("part", sorted(FOLDERS))
def test_a_part_imports_only_the_parts_below_it(part: str) -> None:
    tops = {folder.relative_to(ROOT).parts[0] for folder in FOLDERS.values()} | {"tests"}
    for file in sources(FOLDERS[part]):
        is_command_line = f"{module_name(part, file)}.".startswith(f"{COMMAND_LINE}.")
        may = MAY_IMPORT[part] | (COMMAND_LINE_MAY if is_command_line else set())
        for module in imports(tree(file)):
            assert module.split(".")[0] not in tops, f"{file}: write inkwash.… instead of {module}"
            if module.startswith("inkwash.") and module_name(part, file) != LAUNCHER:
                assert not module.startswith(f"{part}."), f"{file}: import {module} relatively, it is the same part"
                read = part == "inkwash.training" and f"{module}.".startswith(f"{READER}.")
                assert read or ".".join(module.split(".")[:2]) in may, f"{file} may not import {module}"


@pytest.mark.parametrize("part", sorted(STANDARD_LIBRARY_ONLY))
def test_what_runs_before_an_installation_or_in_a_host_is_standard_library_only(part: str) -> None:
    allowed = sys.stdlib_module_names | {"inkwash"} | STANDARD_LIBRARY_ONLY[part]
    for file in sources(FOLDERS[part]):
        for module in imports(tree(file)):
            assert module.split(".")[0] in allowed, f"{file} may not import {module}"


@pytest.mark.parametrize("part", IN_HOSTS)
def test_what_runs_in_a_host_has_the_syntax_of_python_3_8(part: str) -> None:
    for file in sources(FOLDERS[part]):
        ast.parse(file.read_text("utf-8"), str(file), feature_version=(3, 8))


@pytest.mark.parametrize("file", NO_TORCH_AT_START, ids=lambda file: file.name)
def test_declarations_and_the_store_load_without_torch(file: Path) -> None:
    assert {module.split(".")[0] for module in imports_at_start(tree(file))}.isdisjoint({"torch", "torchvision"})


def test_every_package_that_is_imported_comes_with_an_installation() -> None:
    brought = {re.split(r"[^\w-]", need)[0].replace("-", "_") for need in PROJECT["project"]["dependencies"]}
    parts = [FOLDERS[part] for part in MAY_IMPORT if part not in STANDARD_LIBRARY_ONLY]
    named = {name.partition(".")[0] for file in sources(*parts) for name in imports(tree(file))}
    further = named - sys.stdlib_module_names - {"inkwash"} - AN_EXTRA
    assert {PUBLISHED_AS.get(name, name) for name in further} <= brought


def test_no_weights_are_read_with_pickle() -> None:
    for file in sources(*FOLDERS.values()):
        module = tree(file)
        assert UNSAFE_LOADERS.isdisjoint(name.split(".")[0] for name in imports(module)), file
        calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
        for call in [call for call in calls if ast.unparse(call.func) == "torch.load"]:
            assert file == FETCHED_WEIGHTS, f"{file}: use safetensors"
            assert "weights_only=True" in ast.unparse(call), f"{file}: a file may name programs to run"


def test_who_expects_json_that_is_damaged_expects_json_that_is_deep() -> None:
    tries = [node for file in sources(*FOLDERS.values()) for node in ast.walk(tree(file)) if isinstance(node, ast.Try)]
    reading = [node for node in tries if any("json.loads(" in ast.unparse(line) for line in node.body)]
    caught = [{name for handler in node.handlers for name in names(handler)} for node in reading]
    assert len(caught) > 10
    assert [found for found in caught if "ValueError" in found and "RecursionError" not in found] == []


def names(node: ast.AST) -> set[str]:
    """Every name in `node`."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def test_no_module_is_long() -> None:
    lengths = {file: len(file.read_text("utf-8").splitlines()) for file in sources(*FOLDERS.values())}
    assert {str(file): length for file, length in lengths.items() if length > LONGEST} == {}


def test_there_are_no_drawers() -> None:
    parts = sources(*FOLDERS.values(), ROOT / "tests")
    assert [str(f) for f in parts if {f.stem, f.parent.name} & DRAWERS] == []


def test_every_module_says_what_it_is() -> None:
    silent = [str(file) for file in sources(*FOLDERS.values()) if not ast.get_docstring(tree(file))]
    assert silent == []
