"""Pages of work on any `concurrent.futures.Executor`: this process, processes of this machine, or a Dask cluster.

A page is one picklable value that a function of a module takes, so any process that has lod can do it. Results
come in the order of the pages, and only so many pages are under way, so memory stays flat however many there are.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from .errors import ConfigError, WorkersError
from .terms import Vocabulary, home

__all__ = ["HERE", "Place", "Workers", "code", "opened", "place", "vocabulary_at"]

Page = TypeVar("Page")
Result = TypeVar("Result")
Kept = TypeVar("Kept")

Place = tuple[str, Path | None]  # base of IRIs and folder of vocab/ and shapes/, None where they come with lod


@dataclass(frozen=True, slots=True)
class Workers:
    """An executor, and how many pages may be under way on it."""

    executor: Executor
    ahead: int

    def run(self, function: Callable[[Page], Result], pages: Iterable[Page]) -> Iterator[Result]:
        """Yield the result of each page, in order; raise `WorkersError` when the workers are gone."""
        waiting: deque[Future[Result]] = deque()
        try:
            for page in pages:
                waiting.append(self.executor.submit(function, page))
                if len(waiting) > self.ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenExecutor as error:
            raise WorkersError(
                "pracovní proces skončil uprostřed práce (paměť?), zkuste méně --jobs"
                " / a worker process ended in the middle of its work (memory?), try fewer --jobs"
            ) from error
        finally:
            for future in waiting:
                future.cancel()

    def beside(
        self, function: Callable[[Page], Result], pages: Iterable[tuple[Kept, Page]]
    ) -> Iterator[tuple[Kept, Result]]:
        """Yield the result of each page as `run` does, beside what stays here of the page."""
        kept: deque[Kept] = deque()

        def sent() -> Iterator[Page]:
            for stays, page in pages:
                kept.append(stays)
                yield page

        for result in self.run(function, sent()):
            yield kept.popleft(), result


class _Here(Executor):
    """Does the work in this process, when it is submitted."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        future: Future[Result] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


HERE = Workers(_Here(), 0)  # this process alone, a page at a time


@contextmanager
def opened(jobs: int = 1, address: str = "") -> Iterator[Workers]:
    """Open workers: this process alone, so many processes, or a Dask cluster at `dask://HOST:PORT`.

    Raise `ConfigError` on another address, `WorkersError` when the cluster cannot be reached.
    """
    if address:
        with _cluster(address) as workers:
            yield workers
        return
    if jobs < 2:
        yield HERE
        return
    with ProcessPoolExecutor(jobs, initializer=_end_with_parent) as executor:
        yield Workers(executor, 2 * jobs)


@contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    scheme, _, scheduler = address.partition("://")
    if scheme != "dask" or not scheduler:
        raise ConfigError(f"{address}: čekáme dask://HOST:PORT / expected dask://HOST:PORT")
    try:
        import distributed  # noqa: PLC0415 - an extra; few installations have a cluster
    except ImportError as error:
        raise ConfigError(f"{address}: chybí pip install lod[dask] / pip install lod[dask] is missing") from error
    try:
        client: Any = distributed.Client(f"tcp://{scheduler}", timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkersError(f"{address}: cluster neodpovídá / the cluster does not answer") from error
    with client:
        _same_code(client, address)
        threads = sum(client.ncores().values())
        try:
            yield Workers(client.get_executor(), 2 * max(threads, 1))
        except distributed.scheduler.KilledWorker as error:
            raise WorkersError(
                f"{address}: stránka opakovaně shodila pracovní proces / a page killed its worker again and again"
            ) from error


def _same_code(client: Any, address: str) -> None:
    found: dict[str, str] = client.run(code)
    if other := [worker for worker, told in found.items() if told != code()]:
        listed = ", ".join(other)
        raise WorkersError(
            f"{address}: {listed} má jinou verzi lod než tento počítač / {listed} has another lod than this machine"
        )


@lru_cache(maxsize=1)
def code() -> str:
    """Return a digest of lod's own code: the same code makes the same of the same records."""
    package = Path(__file__).parent
    told = sha256()
    for path in sorted(package.rglob("*.py")):
        told.update(path.relative_to(package).as_posix().encode() + b"\0" + sha256(path.read_bytes()).digest())
    return told.hexdigest()


def _end_with_parent() -> None:
    """Let a worker end when the build is killed; by itself it would wait for work for ever."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def place(vocabulary: Vocabulary) -> Place:
    """Return what a worker needs to make the same vocabulary; on another machine lod may lie elsewhere."""
    where = vocabulary.base, None if vocabulary.root == home() else vocabulary.root
    _here[where] = vocabulary
    return where


# A vocabulary takes half a second to make; processes that are forked from this one have what it has.
_here: WeakValueDictionary[Place, Vocabulary] = WeakValueDictionary()


@lru_cache(maxsize=4)
def vocabulary_at(where: Place) -> Vocabulary:
    """Return the vocabulary of a place; a process makes it once."""
    vocabulary = _here.get(where) or Vocabulary(*where)
    gc.freeze()  # it stays: to look through it at each collection costs a twentieth of a build
    gc.set_threshold(20_000)  # hardly anything that is made of records has cycles
    return vocabulary
