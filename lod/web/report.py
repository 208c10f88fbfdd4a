"""The report of a build as a page: what the site shows at /kontrola, and a file that stands alone.

Both fill the macros of `templates/findings.html`; the site in the language of the request, the file in
both, with a switch that needs no script.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .. import __version__
from ..findings import WORDS, Group, Kind, groups, kind_of
from ..model import Finding, Severity
from ..terms import Vocabulary

__all__ = ["Facet", "Option", "View", "standalone", "view"]

_PAGE = 50
_EXAMPLES = 5
# Parameter of the address -> field of a finding, title.
_FILTERS = {
    "zavaznost": ("severity", "Závažnost", "Severity"),
    "zdroj": ("source", "Zdroj", "Source"),
    "druh": ("kind", "Druh nálezu", "Kind of finding"),
}
_PLURALS = {
    Severity.VIOLATION: ("Chyby", "Violations"),
    Severity.WARNING: ("Varování", "Warnings"),
    Severity.INFO: ("Pro informaci", "For information"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter ("" lifts it): its label, how many findings it leaves, and where it leads."""

    value: str
    cs: str
    en: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter."""

    cs: str
    en: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Section:
    """A group as it is shown: its kind, some of its findings with how many say the same, and a link to all."""

    group: Group
    kind: Kind
    shown: Sequence[tuple[Finding, int]]
    href: str

    @property
    def left(self) -> int:
        """How many findings are neither shown nor say the same as a shown one."""
        return self.group.count - sum(same for _, same in self.shown)


@dataclass(frozen=True, slots=True)
class View:
    """Everything that a page of findings shows."""

    total: int
    facets: list[Facet]
    sections: list[Section]
    page: int  # counted from 0
    pages: int
    query: str  # the filters, as in the address


def _href(filters: Mapping[str, str]) -> str:
    return "?" + urlencode(filters) if filters else "?"


def _fits(finding: Finding, filters: Mapping[str, str]) -> bool:
    return all(str(getattr(finding, _FILTERS[name][0])) == value for name, value in filters.items())


def _facet(name: str, found: Iterable[Finding], filters: Mapping[str, str], vocabulary: Vocabulary) -> Facet:
    """Return a filter's values with what each would leave, the other filters kept."""
    field, cs, en = _FILTERS[name]
    others = {key: value for key, value in filters.items() if key != name}
    count = Counter(str(getattr(finding, field)) for finding in found if _fits(finding, others))
    values = [str(severity) for severity in Severity] if name == "zavaznost" else [v for v, _ in count.most_common()]
    options = [Option("", "Vše", "All", count.total(), _href(others), name not in filters)]
    for value in values:
        if not count[value] and filters.get(name) != value:
            continue
        label = {"cs": value, "en": value}
        if name == "zavaznost":
            label = dict(zip(("cs", "en"), _PLURALS[Severity(value)], strict=True))
        elif name == "druh":
            label = kind_of(value, vocabulary).labels
        href = _href({**others, name: value})
        options.append(Option(value, label["cs"], label["en"], count[value], href, filters.get(name) == value))
    return Facet(cs, en, options)


def view(found: Sequence[Finding], vocabulary: Vocabulary, asked: Mapping[str, str]) -> View:
    """Return what to show of findings; `asked` are the parameters of the address, others are ignored.

    With a kind chosen, all its findings are shown, page by page; else a few examples of each kind.
    """
    filters = {name: asked[name] for name in _FILTERS if asked.get(name)}
    fitting = [finding for finding in found if _fits(finding, filters)]
    grouped = groups(fitting)
    page, pages = 0, 1
    if "druh" in filters:
        ordered = [finding for group in grouped for finding in group.findings]
        pages = max(1, -(-len(ordered) // _PAGE))
        number = re.fullmatch("[0-9]{1,9}", asked.get("strana", ""))
        page = min(max(int(number[0]), 1), pages) - 1 if number else 0
        on_page = {(group.severity, group.kind): group for group in groups(ordered[page * _PAGE : (page + 1) * _PAGE])}
        shown = [
            (group, [(finding, 1) for finding in on_page[group.severity, group.kind].findings])
            for group in grouped
            if (group.severity, group.kind) in on_page
        ]
    else:
        shown = [(group, list(group.examples[:_EXAMPLES])) for group in grouped]
    return View(
        total=len(fitting),
        facets=[_facet(name, found, filters, vocabulary) for name in _FILTERS if name != "druh" or name in filters],
        sections=[
            Section(
                group,
                kind_of(group.kind, vocabulary),
                items,
                _href({**filters, "zavaznost": str(group.severity), "druh": group.kind}),
            )
            for group, items in shown
        ],
        page=page,
        pages=pages,
        query=urlencode(filters),
    )


# The file that stands alone ---------------------------------------------------------------------------


def _both(cs: object, en: object) -> Markup:
    """Return a text in both languages; the switch at the top of the file shows one."""
    return Markup('<span lang="cs">{}</span><span lang="en">{}</span>').format(cs, en)


def standalone(found: Sequence[Finding], vocabulary: Vocabulary) -> str:
    """Return a page with every finding in both languages, which loads nothing from anywhere."""
    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(here / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    thousands: Callable[[int], str] = lambda value: f"{value:,}".replace(",", "\u00a0")  # noqa: E731
    sections = [
        Section(group, kind_of(group.kind, vocabulary), [(finding, 1) for finding in group.findings], "")
        for group in groups(found)
    ]
    return environment.get_template("findings_file.html").render(
        t=_both,
        number=thousands,
        words=WORDS,
        plurals=_PLURALS,
        sections=sections,
        counts=Counter(Severity(finding.severity) for finding in found),
        total=len(found),
        style=Markup((here / "static" / "lod.css").read_text("utf-8")),  # noqa: S704 - our own file
        version=__version__,
    )
