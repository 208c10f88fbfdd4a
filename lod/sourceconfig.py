"""`[[source]]` of lod.toml: where the rows of a table or an export lie, and what each field takes from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from . import downloads
from .clean import PartialDate, partial_date, printed_currency
from .errors import ConfigError, RefreshError
from .patterns import DateFormat, Pattern
from .privacy import CONTACTS, PERSONS
from .readers import Options
from .strict import Table, meant, pattern
from .tidy import FIELDS, ORGANISATION, Field, names

__all__ = ["Column", "DocumentConfig", "Part", "SourceConfig", "Spec", "source"]

Conditions = Mapping[str, tuple[Pattern, ...]]


@dataclass(frozen=True, slots=True)
class Column:
    """Where one field comes from, and how to read it.

    Exactly one of `column`, `columns`, `first`, `name`, `year` and `constant` says where from.
    """

    column: str = ""  # a column's name, a pattern of names, or a path of a nested file
    columns: tuple[Column, ...] = ()  # joined in a text, united in a list
    first: tuple[Column, ...] = ()  # the first that has a value
    name: str = ""  # the pattern of columns whose name, where the cell is filled, is the value
    year: str = ""  # a date in cells of its own
    month: str = ""
    day: str = ""
    constant: str | None = None
    join: str = " "
    prefix: str = ""
    split: tuple[str, ...] = ()  # separators of several values in one cell; between slashes an expression
    codes: Mapping[str, str] = field(default_factory=dict)  # value as printed -> value meant; all of them
    missing: tuple[str, ...] = ()  # what else means that there is no value
    where: Conditions = field(default_factory=dict)  # take the value only where columns say so
    unless: Conditions = field(default_factory=dict)  # leave it out where a column says so
    optional: bool = False  # the file may lack the column
    lenient: bool = False  # a value that cannot be read is left out, and the project stays
    add: bool = False  # the rows of one project add up
    unit: Decimal = Decimal(1)  # amounts are given in thousands or millions
    decimal: str | None = None  # "." or ",": the decimal mark that the source is known to use
    thousands: str = ""  # an unusual mark between thousands
    currency: str = ""  # the currency of this column, where it is not the project's
    date: tuple[DateFormat, ...] = ()  # the forms that its dates have, the first that fits holds


@dataclass(frozen=True, slots=True)
class Part:
    """One part (a partner, a payment): its fields, made once, or once for each repeated element or column."""

    fields: Mapping[str, Spec]
    each: str = ""  # the path of the repeated element that the fields' paths start from
    add: bool = False  # every row of a project brings its own, even one like another


Spec = Column | tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class DocumentConfig:
    """The register a table comes from, as a source document."""

    slug: str
    title_cs: str
    title_en: str
    url: str = ""
    date: str = ""

    @property
    def modified(self) -> PartialDate | None:
        """The date, with its precision; raises `ValueError` when it cannot be read."""
        return partial_date(self.date) if self.date else None


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One `[[source]]`."""

    name: str
    kind: str  # "records" (our tidy layout), "table" (any table or nested export, by its columns) or "pages"
    files: tuple[str, ...]
    rank: int
    yields: str = "projects"  # or "organisations": a reference that completes names and seats
    columns: Mapping[str, Spec] = field(default_factory=dict)
    ignore: tuple[Pattern, ...] = ()
    least: int | None = None
    sheet: str = ""
    delimiter: str = ""
    quote: str = ""
    encoding: str = ""
    path: str = ""  # where in a nested file the records lie
    header: int = 0  # the row where the header begins; 0: the row that has the columns
    header_rows: int = 1
    until: tuple[Pattern, ...] = ()  # the first filled cell of the row where the data end; "" is a blank row
    where: Conditions = field(default_factory=dict)
    unless: Conditions = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()  # columns whose cells are merged downwards: a blank one means the one above
    group: tuple[str, ...] = ()  # the columns that rows of one project have in common
    adjacent: bool = False  # those rows follow one another
    document: DocumentConfig | None = None
    persons: str = "drop"  # natural persons as beneficiaries; see `lod.privacy`
    contacts: str = "remove"  # e-mails, telephone numbers and contact persons in texts
    url: Mapping[str, str] = field(default_factory=dict)  # file below downloads/<name>/ -> its address
    allow_private: bool = False  # the hosts of `url` may have addresses of private networks
    most_bytes: int = 512 << 20  # what a download may have at most
    most_seconds: int = 1800  # what a download may take at most

    @property
    def options(self) -> Options:
        """How its files are to be read."""
        return Options(
            sheet=self.sheet, delimiter=self.delimiter, quote=self.quote, encoding=self.encoding, path=self.path
        )

    @property
    def layout(self) -> tuple[Field, ...]:
        """The fields that a record of this source may have."""
        return FIELDS if self.yields == "projects" else ORGANISATION


# Keys of a column that only some kinds of fields can use.
_NUMERIC = frozenset({"amount", "number"})
_ONLY = {
    "unit": _NUMERIC,
    "decimal": _NUMERIC,
    "thousands": _NUMERIC,
    "currency": frozenset({"amount"}),
    "date": frozenset({"date"}),
    "year": frozenset({"date"}),
    "lenient": frozenset({"ico", "date", "amount", "number"}),
    "add": frozenset({"amount", "number", "text"}),
}
_FROM = ("column", "columns", "first", "name", "year", "constant")
# What columns listed together leave to the column that lists them.
_OUTER: dict[str, Any] = {
    "columns": (),
    "first": (),
    "prefix": "",
    "split": (),
    "where": {},
    "unless": {},
    "add": False,
}


def _separators(table: Table) -> tuple[str, ...]:
    separators = table.texts("split", [])
    for text in separators:
        if not text:
            raise ConfigError(f"{table.where}.split: oddělovač je prázdný / a separator is empty")
        pattern(text, f"{table.where}.split")
    return separators


def _one_origin(given: list[str], where: str) -> None:
    if len(given) != 1:
        listed = ", ".join(_FROM)
        raise ConfigError(f"{where}: právě jedno z {listed} / exactly one of {listed}")


def _column(spec: object, item: Field, where: str, *, in_part: bool) -> Column:
    if isinstance(spec, str):
        spec = {"column": spec}
    if not isinstance(spec, dict):
        raise ConfigError(f"{where}: čekáme název sloupce nebo tabulku / expected a column name or a table")
    for key, kinds in _ONLY.items():
        if key in spec and item.kind not in kinds:
            raise ConfigError(
                f"{where}.{key}: nepatří k poli {item.name} ({item.kind}) / has no place at {item.english}"
            )
    if "split" in spec and item.kind != "list" and not in_part:
        raise ConfigError(f"{where}.split: pole {item.name} má jen jednu hodnotu / {item.english} holds one value only")
    table = Table(spec, where)
    constant = table.take("constant", str, None)
    made = Column(
        column=_name(table, "column"),
        name=_name(table, "name"),
        year=_name(table, "year"),
        month=_name(table, "month"),
        day=_name(table, "day"),
        constant=constant,
        join=table.take("join", str, " "),
        prefix=table.take("prefix", str, ""),
        split=_separators(table),
        codes=_codes(table),
        missing=table.texts("missing", []),
        where=table.conditions("where"),
        unless=table.conditions("unless"),
        optional=table.take("optional", bool, False),
        lenient=table.take("lenient", bool, False),
        add=table.take("add", bool, False),
        unit=_unit(table),
        decimal=table.choice("decimal", (".", ","), None) if "decimal" in spec else None,
        thousands=table.take("thousands", str, ""),
        currency=_currency(table),
        date=_date(table),
    )
    several: dict[str, Any] = {
        key: tuple(
            replace(made, **_OUTER, column=part)
            if isinstance(part, str)
            else _column(part, item, f"{where}.{key}[{number}]", in_part=in_part)
            for number, part in enumerate(table.take(key, list, []), 1)
        )
        for key in ("columns", "first")
    }
    table.end()
    given = [key for key in _FROM if several.get(key) or getattr(made, key) not in {"", (), None}]
    _one_origin(given, where)
    if (made.month or made.day) and not (made.year and (made.month or not made.day)):
        raise ConfigError(f"{where}: day patří k month a month k year / day goes with month, month with year")
    return replace(made, **several)


def _name(table: Table, key: str) -> str:
    text: str = table.take(key, str, "")
    pattern(text, f"{table.where}.{key}")
    return text


def _codes(table: Table) -> dict[str, str]:
    codes = table.take("codes", dict, {})
    inner = Table(codes, f"{table.where}.codes")
    made = {key: inner.take(key, str) for key in codes}
    for key, value in made.items():
        if not value:
            raise ConfigError(
                f"{inner.where}.{key}: prázdný význam; patří to do missing / an empty meaning belongs in missing"
            )
    return made


def _unit(table: Table) -> Decimal:
    unit = Decimal(str(table.take("unit", (int, float), 1)))
    if unit <= 0:
        raise ConfigError(f"{table.where}.unit: jen kladné číslo / only a positive number")
    return unit


def _currency(table: Table) -> str:
    code: str = table.take("currency", str, "")
    if code and printed_currency(f"1 {code}") != code:
        raise ConfigError(f"{table.where}.currency: jen CZK, EUR nebo PLN / only CZK, EUR or PLN")
    return code


def _date(table: Table) -> tuple[DateFormat, ...]:
    given = table.take("date", (str, list), [])
    try:
        return tuple(DateFormat(str(text)) for text in ([given] if isinstance(given, str) else given))
    except ValueError:
        raise ConfigError(
            f'{table.where}.date: čekáme tvar jako "dd/mm/yyyy", nebo "excel", nebo jejich seznam'
            f' / expected a form such as "dd/mm/yyyy", or "excel", or a list of them'
        ) from None


def _parts(spec: object, item: Field, where: str) -> tuple[Part, ...]:
    specs = spec if isinstance(spec, list) else [spec]
    if not specs or not all(isinstance(part, dict) for part in specs):
        raise ConfigError(
            f"{where}: čekáme tabulku polí ({', '.join(sub.name for sub in item.parts[:3])}…)"
            " / expected a table of fields"
        )
    return tuple(_part(part, item, where if len(specs) == 1 else f"{where}[{n}]") for n, part in enumerate(specs, 1))


def _part(spec: dict[str, Any], item: Field, where: str) -> Part:
    table = Table({key: spec[key] for key in ("each", "add") if key in spec}, where)
    own = {key: value for key, value in spec.items() if key not in table.values}
    made = Part(
        fields=_columns(own, item.parts, where, in_part=True),
        each=table.take("each", str, ""),
        add=table.take("add", bool, False),
    )
    if not own:
        raise ConfigError(f"{where}: část nemá žádné pole / the part has no field")
    return made


def _columns(specs: dict[str, Any], layout: tuple[Field, ...], where: str, *, in_part: bool) -> dict[str, Spec]:
    known = names(layout)
    columns: dict[str, Spec] = {}
    for key, spec in specs.items():
        item = known.get(key)
        if item is None:
            raise ConfigError(f"{where}: neznámé pole {key} / unknown field {key}{meant(key, known)}")
        if item.english in columns:
            raise ConfigError(f"{where}: pole {item.name} je dvakrát / the field {item.english} stands twice")
        below = f"{where}.{key}"
        columns[item.english] = _parts(spec, item, below) if item.parts else _column(spec, item, below, in_part=in_part)
    return columns


def _document(values: dict[str, Any] | None, where: str) -> DocumentConfig | None:
    if values is None:
        return None
    table = Table(values, where)
    document = DocumentConfig(
        slug=table.take("slug", str),
        title_cs=table.take("title_cs", str),
        title_en=table.take("title_en", str),
        url=table.take("url", str, ""),
        date=table.take("date", str, ""),
    )
    table.end()
    try:
        document.modified  # noqa: B018 - to tell an unreadable date here
    except ValueError as error:
        raise ConfigError(f"{where}.date: není datum / is not a date ({error})") from error
    return document


def _url(value: str | dict[str, Any], name: str, where: str) -> dict[str, str]:
    """Return the addresses of a source by the file that each is stored in."""
    try:
        files = {downloads.file_name(value): value} if isinstance(value, str) else value
        for address in files.values():
            if not isinstance(address, str):
                raise ConfigError(f'{where}.url: čekáme / expected {{ "soubor.csv" = "https://…" }}')
            downloads.web_address(address)
    except RefreshError as error:
        raise ConfigError(f"{where}.url: {error}") from error
    if not all(downloads.is_name(file, suffix=True) for file in files):
        raise ConfigError(
            f"{where}.url: jak se má soubor jmenovat? / what is the file to be called?"
            ' url = { "soubor.csv" = "https://…" }'
        )
    if files and not downloads.is_name(name):
        raise ConfigError(
            f"{where}: u zdroje s url smí mít name jen písmena, číslice, _ a - (je to složka)"
            " / with a url, name may have letters, digits, _ and - only (it is a folder)"
        )
    return files


_FOR_TABLES = (
    "columns",
    "ignore",
    "path",
    "header",
    "header_rows",
    "until",
    "where",
    "unless",
    "missing",
    "merged",
    "group",
)


def source(values: object, rank: int, where: str) -> SourceConfig:
    """Read one `[[source]]`; raise `ConfigError`."""
    if not isinstance(values, dict):
        raise ConfigError(f"{where}: čekáme tabulku [[source]] / expected a table [[source]]")
    table = Table(values, where)
    name = table.take("name", str)
    table.where = where = f"{where} {name}"
    kind = table.choice("kind", ("records", "table", "pages"))
    yields = table.choice("yields", ("projects", "organisations"), "projects")
    layout = FIELDS if yields == "projects" else ORGANISATION
    if kind == "table" and not values.get("columns"):
        raise ConfigError(f"{where}: kind = table potřebuje [source.columns] / kind = table needs [source.columns]")
    if kind == "pages" and yields != "projects":
        raise ConfigError(f"{where}.yields: stránky dávají jen projekty / pages yield projects only")
    for key in _FOR_TABLES if kind != "table" else ():
        if key in values:
            raise ConfigError(f"{where}: {key} patří jen ke kind = table / {key} goes with kind = table only")
    url = _url(table.take("url", (str, dict), {}), name, where)
    made = SourceConfig(
        name=name,
        kind=kind,
        files=table.texts("files", [f"{downloads.FOLDER}/{name}/{file}" for file in url] if url else ...),
        rank=rank,
        yields=yields,
        columns=_columns(table.take("columns", dict, {}), layout, f"{where}.columns", in_part=False),
        ignore=table.patterns("ignore", []),
        least=table.take("least", int, None),
        sheet=table.take("sheet", str, ""),
        delimiter=table.take("delimiter", str, ""),
        quote=table.take("quote", str, ""),
        encoding=table.take("encoding", str, ""),
        path=table.take("path", str, ""),
        header=table.take("header", int, 0),
        header_rows=table.take("header_rows", int, 1),
        until=table.patterns("until", []),
        where=table.conditions("where"),
        unless=table.conditions("unless"),
        missing=table.texts("missing", []),
        merged=table.texts("merged", []),
        group=table.texts("group", []),
        adjacent=table.take("adjacent", bool, False),
        document=_document(table.take("document", dict, None), f"{where}.document"),
        persons=table.choice("persons", PERSONS, PERSONS[0]),
        contacts=table.choice("contacts", CONTACTS, CONTACTS[0]),
        url=url,
        allow_private=table.take("allow_private", bool, False),
        most_bytes=table.take("most_bytes", int, 512 << 20),
        most_seconds=table.take("most_seconds", int, 1800),
    )
    table.end()
    for problem in _problems(made):
        raise ConfigError(f"{where}.{problem}")
    return made


def _problems(made: SourceConfig) -> Iterator[str]:
    """Yield what has the right type and still cannot be meant."""
    if not made.files or not all(pattern and not pattern.startswith("/") for pattern in made.files):
        yield "files: jen relativní vzory / only relative patterns"
    for key in ("delimiter", "quote"):
        if len(getattr(made, key)) > 1 and (key, made.quote) != ("quote", "none"):
            yield f"{key}: jen jeden znak / one character only"
    if made.header < 0:
        yield "header: číslo řádku od 1 / the number of a row, from 1"
    if made.header_rows not in range(1, 6):
        yield "header_rows: 1 až 5 / 1 to 5"
    if made.adjacent and not made.group:
        yield "adjacent: patří ke group / goes with group"
    for key in ("most_bytes", "most_seconds"):
        if getattr(made, key) < 1:
            yield f"{key}: nejméně 1 / at least 1"
