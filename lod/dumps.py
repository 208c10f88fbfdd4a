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
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from .rdf import subject, terms_of
from .serialise import RDF_TYPE, Frame, Grouped, frame, grouped, node, page, parts, unquoted
from .terms import ClassTerms, Vocabulary
from .workers import Place, Workers, place, vocabulary_at

__all__ = ["DumpFile", "Dumped", "write"]

NAME = "projekty"
_STREAMS = ("nq", "nt", "ttl", "jsonld", "rdf")
_SUBJECTS = 1000  # a page; members much smaller than a megabyte compress worse
_LEVEL = 6  # of zlib; 9 takes three times as long for 2 % less
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # RFC 1952, section 2.3: no name, no time, any system


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
    """The dumps, the number of triples and of things by class IRI, and the SHA-256 of the N-Quads inside."""

    files: list[DumpFile]
    counts: dict[str, int]
    data_sha256: str


def member(content: bytes) -> bytes:
    """Return content as one gzip member that no clock, name or version of Python can change."""
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = compressor.compress(content) + compressor.flush()
    return b"".join(
        (_HEADER, body, zlib.crc32(content).to_bytes(4, "little"), (len(content) % 2**32).to_bytes(4, "little"))
    )


@dataclass(frozen=True, slots=True)
class _Written:
    """What a worker made of a page: one member of each stream and table, and what it counted."""

    members: Mapping[str, bytes]  # extension -> member
    tables: Mapping[str, bytes]  # name of a class -> member
    counts: Mapping[str, int]


def _write(work: tuple[Place, bool, bytes]) -> _Written:
    """Write one page; every page but the first one begins with what stands between two."""
    where, is_first, text = work
    vocabulary = vocabulary_at(where)
    triples = [terms_of(line) for line in text.decode().split("\n")[:-1]]
    subjects = list(grouped(triples))
    members = {"nt": member(text)}
    for extension in _STREAMS[2:]:
        between = "" if is_first else frame(extension, vocabulary).between
        members[extension] = member(f"{between}{page(triples, subjects, extension, vocabulary)}".encode())
    counts = Counter(node(term) for _, predicate, term in triples if predicate == RDF_TYPE)
    tables = {name: member(_csv(rows)) for name, rows in _rows(subjects, vocabulary).items()}
    return _Written(members, tables, {"triples": len(triples), **counts})


# Tables --------------------------------------------------------------------------------------------

_LANGUAGES = ("cs", "en")  # sh:languageIn of every text in the shapes


@lru_cache(maxsize=256)
def _columns(terms: ClassTerms) -> dict[tuple[str, str], str]:
    """Return predicate and language ("" of what is no text) -> column."""
    found: dict[tuple[str, str], str] = {}
    for term in terms.fields:
        for language in _LANGUAGES if term.kind == "text" else ("",):
            column = f"{term.name}_{language}" if language else term.name
            found.setdefault((f"<{term.predicate}>", language), column)
    return found


def _rows(subjects: Iterable[Grouped], vocabulary: Vocabulary) -> dict[str, list[list[str]]]:
    """Return the rows of each class; a thing stands in the table of its most special class."""
    found: dict[str, list[list[str]]] = {}
    table = lru_cache(maxsize=None)(lambda types: _table(types, vocabulary))
    for thing, predicates in subjects:
        first, types = predicates[0]
        name, columns = table(tuple(types)) if first == RDF_TYPE else ("", {})
        if not name:
            continue
        cells: dict[str, list[str]] = {}
        for predicate, objects in predicates:
            for term in objects:
                text, language, _ = parts(term) if term[0] == '"' else (term, "", "")
                if column := columns.get((predicate, language)):
                    cells.setdefault(column, []).append(_cell(unquoted(text) if text[0] == '"' else node(text)))
        row = [node(thing), *("|".join(cells.get(column, ())) for column in columns.values())]
        found.setdefault(name, []).append(row)
    return found


def _table(types: Iterable[str], vocabulary: Vocabulary) -> tuple[str, dict[tuple[str, str], str]]:
    """Return the name and the columns of the most special class among types, "" and none where we know none."""
    known = [terms for kind in types if (terms := vocabulary.by_iri.get(node(kind)))]
    if not known:
        return "", {}
    terms = max(known, key=lambda terms: (len(terms.types), terms.name))
    return terms.name, _columns(terms)


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
        page: list[str] = []
        for number, (_, own) in enumerate(groupby(self.lines, key=subject), 1):
            page += own
            if number % _SUBJECTS == 0:
                yield self._text(page)
                page = []
        if page:
            yield self._text(page)

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
                    tables[name].add(member(_csv([["iri", *_columns(vocabulary.classes[name]).values()]])))
                tables[name].add(rows)
            counts.update(written.counts)
        for extension, file in streams.items():
            if frames[extension].tail:
                file.add(member(frames[extension].tail.encode()))
    files = [file.described for file in (*streams.values(), *(tables[name] for name in sorted(tables)))]
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(files, key=lambda file: file.name))
    (folder / "SHA256SUMS").write_text(sums, "utf-8")
    return Dumped(files, dict(counts), reader.sha256.hexdigest())
