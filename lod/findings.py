"""Findings as people and programs read them: grouped by kind, as a table, as rows, and as RDF. Pure.

The RDF is a SHACL validation report (https://www.w3.org/TR/shacl/#validation-report) whose results carry
the place in our own terms; the HTML is `lod.web.report`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from rdflib import SKOS, URIRef
from rdflib.term import Literal

from .iris import NAMESPACES, VP
from .model import Finding, Severity
from .terms import Labels, Vocabulary

__all__ = [
    "WORDS",
    "Group",
    "Kind",
    "as_csv",
    "as_json",
    "groups",
    "kind_of",
    "line",
    "loaded",
    "numbered",
    "sentence",
    "table",
    "triples",
]

WORDS = {
    Severity.VIOLATION: ("chyba", "violation"),
    Severity.WARNING: ("varování", "warning"),
    Severity.INFO: ("pro informaci", "info"),
}
_RANK = {severity: rank for rank, severity in enumerate(Severity)}  # the worst first
_SH = NAMESPACES["sh"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding, as the code list says it."""

    slug: str
    iri: str
    labels: Labels
    definition: Labels
    advice: Labels  # what a clerk should do


@dataclass(frozen=True)
class Group:
    """The findings of one severity and kind, in the order they were found."""

    severity: Severity
    kind: str
    findings: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.findings)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources that they come from."""
        return tuple(sorted({finding.source for finding in self.findings if finding.source}))

    @cached_property
    def examples(self) -> tuple[tuple[Finding, int], ...]:
        """The first finding of each sentence, and how many say the same; the most frequent first."""
        said: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in self.findings:
            said[finding.cs, finding.value if finding.value not in finding.cs else ""].append(finding)
        return tuple((same[0], len(same)) for same in sorted(said.values(), key=lambda same: -len(same)))


def groups(findings: Iterable[Finding]) -> list[Group]:
    """Return the findings by severity and kind: the worst first, then the most frequent."""
    found: dict[tuple[Severity, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        found[Severity(finding.severity), finding.kind].append(finding)
    made = [Group(severity, kind, tuple(items)) for (severity, kind), items in found.items()]
    return sorted(made, key=lambda group: (_RANK[group.severity], -group.count, group.kind))


def kind_of(slug: str, vocabulary: Vocabulary) -> Kind:
    """Return what the code list says of a kind; one it does not know is called by its slug."""
    iri = f"{vocabulary.base}zdroj/druhy-nalezu/{slug}"

    def said(predicate: URIRef) -> Labels:
        texts = vocabulary.codelists.objects(URIRef(iri), predicate)
        return {text.language: str(text) for text in texts if isinstance(text, Literal) and text.language}

    labels = vocabulary.labels(iri) or {"cs": slug or "Ostatní", "en": slug or "Other"}
    return Kind(slug, iri, labels, said(SKOS.definition), said(SKOS.scopeNote))


# Sentences ------------------------------------------------------------------------------------------

_PIECES = {
    "cs": ("přečteno „{}“", "čekáme: {}", "zkuste: {}"),
    "en": ('read "{}"', "expected: {}", "try: {}"),
}


def sentence(finding: Finding, language: str) -> str:
    """Return what is wrong, what was read, what was expected and the nearest repair, each said once."""
    said, expected = (finding.en, finding.expected_en) if language == "en" else (finding.cs, finding.expected_cs)
    read, wanted, repaired = _PIECES[language]
    pieces = [read.format(finding.value)] if finding.value and finding.value not in said else []
    # The value read may happen to contain what is meant: "asi 5" is to be 5. A Czech label stands in the
    # Czech sentence alone, but there it stands.
    told = f"{said} {finding.cs}".replace(finding.value, "") if finding.value else said
    pieces += [
        words.format(text)
        for words, text in ((wanted, expected), (repaired, finding.repair))
        if text and text not in told
    ]
    return f"{said.rstrip('.')} ({'; '.join(pieces)})." if pieces else said


def line(finding: Finding) -> str:
    """Return a finding as one line: "file:row#record:column: Czech / English"."""
    about = f"<{finding.subject}>" if finding.subject and not finding.source else ""
    where = " ".join(filter(None, (finding.where, about)))
    told = f"{sentence(finding, 'cs')} / {sentence(finding, 'en')}"
    return " ".join((f"{where}: {told}" if where else told).split())


# The terminal ---------------------------------------------------------------------------------------

_COLOURS = {Severity.VIOLATION: "31", Severity.WARNING: "33", Severity.INFO: "36"}


def table(
    findings: Iterable[Finding],
    vocabulary: Vocabulary,
    *,
    width: int | None = None,
    most: int | None = None,
    colour: bool = False,
) -> str:
    """Return the groups as text: count, severity and kind, then what was found, then what to do.

    `width` folds lines to that many columns; `most` bounds the examples of a group. Without both every
    finding is one line.
    """

    def painted(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    def folded(text: str, first: str, rest: str) -> str:
        # Whatever a file holds, a terminal must not take it for a command.
        safe = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
        if width is None:
            return first + safe
        return textwrap.fill(safe, max(width, 40), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)

    lines = []
    for group in groups(findings):
        kind = kind_of(group.kind, vocabulary)
        head = folded(
            f"{group.count}× {' / '.join(WORDS[group.severity])}: {kind.labels['cs']} / {kind.labels['en']}"
            + (f" ({group.kind})" if group.kind else ""),
            "",
            "    ",
        )
        lines.append(painted(head, f"1;{_COLOURS[group.severity]}"))
        if most is None:
            lines += [folded(line(finding), "  ", "      ") for finding in group.findings]
        else:
            shown = group.examples[:most]
            for finding, same in shown:
                times = f" ({same}×)" if same > 1 else ""
                lines.append(folded(line(finding) + times, "  ", "      "))
            if left := group.count - sum(same for _, same in shown):
                lines.append(painted(f"  … a dalších {left} / and {left} more (--all)", "2"))
        if kind.advice:
            lines.append(painted(folded(f"→ {kind.advice['cs']} / {kind.advice['en']}", "  ", "    "), "2"))
        lines.append("")
    return "\n".join(lines)


# Rows -----------------------------------------------------------------------------------------------


_FIELDS = {item.name for item in fields(Finding)}


def loaded(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """Return the findings of a report that was written down, by this or another version of lod."""
    return [Finding(**{name: value for name, value in row.items() if name in _FIELDS}) for row in rows]


def as_json(findings: Iterable[Finding]) -> str:
    """Return a JSON list of the findings, their fields as in `lod.model.Finding`, and `where`."""
    return json.dumps([{**asdict(f), "where": f.where} for f in findings], ensure_ascii=False, indent=1) + "\n"


_COLUMNS = ("severity", "kind", "file", "row", "record", "field", "value", "cs", "en")
_MORE = ("expected_cs", "expected_en", "repair", "source", "subject", "shape")


def as_csv(findings: Iterable[Finding]) -> str:
    """Return the findings as CSV (RFC 4180), one a row; no cell can run as a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow((*_COLUMNS, *_MORE))
    for finding in findings:
        cells = ("" if (value := getattr(finding, name)) is None else str(value) for name in (*_COLUMNS, *_MORE))
        writer.writerow(f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells)
    return buffer.getvalue()


# RDF ------------------------------------------------------------------------------------------------

_BAD = re.compile(r"[\s<>\"{}|\\^`]")  # in no IRI (RFC 3987)
_SEVERITIES = {Severity.VIOLATION: "Violation", Severity.WARNING: "Warning", Severity.INFO: "Info"}


def numbered(findings: Iterable[Finding], report: str) -> list[tuple[str, Finding]]:
    """Return the findings of a report with their IRIs: `report`#1 and so on, in the order given."""
    return [(f"{report}#{number}", finding) for number, finding in enumerate(findings, 1)]


def _focus(finding: Finding, report: str) -> str:
    """Return what a finding is about: the thing, else the row of its file (RFC 7111 names rows so)."""
    if finding.subject and not _BAD.search(finding.subject):
        return finding.subject
    row = f"#record={finding.record}" if finding.record else f"#row={finding.row}" if finding.row else ""
    return f"{report}/{quote(finding.file, safe='/-._~')}{row}" if finding.file else report


def triples(found: Sequence[tuple[str, Finding]], vocabulary: Vocabulary, report: str) -> list[ox.Triple]:
    """Return findings with their IRIs as the sh:ValidationReport `report`; no blank nodes.

    `sh:conforms` is false where there is any result, as SHACL says in section 3.6.1.1, though only
    violations keep a record out.
    """
    kinds = {slug: kind_of(slug, vocabulary).iri for slug in {finding.kind for _, finding in found}}
    pairs: list[tuple[str, str, ox.NamedNode | ox.Literal]] = [
        (report, f"{NAMESPACES['rdf']}type", ox.NamedNode(f"{_SH}ValidationReport")),
        (report, f"{_SH}conforms", ox.Literal(not found)),
    ]
    for iri, finding in found:
        pairs.append((report, f"{_SH}result", ox.NamedNode(iri)))
        pairs += [(iri, f"{NAMESPACES['rdf']}type", ox.NamedNode(kind)) for kind in vocabulary.classes["Finding"].types]
        # SHACL asks every result for the component that was broken; to us that is the kind of finding.
        links = {
            f"{_SH}focusNode": _focus(finding, iri.partition("#")[0]),
            f"{_SH}resultSeverity": _SH + _SEVERITIES[Severity(finding.severity)],
            f"{_SH}sourceConstraintComponent": kinds[finding.kind],
            f"{VP}findingKind": kinds[finding.kind],
            f"{_SH}sourceShape": finding.shape,
            f"{_SH}resultPath": _path(finding.shape, vocabulary),
        }
        pairs += [(iri, predicate, ox.NamedNode(link)) for predicate, link in links.items() if link]
        pairs += [(iri, predicate, literal) for predicate, literal in _literals(finding)]
    return [ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value) for subject, predicate, value in pairs]


def _literals(finding: Finding) -> Iterator[tuple[str, ox.Literal]]:
    """Yield what a result says in words and numbers."""
    for language, expected in (("cs", finding.expected_cs), ("en", finding.expected_en)):
        yield f"{_SH}resultMessage", ox.Literal(sentence(finding, language), language=language)
        if expected:
            yield f"{VP}expected", ox.Literal(expected, language=language)
    if finding.row:
        yield f"{VP}row", ox.Literal(finding.row)
    if finding.record:
        yield f"{VP}recordNumber", ox.Literal(finding.record)
    texts = {
        f"{VP}file": finding.file,
        f"{VP}column": finding.field,
        f"{VP}readValue": finding.value,
        f"{_SH}value": finding.value if finding.shape else "",
        f"{VP}repair": finding.repair,
        f"{VP}source": finding.source,
    }
    yield from ((predicate, ox.Literal(text)) for predicate, text in texts.items() if text)


def _path(shape: str, vocabulary: Vocabulary) -> str:
    """Return the predicate that a broken shape is about, "" where it is about a whole thing or several steps."""
    path = vocabulary.shapes.value(URIRef(shape), URIRef(f"{_SH}path")) if shape else None
    return str(path) if isinstance(path, URIRef) else ""
