"""Releases: staged in a directory of their own, checked, and switched by one rename of a link.

    data/releases/20261121T223000Z/
        manifest.json               counts, and the SHA-256 of every file and every source
        manifest.json.sig           its Ed25519 signature, with public_key.pem, where a key is configured
        store/ dumps/ catalogue.nt report.json
        entities.txt digests.txt    the things, and the SHA-256 of the lines of each
        changes.jsonl withdrawn.txt what differs from the release that was served before; things that are gone
    data/releases/current -> 20261121T223000Z

A reader that has opened a release goes on answering from it whatever happens to the link. A directory
whose name ends with `.partial` is no release and is removed by the next build.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from heapq import merge
from io import BytesIO
from itertools import chain, takewhile
from pathlib import Path
from typing import IO, Any, Protocol, cast

from . import __version__, dumps, examples, signature, store
from .catalogue import catalogue
from .changes import Change, compared
from .config import Config, Signature
from .errors import ConfigError, ReleaseError
from .iris import NAMESPACES
from .model import Finding
from .rdf import graph_lines
from .terms import Vocabulary
from .workers import Workers

__all__ = [
    "PUBLISHED",
    "Content",
    "Release",
    "current",
    "discard",
    "history",
    "locked",
    "missing",
    "prune",
    "publish",
    "rollback",
    "sha256",
    "stage",
    "verify",
]

_MANIFEST, _SIGNATURE, _PUBLIC_KEY, _CHANGES = "manifest.json", "manifest.json.sig", "public_key.pem", "changes.jsonl"
# What the site serves beside the dumps: enough to verify them.
PUBLISHED = (_MANIFEST, _SIGNATURE, _PUBLIC_KEY, _CHANGES)
_LEFT = "-"  # before a release, in the list of those that were served: it was rolled back from
_NQUADS = f"{dumps.NAME}.nq.gz"
_FINDINGS = ' "findings": ['
# What every manifest has.
_PARTS = dict.fromkeys(("release", "base", "data_sha256"), str) | dict.fromkeys(("counts", "changes", "files"), dict)
_TYPE = f" <{NAMESPACES['rdf']}type> <".encode()


@dataclass(frozen=True, slots=True)
class Release:
    """One release on disk."""

    path: Path

    @property
    def id(self) -> str:
        """The name of its directory."""
        return self.path.name

    @property
    def manifest(self) -> dict[str, Any]:
        """What the build wrote down about it; raises `ReleaseError` when that is damaged."""
        try:
            loaded: Any = json.loads((self.path / _MANIFEST).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ReleaseError(f"{self.id}: manifest nelze číst / the manifest cannot be read ({error})") from error
        if not isinstance(loaded, dict):
            raise ReleaseError(f"{self.id}: manifest není objekt JSON / the manifest is no JSON object")
        return loaded

    @property
    def is_readable(self) -> bool:
        """Whether its manifest can be read and has what every manifest has."""
        try:
            return not self.lacks
        except ReleaseError:
            return False

    @property
    def lacks(self) -> list[str]:
        """What every manifest has and this one has not; raises `ReleaseError` as `manifest`."""
        manifest = self.manifest
        return [name for name, kind in _PARTS.items() if not isinstance(manifest.get(name), kind)]

    @property
    def report(self) -> dict[str, Any]:
        """The findings of its build."""
        try:
            loaded: dict[str, Any] = json.loads((self.path / "report.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ReleaseError(f"{self.id}: report nelze číst / the report cannot be read ({error})") from error
        return loaded

    @property
    def sources(self) -> list[dict[str, Any]]:
        """What each source gave: the head of the report, which may be long."""
        head = "".join(takewhile(lambda row: not row.startswith(_FINDINGS), self.rows("report.json")))
        try:
            loaded: list[dict[str, Any]] = json.loads(head.removesuffix(",") + "}")["sources"]
        except (ValueError, KeyError) as error:
            raise ReleaseError(
                f"{self.id}: report nelze číst, k dřívějšímu vydání vrátí lod releases rollback"
                f" / the report cannot be read, lod releases rollback goes back to an earlier release ({error})"
            ) from error
        return loaded

    def lines(self, name: str) -> set[str]:
        """Return the lines of one of its text files."""
        path = self.path / name
        return set(path.read_text("utf-8").splitlines()) if path.exists() else set()

    def rows(self, name: str) -> Iterator[str]:
        """Yield the lines of one of its text files one by one."""
        path = self.path / name
        if path.exists():
            with path.open(encoding="utf-8") as file:
                yield from (line.rstrip("\n") for line in file)

    def digests(self) -> Iterator[tuple[str, str]]:
        """Yield the IRI of each thing and the SHA-256 of its lines, by IRI."""
        for row in self.rows("digests.txt"):
            sha, _, iri = row.partition("  ")
            yield iri, sha


@dataclass(frozen=True, slots=True)
class Content:
    """What a build hands over for a release; each part is read once, so it may be a stream."""

    data: Iterable[bytes]  # sorted distinct canonical N-Triples, in documents of whole subjects
    digests: Iterable[tuple[str, str]]  # IRI of each thing and the SHA-256 of its lines, by IRI
    report: Mapping[str, Any]  # its head: what each source gave
    findings: Iterable[Finding]
    sources: Mapping[str, Any]  # source -> file -> its SHA-256 and where it came from


class _Progress(Protocol):
    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None: ...


_locks: set[int] = set()


def _close_locks() -> None:
    for descriptor in _locks:
        os.close(descriptor)


# A worker that outlives a killed build must not hold its lock.
os.register_at_fork(after_in_child=_close_locks)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the one lock of builds; raise `ReleaseError` while another build runs."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseError(f"{root}: už tu běží jiné sestavení / another build is running here") from None
        for leftover in root.glob("*.partial"):
            shutil.rmtree(leftover, ignore_errors=True)
        _locks.add(file.fileno())
        try:
            yield
        finally:
            _locks.discard(file.fileno())


def _folders(root: Path) -> list[Path]:
    return [path for path in sorted(root.glob("*Z*")) if path.is_dir() and not path.name.endswith(".partial")]


def history(root: Path) -> list[Release]:
    """Return the releases, oldest first."""
    return [Release(path) for path in _folders(root) if (path / _MANIFEST).exists()]


def missing(root: Path) -> list[str]:
    """Return a sentence for each folder of a release without a manifest, and for a link that leads nowhere."""
    told = [f"{p.name}/{_MANIFEST}: chybí / is missing" for p in _folders(root) if not (p / _MANIFEST).exists()]
    link = root / "current"
    if link.is_symlink() and not link.exists():
        told.append(f"current: {link.readlink()} tu není / {link.readlink()} is not there")
    return told


def current(root: Path) -> Release | None:
    """Return the release that the link points at."""
    link = root / "current"
    if not link.is_symlink():
        return None
    target = root / link.readlink()
    return Release(target) if (target / _MANIFEST).exists() else None


def _new_id(root: Path, created: datetime) -> str:
    name = created.strftime("%Y%m%dT%H%M%SZ")
    taken = {path.name.removesuffix(".partial") for path in root.iterdir()}
    return name if name not in taken else next(f"{name}-{n}" for n in range(2, 1000) if f"{name}-{n}" not in taken)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _write_report(path: Path, head: Mapping[str, Any], findings: Iterable[Finding]) -> None:
    """Write the report, a finding a line."""
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + f",\n{_FINDINGS}")
        for number, finding in enumerate(findings):
            file.write((",\n" if number else "\n") + json.dumps(asdict(finding), ensure_ascii=False))
        file.write("\n ]\n}\n")


def _write_things(folder: Path, digests: Iterable[tuple[str, str]]) -> int:
    """Write the things with their digests; return how many there are."""
    number = 0
    with (
        (folder / "entities.txt").open("w", encoding="utf-8") as names,
        (folder / "digests.txt").open("w", encoding="utf-8") as sums,
    ):
        for iri, sha in digests:
            number += 1
            names.write(f"{iri}\n")
            sums.write(f"{sha}  {iri}\n")
    return number


def _write_changes(
    folder: Path, before: Release | None, others: Iterable[Release], created: datetime
) -> dict[str, int]:
    """Write what differs from the release served before; return how many things each change met.

    What the others had, which were served too, is gone as well where it is in neither.
    """
    told: Counter[str] = Counter()
    time = created.isoformat(timespec="seconds")
    old = before.digests() if before else ()
    had = [other.rows("entities.txt") for other in others]
    gone = merge(*had, *(one.rows("withdrawn.txt") for one in (*others, *([before] if before else []))))
    with (
        (folder / _CHANGES).open("w", encoding="utf-8") as changes,
        (folder / "withdrawn.txt").open("w", encoding="utf-8") as withdrawn,
    ):
        for iri, change, sha in compared(old, Release(folder).digests(), gone):
            if change in {Change.REMOVED, Change.WITHDRAWN}:
                withdrawn.write(f"{iri}\n")
            if change is not Change.WITHDRAWN:
                told[change] += 1
                line = {"iri": iri, "change": change, "time": time, **({"sha256": sha} if sha else {})}
                changes.write(json.dumps(line, ensure_ascii=False) + "\n")
    return {change: told[change] for change in (Change.ADDED, Change.CHANGED, Change.REMOVED)}


def _load(partial: Path, extra: Iterable[str]) -> None:
    """Load the store from the dump, so that both say the same, and from what nobody has judged.

    That is what no dump holds, and the code lists, which a dump holds too.
    """
    with gzip.open(partial / "dumps" / _NQUADS) as data:
        more = BytesIO("".join(f"{line}\n" for line in extra).encode())
        store.load(cast("IO[bytes]", data), more, partial / "store")


def stage(config: Config, vocabulary: Vocabulary, content: Content, workers: Workers, progress: _Progress) -> Release:
    """Write a complete release beside the others, not served yet; nothing is left behind on failure."""
    root = config.releases
    created = datetime.now(UTC)
    name = _new_id(root, created)
    partial = root / f"{name}.partial"
    key = signature.private_key(config.signature.key) if config.signature.key else None
    if key and (public := config.signature.public_key) and signature.public_key(public) != key.public_key():
        raise ConfigError(f"{public}: nepatří ke klíči {config.signature.key} / does not belong to that key")
    try:
        partial.mkdir()
        progress("soubory / dumps")
        dumped = dumps.write(partial / "dumps", content.data, vocabulary, workers)
        progress("co se změnilo / what has changed")
        counts = {**dumped.counts, "entities": _write_things(partial, content.digests)}
        before = current(root)
        served = {name.removeprefix(_LEFT) for name in _served(root)}
        others = [one for one in history(root) if one.id in served and one != before]
        changes = _write_changes(partial, before, others, created)
        described = graph_lines(catalogue(config, vocabulary, name, created, dumped, counts))
        (partial / "catalogue.nt").write_text("".join(f"{line}\n" for line in described), "utf-8")
        progress("úložiště / store")
        queries = examples.graph(examples.load(vocabulary.root), vocabulary.base)
        graphs = (vocabulary.ontology, vocabulary.codelists, queries)
        _load(partial, [*described, *chain.from_iterable(map(graph_lines, graphs))])
        _write_report(partial / "report.json", {"release": name, **content.report}, content.findings)
        if key:
            (partial / _PUBLIC_KEY).write_bytes(signature.public_pem(key))
        manifest = {
            "release": name,
            "created": created.isoformat(timespec="seconds"),
            "previous": before.id if before else None,
            "base": config.base,
            "software": f"lod {__version__}",
            "counts": counts,
            "changes": changes,
            "sources": content.sources,
            # RDFC-1.0 of data without blank nodes is its sorted N-Quads, so this is their SHA-256.
            "data_sha256": dumped.data_sha256,
            "dumps": [asdict(file) for file in dumped.files],
            "files": {path.relative_to(partial).as_posix(): sha256(path) for path in _files(partial)},
        }
        _json(partial / _MANIFEST, manifest)
        if key:
            (partial / _SIGNATURE).write_bytes(signature.sign((partial / _MANIFEST).read_bytes(), key))
        for path in [*partial.rglob("*"), partial]:
            _flush(path)
        final = root / name
        partial.rename(final)
        _flush(root)
    except OSError as error:  # a full disk, most often
        shutil.rmtree(partial, ignore_errors=True)
        raise ReleaseError(f"{root}: vydání nelze zapsat / the release cannot be written ({error.strerror})") from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return Release(final)


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_symlink() or not path.is_dir()]


def _flush(path: Path) -> None:
    """Make a file or a directory durable before anything relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish(release: Release, root: Path) -> None:
    """Switch: one rename of a link, atomic for every reader; raise `ReleaseError` when the disk is full."""
    served = [name for name in _served(root) if name.removeprefix(_LEFT) != release.id]
    _switch(release, root)
    _write_served(root, [*served, release.id])


def _switch(release: Release, root: Path) -> None:
    link = root / ".current.new"
    try:
        link.unlink(missing_ok=True)
        link.symlink_to(release.id)
        link.replace(root / "current")
        _flush(root)
    except OSError as error:
        raise ReleaseError(f"{root}: nelze přepnout / the switch failed ({error.strerror})") from error


def _served(root: Path) -> list[str]:
    """Return the ids of releases in the order they were served.

    Those behind the current one were rolled back from, and are marked.
    """
    path = root / ".served"
    names = path.read_text("utf-8", "replace").split() if path.exists() else []
    serving = current(root)
    at = names.index(serving.id) + 1 if serving and serving.id in names else len(names)
    return names[:at] + [f"{_LEFT}{name.removeprefix(_LEFT)}" for name in names[at:]]


def _write_served(root: Path, names: list[str]) -> None:
    fresh = root / ".served.new"
    try:
        fresh.write_text("".join(f"{name}\n" for name in names), "utf-8")
        _flush(fresh)
        fresh.replace(root / ".served")
    except OSError as error:  # the release is served all the same
        raise ReleaseError(
            f"{fresh}: nelze zapsat, kam se vracet / where to roll back to cannot be written ({error.strerror})"
        ) from error


def rollback(root: Path, ready: Callable[[Release], object] | None = None) -> Release:
    """Serve what was served before the current release; raise `ReleaseError` when there is nothing.

    A release that was never served, or that was rolled back from, is not gone back to. `ready` is given the
    release before the switch and raises where it cannot be served.
    """
    serving = current(root)
    kept = {release.id: release for release in history(root)}
    before = [name for name in _served(root) if name in kept and not (serving and name == serving.id)]
    if not before:
        raise ReleaseError("není se kam vrátit: starší vydání tu není / nothing to roll back to")
    target = kept[before[-1]]
    if ready:
        ready(target)
    _switch(target, root)
    return target


def prune(root: Path, keep: int) -> list[str]:
    """Delete the oldest releases beyond `keep`, never the one that is served; return their names."""
    serving = current(root)
    old = [r for r in history(root)[: -keep or None] if serving is None or r.id != serving.id]
    for release in old:
        discard(release)
    return [release.id for release in old]


def discard(release: Release) -> None:
    """Delete a release that is not served."""
    going = release.path.with_name(f"{release.id}.partial")  # half deleted it must be no release
    release.path.rename(going)
    shutil.rmtree(going)


def verify(release: Release, say: Callable[[str], None], keys: Signature | None = None) -> bool:
    """Recompute every checksum of a release, the hash and the counts of its data, and check its signature.

    `say` gets a sentence a fault. Without a key of its own, a signed release is checked against the public key
    that it holds, which tells damage and not forgery; with one, a release without a signature is a fault.
    """
    if lacking := ", ".join(release.lacks):
        say(f"{release.id}: v manifestu chybí {lacking} / the manifest lacks {lacking}")
        return False
    faults = [*_file_faults(release), *_signature_faults(release, keys or Signature())]
    if not faults:  # else the dump may be unreadable
        try:
            faults += [*_manifest_faults(release), *_data_faults(release)]
        except (AttributeError, KeyError, TypeError) as error:
            faults.append(
                f"{release.id}: manifest není, jak ho sestavení píše / no build writes such a manifest ({error})"
            )
    for fault in faults:
        say(fault)
    return not faults


def _file_faults(release: Release) -> Iterator[str]:
    expected = release.manifest["files"]
    for name, sha in expected.items():
        path = release.path / name
        if not path.is_file():
            yield f"{release.id}/{name}: chybí / is missing"
        elif sha256(path) != sha:
            yield f"{release.id}/{name}: obsah se změnil / the content has changed"
    for path in _files(release.path):
        name = path.relative_to(release.path).as_posix()
        if name not in {*expected, _MANIFEST, _SIGNATURE}:
            yield f"{release.id}/{name}: v manifestu není / is not in the manifest"


def _manifest_faults(release: Release) -> Iterator[str]:
    """Compare what the manifest says twice, and its changes with the list of them."""
    manifest = release.manifest
    if manifest["release"] != release.id:
        yield f"{release.id}: manifest je vydání {manifest['release']} / the manifest is of {manifest['release']}"
    for file in manifest.get("dumps", []):
        path = release.path / "dumps" / file["name"]
        sha, size = (manifest["files"].get(f"dumps/{path.name}"), path.stat().st_size) if path.is_file() else ("", 0)
        if (file["sha256"], file["size"]) != (sha, size):
            yield f"{release.id}/dumps/{path.name}: otisk nebo velikost nesedí / the hash or the size does not fit"
    told = Counter(json.loads(row)["change"] for row in release.rows(_CHANGES))
    if told != Counter(manifest["changes"]):
        yield f"{release.id}/{_CHANGES}: počty v manifestu nesedí / the counts in the manifest do not fit"


def _signature_faults(release: Release, keys: Signature) -> Iterator[str]:
    manifest, signed = release.path / _MANIFEST, release.path / _SIGNATURE
    if not signed.exists():
        if keys.key or keys.public_key or _PUBLIC_KEY in release.manifest["files"]:
            yield f"{release.id}: není podepsáno / is not signed"
        return
    if keys.public_key:
        public_key = signature.public_key(keys.public_key)
    elif keys.key:
        public_key = signature.private_key(keys.key).public_key()
    else:
        public_key = signature.public_key(release.path / _PUBLIC_KEY)
    if not signature.fits(manifest.read_bytes(), signed.read_bytes(), public_key):
        yield f"{release.id}/{_SIGNATURE}: podpis nesedí / the signature does not fit"


def _data_faults(release: Release) -> Iterator[str]:
    manifest = release.manifest
    total, counts = hashlib.sha256(), Counter[str]()
    with gzip.open(release.path / "dumps" / _NQUADS) as file:
        for line in file:
            total.update(line)
            counts["triples"] += 1
            _, is_type, kind = line.partition(_TYPE)
            if is_type:
                counts[kind[: kind.index(b">")].decode()] += 1
    counts["entities"] = sum(1 for _ in release.digests())
    if total.hexdigest() != manifest["data_sha256"]:
        yield f"{release.id}: data neodpovídají svému otisku / the data do not match their hash"
    if counts != manifest["counts"]:
        yield f"{release.id}: počty v manifestu nesedí / the counts in the manifest do not fit"
