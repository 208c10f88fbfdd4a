"""The process that a query runs in: a request in, an answer out.

    python worker.py disk STORE BYTES       answers from a store on disk
    python worker.py memory STORE SOCKET    loads it, and forks such processes as the socket asks for them

Whatever the text of a query says, this process cannot connect anywhere nor open a file: it leaves the network
before the engine is loaded, and gives up new file descriptors once the store is open. What it may take of memory
beside the data is limited; time is the parent's to measure, who kills it. It imports nothing of lod, so a new one
is up soon.

Frames on both pipes are a letter, a length of four bytes (big endian), and so many bytes. In comes `Q`, a
dictionary {"text", "bare", "base", "default", "named", "formats"} marshalled; out go `F` (JSON: the form and the
format of the answer), any number of `D` (its bytes), and `.` at the end. `E` (JSON: kind and text) may come at any
place before that.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import marshal
import os
import re
import resource
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyoxigraph as ox

_NEWNET, _NEWUSER = 0x40000000, 0x10000000  # linux/sched.h
# The engine parses and evaluates by recursion: a query of 64 KiB nested to the utmost needs about 250 MB of stack.
STACK = 512 << 20
_FRAME = 1 << 16  # bytes
_PADDING = (
    " " * 32
)  # the engine looks at so many characters at once, and tells the end of the text where there are less
_NO_LIST: Any = 0
_WORDS = 1 << 16  # bytes of what the engine says on standard error when it fails, the only file
_ASKED = 64  # bytes of a line on the socket


def leave_network() -> None:
    """Enter a network without any interface, where the platform lets us."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEWNET) != 0:
        libc.unshare(_NEWUSER | _NEWNET)  # without root; where that is forbidden too, the descriptors still stop it


def own_networks() -> None:
    """Let threads of this process, which has one as yet, leave the network by themselves."""
    if sys.platform == "linux" and os.geteuid() != 0:
        ctypes.CDLL(None).unshare(_NEWUSER)


def _limit(memory: int) -> None:
    """Let this process take so many bytes beyond what it has, and a stack."""
    status = Path("/proc/self/status").read_text("utf-8") if sys.platform == "linux" else ""
    held = next((int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmData:")), 0)
    most = held + memory + STACK
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _shut() -> None:
    """Let this process open nothing any more."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_WORDS, _WORDS))


class Frames(BytesIO):
    """Where an answer is serialised to: each write is a frame."""

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__()
        self.out = out
        self.waiting = bytearray()

    def write(self, content: Any, /) -> int:
        """Send bytes on, in frames of some size."""
        self.waiting += content
        if len(self.waiting) >= _FRAME:
            self.flush()
        return len(content)

    def flush(self) -> None:
        """Send what waits."""
        if self.waiting:
            self.send(b"D", bytes(self.waiting))
            self.waiting.clear()

    def send(self, letter: bytes, content: bytes = b"") -> None:
        """Send a frame."""
        self.out.write(letter + struct.pack(">I", len(content)) + content)

    def tell_json(self, letter: bytes, **values: str) -> None:
        """Send a frame of JSON."""
        self.send(letter, json.dumps(values).encode())


@cache
def _head(form: str, media: str) -> bytes:
    return json.dumps({"form": form, "media": media}).encode()


def written(answer: Any, formats: dict[str, str], frames: Frames) -> None:
    """Write an answer of the engine in the format that was asked for its form."""
    import pyoxigraph as ox  # noqa: PLC0415 - loaded after the network was left

    form = (
        "solutions"
        if isinstance(answer, ox.QuerySolutions)
        else "boolean"
        if isinstance(answer, ox.QueryBoolean)
        else "triples"
    )
    media = formats.get(form, "")
    frames.send(b"F", _head(form, media))
    if not media:
        return
    if isinstance(answer, (ox.QuerySolutions, ox.QueryBoolean)):
        answer.serialize(frames, format=ox.QueryResultsFormat.from_media_type(media))
    else:
        ox.serialize(answer, frames, format=ox.RdfFormat.from_media_type(media))


def _is_valid(text: str, base: str | None) -> bool:
    """Whether the engine can read a query. It reads first and then finds no list of graphs, so nothing is planned."""
    import pyoxigraph as ox  # noqa: PLC0415 - loaded after the network was left

    try:
        ox.Store().query(text, base_iri=base, named_graphs=_NO_LIST)
    except TypeError:
        return True
    except (SyntaxError, ValueError):
        return False
    raise AssertionError


def _word(keyword: str, text: str) -> str:
    """Return a word of letters that no keyword has, as short as can be, that a text (of small letters) has not.

    "f" stays a hexadecimal digit, for `%2from` in an IRI.
    """
    head = "b" if keyword[0] == "f" else "q"
    for length in itertools.count(len(keyword) - 1):
        for letters in itertools.product("qj", repeat=length):
            if (word := head + "".join(letters)) not in text:
                return word
    raise AssertionError


def uses(keyword: str, text: str, base: str | None) -> bool:
    """Whether a query uses a keyword (in small letters), as the engine itself reads it.

    It does where the text is valid, but is not with another word in the keyword's place. That word replaces its
    letters wherever they stand, each spelling by a spelling of its own. In a comment, a string, an IRI or a name
    that changes nothing: a name stays a name, declared or not as it was. Only what is read as the keyword becomes
    something that the grammar does not know. A list of tokens would not do: this engine needs no space after a
    keyword (`SERVICEex:a {}` in place of a triple), and `<` may begin an IRI or compare.
    """
    small = text.lower()
    if keyword not in small:
        return False
    word = _word(keyword, small)

    def other(match: re.Match[str]) -> str:
        spelt = zip(word, match[0], strict=False)
        return "".join(new.upper() if old.isupper() else new for new, old in spelt) + word[len(keyword) :]

    renamed = re.sub(keyword, other, text, flags=re.IGNORECASE | re.ASCII)
    return not _is_valid(renamed, base) and _is_valid(text, base)


def _unescaped(text: str) -> str:
    """Return a text with its codepoint escapes read before anything else, as the standard has it (section 19.2)."""
    return re.sub(
        r"\\u([0-9A-Fa-f]{4})|\\U(00[01][0-9A-Fa-f]{5})",
        lambda match: chr(min(int(match[1] or match[2], 16), sys.maxunicode)),
        text,
    )


def refused(asked: dict[str, Any]) -> str:
    """Return the keyword for which a query is refused, "" where there is none."""
    text, base = asked["text"], asked["base"]
    if uses("service", text, base) or ("\\" in text and uses("service", _unescaped(text), base)):
        return "SERVICE"
    return "FROM" if uses("from", asked["bare"] or text, base) else ""


def _answer(store: ox.Store, asked: dict[str, Any], frames: Frames) -> None:
    import pyoxigraph as ox  # noqa: PLC0415 - loaded after the network was left

    if keyword := refused(asked):
        frames.tell_json(b"E", kind="refused", text=keyword)
        return
    dataset: dict[str, Any] = {}
    if asked["default"] or asked["named"]:
        dataset["default_graph"] = [ox.NamedNode(iri) if iri else ox.DefaultGraph() for iri in asked["default"]]
        dataset["named_graphs"] = [ox.NamedNode(iri) for iri in asked["named"]]
    try:
        answer = store.query(asked["text"] + _PADDING, base_iri=asked["base"], **dataset)
    except (SyntaxError, ValueError, RuntimeError) as error:  # RuntimeError: a function nobody knows
        frames.tell_json(b"E", kind="malformed", text=str(error))
        return
    written(answer, asked["formats"], frames)


Answering = Callable[[dict[str, Any], Frames], None]  # what is asked, where the answer goes


def _requests() -> Iterator[dict[str, Any]]:
    """Yield what is asked on standard input."""
    buffer = bytearray()
    while True:
        while len(buffer) < 5 or len(buffer) < 5 + struct.unpack_from(">I", buffer, 1)[0]:
            more = os.read(0, _FRAME)
            if not more:
                return
            buffer += more
        end = 5 + struct.unpack_from(">I", buffer, 1)[0]
        yield marshal.loads(buffer[5:end])  # noqa: S302 - our own parent's
        del buffer[:end]


def _serve(answer: Answering, frames: Frames) -> None:
    for asked in _requests():
        try:
            answer(asked, frames)
        except BaseException as error:  # noqa: BLE001 - a panic of the engine is one; the parent tells of it
            frames.tell_json(b"E", kind="engine", text=f"{type(error).__name__}: {error}")
        frames.flush()
        frames.send(b".")
        frames.out.flush()


def serve(answer: Answering, memory: int, *, is_shut: bool = True) -> None:
    """Answer what comes on standard input until the parent has gone, whatever query runs then."""
    parent = select.epoll()
    parent.register(0, select.EPOLLHUP)
    frames = Frames(os.fdopen(1, "wb", 1 << 16))
    _limit(memory)
    if is_shut:
        _shut()
    frames.tell_json(b"F", form="ready")
    frames.out.flush()
    threading.stack_size(STACK)
    threading.Thread(target=_serve, args=(answer, frames), daemon=True).start()
    parent.poll()
    os._exit(0)


def _on_disk(path: str, memory: int) -> None:
    import pyoxigraph as ox  # noqa: PLC0415 - see `leave_network`

    store = ox.Store.read_only(path)
    serve(lambda asked, frames: _answer(store, asked, frames), memory)


def _loaded(path: str) -> ox.Store:
    """Return a copy of a store in memory; another process reads it, whose threads end with it."""
    source, sink = os.pipe()
    reader = os.fork()
    import pyoxigraph as ox  # noqa: PLC0415 - see `leave_network`

    if not reader:
        with os.fdopen(sink, "wb") as written:
            ox.Store.read_only(path).dump(written, format=ox.RdfFormat.N_QUADS)
        os._exit(0)
    os.close(sink)
    store = ox.Store()
    with os.fdopen(source, "rb") as lines:
        store.bulk_load(input=lines, format=ox.RdfFormat.N_QUADS)
    if os.waitpid(reader, 0)[1]:
        raise SystemExit(f"{path}: nelze číst / cannot be read")
    return store


def _in_memory(path: str, control: socket.socket) -> None:
    """Load a store and fork a process for queries whenever the parent asks."""
    store = _loaded(path)
    control.send(b"ready")
    while True:
        line, descriptors, _, _ = socket.recv_fds(control, _ASKED, 3)
        if not line:
            os._exit(0)  # the parent has gone
        what, number = line.split()
        if what == b"end":
            os.kill(int(number), signal.SIGKILL)
            control.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(int(number), 0)[1]))
            continue
        forked = os.fork()
        if not forked:
            control.close()
            for place, descriptor in enumerate(descriptors):
                os.dup2(descriptor, place)
                os.close(descriptor)
            serve(lambda asked, frames: _answer(store, asked, frames), int(number))
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(b"%d" % forked)


def main() -> None:
    """Open the store, shut every door, answer until the requests end."""
    kind, path, number = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    leave_network()
    if kind == "disk":
        _on_disk(path, int(number))
    else:
        _in_memory(path, socket.socket(fileno=int(number)))


if __name__ == "__main__":
    main()
