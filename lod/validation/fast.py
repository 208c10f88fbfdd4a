"""The fast engine: `shacl` from PyPI, in Rust. Optional; its regular expressions take linear time."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

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


# A query whose solutions are those of its nodes one by one, whether $this is bound beforehand or not: it begins with
# what $this states, and takes nothing together but what is one node's.
_BEGINS = re.compile(r"\s*SELECT\s[^{]*\bWHERE\s*\{\s*[$?]this\s", re.IGNORECASE)
_TAKES_TOGETHER = re.compile(
    r".*(\b(LIMIT|OFFSET|currentShape|shapesGraph)\b|\{\s*SELECT\b)"
    r"|(?!.*\bGROUP\s+BY\s+[$?]this\b).*\b(HAVING|(COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\s*\()",
    re.IGNORECASE | re.DOTALL,
)
_THIS = re.compile(r"[$?]this\b")
_ANYWHERE = URIRef(f"{SHAPES}anywhere")  # the shape that has such constraints asked of all nodes, and its one node
_FRAME = {RDF.type, SH.targetSubjectsOf, SH.path, SH.severity, SH.deactivated}


class Fast:
    """The engine over our shapes: each focus node by the shapes that are asked for. It may be shared by threads.

    A SPARQL constraint takes the engine 0.1 ms a node, more than all else together. So one that begins with what
    $this states is first asked of all nodes at once, and then only of those that this finds.
    """

    def __init__(self, shapes: Graph, shacl: ModuleType) -> None:
        """Compile shapes; raise `ValidationError` for what the engine cannot run, such as a look-ahead."""
        constraints = {*shapes.objects(None, SH.sparql)}
        apart = _separable(shapes)
        owners = {*apart.values()}
        bearers = owners | {shape for owner in owners for shape in shapes.subjects(SH.property, owner)}
        screening, singly = Graph(), Graph()
        for subject, predicate, value in shapes:
            triple = (subject, predicate, value)
            if predicate == SH.targetClass:  # a target is what has a line with the shape for its predicate
                triple = (subject, SH.targetSubjectsOf, subject)
            elif predicate == SH.message and subject in constraints:
                triple = (subject, predicate, Literal(str(subject)))
            is_apart = subject in apart or (predicate == SH.sparql and value in apart)
            (singly if is_apart else screening).add(triple)
            if (subject in bearers and triple[1] in _FRAME) or (predicate == SH.property and value in owners):
                singly.add(triple)
        screening.add((_ANYWHERE, RDF.type, SH.NodeShape))
        screening.add((_ANYWHERE, SH.targetNode, _ANYWHERE))
        for constraint, owner in apart.items():
            found = BNode()
            screening.add((_ANYWHERE, SH.sparql, found))
            screening.add((found, SH.select, Literal(_asked_of_all(shapes, constraint, owner))))
        try:
            self._screening, self._singly = (
                shacl.Shapes.from_text(graph.serialize(format="nt"), "ntriples") for graph in (screening, singly)
            )
        except ValueError as error:
            raise ValidationError(
                "rychlé ověření tyto tvary neumí, nastavte v lod.toml [validation] fast = false"
                f" / the fast engine cannot run these shapes, set [validation] fast = false in lod.toml ({error})"
            ) from error

    def judge(self, asked: Mapping[str, Sequence[str]], around: Callable[[Collection[str]], list[str]]) -> set[Result]:
        """Return the results of focus nodes (N-Triples terms) under node shapes (IRIs); ValueError as `judge`.

        `around` gives the lines that shapes look at for some focus nodes.
        """
        results = judge(_text(asked, around), self._screening)
        anywhere = {result for result in results if result.focus == f"<{_ANYWHERE}>"}
        if suspects := {result.value: asked[result.value] for result in anywhere if result.value in asked}:
            results |= judge(_text(suspects, around), self._singly)
        return results - anywhere


def _text(asked: Mapping[str, Sequence[str]], around: Callable[[Collection[str]], list[str]]) -> str:
    marks = (f'{focus} <{shape}> "" .' for focus, shapes in asked.items() for shape in shapes)
    return "\n".join((*around(asked), *marks, ""))


def _separable(shapes: Graph) -> dict[Node, Node]:
    """Return the SPARQL constraints that can be asked of all nodes at once, and the shape of each."""

    def has_target(shape: Node) -> bool:
        return (shape, SH.targetClass, None) in shapes

    return {
        constraint: owner
        for owner, constraint in shapes.subject_objects(SH.sparql)
        if isinstance(constraint, URIRef)
        and [*shapes.subjects(SH.sparql, constraint)] == [owner]
        and isinstance(shapes.value(owner, SH.path), URIRef | None)
        and _BEGINS.match(select := str(shapes.value(constraint, SH.select)))
        and not _TAKES_TOGETHER.match(select)
        and (constraint, SH.prefixes, None) not in shapes
        and (has_target(owner) or (None, SH.property, owner) in shapes)
        and all(p == SH.property and has_target(s) for s, p in shapes.subject_predicates(owner))
    }


def _asked_of_all(shapes: Graph, constraint: Node, owner: Node) -> str:
    """Return a query for the nodes, as ?value, that a constraint finds anywhere in the data."""
    select = str(shapes.value(constraint, SH.select)).replace("$PATH", f"<{shapes.value(owner, SH.path)}>")
    nodes = _THIS.sub("?each_this", select)
    return f"SELECT $this (?node AS ?value) WHERE {{ {{ SELECT (?each_this AS ?node) WHERE {{ {{ {nodes} }} }} }} }}"
