"""Sources: files to Records, by configuration alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import downloads
from ..config import Config, SourceConfig
from ..errors import UnreadableFileError
from ..model import Finding, Record, Severity
from . import records, table

__all__ = ["files", "missing", "read", "read_file", "source_of"]


def files(config: Config, source: SourceConfig) -> list[Path]:
    """Return the files of a source, in a total order."""
    found = {path for pattern in source.files for path in config.folder.glob(pattern) if path.is_file()}
    # Hidden files and the lock files of office programs are nobody's records.
    return sorted(path for path in found if not path.name.startswith((".", "~$")))


def missing(config: Config, source: SourceConfig) -> list[str]:
    """Return the files of a source with a `url` that have never been downloaded."""
    copies = [downloads.copy_of(config.folder, source.name, file) for file in source.url]
    return [copy.relative_to(config.folder).as_posix() for copy in copies if not copy.is_file()]


def source_of(config: Config, path: Path) -> SourceConfig | None:
    """Return the configured source whose pattern fits the file, wherever the file lies."""
    for source in config.sources:
        if source.kind == "table" and any(path.match(Path(pattern).name) for pattern in source.files):
            return source
    return None


def read_file(path: Path, source: SourceConfig, shown: str) -> Iterator[Record | Finding]:
    """Yield a file's records; rows and files that cannot be read become findings that name `shown`."""
    reader = table.read if source.kind == "table" else records.read
    try:
        yield from reader(path, source, shown)
    except UnreadableFileError as error:
        yield Finding(severity=Severity.VIOLATION, place=shown, field="", cs=error.cs, en=error.en, source=source.name)


def read(config: Config, source: SourceConfig) -> Iterator[Record | Finding]:
    """Yield the records of all files of a source; nothing is ever downloaded here."""
    for shown in missing(config, source):
        yield Finding(
            severity=Severity.VIOLATION,
            place=shown,
            field="",
            cs=f"ještě nebyl stažen; spusťte lod refresh {source.name}",
            en=f"has not been downloaded yet; run lod refresh {source.name}",
            kind="not-downloaded",
            source=source.name,
        )
    for path in files(config, source):
        yield from read_file(path, source, path.relative_to(config.folder).as_posix())
