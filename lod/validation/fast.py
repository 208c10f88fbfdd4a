"""The fast engine: `shacl` from PyPI, in Rust. Optional; its regular expressions take linear time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

from rdflib import SH, Graph, Literal

from ..errors import ValidationError
from ..iris import SHAPES
from ..rdf import literal
from .results import Result, plain

__all__ = ["Fast", "engine", "judge"]

_LITERAL = re.compile(r'^".*"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?$', re.DOTALL)
_SPARQL = str(SH.SPARQLConstraintComponent)


def engine() -> ModuleType | None:
    """Return the engine, or None where it is not installed (the extra `fast`)."""
    try:
        return import_module("shacl")
    except ModuleNotFoundError as error:
        if error.name != "shacl":
            raise
        return None


def judge(text: str, shapes: Any) -> set[Result]:
    """Return the results for N-Triples by compiled shapes and their targets; raise ValueError for what is none."""
    return {_result(item) for item in shapes.validate_text(text, "ntriples").results}


def _result(item: Any) -> Result:
    value = item.value or ""
    if value.startswith('"'):
        language, datatype = _LITERAL.findall(value)[0]
        value = literal(item.value_plain, language=language, datatype=datatype)
    # A result names its shape, but not its SPARQL constraint; so that constraint's message is its IRI.
    is_sparql = item.component_iri == _SPARQL and item.messages and item.messages[0].startswith(SHAPES)
    return Result(
        focus=item.focus_node,
        path=item.path or "",
        value=value,
        text=item.value_plain or "",
        component=item.component_iri,
        severity=item.severity_iri,
        shape=plain(item.root_shape or ""),
        constraint=item.messages[0] if is_sparql else "",
    )


class Fast:
    """The engine over our shapes: each focus node by the shapes that are asked for. It may be shared by threads."""

    def __init__(self, shapes: Graph, shacl: ModuleType) -> None:
        """Compile shapes; raise `ValidationError` for what the engine cannot run, such as a look-ahead."""
        constraints = {*shapes.objects(None, SH.sparql)}
        asked = Graph()
        for subject, predicate, value in shapes:
            if predicate == SH.targetClass:  # a target is what has a line with the shape for its predicate
                asked.add((subject, SH.targetSubjectsOf, subject))
            elif predicate == SH.message and subject in constraints:
                asked.add((subject, predicate, Literal(str(subject))))
            else:
                asked.add((subject, predicate, value))
        try:
            self._shapes = shacl.Shapes.from_text(asked.serialize(format="nt"), "ntriples")
        except ValueError as error:
            raise ValidationError(
                "rychlé ověření tyto tvary neumí, nastavte v lod.toml [validation] fast = false"
                f" / the fast engine cannot run these shapes, set [validation] fast = false in lod.toml ({error})"
            ) from error

    def judge(self, lines: Iterable[str], asked: Iterable[tuple[str, str]]) -> set[Result]:
        """Return the results of focus nodes (N-Triples terms) under node shapes (IRIs); ValueError as `judge`."""
        marks = (f'{focus} <{shape}> "" .' for focus, shape in asked)
        return judge("\n".join((*lines, *marks, "")), self._shapes)
