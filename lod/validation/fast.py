"""The fast engine: `shacl` from PyPI, in Rust. Optional; its regular expressions take linear time."""

from __future__ import annotations

import re
from importlib import import_module
from types import ModuleType
from typing import Any

from rdflib import SH, Graph, Literal, URIRef

from ..errors import ValidationError
from ..rdf import literal
from .results import Result, plain

__all__ = ["Fast", "engine"]

_LITERAL = re.compile(r'^".*"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?$', re.DOTALL)
_SHACL = str(SH)


def engine() -> ModuleType | None:
    """Return the engine, or None where it is not installed (the extra `fast`)."""
    try:
        return import_module("shacl")
    except ModuleNotFoundError as error:
        if error.name != "shacl":
            raise
        return None


class Fast:
    """The engine with compiled shapes; they may be shared between threads."""

    def __init__(self, shapes: Graph, shacl: ModuleType) -> None:
        """Compile shapes; raise `ValidationError` for what the engine cannot run, such as a look-ahead."""
        self._constraints = {str(node) for node in shapes.objects(None, SH.sparql) if isinstance(node, URIRef)}
        named = Graph()
        for subject, predicate, value in shapes:
            # A result names its shape, but not its SPARQL constraint; so a constraint's message is its IRI.
            if predicate == SH.message and str(subject) in self._constraints:
                value = Literal(str(subject))  # noqa: PLW2901
            named.add((subject, predicate, value))
        try:
            self._shapes: Any = shacl.Shapes.from_text(named.serialize(format="nt"), "ntriples")
        except ValueError as error:
            raise ValidationError(
                "rychlé ověření tyto tvary neumí, nastavte v lod.toml [validation] fast = false"
                f" / the fast engine cannot run these shapes, set [validation] fast = false in lod.toml ({error})"
            ) from error

    def judge(self, text: str) -> list[Result]:
        """Return the results for a graph of N-Triples by the targets of the shapes; raise ValueError if it is none."""
        return [self._result(item) for item in self._shapes.validate_text(text, "ntriples").results]

    def _result(self, item: Any) -> Result:
        value = item.value or ""
        if value.startswith('"'):
            language, datatype = _LITERAL.findall(value)[0]
            value = literal(item.value_plain, language=language, datatype=datatype)
        constraint = item.messages[0] if item.component == "SPARQLConstraintComponent" and item.messages else ""
        return Result(
            focus=item.focus_node,
            path=item.path or "",
            value=value,
            text=item.value_plain or "",
            component=item.component_iri,
            severity=item.severity_iri,
            shape=plain(item.root_shape or ""),
            constraint=constraint if constraint in self._constraints else "",
        )
