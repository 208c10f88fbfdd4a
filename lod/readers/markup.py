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


_ERRORS = etree.ErrorTypes
# What the parser says, in Czech.
_WORDS = {
    _ERRORS.ERR_TAG_NAME_MISMATCH: "koncová značka neodpovídá počáteční",
    _ERRORS.ERR_NAME_REQUIRED: "čekáme jméno značky; samotné < a & se píší &lt; a &amp;",
    _ERRORS.ERR_ENTITYREF_SEMICOL_MISSING: "znak & se píše &amp;",
    _ERRORS.ERR_ENTITYREF_NO_NAME: "znak & se píše &amp;",
    _ERRORS.ERR_UNDECLARED_ENTITY: "neznámá entita",
    _ERRORS.ERR_INVALID_CHAR: "zakázaný znak",
    _ERRORS.ERR_INVALID_ENCODING: "znak není v kódování souboru",
    _ERRORS.ERR_UNKNOWN_ENCODING: "neznámé kódování",
    _ERRORS.ERR_UNSUPPORTED_ENCODING: "neznámé kódování",
    _ERRORS.ERR_DOCUMENT_EMPTY: "chybí první značka",
    _ERRORS.ERR_DOCUMENT_END: "za koncem dokumentu je ještě něco",
    _ERRORS.ERR_ATTRIBUTE_NOT_STARTED: "hodnota atributu není v uvozovkách",
    _ERRORS.ERR_ATTRIBUTE_REDEFINED: "atribut je tu dvakrát",
    _ERRORS.ERR_GT_REQUIRED: "značka není uzavřena znakem >",
}


class BrokenError(Exception):
    """The document is broken from a line on, or `is_cut`: it ends before its elements do."""

    def __init__(self, error: etree.XMLSyntaxError, *, is_cut: bool) -> None:
        self.line = error.lineno or 0
        self.cs = _WORDS.get(getattr(error, "code", 0), "chyba zápisu XML")
        self.en = (error.msg or "").replace("\n", " ")
        self.is_cut = is_cut
        super().__init__(self.en)


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
            raise BrokenError(broken, is_cut=not chunk) from broken
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
                    yield Row(line, value if isinstance(value, dict) else {"#text": value}, found)
                    forget(element)
        except BrokenError as error:
            cs = f"od řádku {error.line} není soubor platné XML a zbytek nelze číst ({error.cs})"
            en = f"from line {error.line} on the file is not valid XML and the rest cannot be read ({error.en})"
            if error.is_cut:
                cs = f"soubor končí předčasně (za záznamem {found}), není celý; stáhněte nebo uložte ho znovu"
                en = f"the file ends early (after record {found}) and is not whole; download or save it again"
            elif not found:
                cs, en = (
                    f"není platné XML (řádek {error.line}: {error.cs})",
                    f"not valid XML (line {error.line}: {error.en})",
                )
            if not found:
                kind = "file-incomplete" if error.is_cut else "file-unreadable"
                raise UnreadableFileError(cs, en, kind=kind) from error
            yield Fault(error.line, cs, en, found + 1, "file-incomplete")
    if not found:
        where = options.path or "*/*"
        raise UnreadableFileError(f"v souboru nejsou prvky {where}", f"the file has no elements {where}")
