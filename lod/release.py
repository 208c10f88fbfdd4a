"""Releases: staged in a directory of their own, checked, and switched by one rename of a link.

    data/releases/20261121T223000Z/   store/ dumps/ catalogue.nt report.json manifest.json entities.txt
    data/releases/current -> 20261121T223000Z

A reader that has opened a release goes on answering from it whatever happens to the link. A directory
whose name ends with `.partial` was never a release and is removed by the next build.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from . import __version__, store
from .catalogue import DumpFile, catalogue
from .config import Config
from .errors import ReleaseError
from .iris import NAMESPACES
from .rdf import digest, graph_lines
from .serialise import serialise
from .terms import Vocabulary

__all__ = ["Release", "current", "history", "locked", "prune", "publish", "rollback", "sha256", "stage", "verify"]

_DUMP = "projekty"
_TYPE = f" <{NAMESPACES['rdf']}type> <"


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
            loaded: dict[str, Any] = json.loads((self.path / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ReleaseError(f"{self.id}: manifest nelze číst / the manifest cannot be read ({error})") from error
        return loaded

    @property
    def report(self) -> dict[str, Any]:
        """The findings of its build."""
        try:
            loaded: dict[str, Any] = json.loads((self.path / "report.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ReleaseError(f"{self.id}: report nelze číst / the report cannot be read ({error})") from error
        return loaded

    def lines(self, name: str) -> set[str]:
        """Return the lines of one of its text files."""
        path = self.path / name
        return set(path.read_text("utf-8").splitlines()) if path.exists() else set()


class _Progress(Protocol):
    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None: ...


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
        yield


def history(root: Path) -> list[Release]:
    """Return the releases, oldest first."""
    return [
        Release(path)
        for path in sorted(root.glob("*Z*"))
        if path.is_dir() and not path.name.endswith(".partial") and (path / "manifest.json").exists()
    ]


def current(root: Path) -> Release | None:
    """Return the release that the link points at."""
    link = root / "current"
    if not link.is_symlink():
        return None
    target = root / link.readlink()
    return Release(target) if (target / "manifest.json").exists() else None


def _new_id(root: Path, created: datetime) -> str:
    name = created.strftime("%Y%m%dT%H%M%SZ")
    taken = {path.name.removesuffix(".partial") for path in root.iterdir()}
    return name if name not in taken else next(f"{name}-{n}" for n in range(2, 1000) if f"{name}-{n}" not in taken)


def _gzip(path: Path, content: bytes) -> DumpFile:
    """Write a deterministic gzip: no name, no time."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(content)
    return DumpFile(path.name, path.stat().st_size, sha256(path))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dumps(folder: Path, lines: list[str], vocabulary: Vocabulary, progress: _Progress) -> list[DumpFile]:
    """Write every dump of the sorted lines."""
    folder.mkdir()
    text = "".join(f"{line}\n" for line in lines).encode()
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    written = []
    for extension in ("nq", "nt", "ttl", "jsonld", "rdf"):
        progress(f"soubory / dumps: {extension}")
        # Without named graphs N-Quads are N-Triples.
        content = text if extension in {"nq", "nt"} else serialise(triples, extension, vocabulary)
        written.append(_gzip(folder / f"{_DUMP}.{extension}.gz", content))
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(written, key=lambda f: f.name))
    (folder / "SHA256SUMS").write_text(sums, "utf-8")
    return written


def _counts(lines: Iterable[str], entities: int) -> dict[str, int]:
    counts: dict[str, int] = {"triples": 0, "entities": entities}
    for line in lines:
        counts["triples"] += 1
        _, is_type, kind = line.partition(_TYPE)
        if is_type:
            iri = kind[: kind.index(">")]
            counts[iri] = counts.get(iri, 0) + 1
    return counts


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def stage(
    config: Config,
    vocabulary: Vocabulary,
    lines: list[str],
    entities: list[str],
    report: dict[str, Any],
    sources: dict[str, Any],
    progress: _Progress,
) -> Release:
    """Write a complete release beside the others, not served yet; nothing is left behind on failure."""
    root = config.releases
    created = datetime.now(UTC)
    name = _new_id(root, created)
    partial = root / f"{name}.partial"
    partial.mkdir()
    try:
        files = _dumps(partial / "dumps", lines, vocabulary, progress)
        counts = _counts(lines, len(entities))
        described = graph_lines(catalogue(config, vocabulary, name, created, files, counts))
        (partial / "catalogue.nt").write_text("".join(f"{line}\n" for line in described), "utf-8")
        progress("úložiště / store")
        everything = [*lines, *described, *graph_lines(vocabulary.ontology)]
        store.load([f"{line}\n".encode() for line in everything], partial / "store")
        _json(partial / "report.json", {"release": name, **report})
        (partial / "entities.txt").write_text("".join(f"{iri}\n" for iri in sorted(entities)), "utf-8")
        before = current(root)
        withdrawn = (before.lines("entities.txt") | before.lines("withdrawn.txt")) - set(entities) if before else set()
        (partial / "withdrawn.txt").write_text("".join(f"{iri}\n" for iri in sorted(withdrawn)), "utf-8")
        manifest = {
            "release": name,
            "created": created.isoformat(timespec="seconds"),
            "base": config.base,
            "software": f"lod {__version__}",
            "counts": counts,
            "sources": sources,
            # RDFC-1.0 of data without blank nodes is its sorted N-Quads, so this is their SHA-256.
            "data_sha256": digest(lines),
            "dumps": [asdict(file) for file in files],
            "files": {
                path.relative_to(partial).as_posix(): sha256(path)
                for path in sorted(partial.rglob("*"))
                if path.is_file()
            },
        }
        _json(partial / "manifest.json", manifest)
        _flush(partial)
        final = root / name
        partial.rename(final)
    except OSError as error:  # a full disk, most often
        shutil.rmtree(partial, ignore_errors=True)
        raise ReleaseError(f"{root}: vydání nelze zapsat / the release cannot be written ({error.strerror})") from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return Release(final)


def _flush(folder: Path) -> None:
    """Make a directory tree durable before anything points at it."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def publish(release: Release, root: Path) -> None:
    """Switch: one rename of a link, atomic for every reader."""
    link = root / ".current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(release.id)
    link.replace(root / "current")
    _write_served(root, [*(name for name in _served(root) if name != release.id), release.id])


def _served(root: Path) -> list[str]:
    """Return the ids of releases in the order they were served, the current one last."""
    path = root / ".served"
    return path.read_text("utf-8").split() if path.exists() else []


def _write_served(root: Path, names: list[str]) -> None:
    fresh = root / ".served.new"
    fresh.write_text("".join(f"{name}\n" for name in names), "utf-8")
    fresh.replace(root / ".served")


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
    if ready:
        ready(kept[before[-1]])
    _write_served(root, before[:-1])
    publish(kept[before[-1]], root)
    return kept[before[-1]]


def prune(root: Path, keep: int) -> list[str]:
    """Delete the oldest releases beyond `keep`, never the one that is served; return their names."""
    serving = current(root)
    old = [r for r in history(root)[: -keep or None] if serving is None or r.id != serving.id]
    for release in old:
        shutil.rmtree(release.path)
    return [release.id for release in old]


def verify(release: Release, say: Callable[[str], None]) -> bool:
    """Recompute every checksum of a release and the hash of its data; `say` gets a sentence a fault."""
    manifest = release.manifest
    good = True
    for name, expected in manifest["files"].items():
        path = release.path / name
        if not path.is_file():
            say(f"{release.id}/{name}: chybí / is missing")
        elif sha256(path) != expected:
            say(f"{release.id}/{name}: obsah se změnil / the content has changed")
        else:
            continue
        good = False
    if good:
        with gzip.open(release.path / "dumps" / f"{_DUMP}.nq.gz", "rt", encoding="utf-8") as file:
            total = digest(line.rstrip("\n") for line in file)
        if total != manifest["data_sha256"]:
            say(f"{release.id}: data neodpovídají svému otisku / the data do not match their hash")
            good = False
    return good
