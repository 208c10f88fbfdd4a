"""Records to what they say, page by page on any workers; what a former build knew of a record is taken over."""

from __future__ import annotations

import marshal
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from . import privacy, project
from .iris import Iris
from .ledger import Brought, Cleaned, Description, Findings, Flags, Kind, Ledger, key, pack, packed
from .model import Document, Entity, Finding, Project, Record, Severity, Text
from .project import Made
from .rdf import Writer, digest, document
from .sourceconfig import SourceConfig
from .terms import Vocabulary
from .workers import HERE, Place, Workers, code, place, vocabulary_at

__all__ = ["PAGE", "Collected", "described"]

PAGE = 200  # records a page
_LIBRARIES = ("pyoxigraph", "pyshacl", "rdflib", "shacl")


class _Terms(NamedTuple):
    """What a source decides about its records."""

    is_reference: bool
    rank: int
    persons: str
    contacts: str
    document: Document | None


def _document(source: SourceConfig, iris: Iris) -> Document | None:
    if source.document is None:
        return None
    about = source.document
    return Document(
        iri=iris.thing("dokumenty", about.slug),
        title=(Text(about.title_cs, "cs"), Text(about.title_en, "en")),
        web_page=about.url or None,
        modified=about.modified,
    )


def _version(vocabulary: Vocabulary) -> str:
    """Return a digest of what decides, beside the records, what becomes of them: code, shapes and vocabulary."""
    told = sha256(f"{sys.version} {code()} {vocabulary.base}".encode())
    for name in ("vocab", "shapes"):
        for path in sorted(path for path in (vocabulary.root / name).rglob("*") if path.is_file()):
            where = path.relative_to(vocabulary.root).as_posix()
            told.update(where.encode() + b"\0" + sha256(path.read_bytes()).digest())
    for library in _LIBRARIES:
        told.update(f"{library} {_installed(library)}".encode())
    return told.hexdigest()


def _installed(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


@lru_cache(maxsize=4)
def _writer(where: Place) -> Writer:
    return Writer(vocabulary_at(where))


def described(entity: Entity, where: Place) -> Description:
    """Return a thing in RDF."""
    writer = _writer(where)
    lines = writer.described(entity)
    content = document(lines)
    referred = "\n".join(sorted(writer.targets(entity)))
    return Description(packed(content), digest(content), referred, lines[0].partition(" ")[0])


_Work = tuple[Place, _Terms, list[Record]]


def _clean(work: _Work) -> list[Cleaned]:
    """Clean a page of records; runs in any process of an executor."""
    where, terms, records = work
    return [_cleaned(record, terms, where) for record in records]


def _cleaned(record: Record, terms: _Terms, where: Place) -> Cleaned:
    vocabulary = vocabulary_at(where)
    screened = privacy.screen(record, terms.persons, terms.contacts)
    flags = Flags.ANONYMISED if screened.anonymised else Flags(0)
    if screened.record is None:
        return Cleaned("", flags | Flags.DROPPED, b"", _told(screened.findings), b"", None)
    make = project.organisation if terms.is_reference else project.project
    made = make(screened.record, Iris(vocabulary.base), vocabulary, rank=terms.rank, document=terms.document)
    flags |= Flags.REFUSED if made.refused else Flags(0)
    told = _told([*screened.findings, *made.findings])
    is_described = made.project is not None and not made.refused
    return Cleaned(
        made.project.iri if made.project else "",
        flags,
        pack(Made(_NOWHERE, made.rank, made.project)),
        told,
        marshal.dumps(list(_brought(made, is_reference=terms.is_reference))),
        described(made.project, where) if made.project and is_described else None,
    )


_NOWHERE = Record("", "", {})


def _told(findings: Iterable[Finding]) -> bytes:
    told = [replace(finding, place="") for finding in findings]
    return pack(told) if told else b""


def _brought(made: Made, *, is_reference: bool) -> Iterator[Brought]:
    for mention in made.mentions:
        yield mention.iri, int(Kind.REFERENCE if is_reference else Kind.MENTION), pickle.dumps(mention, 5)
    for other in made.others:
        yield other.iri, int(Kind.PROJECT if isinstance(other, Project) else Kind.OTHER), pickle.dumps(other, 5)


class Collected:
    """What the sources hold, before anything is checked; the records are in the ledger."""

    def __init__(self, vocabulary: Vocabulary, workers: Workers = HERE, folder: Path | None = None) -> None:
        """Begin with nothing; a folder keeps for the next build what this one works out."""
        self.ledger = Ledger(folder, _version(vocabulary) if folder else "")
        self.read: Counter[str] = Counter()  # rows that were records, by source
        self.unreadable: Counter[str] = Counter()  # rows among them that could not be read
        self.replaced: Counter[str] = Counter()  # records of pages that a reviewed one stands for
        self.dropped: Counter[str] = Counter()  # rows among them about natural persons, left out
        self.anonymised: Counter[str] = Counter()  # rows whose natural person was made anonymous
        self.incomplete: dict[str, list[str]] = {}  # source -> its files that are not whole
        self._reviewed: dict[str, str] = {}  # SHA-256 of a page -> place of the record made of it
        self._where = place(vocabulary)
        self._iris = Iris(vocabulary.base)
        self._workers = workers

    @property
    def made(self) -> Iterator[Made]:
        """What became of each record of a project, in the order of reading."""
        return self.ledger.mades(of_references=False)

    @property
    def references(self) -> Iterator[Made]:
        """What became of each record of a reference list."""
        return self.ledger.mades(of_references=True)

    @property
    def findings(self) -> Findings:
        """What was found so far."""
        return Findings(self.ledger)

    def add(
        self,
        source: SourceConfig,
        records: Iterable[Record | Finding],
        heard: Callable[[int], object] = lambda _: None,
    ) -> None:
        """Add what a source holds; `heard` gets the number of records so far."""
        is_reference = source.yields == "organisations"
        terms = _Terms(is_reference, source.rank, source.persons, source.contacts, _document(source, self._iris))
        salt = pickle.dumps((source.name, terms), 5)
        good = self._readable(source, records)

        def pages() -> Iterator[tuple[list[tuple[Record, bytes, tuple[int, Cleaned] | None]], _Work]]:
            while page := list(islice(good, PAGE)):
                keys = [key(salt, pickle.dumps((record.values, record.labels), 5)) for record in page]
                known = [self.ledger.cleaned(each) for each in keys]
                rest = [record for record, found in zip(page, known, strict=True) if found is None]
                yield list(zip(page, keys, known, strict=True)), (self._where, terms, rest)

        for page, fresh in self._workers.beside(_clean, pages()):
            made = iter(fresh)
            for record, of, known in page:
                number, cleaned = known or self._keep(of, next(made))
                self.dropped[source.name] += Flags.DROPPED in cleaned.flags
                self.anonymised[source.name] += Flags.ANONYMISED in cleaned.flags
                self.ledger.say(record, source.rank, number, cleaned, is_reference=is_reference)
            self.ledger.commit()
            heard(self.read[source.name])

    def _keep(self, of: bytes, cleaned: Cleaned) -> tuple[int, Cleaned]:
        return self.ledger.keep(of, cleaned), cleaned

    def _readable(self, source: SourceConfig, records: Iterable[Record | Finding]) -> Iterator[Record]:
        """Yield the records that can be read and count; note what is told of the others."""
        unreadable: set[str] = set()
        for record in records:
            if isinstance(record, Finding):
                self.ledger.tell([record])
                if record.kind == "file-incomplete":
                    self.incomplete.setdefault(source.name, []).append(record.file)
                # A row that cannot be read is a row all the same, whatever it suffers from; a file has none.
                is_row = record.severity is Severity.VIOLATION and (record.row or record.record)
                if is_row and record.place not in unreadable:
                    unreadable.add(record.place)
                    self.read[source.name] += 1
                    self.unreadable[source.name] += 1
                continue
            self.read[source.name] += 1
            if not self._is_reviewed(source, record):
                yield record

    def _is_reviewed(self, source: SourceConfig, record: Record) -> bool:
        """Whether a more trusted source has a record of the same page, beside which the page tells nothing."""
        documents = record.values.get("document") or ()
        pages = {str(part.get("sha256") or "") for part in documents if isinstance(part, Mapping)}
        for page in pages - {""}:
            if source.kind != "pages":
                self._reviewed.setdefault(page, record.place)
            elif by := self._reviewed.get(page):
                self.replaced[source.name] += 1
                finding = Finding(
                    severity=Severity.INFO,
                    place=record.place,
                    field="",
                    cs=f"stránka je už zkontrolovaná, platí záznam {by}",
                    en=f"the page has been reviewed, the record {by} holds",
                    kind="page-reviewed",
                    source=source.name,
                )
                self.ledger.tell([finding])
                return True
        return False
