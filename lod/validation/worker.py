"""The process that pySHACL runs in: requests on standard input, answers on standard output, a JSON text a line.

    python -m lod.validation.worker

First the shapes, as N-Triples, answered when they are read; then requests {"seconds", "lines", "asked"}. The
process ends when its input does, and the kernel ends it when a request takes more CPU than its seconds,
whatever runs then, regular expressions included. (CPU, not time: how busy the machine is must not decide
about a record.)
"""

from __future__ import annotations

import json
import os
import signal

from .reference import Judge, guard, loaded


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent; when that ends, so does the input
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # pySHACL prints here and there
    requests = os.fdopen(0, encoding="utf-8")
    guard()
    judge = Judge(loaded(json.loads(requests.readline())))
    print(json.dumps("ready"), file=answers, flush=True)
    for request in map(json.loads, requests):
        signal.setitimer(signal.ITIMER_PROF, request["seconds"])
        try:
            answer: object = {"results": judge.judge(request["lines"], [(f, s) for f, s in request["asked"]])}
        except Exception as error:  # noqa: BLE001 - pySHACL stops with whatever Python raised; told to the parent
            answer = {"error": f"{type(error).__name__}: {error}"}
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
