"""The vocabulary at work: `vocab/` and `shapes/` as fields, labels, order, code lists and a JSON-LD context.

A property shape is named `vps:Class-field`; what follows a second hyphen is a further constraint on the
same field (`-recommended`, `-sign`), not another field. Nothing here knows a particular class.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdflib import RDF, RDFS, SKOS, Graph, URIRef
from rdflib.namespace import Namespace
from rdflib.term import Literal, Node

from .clean import fold
from .errors import ConfigError
from .iris import NAMESPACES, SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ClassTerms", "FieldTerm", "Labels", "Vocabulary", "home"]

SH = Namespace("http://www.w3.org/ns/shacl#")
_XSD = NAMESPACES["xsd"]
_LANG_STRING = NAMESPACES["rdf"] + "langString"
# Whatever names a thing for people, best first.
LABEL_PREDICATES = (
    NAMESPACES["skos"] + "prefLabel",
    NAMESPACES["dct"] + "title",
    NAMESPACES["rov"] + "legalName",
    NAMESPACES["rdfs"] + "label",
)

Labels = dict[str, str]  # language -> text


def home() -> Path:
    """Return the folder that holds vocab/, shapes/ and data/: inside the wheel, or the checkout's top."""
    package = Path(__file__).resolve().parent
    bundled = package / "bundled"
    return bundled if bundled.is_dir() else package.parent


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """One field of a class: where it goes in RDF and how people see it."""

    name: str  # "startEarliest", the key in JSON-LD
    attribute: str  # "start_earliest", the field in `lod.model`
    predicate: str
    kind: str  # text | literal | date | iri | reference | part
    datatype: str  # of a literal
    order: int
    group: str  # IRI of the sh:PropertyGroup, "" when no page shows it
    labels: Labels = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ClassTerms:
    """One class: its IRI, all the types its things have, and its fields in reading order."""

    name: str
    iri: str
    types: tuple[str, ...]
    fields: tuple[FieldTerm, ...]


def _snake(camel: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", camel).lower()


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.ttl"))
    if not found:
        raise ConfigError(f"{folder}: chybí soubory .ttl / no .ttl files there")
    return found


def _region_key(name: str) -> str:
    """Return what spellings of one region have in common: the words that tell it, in no order.

    >>> len({_region_key(name) for name in ("Kraj Vysočina", "Vysočina", "kraj: Vysočina", "VYSOČINA (kraj)")})
    1
    >>> len({_region_key(name) for name in ("Hl. město Praha", "Praha, hlavní město", "hl.m.Praha", "Praha")})
    1
    """
    words = set(re.findall(r"\w+", fold(name)))
    capital = words & {"hl", "hlavni"} and words & {"m", "mesto"}
    return " ".join(sorted(words - {"kraj"} - ({"hl", "hlavni", "m", "mesto"} if capital else set())))


class Vocabulary:
    """Everything that the two folders say, for one base of IRIs. Read-only once made."""

    def __init__(self, base: str, root: Path | None = None) -> None:
        root = root or home()
        self.base = base
        self.root = root
        self.ontology = Graph()
        for path in _files(root / "vocab"):
            self.ontology.parse(path, format="turtle")
        self.codelists = Graph()
        for path in _files(root / "vocab" / "codelists"):
            # The lists use relative IRIs, so that every installation has them below its own base.
            self.codelists.parse(data=path.read_text("utf-8"), format="turtle", publicID=base)
        self.shapes = Graph()
        for path in _files(root / "shapes"):
            self.shapes.parse(path, format="turtle")
        self._close_types()
        self.classes = {terms.name: terms for terms in self._classes()}
        self.by_iri = {terms.iri: terms for terms in self.classes.values()}

    def _superclasses(self, iri: Node) -> list[str]:
        return sorted(str(item) for item in self.ontology.transitive_objects(iri, RDFS.subClassOf))

    def _close_types(self) -> None:
        """State every superclass of a code list's concept, as the build does for all things."""
        for subject, kind in list(self.codelists.subject_objects(RDF.type)):
            for supertype in self._superclasses(kind):
                self.codelists.add((subject, RDF.type, URIRef(supertype)))

    def _classes(self) -> Iterator[ClassTerms]:
        own: dict[str, list[FieldTerm]] = {}
        names: dict[str, str] = {}
        for shape in self.shapes.subjects(RDF.type, SH.NodeShape):
            if not str(shape).startswith(SHAPES):
                continue
            target = str(self.shapes.value(shape, SH.targetClass))
            names[target] = str(shape).removeprefix(SHAPES)
            own[target] = [term for prop in self.shapes.objects(shape, SH.property) if (term := self._field(prop))]
        for iri, name in names.items():
            types = self._superclasses(URIRef(iri))
            # A subclass refines its parent's field of the same name and follows it in order.
            fields: dict[str, FieldTerm] = {}
            for level in sorted(types, key=lambda t: (t == iri, t)):  # the class itself last: it overrides
                fields.update((term.name, term) for term in own.get(level, ()))
            yield ClassTerms(name, iri, tuple(types), tuple(sorted(fields.values(), key=lambda t: (t.order, t.name))))

    def _field(self, shape: Node) -> FieldTerm | None:
        _, _, name = str(shape).removeprefix(SHAPES).partition("-")
        if "-" in name:
            return None
        graph = self.shapes
        predicate = str(graph.value(shape, SH.path))
        datatype = str(graph.value(shape, SH.datatype) or "")
        if graph.value(shape, URIRef(f"{SHAPES}part")):
            kind = "part"
        elif graph.value(shape, SH["class"]):
            kind = "reference"
        elif graph.value(shape, SH.nodeKind):
            kind = "iri"
        elif datatype == _LANG_STRING:
            kind = "text"
        elif datatype:
            kind = "literal"
        else:
            kind = "date"  # sh:or over date, gYearMonth and gYear
        order = graph.value(shape, SH.order)
        return FieldTerm(
            name,
            _snake(name),
            predicate,
            kind,
            datatype,
            int(str(order)) if order is not None else 999,
            str(graph.value(shape, SH.group) or ""),
            self._names(shape) or self.labels(predicate),
        )

    def _names(self, shape: Node) -> Labels:
        """Return sh:name: what a field is called where its predicate is a general one."""
        return {
            o.language: str(o) for o in self.shapes.objects(shape, SH.name) if isinstance(o, Literal) and o.language
        }

    @cached_property
    def _labels(self) -> dict[str, Labels]:
        found: dict[str, Labels] = {}
        for graph in (self.codelists, self.ontology, self.shapes):
            for predicate in reversed(LABEL_PREDICATES):
                for subject, label in graph.subject_objects(URIRef(predicate)):
                    if isinstance(label, Literal) and label.language:
                        found.setdefault(str(subject), {})[label.language] = str(label)
        return found

    def labels(self, iri: str) -> Labels:
        """Return the labels of a term, a concept or a property group, by language."""
        return self._labels.get(iri, {})

    def order(self, iri: str) -> int:
        """Return the reading order of a property group."""
        return int(str(self.shapes.value(URIRef(iri), SH.order) or 999))

    def field_of(self, predicate: str) -> str:
        """Return the name of the field that a predicate is written by, "" where there is none."""
        terms = (term for kind in self.classes.values() for term in kind.fields)
        return next((term.name for term in terms if term.predicate == predicate), "")

    def of(self, entity: object) -> ClassTerms:
        """Return the terms of a model object's class."""
        return self.classes[type(entity).__name__]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Return the predicates that lead from a thing to its parts."""
        return tuple(
            sorted({term.predicate for terms in self.classes.values() for term in terms.fields if term.kind == "part"})
        )

    @cached_property
    def context(self) -> dict[str, Any]:
        """Return the JSON-LD context: one key a field and class, the same in every document."""
        context: dict[str, Any] = {"id": "@id", "type": "@type"}
        context.update(NAMESPACES)
        for terms in self.classes.values():
            context[terms.name] = terms.iri
            for term in terms.fields:
                definition: dict[str, str] = {"@id": term.predicate}
                if term.kind in {"part", "reference", "iri"}:
                    definition["@type"] = "@id"
                elif term.kind == "literal" and term.datatype != _XSD + "string":
                    definition["@type"] = term.datatype
                if context.setdefault(term.name, definition) != definition:
                    raise ConfigError(
                        f"shapes: pole {term.name} má dva různé významy / field {term.name} has two meanings"
                    )
        return context

    @cached_property
    def _concepts(self) -> dict[str, dict[str, list[str]]]:
        """Scheme -> folded name or code -> IRIs."""
        found: dict[str, dict[str, list[str]]] = {}
        names = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation)
        for concept, scheme in sorted(self.codelists.subject_objects(SKOS.inScheme)):
            keys = found.setdefault(str(scheme).removeprefix(f"{self.base}zdroj/"), {})
            for name in {fold(str(o)) for p in names for o in self.codelists.objects(concept, p)}:
                keys.setdefault(name, []).append(str(concept))
        return found

    def concepts(self, scheme: str, name: str) -> list[str]:
        """Return the IRIs of a list's concepts that a name, abbreviation or code can mean."""
        return self._concepts.get(scheme, {}).get(fold(name), [])

    def nearest(self, scheme: str, name: str) -> str:
        """Return the label of the list's concept that comes closest to a name, "" where none is close."""
        known = self._concepts.get(scheme, {})
        close = difflib.get_close_matches(fold(name), known, n=1, cutoff=0.7)
        return self.labels(known[close[0]][0]).get("cs", "") if close else ""

    @cached_property
    def _types(self) -> dict[str, list[str]]:
        """IRI -> types in the code lists."""
        found: dict[str, list[str]] = {}
        for iri, kind in sorted(self.codelists.subject_objects(RDF.type)):
            found.setdefault(str(iri), []).append(str(kind))
        return found

    def has(self, iri: str) -> bool:
        """Whether a code list describes `iri`."""
        return iri in self._types

    def types_of(self, iri: str) -> list[str]:
        """Return the types a code list gives to `iri`."""
        return self._types.get(iri, [])

    def region(self, code: str) -> tuple[str, ...]:
        """Return the RÚIAN and NUTS IRIs of a region given by NUTS code or any of its names."""
        found = self.concepts("kraje", code) or list(self._regions.get(_region_key(code), ()))
        if len(found) != 1:
            return ()
        return self._matches.get(found[0], ())

    @cached_property
    def _matches(self) -> dict[str, tuple[str, ...]]:
        """IRI -> IRIs of the same in other code lists, sorted."""
        concepts = self.codelists.subjects(SKOS.exactMatch, unique=True)
        return {str(iri): tuple(sorted(map(str, self.codelists.objects(iri, SKOS.exactMatch)))) for iri in concepts}

    @cached_property
    def _regions(self) -> dict[str, set[str]]:
        """Key of a region's name -> IRIs."""
        found: dict[str, set[str]] = {}
        for name, iris in self._concepts.get("kraje", {}).items():
            found.setdefault(_region_key(name), set()).update(iris)
        return {key: iris for key, iris in found.items() if key}

    def validate_with(self) -> Iterable[Path]:
        """Return the shape files, for whoever validates from outside."""
        return _files(self.root / "shapes")
