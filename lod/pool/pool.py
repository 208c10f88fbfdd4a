"""Queries on killable processes: who is next, on what, and for how long.

A query begins in the quick lane. One that takes over a second moves to the slow lane, at a lower priority, and
a fresh process takes its place, so that cheap queries flow while heavy ones run. Clients take turns in the queue;
each has a budget of query seconds a minute.
"""

from __future__ import annotations

import itertools
import logging
import math
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from ..config import Queries
from ..errors import BusyError, QueryLimitError, StoreError
from ..store import Query
from .engines import Engine, OnDisk
from .process import Formats, Spooled, Worker

__all__ = ["Pool"]

_LOG = logging.getLogger(__name__)
_MINUTE = 60.0
_START = 20.0  # seconds that a process may take to open a store
_AGAIN = 15.0  # seconds between two attempts to start one, in the end


@dataclass(slots=True, eq=False)
class _Turn:
    """A place in the queue, and the process that it was given."""

    called: threading.Event
    worker: Worker | None = None


class _Turns:
    """Clients in a circle, each with a queue of its own; whoever asks once is next after at most one of each other."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[_Turn]] = OrderedDict()

    def join(self, client: str) -> _Turn:
        turn = _Turn(threading.Event())
        self._waiting.setdefault(client, deque()).append(turn)
        return turn

    def leave(self, client: str, turn: _Turn) -> None:
        mine = self._waiting[client]
        mine.remove(turn)
        if not mine:
            del self._waiting[client]

    def call(self, worker: Worker) -> bool:
        """Give a process to the next one; return whether there was any."""
        if not self._waiting:
            return False
        client, mine = self._waiting.popitem(last=False)
        turn = mine.popleft()
        turn.worker = worker
        turn.called.set()
        if mine:
            self._waiting[client] = mine
        return True


class _Budget:
    """Seconds of queries that a client took in the last minute, by the whole second in which they ended."""

    def __init__(self) -> None:
        self._taken: deque[list[float]] = deque()
        self.total = 0.0

    def __bool__(self) -> bool:
        return bool(self._taken)

    def forget(self, now: float) -> None:
        while self._taken and self._taken[0][0] < now - _MINUTE:
            self.total -= self._taken.popleft()[1]

    def take(self, now: float, seconds: float) -> None:
        if not self._taken or self._taken[-1][0] != math.floor(now):
            self._taken.append([math.floor(now), 0.0])
        self._taken[-1][1] += seconds
        self.total += seconds

    def until(self, over: float) -> float:
        """Return when so many seconds will have been forgotten."""
        for ended, seconds in self._taken:
            over -= seconds
            if over <= 0:
                return ended + _MINUTE
        return math.inf


class _Budgets:
    """What each client took, whoever took last at the end."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._of: OrderedDict[str, _Budget] = OrderedDict()

    def wait(self, client: str, now: float) -> int:
        """Return for how many seconds a client must wait, 0 where it need not."""
        budget = self._of.get(client)
        if budget is None:
            return 0
        budget.forget(now)
        over = budget.total - self._most
        return max(1, math.ceil(budget.until(over) - now)) if over > 0 else 0

    def take(self, client: str, now: float, seconds: float) -> None:
        self._of.setdefault(client, _Budget()).take(now, seconds)
        self._of.move_to_end(client)
        while self._of:
            oldest = next(iter(self._of.values()))
            oldest.forget(now)
            if oldest:
                break
            self._of.popitem(last=False)


class Pool:
    """The processes of one store. Threads may ask at once."""

    def __init__(self, engine: Engine | Path, limits: Queries | None = None) -> None:
        """Start the processes (a path is a store on disk); raise `StoreError` where it cannot be opened."""
        self._engine = OnDisk(engine) if isinstance(engine, Path) else engine
        self.limits = limits or Queries()
        self._lock = threading.Lock()
        self._turns = _Turns()
        self._budgets = _Budgets(self.limits.budget)
        self._idle: list[Worker] = []
        self._slow = 0
        self._is_closed = False
        starting = [self._new() for _ in range(self.limits.processes)]
        try:
            for worker in starting:
                worker.begun(_START)
        except StoreError:
            for worker in starting:
                worker.end()
            self._engine.close()
            raise
        self._idle += starting

    def ask(
        self, query: Query, formats: Formats, client: str = "", has_left: Callable[[], bool] = lambda: False
    ) -> Spooled:
        """Return the whole answer to a query.

        Raise `QueryError` (malformed), `RefusedQueryError`, `QueryLimitError`, `EngineError`, `BusyError`, or
        `StoreError` where no process can be started.
        """
        with self._lock:
            if seconds := self._budgets.wait(client, monotonic()):
                raise BusyError(seconds, is_budget=True)
        worker = self._taken(client)
        began = monotonic()
        lane = _Lane(self, worker, has_left)
        try:
            return worker.ask(query, formats, self.limits.seconds, lane.is_over)
        except QueryLimitError as error:
            if lane.is_full and error.limit == "left":
                raise BusyError(1) from None
            raise
        finally:
            with self._lock:
                self._slow -= lane.is_slow
                self._budgets.take(client, monotonic(), monotonic() - began)
            self._returned(worker, is_replaced=lane.is_slow)

    def _taken(self, client: str) -> Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.is_alive:
                    return worker
                worker.end()
                self._start()
            turn = None if self._is_closed else self._turns.join(client)
        if turn is None:  # asked while the next release was opened: a process for this query alone
            return self._begun()
        turn.called.wait(self.limits.wait)
        with self._lock:
            if turn.worker is None:
                self._turns.leave(client, turn)
                raise BusyError(math.ceil(self.limits.wait))
            return turn.worker

    def _free(self, worker: Worker) -> None:
        """Give a process to whoever is next."""
        with self._lock:
            if self._turns.call(worker):
                return
            if not self._is_closed:
                self._idle.append(worker)
                return
        worker.end()

    def _returned(self, worker: Worker, *, is_replaced: bool) -> None:
        """Take a process back, or start one in the place of one that is gone, unless its place was taken before."""
        if worker.is_well and not is_replaced:
            self._free(worker)
        elif worker.is_well:
            worker.end()
        elif not is_replaced:
            self._start()

    def enter_slow(self) -> bool:
        """Let a query into the slow lane, with a new process in its place; return whether there was room."""
        with self._lock:
            if self._slow >= self.limits.slow:
                return False
            self._slow += 1
        self._start()
        return True

    def _start(self) -> None:
        """Start a process in the background."""
        threading.Thread(target=self._started, daemon=True).start()

    def _started(self) -> None:
        for attempt in itertools.count():
            if self._is_closed:
                return
            try:
                self._free(self._begun())
            except (StoreError, OSError) as error:  # no memory, no more processes: that may pass
                _LOG.error("proces dotazů nelze začít / a process for queries cannot begin: %s", error)
                sleep(min(2.0**attempt, _AGAIN))
            else:
                return

    def _begun(self) -> Worker:
        worker = self._new()
        worker.begun(_START)
        return worker

    def _new(self) -> Worker:
        return Worker(self._engine, self.limits.memory << 20)

    def close(self) -> None:
        """End the idle processes; the others end with their queries."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()
        self._engine.close()


class _Lane:
    """Watches one query: whether it has become slow, whether there is room for it then, whether its client is there."""

    def __init__(self, pool: Pool, worker: Worker, has_left: Callable[[], bool]) -> None:
        self._pool, self._worker, self._has_left = pool, worker, has_left
        self._since = monotonic()
        self.is_slow = self.is_full = False

    def is_over(self) -> bool:
        """Whether the query must end now."""
        if not self.is_slow and monotonic() - self._since > self._pool.limits.quick:
            self.is_slow = self._pool.enter_slow()
            self.is_full = not self.is_slow
            if self.is_slow:
                self._worker.slow_down()
        return self.is_full or self._has_left()
