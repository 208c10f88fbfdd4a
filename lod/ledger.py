"""What a build knows, on disk: memory stays flat, and what a former build has worked out is not worked out again.

Two SQLite databases. One belongs to the build: its file has no name, so it is gone with the process, however
that ends. The other is kept between builds: what each record was cleaned to, and what the shapes found in each
thing, by a digest of all that it depends on. So no entry of it can be wrong, and losing it costs time alone.
"""

from __future__ import annotations

import json
import marshal
import pickle
import sqlite3
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from enum import IntEnum, IntFlag
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, overload

import lz4.block

from .errors import LedgerError
from .model import Finding, Record, Severity, placed_in
from .project import Made

__all__ = [
    "Brought",
    "Cleaned",
    "Described",
    "Description",
    "Findings",
    "Flags",
    "Kind",
    "Ledger",
    "Member",
    "Role",
    "Settled",
    "State",
    "Thing",
    "key",
    "lines_of",
    "pack",
    "packed",
    "remade",
    "unpack",
]

_NAME, _SCRATCH = ".ledger.sqlite", ".building.sqlite"
_STEP = 500  # rows in memory at once

_KEPT = """
CREATE TABLE IF NOT EXISTS kept.made_by(version TEXT);
CREATE TABLE IF NOT EXISTS kept.cleaned(
    id INTEGER PRIMARY KEY, key BLOB UNIQUE, project TEXT, flags INTEGER, made BLOB, told BLOB, brought BLOB,
    lines BLOB, digest TEXT, targets TEXT, first TEXT);
CREATE TABLE IF NOT EXISTS kept.judged(key BLOB PRIMARY KEY, found BLOB) WITHOUT ROWID;
"""
_OWN = """
CREATE TABLE label(id INTEGER PRIMARY KEY, value BLOB UNIQUE);
CREATE TABLE said(
    id INTEGER PRIMARY KEY, cleaned INTEGER, flags INTEGER, is_reference INTEGER, project TEXT, rank INTEGER,
    source TEXT, file TEXT, row INTEGER, record INTEGER, place TEXT, label INTEGER, state INTEGER DEFAULT 0);
CREATE INDEX said_of ON said(project, rank, source, file, row, record, id) WHERE project IS NOT NULL;
CREATE TABLE brought(
    iri TEXT, kind INTEGER, value BLOB, number INTEGER, first INTEGER, PRIMARY KEY (iri, kind, value)) WITHOUT ROWID;
CREATE TABLE joined(iri TEXT PRIMARY KEY, origins BLOB, found BLOB) WITHOUT ROWID;
CREATE TABLE thing(
    id INTEGER PRIMARY KEY, iri TEXT, role INTEGER, kind TEXT, cleaned INTEGER, first TEXT, is_out INTEGER DEFAULT 1,
    is_bad INTEGER DEFAULT 0, refers BLOB, found BLOB, lines BLOB, digest TEXT, targets TEXT, UNIQUE (iri, role));
CREATE INDEX thing_first ON thing(first, id);
CREATE TABLE asked(key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE finding(
    file TEXT, row INTEGER, record INTEGER, field TEXT, severity TEXT, cs TEXT, value TEXT, text TEXT, kind TEXT,
    PRIMARY KEY (file, row, record, field, severity, cs, value, text)) WITHOUT ROWID;
"""
_THING = (
    "SELECT thing.id, iri, role, kind, coalesce(thing.lines, cleaned.lines), coalesce(thing.digest, cleaned.digest),"
    " coalesce(thing.targets, cleaned.targets), thing.first"
    " FROM thing LEFT JOIN kept.cleaned ON cleaned.id = thing.cleaned "
)
_ORDER = "file, row, record, field, severity, cs, value, text"


class Flags(IntFlag):
    """What became of one record."""

    REFUSED = 1
    DROPPED = 2  # it is about a natural person
    ANONYMISED = 4


class Kind(IntEnum):
    """What a record brings along."""

    MENTION = 0  # of an organisation
    REFERENCE = 1  # a mention in a reference list
    OTHER = 2
    PROJECT = 3  # another one, as the record speaks of it


class Role(IntEnum):
    """What a thing is to the projects."""

    SUPPORTING = 0
    PROJECT = 1  # from records of its own, or only mentioned
    MENTIONED = 2  # as others speak of a project that has records of its own


class State(IntEnum):
    """What a good record is to its project."""

    FIRST = 0
    JOINED = 1
    OUT = 2


class Description(NamedTuple):
    """A thing in RDF."""

    lines: bytes  # packed: a document of N-Triples, its lines sorted and distinct
    digest: str
    targets: str  # IRIs that the lines refer to outside the thing, a line each
    first: str  # the least subject, as lines begin with it


# Something that a record brings along: its IRI, its `Kind`, and itself, pickled. Plain values, as there are so many.
Brought = tuple[str, int, bytes]


class Cleaned(NamedTuple):
    """What a record was cleaned to, whatever its place."""

    project: str  # its IRI, "" where there is none
    flags: Flags
    made: bytes  # packed: `Made` without its record and findings, and without what it brings along
    told: bytes  # packed: its findings, without their places
    brought: bytes  # marshalled: list of `Brought`
    description: Description | None  # of the project


class Member(NamedTuple):
    """A good record of a project."""

    id: int
    cleaned: int
    rank: int
    source: str
    place: str
    label: int


class Thing(NamedTuple):
    """A thing as it is described."""

    id: int
    iri: str
    role: Role
    kind: str  # its class in `lod.model`
    description: Description


class Settled(NamedTuple):
    """What the shapes find in a thing."""

    thing: int
    of: bytes  # key of the verdict
    refers: Sequence[int]  # numbers of the things it refers to
    found: Sequence[Finding]
    is_bad: bool


def packed(content: bytes) -> bytes:
    """Return compressed bytes; LZ4 takes an eighth of the time of zlib's level 1 for a third more."""
    made: bytes = lz4.block.compress(content)
    return made


def unpacked(content: bytes) -> bytes:
    """Return what was packed."""
    made: bytes = lz4.block.decompress(content)
    return made


def lines_of(content: bytes) -> list[str]:
    """Return the lines of a packed document."""
    return unpacked(content).decode().split("\n")[:-1]


def pack(value: object) -> bytes:
    """Return a value as compressed bytes."""
    return packed(pickle.dumps(value, 5))


def unpack(content: bytes) -> Any:
    """Return the value of `pack`."""
    return pickle.loads(unpacked(content))  # noqa: S301 - our own file, or a worker's


def remade(made: bytes, brought: bytes) -> Made:
    """Return what a record was cleaned to, but for the record, its findings and other things that it brings along."""
    found: Made = unpack(made)
    mentions = (Kind.MENTION, Kind.REFERENCE)
    found.mentions = [pickle.loads(one) for _, kind, one in marshal.loads(brought) if kind in mentions]  # noqa: S301, S302
    return found


def key(*parts: bytes) -> bytes:
    """Return a digest of parts; 128 bits, so that two inputs of one key are never seen."""
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8))
        found.update(part)
    return found.digest()


class Ledger:
    """The tables; every method raises `LedgerError` when the disk is full or a file damaged."""

    def __init__(self, folder: Path | None = None, version: str = "") -> None:
        """Open the ledger of a folder, new where its version is another; without a folder nothing is kept."""
        self._folder = folder
        try:
            self._open(version)
        except sqlite3.Error:  # damaged: it is worth nothing but time
            self._forget()
            try:
                self._open(version)
            except sqlite3.Error as error:
                raise self._failed(error) from error

    def _open(self, version: str) -> None:
        own, kept = (str(self._folder / name) for name in (_SCRATCH, _NAME)) if self._folder else ("", "")
        if own:  # of a build that was killed before it took the name away
            Path(own).unlink(missing_ok=True)
        self._connection = sqlite3.connect(own, isolation_level=None, check_same_thread=False)
        run = self._connection.executescript
        run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536")
        self._connection.execute("ATTACH ? AS kept", (kept,))
        run("PRAGMA kept.synchronous=NORMAL; PRAGMA kept.cache_size=-65536")
        run(_OWN + _KEPT)
        if own:
            Path(own).unlink()
        if self._connection.execute("SELECT version FROM kept.made_by").fetchall() != [(version,)]:
            run("DELETE FROM kept.cleaned; DELETE FROM kept.judged; DELETE FROM kept.made_by")
            self._connection.execute("INSERT INTO kept.made_by VALUES (?)", (version,))
        self._connection.execute("BEGIN")
        self._labels: dict[int, Mapping[str, str]] = {}
        self._last_label = b"", 0
        self._committed = time.monotonic()

    def close(self) -> None:
        """Let go of the files."""
        if hasattr(self, "_connection"):
            self._connection.close()

    __del__ = close

    def _forget(self) -> None:
        self.close()
        if self._folder:
            for name in (_NAME, f"{_NAME}-journal"):
                (self._folder / name).unlink(missing_ok=True)

    def _failed(self, error: sqlite3.Error) -> LedgerError:
        self._forget()
        return LedgerError(f"rozpracovaná data nelze zapsat nebo číst / work cannot be written or read ({error})")

    def _all(self, sql: str, *values: object) -> list[Any]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        try:
            self._connection.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _id(self, sql: str, *values: object) -> int:
        try:
            return self._connection.execute(sql, values).lastrowid or 0
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _paged(self, sql: str, start: tuple[object, ...], columns: int) -> Iterator[Any]:
        """Yield the rows of a query that begins after the values of its first or last columns, step by step."""
        while rows := self._all(f"{sql} LIMIT {_STEP}", *start):
            yield from rows
            start = rows[-1][:columns] if columns > 0 else rows[-1][columns:]

    def commit(self) -> None:
        """Let what is kept be found by the next build, whatever comes of this one; once a second is enough."""
        if time.monotonic() - self._committed >= 1:
            self._commit()

    def _commit(self) -> None:
        self._all("COMMIT")
        self._all("BEGIN")
        self._committed = time.monotonic()

    def let_go(self) -> None:
        """Leave what is kept to the next build; the findings can still be read."""
        self._all("COMMIT")
        self._all("DETACH kept")

    def purge(self) -> None:
        """Forget whatever this build did not need."""
        self._all("DELETE FROM kept.cleaned WHERE id NOT IN (SELECT cleaned FROM said)")
        self._all("DELETE FROM kept.judged WHERE key NOT IN (SELECT key FROM asked)")
        self._commit()

    # Records ---------------------------------------------------------------------------------------

    def cleaned(self, of: bytes) -> tuple[int, Cleaned] | None:
        """Return what is kept of a record, and its number; only the parts that every build needs."""
        found = self._all("SELECT id, project, flags, told, brought FROM kept.cleaned WHERE key = ?", of)
        if not found:
            return None
        number, project, flags, told, brought = found[0]
        return number, Cleaned(project, Flags(flags), b"", told, brought, None)

    def keep(self, of: bytes, made: Cleaned) -> int:
        """Keep what a record was cleaned to; return its number."""
        found = self._all(
            "INSERT INTO kept.cleaned(key, project, flags, made, told, brought, lines, digest, targets, first)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET flags = excluded.flags RETURNING id",
            of,
            *made[:-1],
            *(made.description or (None,) * 4),
        )
        return int(found[0][0])

    def say(self, record: Record, rank: int, number: int, made: Cleaned, *, is_reference: bool) -> None:
        """Note that a record was read, and what was found while it was cleaned."""
        if made.told:
            self.tell(replace(finding, place=record.place) for finding in unpack(made.told))
        is_good = not made.flags & (Flags.REFUSED | Flags.DROPPED)
        said = self._id(
            "INSERT INTO said(cleaned, flags, is_reference, project, rank, source, file, row, record, place, label)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            number,
            made.flags,
            is_reference,
            made.project if is_good and made.project else None,
            rank,
            record.source,
            *placed_in(record.place),
            record.place,
            self._label_number(record.labels),
        )
        # What a record of a project brings along counts when the records of a project have been joined.
        if is_reference and not made.flags & Flags.DROPPED:
            self._bring([(None, made.brought)])
        elif is_good and not made.project:
            self._bring([(said, made.brought)])

    def _label_number(self, labels: Mapping[str, str]) -> int:
        value = pickle.dumps(dict(labels), 5)
        if value != self._last_label[0]:  # records of one file have the same
            found = self._all("SELECT id FROM label WHERE value = ?", value)
            self._last_label = value, found[0][0] if found else self._id("INSERT INTO label(value) VALUES (?)", value)
        return self._last_label[1]

    def _label(self, number: int) -> Mapping[str, str]:
        if number not in self._labels:
            if len(self._labels) > _STEP:
                self._labels.clear()
            content = self._all("SELECT value FROM label WHERE id = ?", number)[0][0]
            self._labels[number] = pickle.loads(content)  # noqa: S301 - our own
        return self._labels[number]

    def record(self, member: Member) -> Record:
        """Return a record without its values."""
        return Record(member.source, member.place, {}, self._label(member.label))

    def mades(self, *, of_references: bool) -> Iterator[Made]:
        """Yield what became of each record, in the order of reading; without the values of the record."""
        rows = self._paged(
            "SELECT said.id, cleaned, rank, source, place, label, made, brought, told FROM said JOIN kept.cleaned"
            f" ON cleaned.id = said.cleaned WHERE is_reference = {of_references:d}"
            f" AND NOT said.flags & {Flags.DROPPED:d} AND said.id > ? ORDER BY said.id",
            (0,),
            1,
        )
        for *member, content, brought, told in rows:
            made = remade(content, brought)
            made.record = self.record(Member(*member))
            made.findings = [replace(finding, place=made.record.place) for finding in unpack(told)] if told else []
            yield made

    def read(self, *, of_references: bool) -> int:
        """Return how many records there are."""
        where = f"is_reference = {of_references:d} AND NOT flags & {Flags.DROPPED:d}"
        return int(self._all(f"SELECT count(*) FROM said WHERE {where}")[0][0])

    def alone(self) -> None:
        """Note the projects of one record, which are what it was cleaned to, and what these bring along."""
        single = "SELECT min(id) FROM said WHERE project IS NOT NULL GROUP BY project HAVING count(*) = 1"
        self._all(
            "INSERT INTO thing(iri, role, kind, cleaned, first)"
            f" SELECT said.project, {Role.PROJECT:d}, 'Project', cleaned, first"
            " FROM said JOIN kept.cleaned ON cleaned.id = said.cleaned"
            f" WHERE said.id IN ({single}) ORDER BY said.project"
        )
        rows = self._paged(
            "SELECT thing.id, said.id, brought FROM thing JOIN said ON said.project = thing.iri"
            " JOIN kept.cleaned ON cleaned.id = thing.cleaned WHERE thing.id > ? ORDER BY thing.id",
            (0,),
            1,
        )
        while page := list(islice(rows, _STEP)):
            self._bring((said, brought) for _, said, brought in page)

    def together(self) -> Iterator[tuple[str, list[Member]]]:
        """Yield each other project with its good records, the most trusted first."""
        iri, members = "", list[Member]()
        for row in self._paged(
            "SELECT id, cleaned, rank, source, place, label, project, rank, source, file, row, record, id FROM said"
            " WHERE project IS NOT NULL AND (project, rank, source, file, row, record, id) > (?, ?, ?, ?, ?, ?, ?)"
            f" AND NOT EXISTS (SELECT 1 FROM thing WHERE iri = project AND role = {Role.PROJECT:d})"
            " ORDER BY project, rank, source, file, row, record, id",
            ("", 0, "", "", 0, 0, 0),
            -7,
        ):
            if row[6] != iri and members:
                yield iri, members
                members = []
            iri = row[6]
            members.append(Member(*row[:6]))
        if members:
            yield iri, members

    def members(self, iri: str) -> list[Member]:
        """Return the good records of a project that stay, the most trusted first."""
        return [
            Member(*row)
            for row in self._all(
                "SELECT id, cleaned, rank, source, place, label FROM said WHERE project = ?"
                f" AND state != {State.OUT:d} ORDER BY rank, source, file, row, record, id",
                iri,
            )
        ]

    def made(self, members: Iterable[Member]) -> list[tuple[bytes, bytes]]:
        """Return what records were cleaned to, for `remade`."""
        return [self._all("SELECT made, brought FROM kept.cleaned WHERE id = ?", one.cleaned)[0] for one in members]

    def state(self, members: Iterable[Member], state: State) -> None:
        """Note what records are to their project."""
        self._many(f"UPDATE said SET state = {state:d} WHERE id = ?", ((member.id,) for member in members))

    def join(self, iri: str, origins: Mapping[str, int], found: Sequence[Finding]) -> None:
        """Note which record of a project stated a column where it was not the first, and what joining them found."""
        self._all("INSERT OR REPLACE INTO joined VALUES (?, ?, ?)", iri, pickle.dumps(dict(origins), 5), pack(found))

    def speaker(self, iri: str, column: str) -> Record | None:
        """Return the record that states a column of a project, None where it has no record of its own."""
        members = self.members(iri)
        found = self._all("SELECT origins FROM joined WHERE iri = ?", iri) if len(members) > 1 else []
        stated = pickle.loads(found[0][0]).get(column) if found else None  # noqa: S301 - our own
        return next((self.record(one) for one in members if stated in {one.id, None}), None)

    def tell_joined(self) -> None:
        """Note what joining the records of projects found."""
        for _, found in self._paged("SELECT iri, found FROM joined WHERE iri > ? ORDER BY iri", ("",), 1):
            self.tell(unpack(found))

    def out(self) -> Iterator[tuple[str, str]]:
        """Yield the place and the source of each record that stays out."""
        yield from self._all(
            f"SELECT place, source FROM said WHERE NOT is_reference AND NOT flags & {Flags.DROPPED:d}"
            f" AND (flags & {Flags.REFUSED:d} OR state = {State.OUT:d}) ORDER BY id"
        )

    def joined(self) -> Iterator[tuple[str, int]]:
        """Yield each source, and how many of its records joined a more trusted one."""
        yield from self._all(f"SELECT source, count(*) FROM said WHERE state = {State.JOINED:d} GROUP BY source")

    # What they bring along -------------------------------------------------------------------------

    def bring(self, member: Member) -> None:
        """Note what a record of a project brings along."""
        found = self._all("SELECT brought FROM kept.cleaned WHERE id = ?", member.cleaned)
        self._bring([(member.id, found[0][0])])

    def _bring(self, records: Iterable[tuple[int | None, bytes]]) -> None:
        self._many(
            "INSERT INTO brought VALUES (?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET number = number + 1,"
            " first = coalesce(min(first, excluded.first), first, excluded.first)",
            ((*item, said) for said, brought in records for item in marshal.loads(brought)),  # noqa: S302 - our own
        )

    def gathered(self) -> Iterator[tuple[str, list[tuple[Kind, bytes, int]]]]:
        """Yield each thing that records bring along, with all that they say of it and how often, by IRI.

        What only reference lists say of an organisation is left out.
        """
        iri, said = "", list[tuple[Kind, bytes, int]]()
        for row in self._paged(
            "SELECT iri, kind, value, number FROM brought WHERE (iri, kind, value) > (?, ?, ?)"
            " ORDER BY iri, kind, value",
            ("", 0, b""),
            3,
        ):
            if row[0] != iri:
                if said:
                    yield iri, said
                iri, said = row[0], []
            if row[1] != Kind.REFERENCE or (said and said[0][0] is Kind.MENTION):
                said.append((Kind(row[1]), row[2], row[3]))
        if said:
            yield iri, said

    def is_listed(self, iri: str) -> bool:
        """Whether a reference list has an organisation."""
        return bool(self._all(f"SELECT 1 FROM brought WHERE iri = ? AND kind = {Kind.REFERENCE:d}", iri))

    def first_said(self, iris: Sequence[str]) -> str:
        """Return the place of the record that first brought one of these things along, "" where none did."""
        found = self._all(
            f"SELECT place FROM said WHERE id = (SELECT min(first) FROM brought WHERE iri IN ({_marks(iris)}))", *iris
        )
        return str(found[0][0]) if found else ""

    # Things ----------------------------------------------------------------------------------------

    def describe(self, iri: str, role: Role, kind: str, description: Description) -> None:
        """Note a thing, or describe it anew."""
        self._all(
            "INSERT INTO thing(iri, role, kind, lines, digest, targets, first) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET cleaned = NULL, is_bad = 0, found = NULL, refers = NULL,"
            " lines = excluded.lines, digest = excluded.digest, targets = excluded.targets, first = excluded.first",
            iri,
            role,
            kind,
            *description,
        )

    def has(self, iri: str, role: Role) -> bool:
        """Whether there is such a thing."""
        return bool(self._all("SELECT 1 FROM thing WHERE iri = ? AND role = ?", iri, role))

    def known(self, iri: str, roles: Sequence[Role], *, with_bad: bool) -> tuple[int, str] | None:
        """Return the number and the class of a thing; None where there is none, or only a bad supporting one."""
        is_fit = "1" if with_bad else f"NOT (is_bad AND role = {Role.SUPPORTING:d})"
        found = self._all(
            f"SELECT id, kind FROM thing WHERE iri = ? AND role IN ({_marks(roles)}) AND {is_fit}"
            " ORDER BY role LIMIT 1",
            iri,
            *roles,
        )
        return found[0] if found else None

    def is_bad(self, iri: str) -> bool:
        """Whether a project breaks a shape."""
        return bool(self._all(f"SELECT 1 FROM thing WHERE iri = ? AND role = {Role.PROJECT:d} AND is_bad", iri))

    def things(self, role: Role) -> Iterator[Thing]:
        """Yield the things of a role."""
        rows = self._paged(f"{_THING} WHERE role = {role:d} AND thing.id > ? ORDER BY thing.id", (0,), 1)
        return map(_thing, rows)

    def thing(self, iri: str, role: Role) -> Thing:
        """Return one thing."""
        return _thing(self._all(f"{_THING} WHERE iri = ? AND role = ?", iri, role)[0])

    def bad(self, role: Role) -> Iterator[str]:
        """Yield the IRIs of a role's things that break a shape."""
        for _, iri in self._paged(
            f"SELECT id, iri FROM thing WHERE role = {role:d} AND is_bad AND id > ? ORDER BY id", (0,), 1
        ):
            yield iri

    def judged(self, keys: Sequence[bytes]) -> dict[bytes, list[Finding]]:
        """Return what the shapes were found to find, by the key of the verdict, where it is known."""
        found = self._all(f"SELECT key, found FROM kept.judged WHERE key IN ({_marks(keys)})", *keys)
        return {of: unpack(content) if content else [] for of, content in found}

    def judge(self, verdicts: Iterable[tuple[bytes, Sequence[Finding]]]) -> None:
        """Keep what the shapes find."""
        self._many(
            "INSERT OR REPLACE INTO kept.judged VALUES (?, ?)",
            ((of, pack(found) if found else b"") for of, found in verdicts),
        )

    def settle(self, settled: Sequence[Settled]) -> None:
        """Note what the shapes find in things, and the things they refer to."""
        self._many("INSERT OR IGNORE INTO asked VALUES (?)", ((one.of,) for one in settled))
        self._many(
            "UPDATE thing SET is_bad = ?, refers = ?, found = ? WHERE id = ?",
            (
                (one.is_bad, array("Q", one.refers).tobytes(), pack(one.found) if one.found else None, one.thing)
                for one in settled
            ),
        )

    def verdicts(self) -> Iterator[tuple[Thing, list[Finding]]]:
        """Yield the things in which the shapes found something."""
        sql = _THING.replace(" FROM", ", found FROM", 1)
        for *row, found in self._paged(f"{sql} WHERE found IS NOT NULL AND thing.id > ? ORDER BY thing.id", (0,), 1):
            yield _thing(row), unpack(found)

    def references(self) -> Iterator[tuple[int, str, Role, bool, Sequence[int]]]:
        """Yield number, IRI and role of each thing, whether it is bad, and the numbers of the things it refers to."""
        for number, iri, role, is_bad, refers in self._paged(
            "SELECT id, iri, role, is_bad, refers FROM thing WHERE id > ? ORDER BY id", (0,), 1
        ):
            yield number, iri, Role(role), bool(is_bad), array("Q", refers or b"")

    def publish(self, numbers: Iterable[int]) -> None:
        """Note the things that may be published."""
        self._many("UPDATE thing SET is_out = 0 WHERE id = ?", ((number,) for number in numbers))

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """Yield the document of each published thing, and its first subject, by that."""
        rows = self._paged(
            "SELECT thing.first, thing.id, coalesce(thing.lines, cleaned.lines) FROM thing LEFT JOIN kept.cleaned"
            " ON cleaned.id = thing.cleaned WHERE NOT is_out AND (thing.first, thing.id) > (?, ?)"
            " ORDER BY thing.first, thing.id",
            ("", 0),
            2,
        )
        for first, _, content in rows:
            yield first, unpacked(content)

    def digests(self) -> Iterator[tuple[str, str]]:
        """Yield the IRI of each published thing and the SHA-256 of its lines, by IRI."""
        yield from self._paged(
            "SELECT iri, coalesce(thing.digest, cleaned.digest) FROM thing LEFT JOIN kept.cleaned"
            " ON cleaned.id = thing.cleaned WHERE NOT is_out AND iri > ? ORDER BY iri",
            ("",),
            1,
        )

    def published(self, iri: str) -> list[str] | None:
        """Return the lines of a published thing, None where there is none."""
        found = self._all(f"{_THING} WHERE NOT is_out AND iri = ?", iri)
        return lines_of(found[0][4]) if found else None

    # Findings --------------------------------------------------------------------------------------

    def tell(self, findings: Iterable[Finding]) -> None:
        """Note findings; one that is told twice stands once."""
        self._many(f"INSERT OR IGNORE INTO finding VALUES ({_marks(range(9))})", map(_row, findings))

    def untell(self, finding: Finding) -> None:
        """Take a finding back."""
        self._all(f"DELETE FROM finding WHERE ({_ORDER}) = ({_marks(range(8))})", *_row(finding)[:8])

    def of_kinds(self, kinds: Sequence[str]) -> list[Finding]:
        """Return the findings of these kinds."""
        found = self._all(f"SELECT text FROM finding WHERE kind IN ({_marks(kinds)})", *kinds)
        return [_finding(text) for (text,) in found]

    def findings(self) -> Iterator[Finding]:
        """Yield the findings by place."""
        start = ("", -1, 0, "", "", "", "", "")
        for row in self._paged(
            f"SELECT {_ORDER} FROM finding WHERE ({_ORDER}) > ({_marks(start)}) ORDER BY {_ORDER}", start, 8
        ):
            yield _finding(row[7])

    def count(self) -> Iterator[tuple[str, int]]:
        """Yield each severity and the number of findings of it."""
        yield from self._all("SELECT severity, count(*) FROM finding GROUP BY severity")


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _thing(row: Sequence[Any]) -> Thing:
    return Thing(row[0], row[1], Role(row[2]), row[3], Description(*row[4:8]))


def _row(finding: Finding) -> tuple[object, ...]:
    text = json.dumps(asdict(finding), ensure_ascii=False)
    own = (finding.field, str(finding.severity), finding.cs, finding.value)
    return (*placed_in(finding.place), *own, text, finding.kind)


def _finding(text: str) -> Finding:
    values = json.loads(text)
    return Finding(**{**values, "severity": Severity(values["severity"])})


class Described(Mapping[str, list[str]]):
    """The published things: IRI -> sorted lines, parts included; read from the ledger one by one."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def __getitem__(self, iri: str) -> list[str]:
        """Return the lines of a thing."""
        lines = self.ledger.published(iri)
        if lines is None:
            raise KeyError(iri)
        return lines

    def __iter__(self) -> Iterator[str]:
        """Yield the IRIs in their order."""
        return (iri for iri, _ in self.ledger.digests())

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(1 for _ in self.ledger.digests())


class Findings(Sequence[Finding]):
    """The findings by place; read from the ledger one by one."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def __iter__(self) -> Iterator[Finding]:
        """Yield them by place."""
        return self.ledger.findings()

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(number for _, number in self.ledger.count())

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> list[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | list[Finding]:
        """Return some of them."""
        return list(self)[at]
