"""Sources: files to Records, by configuration alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import downloads, readers
from ..config import Config, SourceConfig
from ..errors import UnreadableFileError
from ..model import Finding, Record, Severity
from . import organisations, pages, records, table

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


_TIDY = SourceConfig(name="tidy", kind="records", files=(), rank=-1)
_PAGE = SourceConfig(name="page", kind="pages", files=(), rank=-1)


def source_of(config: Config, path: Path) -> SourceConfig:
    """Return the configured source whose pattern fits the file, wherever the file lies.

    What fits none is our own tidy layout, or else a page.
    """
    for source in config.sources:
        if source.kind != "records" and any(path.match(Path(pattern).name) for pattern in source.files):
            return source
    return _TIDY if readers.is_readable(path) else _PAGE


def _neither(path: Path) -> UnreadableFileError:
    suffix = path.suffix.lower()
    return UnreadableFileError(
        f"soubor {suffix or 'bez přípony'} není ani záznam či tabulka (csv, xlsx, ods, xls, json, toml),"
        " ani webová stránka (html, txt)",
        f"{suffix or 'a file without a suffix'} is neither a record or a table (csv, xlsx, ods, xls, json, toml)"
        " nor a web page (html, txt)",
    )


def read_file(path: Path, source: SourceConfig, shown: str) -> Iterator[Record | Finding]:
    """Yield a file's records; rows and files that cannot be read become findings that name `shown`."""
    last = ""
    try:
        if path.exists() and not readers.is_readable(path) and not pages.is_page(path):
            raise _neither(path)
        read = {"pages": pages.read, "table": table.read}.get(source.kind, records.read)
        for found in read(path, source, shown):
            if isinstance(found, Record):
                last = found.place
                yield from organisations.told_apart(found)
            else:
                yield found
    except UnreadableFileError as error:
        # What breaks off after some records is a file that was not read to its end.
        yield Finding(
            severity=Severity.VIOLATION,
            place=shown,
            field="",
            cs=f"{error.cs}; poslední přečtený záznam: {last}" if last else error.cs,
            en=f"{error.en}; the last record read: {last}" if last else error.en,
            kind="file-incomplete" if last else error.kind,
            source=source.name,
        )


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
