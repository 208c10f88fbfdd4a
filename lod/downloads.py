"""Downloaded copies of sources: where they lie and what is recorded of them. Files only; `lod.refresh` connects.

    downloads/refresh.jsonl              one line a download that was tried: an `Entry`
    downloads/<source>/<file>            the last good copy; builds read this and nothing else
    downloads/<source>/.previous.<file>  the copy before it
    downloads/<source>/.refused.<file>   what came last and was not taken

Copies that nobody should read are hidden, so that no pattern of `files` takes them for records.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, quote, unquote, urlsplit

from .errors import RefreshError

__all__ = [
    "FOLDER",
    "Difference",
    "Entry",
    "Outcome",
    "beside",
    "copy_of",
    "entries",
    "file_name",
    "is_name",
    "locked",
    "record",
    "web_address",
]

FOLDER = "downloads"
_LOG = "refresh.jsonl"
_AS_IT_IS = "/%:@!$&'()*+,;=~?[]"  # what stands in an address for itself


class Outcome(StrEnum):
    """What became of one download."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"  # it came, but is not fit to replace the last good copy
    FAILED = "failed"  # it did not come


@dataclass(frozen=True, slots=True)
class Difference:
    """How the records of two copies differ; `before` is None where there is no copy to compare with."""

    before: int | None
    after: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    examples: tuple[str, ...] = ()  # the first of them: "+ key", "− key", "~ key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One download that was tried. Times are ISO 8601 in UTC; of a failed one, bytes and hash are those that stay."""

    source: str
    file: str
    url: str
    time: str
    outcome: Outcome
    status: int = 0  # of the last answer; 0 when there was none
    final_url: str = ""  # after redirects
    etag: str = ""
    last_modified: str = ""
    bytes: int = 0
    sha256: str = ""  # of the copy that builds read from now on
    retrieved: str = ""  # when the bytes of that copy came
    difference: Difference | None = None
    cs: str = ""  # why it failed or was refused
    en: str = ""
    not_before: str = ""  # the server asked to be left alone until then

    @property
    def is_good(self) -> bool:
        """Whether the copy on disk is what the server has."""
        return self.outcome in {Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED}


def web_address(text: str) -> SplitResult:
    """Return an http(s) address in ASCII, without its fragment; raise `RefreshError` on any other (RFC 3986)."""
    if re.search(r"[\x00-\x20\x7f\\]", text):
        raise RefreshError("adresa má mezeru nebo řídicí znak", "the address has a space or a control character")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise RefreshError(f"není adresa ({error})", f"is not an address ({error})") from error
    if parts.scheme not in {"http", "https"}:
        raise RefreshError("adresa smí být jen http nebo https", "an address must be http or https")
    if "@" in parts.netloc:
        raise RefreshError("jméno a heslo do adresy nepatří", "a user name and password do not belong in an address")
    if not re.fullmatch(r"[a-z0-9._:-]+", host) or port == 0:
        raise RefreshError("v adrese chybí platné jméno serveru", "the address lacks a valid host name")
    shown = f"[{host}]" if ":" in host else host
    port = None if port == {"http": 80, "https": 443}[parts.scheme] else port
    return SplitResult(
        parts.scheme,
        f"{shown}:{port}" if port else shown,
        quote(parts.path or "/", safe=_AS_IT_IS),
        quote(parts.query, safe=_AS_IT_IS),
        "",
    )


def is_name(text: str, *, suffix: bool = False) -> bool:
    """Whether a text will do as the name of a folder, or with `suffix` of a file, and as a pattern for itself."""
    return bool(re.fullmatch(r"\w[\w .()-]*\.\w+" if suffix else r"\w[\w-]*", text))


def file_name(url: str) -> str:
    """Return the name of the file that an address ends with, or "" when there is none."""
    name = unquote(PurePosixPath(web_address(url).path).name)
    return name if is_name(name, suffix=True) else ""


def copy_of(folder: Path, source: str, file: str) -> Path:
    """Return the path of the last good copy, below the folder of `lod.toml`."""
    return folder / FOLDER / source / file


def beside(copy: Path, role: str) -> Path:
    """Return the path of a hidden copy beside it; its suffix stays, so that readers know what it is."""
    return copy.with_name(f".{role}.{copy.name}")


def entries(folder: Path) -> list[Entry]:
    """Return what is recorded, oldest first; a line torn by a crash says nothing and is passed over."""
    path = folder / FOLDER / _LOG
    found = []
    for line in path.read_text("utf-8", "replace").splitlines() if path.exists() else ():
        try:
            values = json.loads(line)
            if given := values.get("difference"):
                values["difference"] = Difference(**{**given, "examples": tuple(given["examples"])})
            found.append(Entry(**{**values, "outcome": Outcome(values["outcome"])}))
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return found


def record(folder: Path, entry: Entry) -> None:
    """Write an entry down, durably."""
    with (folder / FOLDER / _LOG).open("a+b") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read() != b"\n":  # a torn line must not spoil the next
                file.write(b"\n")
        file.write(json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the one lock of downloads; raise `RefreshError` while another refresh runs."""
    root = folder / FOLDER
    try:
        root.mkdir(exist_ok=True)
        file = (root / ".lock").open("w")
    except OSError as error:
        raise RefreshError(
            f"{root}: nelze zapisovat ({error.strerror})", f"{root}: cannot be written to ({error.strerror})"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefreshError("už tu běží jiné lod refresh", "another lod refresh is running here") from None
        yield
