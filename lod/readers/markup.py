"""XML: records are elements, read one by one; nothing outside the file is ever looked at.

Every document type declaration is refused, since entities are the way to bombs and to other files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from lxml import etree

from ..errors import UnreadableFileError
from .files import opened
from .rows import Fault, Options, Row

__all__ = ["elements", "local", "xml"]

_CHUNK = 1 << 16
_LARGEST = 32 << 20  # bytes from one record to the next


class BrokenError(Exception):
    """The document is broken from a line on."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def local(name: object) -> str:
    """Return a name without its namespace."""
    return str(name).rpartition("}")[2]


def _refuse_dtd(root: etree._Element) -> None:
    if root.getroottree().docinfo.doctype:  # type: ignore[attr-defined]
        raise UnreadableFileError("XML s DTD (<!DOCTYPE) nečteme", "XML with a DTD (<!DOCTYPE) is not read")


def elements(file: IO[bytes], tag: str | None = None, largest: int = _LARGEST) -> Iterator[etree._Element]:
    """Yield elements of a local name (or all) as they end; the caller may `forget` them.

    Raise `BrokenError` where the document breaks, `UnreadableFileError` for a DTD or too large an element.
    """
    parser = etree.XMLPullParser(
        events=("end",),
        tag=f"{{*}}{tag}" if tag else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    since = 0
    checked = False
    while True:
        chunk = file.read(_CHUNK)
        broken: etree.XMLSyntaxError | None = None
        try:
            if chunk:
                parser.feed(chunk)
            else:
                parser.close()
        except etree.XMLSyntaxError as error:
            broken = error
        for _, element in cast("Iterator[tuple[str, etree._Element]]", parser.read_events()):
            if not checked:
                checked = True
                _refuse_dtd(element)
            since = 0
            yield element
        if broken is not None:
            raise BrokenError(broken.lineno or 0, (broken.msg or "").replace("\n", " ")) from broken
        if not chunk:
            return
        since += len(chunk)
        if since > largest:
            raise UnreadableFileError(
                f"přes {largest >> 20} MiB XML bez jediného záznamu (zkontrolujte path)",
                f"over {largest >> 20} MiB of XML without a record (check path)",
            )


def forget(element: etree._Element) -> None:
    """Free an element and everything before it."""
    element.clear()
    above: etree._Element | None = element
    while above is not None:
        parent = above.getparent()
        while parent is not None and above.getprevious() is not None:
            del parent[0]
        above = parent


def _value(element: etree._Element) -> Any:
    """Return the text of a leaf, or the mapping of an element with children or attributes."""
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if not len(element) and not element.attrib:
        return text
    values: dict[str, Any] = {f"@{local(name)}": value for name, value in element.attrib.items()}
    for child in element:
        name, value = local(child.tag), _value(child)
        if name not in values:
            values[name] = value
        elif isinstance(values[name], list):
            values[name].append(value)
        else:
            values[name] = [values[name], value]
    if text.strip():
        values["#text"] = text.strip()
    return values


def _leads(element: etree._Element, steps: list[str]) -> bool:
    names = [local(element.tag), *(local(above.tag) for above in element.iterancestors())]
    return names[::-1] == steps


def xml(path: Path, options: Options) -> Iterator[Row | Fault]:
    """Yield the elements at `options.path` (from the root), or the children of the root."""
    steps = [step for step in options.path.split("/") if step]
    found = 0
    with opened(path) as file:
        try:
            for element in elements(file, steps[-1] if steps else None):
                parent = element.getparent()
                if _leads(element, steps) if steps else parent is not None and parent.getparent() is None:
                    found += 1
                    value = _value(element)
                    line = cast("int | None", element.sourceline) or 0
                    yield Row(line, value if isinstance(value, dict) else {"#text": value})
                    forget(element)
        except BrokenError as error:
            if not found:
                raise UnreadableFileError(
                    f"není platné XML (řádek {error.line}: {error.reason})",
                    f"not valid XML (line {error.line}: {error.reason})",
                ) from error
            yield Fault(
                error.line,
                f"od řádku {error.line} není soubor platné XML a zbytek nelze číst ({error.reason})",
                f"from line {error.line} on the file is not valid XML and the rest cannot be read ({error.reason})",
            )
    if not found:
        where = options.path or "*/*"
        raise UnreadableFileError(f"v souboru nejsou prvky {where}", f"the file has no elements {where}")
