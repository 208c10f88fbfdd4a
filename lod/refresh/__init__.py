"""Downloading sources that have a `url`: politely, within limits, and never at the cost of the last good copy.

This is the only room of the house that asks the network for anything; a build reads what it has left behind.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from .. import __version__, downloads
from ..checking import Progress
from ..config import Config, SourceConfig
from ..downloads import Difference, Entry, Outcome
from ..errors import ConfigError, RefreshError
from ..release import sha256
from ..tidy import suggestion
from .compare import compare
from .fetch import Answer, Limits, Request, fetch

__all__ = ["Manners", "chosen", "refresh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How to behave towards servers; times in seconds."""

    pause: float = 1  # between two requests to one host
    attempts: int = 4  # at a server that says "not now"
    backoff: float = 5  # before the second attempt, twice as long before each next
    longest_wait: float = 120  # a server that asks for more is left alone for as long as it says
    connect: float = 20
    read: float = 60  # of silence
    sleep: Callable[[float], None] = time.sleep


def chosen(config: Config, names: Sequence[str] = ()) -> list[SourceConfig]:
    """Return the sources to refresh, all that have a `url` if none is named; raise `ConfigError` on any other."""
    able = {source.name: source for source in config.sources if source.url}
    for name in names:
        if name not in able:
            close = suggestion(name, able)
            hint = f"; neměl to být {close}? / did you mean {close}?" if close else ""
            raise ConfigError(f"{name}: takový zdroj s url tu není / there is no such source with a url{hint}")
    return [source for name, source in able.items() if not names or name in names]


def refresh(
    config: Config,
    names: Sequence[str] = (),
    *,
    force: bool = False,
    dry_run: bool = False,
    manners: Manners | None = None,
    progress: Progress | None = None,
) -> Iterator[Entry]:
    """Download, and yield what became of each file; one that fails does not hold back the others.

    `force` asks for everything anew and takes also what has shrunk suspiciously; `dry_run` downloads and compares
    but leaves all copies as they are. Raise `ConfigError` on an unknown name, `RefreshError` while another runs.
    """
    wanted = chosen(config, names)
    client = _Client(config.publisher.homepage, manners or Manners(), progress or Progress())
    with downloads.locked(config.folder):
        known = downloads.entries(config.folder)
        for source in wanted:
            for file, url in source.url.items():
                past = [entry for entry in known if (entry.source, entry.file) == (source.name, file)]
                task = _Task(source, file, url, downloads.copy_of(config.folder, source.name, file), force, dry_run)
                entry = _refreshed(task, past, client)
                if not dry_run:
                    downloads.record(config.folder, entry)
                yield entry


@dataclass(frozen=True, slots=True)
class _Task:
    """One file of one source."""

    source: SourceConfig
    file: str
    url: str
    copy: Path
    force: bool
    dry_run: bool

    @property
    def fresh(self) -> Path:
        """Where the download grows, in the folder of the copy, so that it replaces it in one step."""
        return downloads.beside(self.copy, "new")


class _LaterError(RefreshError):
    """The server asks to be left alone until a moment."""

    def __init__(self, until: str, status: int) -> None:
        super().__init__(
            f"server žádá, abychom přišli až po {until}", f"the server asks to be left alone until {until}"
        )
        self.until = until
        self.status = status


class _Client:
    """Asks servers with manners."""

    def __init__(self, homepage: str, manners: Manners, progress: Progress) -> None:
        about = "".join(char for char in homepage if "!" <= char <= "~" and char not in "()")
        self.user_agent = f"lod/{__version__}" + (f" (+{about})" if about else "")
        self.manners = manners
        self.progress = progress
        self.last: dict[str | None, float] = {}  # when each host was done with

    def ask(self, task: _Task, known: Entry | None) -> Answer:
        """Return the answer, after as many attempts as it takes; raise `RefreshError`."""
        request = Request(
            url=task.url,
            user_agent=self.user_agent,
            allow_private=task.source.allow_private,
            etag=known.etag if known else "",
            last_modified=known.last_modified if known else "",
            known_url=known.final_url if known else "",
        )
        limits = Limits(
            connect=self.manners.connect,
            read=self.manners.read,
            total=task.source.most_seconds,
            most_bytes=task.source.most_bytes,
        )
        wait, shown = self.manners.backoff, f"{task.source.name}/{task.file}"
        for attempt in range(1, self.manners.attempts + 1):
            self._pause(task.url)
            try:
                answer = fetch(request, task.fresh, limits, partial(self.progress, shown))
            finally:
                self.last[urlsplit(task.url).hostname] = time.monotonic()
            if answer.status in {200, 304}:
                return answer
            asked = answer.retry_after
            if asked is not None and asked > self.manners.longest_wait:
                raise _LaterError(_iso(datetime.now(UTC) + timedelta(seconds=asked)), answer.status)
            if attempt < self.manners.attempts:
                self.progress(f"{shown}: {answer.status}, čekáme / waiting")
                self.manners.sleep(max(wait, asked or 0))
                wait *= 2
        raise RefreshError(
            f"server odpověděl {answer.status} i na {attempt}. pokus",
            f"the server answered {answer.status} to attempt {attempt} too",
        )

    def _pause(self, url: str) -> None:
        host = urlsplit(url).hostname
        if host in self.last and (left := self.last[host] + self.manners.pause - time.monotonic()) > 0:
            self.manners.sleep(left)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _now() -> str:
    return _iso(datetime.now(UTC))


def _leave_alone(task: _Task, past: list[Entry], now: str) -> None:
    """Raise `_LaterError` when the server asked last time to be left alone for longer."""
    if past and past[-1].url == task.url and now < past[-1].not_before:
        raise _LaterError(past[-1].not_before, 0)


def _refreshed(task: _Task, past: list[Entry], client: _Client) -> Entry:
    """Return what became of one file; the last good copy has been replaced, or is untouched."""
    entry = Entry(source=task.source.name, file=task.file, url=task.url, time=_now(), outcome=Outcome.FAILED)
    try:
        if task.copy.is_file():
            entry = replace(entry, bytes=task.copy.stat().st_size, sha256=sha256(task.copy))
        # What is recorded holds of the very bytes on disk: somebody may have gone back to an older copy.
        known = next((e for e in reversed(past) if e.is_good and e.sha256 == entry.sha256), None)
        entry = replace(entry, retrieved=known.retrieved if known else "")
        if not task.force:
            _leave_alone(task, past, entry.time)
        task.copy.parent.mkdir(exist_ok=True)
        answer = client.ask(task, None if task.force else known)
        return _judged(task, entry, known, answer)
    except _LaterError as error:
        return replace(entry, status=error.status, not_before=error.until, cs=error.cs, en=error.en)
    except RefreshError as error:
        return replace(entry, cs=error.cs, en=error.en)
    except OSError as error:
        why = error.strerror
        return replace(entry, cs=f"kopii nelze zapsat ({why})", en=f"the copy cannot be written ({why})")
    finally:
        task.fresh.unlink(missing_ok=True)


def _judged(task: _Task, entry: Entry, known: Entry | None, answer: Answer) -> Entry:
    """Take what came, unless it is what we have, cannot be read, or has shrunk suspiciously."""
    came = replace(
        entry, status=answer.status, final_url=answer.url, etag=answer.etag, last_modified=answer.last_modified
    )
    if answer.status == 304:
        if known is None:
            raise RefreshError(
                "server tvrdí, že se nic nezměnilo, ale nic nemáme",
                "the server says that nothing changed, but there is no copy",
            )
        etag, modified = answer.etag or known.etag, answer.last_modified or known.last_modified
        return replace(came, outcome=Outcome.UNCHANGED, etag=etag, last_modified=modified)
    if answer.sha256 == entry.sha256:
        return replace(came, outcome=Outcome.UNCHANGED, retrieved=entry.retrieved or entry.time)
    try:
        difference = compare(task.copy if entry.sha256 else None, task.fresh, task.source)
        came = replace(came, difference=difference)
        if not task.force:
            _refuse_shrunk(entry, answer, difference)
    except RefreshError as error:
        if not task.dry_run:
            task.fresh.replace(downloads.beside(task.copy, "refused"))
        return replace(came, outcome=Outcome.REFUSED, cs=error.cs, en=error.en)
    if not task.dry_run:
        _take(task)
    return replace(
        came,
        outcome=Outcome.CHANGED if entry.sha256 else Outcome.NEW,
        bytes=answer.bytes,
        sha256=answer.sha256,
        retrieved=entry.time,
    )


def _refuse_shrunk(entry: Entry, answer: Answer, difference: Difference) -> None:
    """Raise `RefreshError` when less than half of the last copy came, or no record at all."""
    hint_cs, hint_en = "má-li to tak být, přidejte --force", "if that is right, add --force"
    if not difference.after:
        raise RefreshError(f"nemá žádný záznam; {hint_cs}", f"it has no record; {hint_en}")
    for now, before, unit_cs, unit_en in (
        (difference.after, difference.before or 0, "záznamů", "records"),
        (answer.bytes, entry.bytes, "B", "B"),
    ):
        if now * 2 < before:
            raise RefreshError(
                f"je podezřele malý: {now} {unit_cs}, dosud {before}; {hint_cs}",
                f"it is suspiciously small: {now} {unit_en}, so far {before}; {hint_en}",
            )


def _take(task: _Task) -> None:
    """Replace the last good copy in one step; the one before it stays as `.previous`."""
    if task.copy.exists():
        spare = downloads.beside(task.copy, "spare")
        shutil.copyfile(task.copy, spare)
        spare.replace(downloads.beside(task.copy, "previous"))
    task.fresh.replace(task.copy)
    downloads.beside(task.copy, "refused").unlink(missing_ok=True)
    descriptor = os.open(task.copy.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
