"""The values that flow through the house: records, the things they describe, and findings. All frozen.

A class here and a node shape in `shapes/` have the same name; a field here and a property shape have the
same name (`start_earliest` is `vps:Project-startEarliest`). The shape says predicate, datatype and order;
`lod.rdf` writes any of these classes by asking the shape, so no class has writing code of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .clean import PartialDate
from .frozen import Frozen
from .tidy import czech

__all__ = [
    "Activity",
    "Address",
    "AreaOfSupport",
    "Call",
    "Checksum",
    "Contribution",
    "Document",
    "Entity",
    "Evidence",
    "Finding",
    "Grant",
    "Identifier",
    "Mention",
    "MonetaryAmount",
    "NaturalPerson",
    "Organisation",
    "Output",
    "Payment",
    "PrintedAmount",
    "PriorityAxis",
    "ProgrammePart",
    "Project",
    "Record",
    "RegisteredOrganisation",
    "Return",
    "Selector",
    "Severity",
    "Site",
    "SpecificResource",
    "Text",
    "TextPositionSelector",
    "TextQuoteSelector",
    "UnidentifiedOrganisation",
    "XPathSelector",
    "placed",
    "placed_in",
]


@dataclass(frozen=True, slots=True, order=True)
class Text(Frozen):
    """A text in one language."""

    value: str
    language: str = "cs"


class Severity(StrEnum):
    """How bad a finding is; only a violation keeps a record out of the release."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


_PLACE = re.compile(r"(.*?)(?::([0-9]{1,9}))?(?:(?<!/)#([0-9]{1,9}))?", re.DOTALL)


def placed(file: str, spot: str) -> str:
    """Return the place of a spot in a file, as readers give it: "4", "1#3", "#3", or "" for all of it.

    >>> placed("a.csv", "4"), placed("a.json", "1#3"), placed("a.toml", "#3"), placed("a.toml", "")
    ('a.csv:4', 'a.json:1#3', 'a.toml#3', 'a.toml')
    """
    return f"{file}:{spot}" if spot and not spot.startswith("#") else file + spot


def placed_in(place: str) -> tuple[str, int, int]:
    """Return the file of a place, its row and its record; 0 where there is none.

    >>> placed_in("a.csv:4"), placed_in("a.json:1#3"), placed_in("a.toml")
    (('a.csv', 4, 0), ('a.json', 1, 3), ('a.toml', 0, 0))
    """
    match = _PLACE.fullmatch(place)
    assert match is not None  # noqa: S101 - every text fits
    return match[1], int(match[2] or 0), int(match[3] or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Frozen):
    """One thing that is wrong (or worth knowing), said so that a clerk understands it."""

    severity: Severity
    place: str  # "a.csv:4", "a.json:1#3" (of a record that begins on line 1, the third), or the file alone
    field: str  # the column or field as its author wrote it; "" when it is about the whole
    cs: str
    en: str
    kind: str = ""  # notation in the code list druhy-nalezu: findings are grouped and counted by it
    value: str = ""  # what was read
    expected_cs: str = ""  # what was expected instead
    expected_en: str = ""
    repair: str = ""  # the nearest value that would do, where there is one
    source: str = ""  # the name of the source in lod.toml
    subject: str = ""  # IRI of the thing, where one was made
    shape: str = ""  # IRI of the shape that was broken, where a shape found it

    @property
    def file(self) -> str:
        """The file (or page) of the place."""
        return placed_in(self.place)[0]

    @property
    def row(self) -> int | None:
        """The row or line of the place, counted from 1; None where the whole file is meant."""
        return placed_in(self.place)[1] or None

    @property
    def record(self) -> int | None:
        """Which record of the file it is, counted from 1; None where each record has a row of its own."""
        return placed_in(self.place)[2] or None

    @property
    def where(self) -> str:
        """The place as precisely as it is known: "file:row:column"."""
        return ":".join(filter(None, (self.place, self.field)))


@dataclass(frozen=True, slots=True)
class PrintedAmount(Frozen):
    """An amount as a table prints it, with what its source says about reading it."""

    text: str
    decimal: str | None = None  # the decimal mark, where it is known
    unit: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Record(Frozen):
    """What a reader found: values by tidy field, exactly as written, and where they stand.

    `values` holds texts, or lists of nested mappings for repeated parts (see `lod.tidy`).
    """

    source: str
    place: str
    values: Mapping[str, Any]
    labels: Mapping[str, str] = field(default_factory=dict)  # tidy field -> the author's name of the column

    def label(self, name: str) -> str:
        """Return what the author calls the field; one that the author left out has its Czech name."""
        return self.labels.get(name) or czech(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Frozen):
    """Anything with an IRI and a shape."""

    iri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonetaryAmount(Entity):
    """An amount with its currency: never one without the other."""

    value: Decimal
    currency_code: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier(Entity):
    """A registration number as an adms:Identifier."""

    notation: str
    issued_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution(Entity):
    """Money from one source; known even where its amount is not."""

    contribution_kind: str
    fund: str | None = None
    amount: MonetaryAmount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Entity):
    """Money paid out of a grant, in a year where it is known."""

    year: PartialDate | None = None
    amount: MonetaryAmount


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Payment):
    """Money returned: the only payment whose amount may be negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Entity):
    """The grant itself: who gave it, by which decision, how much, and what was paid."""

    provider: str | None = None
    decision_number: str | None = None
    decision_date: PartialDate | None = None
    amount: MonetaryAmount | None = None
    payment: tuple[Payment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Entity):
    """What was produced and how many of it; an indicator where it has a code."""

    title: tuple[Text, ...]
    quantity: Decimal | None = None
    target_quantity: Decimal | None = None
    unit: tuple[Text, ...] = ()
    indicator_code: str | None = None
    description: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(Entity):
    """One activity of a project with its outputs."""

    title: tuple[Text, ...]
    description: tuple[Text, ...] = ()
    output: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector(Entity):
    """A way of pointing at a place in a document (Web Annotation Data Model, section 4.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPositionSelector(Selector):
    """Characters by their numbers from 0, the end not included."""

    start_at: int
    end_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextQuoteSelector(Selector):
    """Characters by what they are and what stands around them."""

    exact: str
    prefix: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class XPathSelector(Selector):
    """An element; `refined_by` counts in its string value (XPath 1.0, section 5.2)."""

    expression: str
    refined_by: TextPositionSelector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificResource(Entity):
    """A place in a document; several selectors point at the same one."""

    has_source: str
    selector: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Entity):
    """What the source prints for a fact and where; where we say otherwise, why."""

    fact: str
    printed: tuple[Text, ...]
    locator: tuple[Text, ...] = ()
    reason: tuple[Text, ...] = ()
    found_by: str | None = None
    confidence: Decimal | None = None
    target: SpecificResource | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NaturalPerson(Entity):
    """A beneficiary who is a natural person: without a name, placed by region or district at most."""

    place: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Entity):
    """A publicly funded project."""

    title: tuple[Text, ...]
    registration_number: str | None = None
    identifier: Identifier | None = None
    project_type: str | None = None
    status: str | None = None
    summary: tuple[Text, ...] = ()
    goal: tuple[Text, ...] = ()
    start: PartialDate | None = None
    start_earliest: str | None = None
    start_latest: str | None = None
    end: PartialDate | None = None
    end_earliest: str | None = None
    end_latest: str | None = None
    beneficiary: tuple[str, ...] = ()
    natural_person: tuple[NaturalPerson, ...] = ()
    partner: tuple[str, ...] = ()
    target_group: tuple[Text, ...] = ()
    programme: str | None = None
    priority_axis: str | None = None
    area_of_support: str | None = None
    call: str | None = None
    currency: str | None = None
    total_cost: MonetaryAmount | None = None
    eligible_cost: MonetaryAmount | None = None
    contribution: tuple[Contribution, ...] = ()
    grant: tuple[Grant, ...] = ()
    activity: tuple[Activity, ...] = ()
    output: tuple[Output, ...] = ()
    place: tuple[str, ...] = ()
    place_name: tuple[Text, ...] = ()
    predecessor: tuple[str, ...] = ()
    related_project: tuple[str, ...] = ()
    builds_on: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Entity):
    """A postal address, split as far as its source splits it."""

    thoroughfare: str | None = None
    house_number: str | None = None
    descriptive_number: str | None = None
    orientation_number: str | None = None
    city_part: str | None = None
    post_name: str | None = None
    post_code: str | None = None
    region_name: str | None = None
    full_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Entity):
    """A registered seat."""

    address: Address
    place: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Entity):
    """An organisation, gathered from all its mentions."""

    legal_name: tuple[Text, ...]
    other_name: tuple[Text, ...] = ()
    legal_form: str | None = None
    registered_site: Site | None = None
    homepage: str | None = None
    data_box: str | None = None
    data_box_id: str | None = None
    public_body: str | None = None
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredOrganisation(Organisation):
    """An organisation with a verified IČO."""

    ico: str
    org_identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnidentifiedOrganisation(Organisation):
    """An organisation without an IČO: known by name and seat only, or by a number of another country."""

    foreign_number: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checksum(Entity):
    """The SHA-256 of a file: whoever has the file can tell that it is the same."""

    algorithm: str
    checksum_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Entity):
    """A source document, a register, or a plan that a project builds on."""

    title: tuple[Text, ...]
    web_page: str | None = None
    modified: PartialDate | None = None
    temporal_coverage: str | None = None
    publisher: str | None = None
    file_name: str | None = None
    checksum: Checksum | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammePart(Entity):
    """A division of a programme, known from registration numbers or a record."""

    label: tuple[Text, ...]
    notation: str
    part_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityAxis(ProgrammePart):
    """A priority axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaOfSupport(ProgrammePart):
    """An area of support, investment priority or specific objective below its axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(ProgrammePart):
    """A call for proposals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Frozen):
    """What one record says of an organisation: raw material of `lod.gather`."""

    iri: str
    name: str
    ico: str = ""
    country: str = ""  # ISO 3166-1 alpha-3, where it is stated
    foreign_number: str = ""  # of an organisation from abroad, as printed
    rank: int = 0  # the source's place in lod.toml: earlier sources are trusted more
    address: Mapping[str, str] = field(default_factory=dict)
    region: str = ""  # RÚIAN code of the region
    municipality: str = ""  # RÚIAN code of the municipality
    nuts: str = ""
    legal_form: str = ""
    homepage: str = ""
    data_box: str = ""
    public_body: bool = False
    source: str = ""  # IRI of the source document
