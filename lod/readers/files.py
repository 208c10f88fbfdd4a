"""A file as a stream of bytes: unpacked, bounded, and what its name says."""

from __future__ import annotations

import errno
import gzip
import io
import stat
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from ..errors import UnreadableFileError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["bounded", "kind", "opened", "refuse_disguise", "unpacked", "why_not"]

# A compressed file may lie about its size. A register of three million rows unpacks to less than this.
_MOST_BYTES = 1 << 30
# Text packs about 10:1, tables that repeat themselves 60:1; deflate can reach 1032:1 with nothing but zeros.
_MOST_RATIO = 200
_RATIO_MATTERS_FROM = 64 << 20

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What a file of these kinds must begin with; every other kind is text.
_BINARY = {".xlsx": _ZIP, ".xlsm": _ZIP, ".ods": _ZIP, ".xls": _OLE}
_SIGNATURES = (
    (_ZIP, "ZIP (například XLSX nebo ODS)", "a ZIP (such as XLSX or ODS)"),
    (
        _OLE,
        "starý dokument Office (XLS, DOC) nebo dokument chráněný heslem",
        "an old Office document (XLS, DOC) or one protected by a password",
    ),
    (b"%PDF", "PDF", "a PDF"),
    (b"\x1f\x8b", "komprimovaný gzip (přidejte k názvu .gz)", "compressed by gzip (add .gz to its name)"),
    (b"\x89PNG", "obrázek PNG", "a PNG picture"),
    (b"{\\rtf", "dokument RTF", "an RTF document"),
)


# What the system says, in Czech; the rest is told by its number.
_WHY = {
    errno.ENOENT: "soubor tu není",
    errno.EACCES: "chybí oprávnění",
    errno.EPERM: "chybí oprávnění",
    errno.EISDIR: "je to složka",
    errno.ENOTDIR: "soubor tu není",
    errno.ELOOP: "odkaz vede v kruhu",
    errno.EIO: "chyba disku",
    errno.ENAMETOOLONG: "příliš dlouhé jméno",
}


def why_not(error: OSError) -> UnreadableFileError:
    """Return the error for a file that the system does not let us read."""
    cs = _WHY.get(error.errno or 0, f"chyba systému {error.errno}")
    return UnreadableFileError(f"nelze číst ({cs})", f"cannot be read ({error.strerror})")


class _Bounded(io.RawIOBase):
    """Bytes unpacked from elsewhere; too many of them, or too many for the packed size, are refused."""

    def __init__(self, source: IO[bytes], packed: int) -> None:
        self.source = source
        self.packed = packed
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self.source.read(len(view))
        except EOFError as error:
            raise UnreadableFileError(
                "soubor končí předčasně, není celý; stáhněte nebo uložte ho znovu",
                "the file ends early and is not whole; download or save it again",
                kind="file-incomplete",
            ) from error
        except (OSError, zlib.error, RuntimeError, NotImplementedError, ValueError) as error:
            raise UnreadableFileError(
                "nelze rozbalit: komprimovaná data jsou poškozená",
                f"cannot be unpacked: the compressed data are damaged ({error})",
            ) from error
        self.count += len(data)
        if self.count > _MOST_BYTES or (
            self.count > _RATIO_MATTERS_FROM and self.count > _MOST_RATIO * max(self.packed, 1)
        ):
            raise UnreadableFileError(
                f"po rozbalení je příliš velký (přes {self.count >> 20} MiB z {self.packed} bajtů)",
                f"too large when unpacked (over {self.count >> 20} MiB out of {self.packed} bytes)",
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.source.close()
        super().close()


def bounded(source: IO[bytes], packed: int) -> IO[bytes]:
    """Return the unpacked stream, bounded; reading it raises `UnreadableFileError` where it is too large or broken."""
    return io.BufferedReader(_Bounded(source, packed), 1 << 16)


def kind(path: Path) -> str:
    """Return the suffix in lower case, without `.gz`: of `Projekty.CSV.gz` it is `.csv`."""
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


def _packed(path: Path) -> bool:
    return path.name.lower().endswith(".gz")


def opened(path: Path) -> IO[bytes]:
    """Open a regular file, unpacked if gzipped; raise `UnreadableFileError` or `OSError`."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableFileError("nelze číst (je to složka)", "cannot be read (it is a folder)")
    if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for, a device never ends
        raise UnreadableFileError("nelze číst (není to běžný soubor)", "cannot be read (not a regular file)")
    if _packed(path):
        return bounded(cast("IO[bytes]", gzip.open(path)), status.st_size)
    return path.open("rb")


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Lend a path to the unpacked file, for libraries that seek in it."""
    if not _packed(path):
        opened(path).close()
        yield path
        return
    with tempfile.NamedTemporaryFile(suffix=kind(path)) as copy, opened(path) as file:
        while chunk := file.read(1 << 20):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


# Where a web page is what it says; the text saved from one may be a page too.
_PAGES = frozenset({".html", ".htm", ".xhtml", ".txt", ""})


def refuse_disguise(path: Path) -> None:
    """Raise `UnreadableFileError` when the first bytes are plainly of another format, or there are none."""
    with opened(path) as file:
        head = file.read(4096)
        blank = not head.removeprefix(b"\xef\xbb\xbf").strip()
        if blank and (not head or not any(chunk.strip() for chunk in iter(lambda: file.read(1 << 20), b""))):
            raise UnreadableFileError("soubor je prázdný", "the file is empty")
    suffix = kind(path)
    shown = suffix.lstrip(".")
    if suffix in _BINARY and head.startswith(_BINARY[suffix]):
        return
    for signature, cs, en in _SIGNATURES:
        if head.startswith(signature):
            raise UnreadableFileError(f"soubor není {shown}, ale {cs}", f"the file is not {shown} but {en}")
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if suffix not in _PAGES and text.startswith((b"<!doctype html", b"<html")):
        raise UnreadableFileError(f"soubor není {shown}, ale webová stránka", f"the file is not {shown} but a web page")
    if suffix in _BINARY:
        raise UnreadableFileError(f"soubor není {shown}", f"the file is not {shown}")
