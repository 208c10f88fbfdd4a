r"""The dumps of a release: every syntax, and a table a class, from one sorted stream of lines; memory stays flat.

A page of subjects becomes one gzip member of each file (RFC 1952, section 2.2: members are simply joined, as
bgzip does), so pages are written and compressed on any worker. Where a page ends depends on nothing but the
data, and a member holds neither name nor time: the same input gives the same bytes.

Without named graphs N-Quads are N-Triples. A table has a column a field of its class, `_cs` and `_en` where the
field is a text; several values of one cell are divided by `|`, and a `|` or `\` in a value has a `\` before it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path

import deflate

from .rdf import subject
from .serialise import RDF_TYPE, Frame, by_subject, frame, node, parts, unquoted, writer
from .terms import ClassTerms, Vocabulary
from .workers import Place, Workers, place, vocabulary_at

__all__ = ["DumpFile", "Dumped", "write"]

NAME = "projekty"
_STREAMS = ("nq", "nt", "ttl", "jsonld", "rdf")
_LINES = 10_000  # a page, and the rest of its last subject; members much smaller than a megabyte compress worse
_LEVEL = 6  # of libdeflate: half the time of zlib's 6 for 5 % more


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One dump of a release."""

    name: str  # "projekty.ttl.gz", "Project.csv.gz"
    size: int
    sha256: str

    @property
    def extension(self) -> str:
        """The syntax inside: "ttl"."""
        return self.name.split(".")[1]


@dataclass(frozen=True, slots=True)
class Dumped:
    """The dumps, numbers of triples, of things by class and of triples by property, and the hash of the N-Quads."""

    files: list[DumpFile]
    counts: dict[str, int]
    properties: dict[str, int]
    data_sha256: str


def member(content: bytes) -> bytes:
    """Return content as one gzip member (RFC 1952) without a name or a time.

    libdeflate comes with the package, so a system with another zlib writes the same bytes.
    """
    return bytes(deflate.gzip_compress(content, _LEVEL))


@dataclass(frozen=True, slots=True)
class _Written:
    """What a worker made of a page: one member of each stream and table, and what it counted."""

    members: Mapping[str, bytes]  # extension -> member
    tables: Mapping[str, bytes]  # name of a class -> member
    counts: Mapping[str, int]
    properties: Mapping[str, int]


def _write(work: tuple[Place, bool, bytes]) -> _Written:
    """Write one page; every page but the first one begins with what stands between two."""
    where, is_first, text = work
    vocabulary = vocabulary_at(where)
    lines = text.decode().split("\n")[:-1]
    writers = {extension: writer(extension, vocabulary) for extension in _STREAMS[2:]}
    written: dict[str, list[str]] = {extension: [] for extension in writers}
    tables = _Tables(vocabulary)
    counts, properties = Counter(triples=len(lines)), Counter[str]()
    for thing, predicates in by_subject(lines):
        for extension, write in writers.items():
            written[extension].append(write(thing, predicates))
        tables.add(thing, predicates)
        for kind in predicates.get(RDF_TYPE, ()):
            counts[node(kind)] += 1
        for predicate, objects in predicates.items():
            properties[predicate] += len(objects)
    members = {"nt": member(text)}
    for extension, things in written.items():
        between = frame(extension, vocabulary).between
        members[extension] = member(f"{'' if is_first else between}{between.join(things)}".encode())
    rows = {name: member(_csv(rows)) for name, rows in tables.rows.items()}
    return _Written(members, rows, counts, {node(predicate): number for predicate, number in properties.items()})


# Tables --------------------------------------------------------------------------------------------

_LANGUAGES = ("cs", "en")  # sh:languageIn of every text in the shapes


@dataclass(frozen=True, slots=True)
class _Table:
    """The table of a class: its columns, and which one takes the values of a predicate in a language."""

    name: str
    columns: tuple[str, ...]
    places: Mapping[str, Mapping[str, int]]  # predicate -> language ("" of what is no text) -> number of the column


@lru_cache(maxsize=256)
def _table_of(terms: ClassTerms) -> _Table:
    columns: list[str] = []
    places: dict[str, dict[str, int]] = {}
    for term in terms.fields:
        by_language = places.setdefault(f"<{term.predicate}>", {})
        for language in _LANGUAGES if term.kind == "text" else ("",):
            if language not in by_language:
                by_language[language] = len(columns)
                columns.append(f"{term.name}_{language}" if language else term.name)
    return _Table(terms.name, tuple(columns), places)


class _Tables:
    """The rows of each class; a thing stands in the table of its most special class."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.rows: dict[str, list[list[str]]] = {}
        self._known = vocabulary.by_iri
        self._of = lru_cache(maxsize=None)(self._table)

    def _table(self, types: Iterable[str]) -> _Table | None:
        """Return the table of the most special class among types, None where we know none."""
        known = [terms for kind in types if (terms := self._known.get(node(kind)))]
        return _table_of(max(known, key=lambda terms: (len(terms.types), terms.name))) if known else None

    def add(self, thing: str, predicates: Mapping[str, list[str]]) -> None:
        """Add the row of a thing, where it has a table."""
        table = self._of(tuple(predicates.get(RDF_TYPE, ())))
        if table is None:
            return
        row = [""] * (len(table.columns) + 1)
        row[0] = node(thing)
        for predicate, objects in predicates.items():
            if by_language := table.places.get(predicate):
                for term in objects:
                    language, cell = _ended(term) if term[-1] == ">" else _text(term)
                    if at := by_language.get(language, -1) + 1:
                        row[at] = f"{row[at]}|{cell}" if row[at] else cell
        self.rows.setdefault(table.name, []).append(row)


@lru_cache(maxsize=65536)
def _ended(term: str) -> tuple[str, str]:
    """Return no language and the cell of an IRI, or of a literal with a datatype."""
    return "", _cell(node(term) if term[0] == "<" else unquoted(parts(term)[0]))


def _text(term: str) -> tuple[str, str]:
    """Return language and cell of a text."""
    text, language, _ = parts(term)
    return language, _cell(unquoted(text))


def _cell(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as CSV (RFC 4180)."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


# Files ---------------------------------------------------------------------------------------------


class _File:
    """A file that is written front to back and hashed on the way; `stack` closes it."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._name = path.name
        self._file = stack.enter_context(path.open("wb"))
        self._sha256 = hashlib.sha256()
        self._size = 0

    def add(self, content: bytes) -> None:
        self._file.write(content)
        self._sha256.update(content)
        self._size += len(content)

    @property
    def described(self) -> DumpFile:
        return DumpFile(self._name, self._size, self._sha256.hexdigest())


@dataclass(slots=True)
class _Reader:
    """Divides sorted lines into pages of whole subjects, and hashes them all."""

    lines: Iterable[str]
    sha256: hashlib._Hash = field(default_factory=hashlib.sha256)

    def pages(self) -> Iterator[bytes]:
        lines = iter(self.lines)
        page = list(islice(lines, _LINES))
        while page:
            last, following = subject(page[-1]), list[str]()
            for line in lines:
                if subject(line) != last:
                    following.append(line)
                    break
                page.append(line)
            yield self._text(page)
            page = [*following, *islice(lines, _LINES - 1)]

    def _text(self, page: list[str]) -> bytes:
        text = "".join(f"{line}\n" for line in page).encode()
        self.sha256.update(text)
        return text


def write(folder: Path, lines: Iterable[str], vocabulary: Vocabulary, workers: Workers) -> Dumped:
    """Write every dump of the sorted distinct canonical lines into a new folder, with their SHA256SUMS."""
    folder.mkdir()
    frames = {extension: frame(extension, vocabulary) for extension in _STREAMS[2:]}
    frames |= dict.fromkeys(_STREAMS[:2], Frame())
    tables: dict[str, _File] = {}
    counts: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    reader = _Reader(lines)
    with ExitStack() as stack:
        streams = {extension: _File(folder / f"{NAME}.{extension}.gz", stack) for extension in _STREAMS}
        for extension, file in streams.items():
            if frames[extension].head:
                file.add(member(frames[extension].head.encode()))
        work = ((place(vocabulary), number == 0, text) for number, text in enumerate(reader.pages()))
        for written in workers.run(_write, work):
            for extension, file in streams.items():
                file.add(written.members["nt" if extension == "nq" else extension])
            for name, rows in written.tables.items():
                if name not in tables:
                    tables[name] = _File(folder / f"{name}.csv.gz", stack)
                    tables[name].add(member(_csv([["iri", *_table_of(vocabulary.classes[name]).columns]])))
                tables[name].add(rows)
            counts.update(written.counts)
            properties.update(written.properties)
        for extension, file in streams.items():
            if frames[extension].tail:
                file.add(member(frames[extension].tail.encode()))
    files = [file.described for file in (*streams.values(), *(tables[name] for name in sorted(tables)))]
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(files, key=lambda file: file.name))
    (folder / "SHA256SUMS").write_text(sums, "utf-8")
    return Dumped(files, dict(counts), dict(properties), reader.sha256.hexdigest())
