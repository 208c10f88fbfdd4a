"""Which encoding a text is in: told by its bytes, never guessed where two would do.

Strict UTF-8 cannot be met by chance, so it is tried on the whole file first. What is left are the one-byte
encodings that Czech offices have used; they put Š š Ť ť Ž ž (and in CP852 and Mac nearly everything) at
different bytes, and only one of them reads every word of a file as Czech.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import UnreadableFileError
from .files import opened
from .spoilt import misread_utf8

__all__ = ["Encoding", "best", "detect"]

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = {
    "windows-1250": "cp1250",
    "iso-8859-2": "iso8859_2",
    "cp852": "cp852",
    "mac-latin2": "mac_latin2",
    "windows-1252": "cp1252",
}
_CHUNK = 1 << 20
_MOST_WORDS = 20_000  # distinct words are evidence enough
_MOST_LOOKED = 200_000  # and so are these, however few of them are distinct
_MARGIN = 2.0  # the best reading must be this much better than another
_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*+[\x80-\xff][A-Za-z\x80-\xff]*")

# How much a letter speaks for Czech: roughly the logarithm of its frequency in project titles and addresses.
_LETTERS = {
    **dict.fromkeys("íáéěřýčžšů", 4.0),
    **dict.fromkeys("úóťďň", 2.5),
    **dict.fromkeys("ľĺŕäôöüß", 0.5),  # Slovak and German names
    **dict.fromkeys("ąęłńśźżćőűëçâîășțăţşèàêñïûìùò", -1.0),
}
_CAPITAL = 1.0  # a capital counts this much less than its small letter
_SIGNS = "\xa0„“”‚‘’–—…§°²³€×·•®©™½¼±µ«»\xad"
_MISPLACED = -6.0  # a sign inside a word, a capital after a small letter


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec of Python, and whether single lines may fail to decode (they come with lone surrogates)."""

    codec: str
    lenient: bool = False

    @property
    def errors(self) -> str:
        """How a decoder treats bytes that are not in the encoding."""
        return "surrogateescape" if self.lenient else "strict"


@dataclass(slots=True)
class _Survey:
    """What one pass over the bytes has seen."""

    head: bytes = b""
    wrong: int | None = None  # first byte that is not UTF-8
    nul: int | None = None
    control: int | None = None  # first byte 80-9F: no letter in ISO-8859
    words: dict[bytes, None] = field(default_factory=dict)


def _survey(path: Path) -> _Survey:
    seen = _Survey()
    decoder = codecs.getincrementaldecoder("utf-8")()
    start = looked = 0
    control = re.compile(rb"[\x80-\x9f]")
    with opened(path) as file:
        while chunk := file.read(_CHUNK):
            chunk += file.readline(4096)  # a word is not cut in two
            seen.head = seen.head or chunk[:4096]
            if seen.nul is None and (at := chunk.find(b"\x00")) >= 0:
                seen.nul = start + at
            if not chunk.isascii() or decoder.getstate()[0]:
                if seen.wrong is None:
                    pending = len(decoder.getstate()[0])
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError as error:
                        seen.wrong = start - pending + error.start
                if seen.control is None and (found := control.search(chunk)):
                    seen.control = start + found.start()
                if len(seen.words) < _MOST_WORDS and looked < _MOST_LOOKED:
                    found_words = _WORD.findall(chunk)
                    looked += len(found_words)
                    seen.words.update(dict.fromkeys(found_words))
            start += len(chunk)
    if seen.wrong is None and (pending := len(decoder.getstate()[0])):
        seen.wrong = start - pending
    return seen


def _line_of(path: Path, offset: int) -> int:
    line, start = 1, 0
    with opened(path) as file:
        while start < offset and (chunk := file.read(min(_CHUNK, offset - start))):
            line += chunk.count(b"\n")
            start += len(chunk)
    return line


def _plausible(word: str) -> float:
    score = 0.0
    for at, letter in enumerate(word):
        if letter.isascii():
            continue
        before = word[at - 1] if at else ""
        after = word[at + 1] if at + 1 < len(word) else ""
        if letter.isalpha():
            score += _LETTERS.get(letter.lower(), -3.0)
            if letter.isupper():
                score -= _CAPITAL
                if before.isalpha() and before.islower():
                    score += _MISPLACED
            elif before.isalpha() and before.isupper() and after.isalpha() and after.isupper():
                score += _MISPLACED
        elif letter in _SIGNS:
            inside = before.isalpha() and after.isalpha() and letter not in "\xa0–’\xad"
            score += _MISPLACED if inside else 0.5
        else:
            score += 2 * _MISPLACED
    return score


def best(words: Iterable[bytes]) -> list[str]:
    """Return the encodings that read the words as Czech best: one, or several that would do equally well."""
    listed = list(words)
    scores: dict[str, float] = {}
    readings: dict[str, str] = {}
    for name, codec in _CANDIDATES.items():
        try:
            decoded = [word.decode(codec) for word in listed]
        except UnicodeDecodeError:
            continue
        reading = "\n".join(decoded)
        if re.search("[\x80-\x9f]", reading):
            continue
        if reading in readings.values():  # the same letters by another name
            continue
        scores[name], readings[name] = sum(map(_plausible, decoded)), reading
    if not scores:
        return []
    top = max(scores.values())
    return sorted((name for name, score in scores.items() if score > top - _MARGIN), key=lambda name: -scores[name])


def _wrong(path: Path, shown: str, offset: int, seen: _Survey) -> UnreadableFileError:
    line = _line_of(path, offset)
    fits = "utf-8" if seen.wrong is None else " / ".join(best(seen.words)) if seen.nul is None else ""
    hint_cs = f"; nastavte encoding, podle písmen spíš {fits}" if fits else "; nastavte encoding"
    hint_en = f"; set encoding, by its letters rather {fits}" if fits else "; set encoding"
    return UnreadableFileError(
        f"soubor není v kódování {shown} (bajt {offset}, řádek {line}){hint_cs}",
        f"the file is not in {shown} (byte {offset}, line {line}){hint_en}",
    )


def _declared(path: Path, name: str) -> Encoding:
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)  # refuses codecs that are not of text
    except LookupError as error:
        raise UnreadableFileError(f"neznámé kódování {name}", f"unknown encoding {name}") from error
    with opened(path) as file:
        marked = next((known for mark, known in _BOMS if file.peek(4).startswith(mark)), "")  # type: ignore[attr-defined]
    encoding = {"utf-8": marked if marked == "utf-8-sig" else "utf-8"}.get(codec.name, codec.name)
    decoder = codecs.getincrementaldecoder(encoding)()
    start = 0
    with opened(path) as file:
        while chunk := file.read(_CHUNK):
            state = decoder.getstate()[0]
            pending = len(state) if isinstance(state, bytes) else 0
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                raise _wrong(path, name, start - pending + error.start, _survey(path)) from error
            start += len(chunk)
        try:
            decoder.decode(b"", final=True)
        except UnicodeError as error:
            raise _wrong(path, name, start, _survey(path)) from error
    if codec.name.startswith(("utf", "ascii")):
        return Encoding(encoding)
    # A one-byte encoding reads anything; the letters say whether it is the right one.
    seen = _survey(path)
    if seen.wrong is None and seen.words:
        raise _wrong(path, name, _first_high(path), seen)
    if codec.name.startswith("iso8859") and seen.control is not None:
        raise _wrong(path, name, seen.control, seen)
    return Encoding(encoding)


def _first_high(path: Path) -> int:
    start = 0
    with opened(path) as file:
        while chunk := file.read(_CHUNK):
            if found := re.search(rb"[\x80-\xff]", chunk):
                return start + found.start()
            start += len(chunk)
    return start


def detect(path: Path, declared: str = "") -> Encoding:
    """Return the encoding of a text file; raise `UnreadableFileError` where it cannot be told, or is not as declared.

    The file is read through once or twice, in memory that does not grow with it.
    """
    if declared:
        return _declared(path, declared)
    with opened(path) as file:
        start = file.read(4)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return _declared(path, name) if name != "utf-8-sig" else _unmarked(path, name)
    return _unmarked(path, "utf-8")


def _unmarked(path: Path, utf8: str) -> Encoding:
    seen = _survey(path)
    if seen.nul is not None:
        nuls = {at % 2 for at, byte in enumerate(seen.head) if not byte}
        guess = "utf-16-le" if nuls == {1} else "utf-16-be" if nuls == {0} else ""
        if guess and 3 * seen.head.count(b"\x00") > len(seen.head):
            raise UnreadableFileError(
                f"soubor bez značky BOM je asi v {guess}; nastavte encoding",
                f"the file has no BOM and is perhaps in {guess}; set encoding",
            )
        line = _line_of(path, seen.nul)
        raise UnreadableFileError(
            f"soubor není text (nulový bajt {seen.nul} na řádku {line})",
            f"the file is not text (byte {seen.nul} on line {line} is NUL)",
        )
    valid = [word for word in seen.words if _is_utf8(word)]
    if seen.wrong is None:
        misread = [meant for word in seen.words if (meant := misread_utf8(word.decode("utf-8", "replace")))]
        if misread and 2 * len(misread) >= len(seen.words):
            raise UnreadableFileError(
                f"text už byl jednou přečten ve špatném kódování (mělo být třeba „{misread[0]}“);"
                " vyexportujte soubor znovu, encoding to nespraví",
                f'the text has been read in a wrong encoding before ("{misread[0]}" was meant);'
                " export the file again, encoding cannot mend it",
            )
        return Encoding(utf8)
    if 2 * len(valid) > len(seen.words):  # words of another encoding are hardly ever UTF-8 by chance
        return Encoding(utf8, lenient=True)  # lines from elsewhere; each will be told
    names = best(seen.words)
    if len(names) == 1:
        return Encoding(_CANDIDATES[names[0]])
    line = _line_of(path, seen.wrong)
    if names:
        listed = ", ".join(names)
        raise UnreadableFileError(
            f"kódování nelze určit (řádek {line}): písmena sedí do {listed}; nastavte encoding",
            f"the encoding cannot be told (line {line}): the letters fit {listed}; set encoding",
        )
    raise UnreadableFileError(
        f"kódování nelze určit (bajt {seen.wrong}, řádek {line}); nastavte encoding, např. windows-1250",
        f"the encoding cannot be told (byte {seen.wrong}, line {line}); set encoding, such as windows-1250",
    )


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
