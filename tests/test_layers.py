"""Imports point down only, so that each module can be read with nothing but those below it."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import lod

PACKAGE = Path(lod.__file__).parent
STOREYS = (
    (
        *("__init__", "errors", "ico", "regnum", "clean", "countries", "persons", "contacts", "downloads", "iris"),
        *("children", "frozen"),
        *("model", "tidy", "patterns"),
    ),
    (
        *("config", "sourceconfig", "strict", "terms", "overview", "readers", "store", "template", "values"),
        *("examples", "pool", "privacy", "signature", "workers"),
    ),
    ("rdf", "evidence", "extract", "sources", "project", "gather", "merging", "serialise", "streams"),
    ("validation", "catalogue", "changes", "dumps", "findings", "ledger", "sketch"),
    ("checking", "collecting", "publishing", "release"),
    ("pipeline",),
    ("refresh",),  # above the pipeline: a build has no way to the network
    ("asking", "cli", "web", "review"),
)
STOREY = {module: number for number, modules in enumerate(STOREYS) for module in modules}
FILES = sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name of every import, also of those inside functions."""
    package = ("lod", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def own(name: str) -> str | None:
    """Return which of our modules a dotted name belongs to."""
    parts = name.split(".")
    if parts[0] != "lod":
        return None
    is_module = len(parts) > 1 and ((PACKAGE / f"{parts[1]}.py").exists() or (PACKAGE / parts[1]).is_dir())
    return parts[1] if is_module else "__init__"


@pytest.mark.parametrize("path", FILES, ids=[path.relative_to(PACKAGE).as_posix() for path in FILES])
def test_imports_point_down(path: Path) -> None:
    module = module_of(path)
    assert module in STOREY, f"{module} has no storey yet"
    for line, name in imported(path):
        if (used := own(name)) and used != module:
            assert STOREY[used] <= STOREY[module], f"{path.name}:{line} imports {name} from above"


def test_no_module_needs_itself() -> None:
    needs: dict[str, set[str]] = {}
    for path in FILES:
        used = {module for _, name in imported(path) if (module := own(name))}
        needs.setdefault(module_of(path), set()).update(used - {module_of(path), "__init__"})
    graphlib.TopologicalSorter(needs).prepare()  # raises CycleError


@pytest.mark.parametrize(
    ("library", "owners"),
    [
        ("pyshacl", {"validation"}),
        ("flask", {"web", "review"}),
        ("granian", {"web"}),
        ("argparse", {"cli"}),
        ("jinja2", {"review", "web"}),
        ("http", {"refresh", "store"}),
        ("SPARQLWrapper", {"store"}),
        ("ssl", {"refresh"}),
        ("cryptography", {"signature"}),
        ("distributed", {"workers"}),
    ],
)
def test_a_library_is_known_in_one_place(library: str, owners: set[str]) -> None:
    users = {module_of(path) for path in FILES for _, name in imported(path) if name.split(".")[0] == library}
    assert users == owners
