"""The dumps of a release: every syntax, and a table a class, from one sorted stream of lines; memory stays flat.

A page of subjects becomes one gzip member of each file (RFC 1952, section 2.2: members are simply joined, as
bgzip does), so pages are written and compressed on any worker. Where a page ends depends on nothing but the
data, and a member holds neither name nor time: the same input gives the same bytes. Without named graphs N-Quads
are N-Triples.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import deflate

from . import streams
from .serialise import node
from .terms import Vocabulary
from .workers import Place, Workers, place, vocabulary_at

__all__ = ["DumpFile", "Dumped", "write"]

NAME = "projekty"
_STREAMS = ("nq", "nt", "ttl", "jsonld", "rdf")
_LINES = 10_000  # a page, or a few more; members much smaller than a megabyte compress worse
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
    page = streams.page(text.decode(), vocabulary)
    members = {"nt": member(text)}
    for extension, things in page.streams.items():
        between = streams.frame(extension, vocabulary).between
        members[extension] = member(f"{'' if is_first else between}{between.join(things)}".encode())
    tables = {name: member("".join(rows).encode()) for name, rows in page.rows.items()}
    return _Written(
        members, tables, {"triples": page.properties.total()} | _counted(page.things), _counted(page.properties)
    )


def _counted(terms: Iterable[str]) -> dict[str, int]:
    return {node(term): number for term, number in Counter(terms).items()}


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


def _pages(documents: Iterable[bytes], total: hashlib._Hash) -> Iterator[bytes]:
    """Join documents to pages, and hash them all."""
    page: list[bytes] = []
    lines = 0
    for content in documents:
        page.append(content)
        total.update(content)
        lines += content.count(b"\n")
        if lines >= _LINES:
            yield b"".join(page)
            page, lines = [], 0
    if page:
        yield b"".join(page)


def write(folder: Path, documents: Iterable[bytes], vocabulary: Vocabulary, workers: Workers) -> Dumped:
    """Write every dump of sorted distinct canonical lines, in documents of whole subjects, into a new folder."""
    folder.mkdir()
    frames = {extension: streams.frame(extension, vocabulary) for extension in _STREAMS[2:]}
    frames |= dict.fromkeys(_STREAMS[:2], streams.Frame())
    tables: dict[str, _File] = {}
    counts: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    data_sha256 = hashlib.sha256()
    with ExitStack() as stack:
        files = {extension: _File(folder / f"{NAME}.{extension}.gz", stack) for extension in _STREAMS}
        for extension, file in files.items():
            if frames[extension].head:
                file.add(member(frames[extension].head.encode()))
        pages = enumerate(_pages(documents, data_sha256))
        work = ((place(vocabulary), number == 0, text) for number, text in pages)
        for written in workers.run(_write, work):
            for extension, file in files.items():
                file.add(written.members["nt" if extension == "nq" else extension])
            for name, rows in written.tables.items():
                if name not in tables:
                    tables[name] = _File(folder / f"{name}.csv.gz", stack)
                    tables[name].add(member(streams.header(vocabulary.classes[name]).encode()))
                tables[name].add(rows)
            counts.update(written.counts)
            properties.update(written.properties)
        for extension, file in files.items():
            if frames[extension].tail:
                file.add(member(frames[extension].tail.encode()))
    made = [file.described for file in (*files.values(), *(tables[name] for name in sorted(tables)))]
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(made, key=lambda file: file.name))
    (folder / "SHA256SUMS").write_text(sums, "utf-8")
    return Dumped(made, dict(counts), dict(properties), data_sha256.hexdigest())
