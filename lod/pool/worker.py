"""The process that a query runs in: `python -m lod.pool.worker STORE BYTES`, a request in, an answer out.

Whatever the text of a query says, this process cannot connect anywhere nor open a file: it leaves the network
before the engine is loaded, and gives up new file descriptors once the store is open. What it may take of memory
is limited; time is the parent's to measure, who kills it. It imports nothing of lod, so a new one is up soon.

Frames on both pipes are a letter, a length of four bytes (big endian), and so many bytes. In comes `Q`, a JSON
object {"text", "bare", "base", "default", "named", "formats"}; out go `F` (JSON: the form and the format of the
answer), any number of `D` (its bytes), and `.` at the end, or `E` (JSON: kind and text) at any place.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import re
import resource
import select
import signal
import struct
import sys
import threading
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyoxigraph as ox

_NEWNET, _NEWUSER = 0x40000000, 0x10000000  # linux/sched.h
# The engine parses and evaluates by recursion: a query of 64 KiB nested to the utmost needs about 250 MB of stack.
_STACK = 512 << 20
_FRAME = 1 << 16  # bytes
_PADDING = (
    " " * 32
)  # the engine looks at so many characters at once, and tells the end of the text where there are less
_NO_LIST: Any = 0
_WORDS = 1 << 16  # bytes of what the engine says on standard error when it fails, the only file


def _leave_network() -> None:
    """Enter a network without any interface, where the platform lets us."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEWNET) != 0:
        libc.unshare(_NEWUSER | _NEWNET)  # without root; where that is forbidden too, the descriptors still stop it


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_WORDS, _WORDS))
    resource.setrlimit(resource.RLIMIT_DATA, (memory + _STACK, memory + _STACK))


class _Frames(BytesIO):
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
        self.out.write(letter + struct.pack(">I", len(content)) + content)

    def tell_json(self, letter: bytes, **values: str) -> None:
        self.send(letter, json.dumps(values).encode())


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


def _answer(store: ox.Store, asked: dict[str, Any], frames: _Frames) -> None:
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
    form = (
        "solutions"
        if isinstance(answer, ox.QuerySolutions)
        else "boolean"
        if isinstance(answer, ox.QueryBoolean)
        else "triples"
    )
    media = asked["formats"].get(form, "")
    frames.tell_json(b"F", form=form, media=media)
    if not media:
        return
    if isinstance(answer, (ox.QuerySolutions, ox.QueryBoolean)):
        syntax = ox.QueryResultsFormat.from_media_type(media)
        answer.serialize(frames, format=syntax)
    else:
        rdf = ox.RdfFormat.from_media_type(media)
        ox.serialize(answer, frames, format=rdf)


def _serve(store: ox.Store, requests: IO[bytes], frames: _Frames) -> None:
    while head := requests.read(5):
        asked = json.loads(requests.read(struct.unpack(">I", head[1:])[0]))
        try:
            _answer(store, asked, frames)
        except BaseException as error:  # noqa: BLE001 - a panic of the engine is one; the parent tells of it
            frames.tell_json(b"E", kind="engine", text=f"{type(error).__name__}: {error}")
        frames.flush()
        frames.send(b".")
        frames.out.flush()


def main() -> None:
    """Open the store, shut every door, answer until the requests end."""
    path, memory = sys.argv[1], int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    _leave_network()
    import pyoxigraph as ox  # noqa: PLC0415 - see above

    store = ox.Store.read_only(path)
    parent = select.epoll()
    parent.register(0, select.EPOLLHUP)
    requests, frames = os.fdopen(0, "rb"), _Frames(os.fdopen(1, "wb", 1 << 16))
    _limit(memory)
    frames.tell_json(b"F", form="ready")
    frames.out.flush()
    threading.stack_size(_STACK)
    threading.Thread(target=_serve, args=(store, requests, frames), daemon=True).start()
    parent.poll()
    os._exit(0)  # the parent has gone, whatever query runs


if __name__ == "__main__":
    main()
