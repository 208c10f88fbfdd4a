"""A Record in the tidy layout to a Project and everything it brings along.

Facts that the registration number decides (programme, axis, area, call) win over what is printed; what
was printed then stays as evidence. A value that cannot be read with certainty is a finding, and the
record is refused or the value left out: nothing is invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from . import clean, countries, regnum
from .clean import PartialDate
from .evidence import Evidences, for_review
from .iris import CURRENCY, NUTS, RUIAN, SHA_256, Iris
from .model import (
    Activity,
    AreaOfSupport,
    Call,
    Checksum,
    Contribution,
    Document,
    Entity,
    Finding,
    Grant,
    Identifier,
    Mention,
    MonetaryAmount,
    NaturalPerson,
    Output,
    Payment,
    PriorityAxis,
    ProgrammePart,
    Project,
    Record,
    Return,
    Severity,
    Text,
)
from .privacy import ANONYMOUS
from .terms import Vocabulary
from .values import PRINTED_NOTHING, Identity, Values

__all__ = ["Made", "bounds", "generic_label", "organisation", "project"]

_YES = {"ano", "yes", "true", "1"}
_KINDS = {
    "eu": "eu",
    "state": "stat",
    "regional": "kraj",
    "municipal": "obec",
    "public": "verejne",
    "own": "vlastni",
    "private": "soukrome",
}
_CODED = re.compile(r"(?:\D*?\s)?(\d+[a-z]?(?:\.\d+)*)(?:[.\s]*[-–—:.]?\s+(.+))?", re.IGNORECASE)
_CURRENCIES = {"KČ": "CZK", "€": "EUR", "EURO": "EUR"}
# What an axis, area or call is called where no source names it, and the Czech accusative.
_GENERIC: dict[type[ProgrammePart], tuple[str, str, str]] = {
    PriorityAxis: ("Prioritní osa", "Priority axis", "prioritní osu"),
    AreaOfSupport: ("Oblast podpory", "Area of support", "oblast podpory"),
    Call: ("Výzva", "Call", "výzvu"),
}


@dataclass(slots=True)
class Made:
    """What one record became: a project with what came along, mentions of organisations, and findings."""

    record: Record
    rank: int = 0  # the source's place in lod.toml: earlier sources are trusted more
    project: Project | None = None
    others: list[Entity] = field(default_factory=list)  # documents, axes, calls, mentioned projects
    mentions: list[Mention] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether a violation keeps the record out."""
        return any(finding.severity is Severity.VIOLATION for finding in self.findings)


def generic_label(kind: type[ProgrammePart], code: str) -> tuple[Text, ...]:
    """Return the label of an axis, area or call that no source names."""
    cs, en, _ = _GENERIC[kind]
    return (Text(f"{cs} {code}", "cs"), Text(f"{en} {code}", "en"))


class _Builder:
    """Makes one record's project; lives as long as that record."""

    def __init__(self, record: Record, rank: int, document: Document | None, iris: Iris, vocabulary: Vocabulary):
        self.made = Made(record, rank)
        self.top = Values(record, self.made.findings)
        self.rank = rank
        self.document = document
        self.iris = iris
        self.vocabulary = vocabulary
        self.currency = ""
        self.iri = ""
        self.evidence = Evidences(record, vocabulary)

    def add(self, entity: Entity) -> str:
        """Keep an entity that came along; return its IRI."""
        self.made.others.append(entity)
        return entity.iri

    def unlisted(self, values: Values, name: str, scheme: str, printed: str, cs: str, en: str) -> None:
        """Tell that a value names no concept of its code list, or several; `cs` and `en` say which."""
        several = bool(self.vocabulary.concepts(scheme, printed))
        values.note(
            Severity.WARNING,
            name,
            f"{cs}; vynecháno",
            f"{en}; left out",
            printed,
            kind="code-list-ambiguous" if several else "code-list-unknown",
            expected_cs="název nebo kód z číselníku",
            expected_en="a name or a code of the code list",
            repair="" if several else self.vocabulary.nearest(scheme, printed),
        )

    # Organisations ---------------------------------------------------------------------------------

    def mention(self, values: Values) -> str | None:
        """Return the IRI of the organisation that `values` describe with its seat, if they name one."""
        house = values.text("house_number")
        descriptive, orientation = values.text("descriptive_number"), values.text("orientation_number")
        if not house:
            house = "/".join(filter(None, (descriptive, orientation)))
        elif not descriptive and not orientation and "/" in house:
            descriptive, _, orientation = house.partition("/")
        address = {
            "thoroughfare": values.text("street"),
            "house_number": house,
            "descriptive_number": descriptive,
            "orientation_number": orientation,
            "city_part": values.text("city_part"),
            "post_name": values.text("town"),
            "post_code": values.text("post_code").replace(" ", ""),
            "region_name": values.text("region_name"),
        }
        return self.named(
            values.text("beneficiary"),
            values.identity(),
            address={key: value for key, value in address.items() if value},
            region=values.text("region_code"),
            municipality=values.text("municipality_code"),
            nuts=values.text("nuts"),
            legal_form=values.text("legal_form"),
            homepage=values.url("website") or "",
            data_box=values.data_box("data_box"),
            public_body=clean.fold(values.text("public_body")) in _YES,
        )

    def named(self, printed: str, identity: Identity, **known: Any) -> str | None:
        """Keep a mention of an organisation, with whatever else is known of it; return its IRI."""
        name = clean.legal_name(printed)
        if not name and not identity.ico and not identity.foreign_number:
            return None
        ico, country, number = identity
        seat = known.get("address", {}).get("post_name", "")
        abroad = country if country != countries.CZECHIA else ""
        alone = countries.bare(number, abroad) if number else ""
        iri = self.iris.organisation(ico=ico, name=name, seat=seat, country=abroad, number=alone)
        source = self.document.iri if self.document else ""
        self.made.mentions.append(
            Mention(
                iri=iri,
                name=name,
                ico=ico,
                country=country,
                foreign_number=number,
                rank=self.rank,
                source=source,
                **known,
            )
        )
        return iri

    def anonymous(self) -> tuple[NaturalPerson, ...]:
        """Return the natural person that the beneficiary was made into, placed by region."""
        if ANONYMOUS not in self.made.record.values:
            return ()
        top = self.top
        code, nuts = top.text("region_code"), top.text("nuts")
        places = [f"{RUIAN}vusc/{code}" if code.isdecimal() else "", f"{NUTS}{nuts}" if len(nuts) == 5 else ""]
        found = [place for place in places if place] or self.vocabulary.region(top.text("region_name"))
        return (NaturalPerson(iri=f"{self.iri}/osoba", place=tuple(sorted(found))),)

    # Programme -------------------------------------------------------------------------------------

    def registration(self, values: Values) -> tuple[regnum.RegistrationNumber | None, str]:
        """Return what a registration number says, and the number itself.

        A damaged one that can be mended in one way only identifies its project by the mended form.
        """
        printed = values.text("registration_number")
        if printed in PRINTED_NOTHING:
            return None, ""
        if number := regnum.parse(printed):
            return number, number.text
        expected = {
            "expected_cs": "například CZ.1.04/3.1.00/05.00037 nebo CZ.03.2.60/0.0/0.0/15_005/0000057",
            "expected_en": "such as CZ.1.04/3.1.00/05.00037 or CZ.03.2.60/0.0/0.0/15_005/0000057",
        }
        if mended := regnum.repair(printed):
            values.note(
                Severity.WARNING,
                "registration_number",
                f"registrační číslo je poškozené; platí {mended}, znění ve zdroji zůstává jako doklad",
                f"the registration number is damaged; {mended} holds, the printed form stays as evidence",
                printed,
                kind="registration-number-damaged",
                repair=mended,
                **expected,
            )
            return regnum.parse(mended), mended
        if regnum.scheme(printed) is regnum.Scheme.MALFORMED:
            values.note(
                Severity.WARNING,
                "registration_number",
                "registrační číslo nemá žádný ze známých tvarů; ponecháno, jak je",
                "the registration number fits no known form; kept as it is",
                printed,
                kind="registration-number-unknown",
                **expected,
            )
        return None, printed

    def programme(self, values: Values, number: regnum.RegistrationNumber | None) -> str | None:
        printed = values.text("programme")
        meant = [
            iri for iri in self.vocabulary.concepts("programy", printed) if self.iris.split(iri)[1].count("/") == 0
        ]
        if number is None:
            if printed and len(meant) != 1:
                said = (
                    (f"program „{printed}“ může být více programů", f'programme "{printed}" can be several programmes')
                    if meant
                    else (f"program „{printed}“ není v číselníku", f'programme "{printed}" is not in the code list')
                )
                self.unlisted(values, "programme", "programy", printed, *said)
            return meant[0] if len(meant) == 1 else None
        derived = self.iris.thing("programy", number.programme)
        if not self.vocabulary.has(derived):
            values.note(
                Severity.WARNING,
                "registration_number",
                f"program {number.programme} není v číselníku; vynechán",
                f"programme {number.programme} is not in the code list; left out",
                number.text,
                kind="code-list-unknown",
            )
            return None
        if printed and derived not in meant:
            labels = self.vocabulary.labels(derived)
            reason = (
                Text(f"Registrační číslo {number.text} určuje {labels['cs']}.", "cs"),
                Text(f"The registration number {number.text} decides: {labels['en']}.", "en"),
            )
            self.evidence.differs("programme", printed, reason)
            values.note(
                Severity.WARNING,
                "programme",
                f"uvedený program „{printed}“ neodpovídá registračnímu číslu; platí číslo ({labels['cs']})",
                f'the printed programme "{printed}" contradicts the registration number; the number holds'
                f" ({labels['en']})",
                printed,
                kind="programme-contradiction",
                expected_cs=labels["cs"],
                expected_en=labels["en"],
                repair=labels["cs"],
            )
        return derived

    def part(
        self,
        kind: type[ProgrammePart],
        name: str,
        derived: str,
        owner: str | None,
        iri: str,
    ) -> str | None:
        """Return the IRI of an axis, area or call: its code from the number, else from the printed label."""
        printed = self.top.text(name)
        match = None if printed in PRINTED_NOTHING else _CODED.fullmatch(printed)
        code = derived or (match[1] if match else "")
        if not code or not owner:
            if printed not in PRINTED_NOTHING:
                self.evidence.differs(name, printed)
            return None
        if derived and printed and not (match and match[1] == derived) and not printed.endswith(derived):
            self.evidence.differs(
                name,
                printed,
                (
                    Text(f"Registrační číslo určuje {_GENERIC[kind][2]} {derived}.", "cs"),
                    Text(f"The registration number decides: {_GENERIC[kind][1].lower()} {derived}.", "en"),
                ),
            )
        iri = iri + code
        if not self.vocabulary.has(iri):
            title = self.top.text("call_title") if kind is Call else (match[2] if match else "") or ""
            label = (Text(title, "cs"),) if title else generic_label(kind, code)
            self.add(kind(iri=iri, label=label, notation=code, part_of=owner))
        return iri

    # Money -----------------------------------------------------------------------------------------

    def amount(self, values: Values, name: str) -> Decimal | None:
        """Return an amount in the record's currency; one printed in another is refused, not converted."""
        value, printed = values.number(name), values.currency(name)
        if value is not None and printed not in {"", self.currency}:
            values.note(
                Severity.VIOLATION,
                name,
                f"částka je v {printed}, záznam v {self.currency}; uveďte sloupec mena",
                f"the amount is in {printed}, the record in {self.currency}; state the column mena",
                printed,
                kind="currency-mismatch",
                expected_cs=f"částka v {self.currency}",
                expected_en=f"an amount in {self.currency}",
            )
            return None
        return value

    def money(self, iri: str, value: Decimal | None) -> MonetaryAmount | None:
        if value is None:
            return None
        return MonetaryAmount(iri=iri, value=value, currency_code=self.currency, currency=CURRENCY + self.currency)

    def read_currency(self) -> str | None:
        printed = self.top.text("currency")
        code = _CURRENCIES.get(printed.upper(), printed.upper())
        if printed and not re.fullmatch("[A-Z]{3}", code):
            self.top.note(
                Severity.VIOLATION,
                "currency",
                f"„{printed}“ není měna (CZK, EUR).",
                f'"{printed}" is not a currency (CZK, EUR).',
                printed,
                kind="currency-unreadable",
                expected_cs="třípísmenný kód, například CZK nebo EUR",
                expected_en="a three-letter code such as CZK or EUR",
                repair=clean.printed_currency(printed),
            )
            return None
        self.currency = code or "CZK"
        return CURRENCY + code if code else None

    def stated_funds(self) -> tuple[list[str], set[str]]:
        """Return the EU funds that the record names, and the other kinds of sources it names among them."""
        funds, kinds = [], set()
        for name in self.top.items("funds"):
            if found := self.vocabulary.concepts("fondy", name):
                funds.append(found[0])
            elif found := self.vocabulary.concepts("druhy-prispevku", name):
                kinds.add(self.iris.split(found[0])[1])
            else:
                self.unlisted(
                    self.top,
                    "funds",
                    "fondy",
                    name,
                    f"fond „{name}“ není v číselníku",
                    f'fund "{name}" is not in the code list',
                )
        return funds, kinds

    def contributions(self) -> tuple[Contribution, ...]:
        """Return a contribution a source of money; without an amount where only the source is known."""
        funds, named = self.stated_funds()
        amounts = {kind: value for name, kind in _KINDS.items() if (value := self.amount(self.top, name)) is not None}
        shares: list[tuple[str, str, str | None, Decimal | None]] = [
            (kind, kind, None, amounts.get(kind)) for kind in _KINDS.values() if kind in amounts or kind in named
        ]
        if len(funds) == 1:
            shares = [share for share in shares if share[0] != "eu"]
            shares.insert(0, ("eu", "eu", funds[0], amounts.get("eu")))
        else:  # several funds cannot share one amount, so it stands beside them
            shares += [(f"eu-{clean.slug(self.iris.split(fund)[1])}", "eu", fund, None) for fund in funds]
        return tuple(
            Contribution(
                iri=(iri := f"{self.iri}/prispevky/{key}"),
                contribution_kind=self.iris.thing("druhy-prispevku", kind),
                fund=fund,
                amount=self.money(f"{iri}/castka", value),
            )
            for key, kind, fund, value in shares
        )

    def grant(self) -> tuple[Grant, ...]:
        top, iri = self.top, f"{self.iri}/dotace"
        payments: list[Payment] = []
        seen: dict[str, int] = {}
        listed = [(values.date("year"), self.amount(values, "amount")) for values in top.parts("payments")]
        for year, value in [*listed, (None, self.amount(top, "paid"))]:
            if value is None:
                continue
            key = year.lexical if year else "celkem"
            seen[key] = seen.get(key, 0) + 1
            part = f"{iri}/platby/{key}" + (f"-{seen[key]}" if seen[key] > 1 else "")
            kind = Return if value < 0 else Payment
            amount = self.money(f"{part}/castka", value)
            assert amount is not None  # noqa: S101 - the value is there
            payments.append(kind(iri=part, year=year, amount=amount))
        provider = self.named(
            top.text("provider"), Identity(top.ico("provider_ico"))
        )  # the seat in the record is not its own
        made = Grant(
            iri=iri,
            provider=provider,
            decision_number=top.text("decision_number") or None,
            decision_date=top.date("decision_date"),
            amount=self.money(f"{iri}/castka", self.amount(top, "grant")),
            payment=tuple(payments),
        )
        empty = made == Grant(iri=iri)
        return () if empty else (made,)

    # Content ---------------------------------------------------------------------------------------

    def outputs(self, values: Values, owner: str) -> tuple[Output, ...]:
        return tuple(
            Output(
                iri=f"{owner}/vystupy/{number}",
                title=part.texts("what"),
                quantity=part.number("quantity"),
                target_quantity=part.number("target"),
                unit=part.texts("unit"),
                indicator_code=part.text("code") or None,
                description=part.texts("description"),
            )
            for number, part in enumerate(values.parts("outputs"), 1)
        )

    def activities(self) -> tuple[Activity, ...]:
        return tuple(
            Activity(
                iri=(iri := f"{self.iri}/aktivity/{number}"),
                title=part.texts("title"),
                description=part.texts("description"),
                output=self.outputs(part, iri),
            )
            for number, part in enumerate(self.top.parts("activities"), 1)
        )

    def places(self) -> tuple[str, ...]:
        found: list[str] = []
        for name in self.top.items("places"):
            iris = self.vocabulary.region(name)
            if not iris:
                self.unlisted(
                    self.top,
                    "places",
                    "kraje",
                    name,
                    f"území „{name}“ není v číselníku krajů",
                    f'place "{name}" is not in the list of regions',
                )
            found += iris
        return tuple(dict.fromkeys(found))

    def mentioned_projects(self, name: str) -> tuple[str, ...]:
        iris = []
        for part in self.top.parts(name):
            parsed, number = self.registration(part)
            title = part.texts("title")
            if not title and not number:
                continue
            iri = self.iris.project(
                number=number,
                stored=part.slug("slug"),
                ico=self.top.identity().ico,
                owner=self.top.text("beneficiary"),
                title=part.text("title"),
            )
            start, end = part.period()
            mentioned = Project(
                iri=iri,
                title=title,
                registration_number=number or None,
                programme=self.programme(part, parsed),
                source=(self.document.iri,) if self.document else (),
                **bounds(start, end),
            )
            iris.append(self.add(mentioned))
        return tuple(iris)

    def plans(self) -> tuple[str, ...]:
        return tuple(
            self.add(
                Document(
                    iri=self.iris.thing("dokumenty", clean.slug(part.text("title"))),
                    title=part.texts("title"),
                    web_page=part.url("url"),
                    temporal_coverage=part.text("period") or None,
                )
            )
            for part in self.top.parts("builds_on")
            if part.text("title")
        )

    def own_document(self) -> None:
        """Prefer the page that the record names over the register it came in."""
        for part in self.top.parts("document"):
            iri = self.iris.thing("dokumenty", part.slug("slug") or clean.slug(part.text("title")))
            digest = part.sha256("sha256")
            self.document = Document(
                iri=iri,
                title=part.texts("title"),
                web_page=part.url("url"),
                modified=part.date("date"),
                file_name=part.text("file") or None,
                checksum=Checksum(iri=f"{iri}/sha256", algorithm=SHA_256, checksum_value=digest) if digest else None,
            )
        if self.document:
            self.add(self.document)

    # The whole -------------------------------------------------------------------------------------

    def concept(self, scheme: str, name: str) -> str | None:
        printed = self.top.text(name)
        if printed in PRINTED_NOTHING:
            return None
        found = self.vocabulary.concepts(scheme, printed)
        if len(found) != 1:
            self.unlisted(
                self.top,
                name,
                scheme,
                printed,
                f"„{printed}“ není v číselníku",
                f'"{printed}" is not in the code list',
            )
            return None
        return found[0]

    def build(self) -> Made:
        top = self.top
        title = top.texts("title")
        if not any(text.language == "cs" for text in title):
            top.note(
                Severity.VIOLATION, "title", "Projekt nemá název.", "The project has no title.", kind="missing-value"
            )
            return self.made
        self.own_document()
        number, printed_number = self.registration(top)
        self.iri = self.iris.project(
            number=printed_number,
            stored=top.slug("slug"),
            ico=top.identity().ico,
            owner=top.text("beneficiary") or self.made.record.source,
            title=title[0].value,
        )
        if number and (damaged := top.text("registration_number")) != printed_number:
            self.evidence.differs(
                "registration_number",
                damaged,
                (
                    Text(f"Číslo je poškozené; jediný platný tvar je {printed_number}.", "cs"),
                    Text(f"The number is damaged; the only well-formed reading is {printed_number}.", "en"),
                ),
            )
        currency = self.read_currency()
        beneficiary = self.mention(top)
        programme = self.programme(top, number)
        below = f"{programme}/"
        axis = self.part(PriorityAxis, "priority_axis", number.axis if number else "", programme, below)
        area = self.part(AreaOfSupport, "area_of_support", number.area if number else "", axis, below)
        call_base = self.iris.thing("vyzvy", f"{self.iris.split(programme)[1]}-") if programme else ""
        call = self.part(Call, "call", number.call if number else "", programme, call_base)
        project_type = self.concept("druhy-projektu", "project_type")
        if project_type is None and number and number.individual:
            project_type = self.iris.thing("druhy-projektu", "individualni")
        total = self.money(f"{self.iri}/naklady/celkem", self.amount(top, "total"))
        eligible = self.money(f"{self.iri}/naklady/zpusobile", self.amount(top, "eligible"))
        contributions, grant = self.contributions(), self.grant()
        has_money = total or eligible or grant or any(item.amount for item in contributions)
        partners = tuple(dict.fromkeys(iri for part in top.parts("partners") if (iri := self.mention(part))))
        start, end = top.period()
        for part in top.parts("evidence"):
            self.evidence.stated(part)
        for_review(top)
        self.made.project = Project(
            iri=self.iri,
            title=title,
            registration_number=printed_number or None,
            identifier=Identifier(iri=f"{self.iri}/registracni-cislo", notation=printed_number)
            if printed_number
            else None,
            project_type=project_type,
            status=self.concept("stavy", "status"),
            summary=top.texts("summary"),
            goal=top.texts("goal"),
            beneficiary=(beneficiary,) if beneficiary else (),
            natural_person=self.anonymous(),
            partner=partners,
            target_group=tuple(
                Text(item, language)
                for language, name in (("cs", "target_groups"), ("en", "target_groups_en"))
                for item in top.items(name)
            ),
            programme=programme,
            priority_axis=axis,
            area_of_support=area,
            call=call,
            currency=currency or (CURRENCY + self.currency if has_money and self.currency else None),
            total_cost=total,
            eligible_cost=eligible,
            contribution=contributions,
            grant=grant,
            activity=self.activities(),
            output=self.outputs(top, self.iri),
            place=self.places(),
            place_name=top.texts("place_name"),
            predecessor=self.mentioned_projects("predecessors"),
            related_project=self.mentioned_projects("related_projects"),
            builds_on=self.plans(),
            evidence=self.evidence.made(self.iri, self.document),
            source=(self.document.iri,) if self.document else (),
            **bounds(start, end),
        )
        return self.made


def bounds(start: PartialDate | None, end: PartialDate | None) -> dict[str, Any]:
    """Return the dates of a period with the days they can mean."""
    return {
        "start": start,
        "start_earliest": start.earliest if start else None,
        "start_latest": start.latest if start else None,
        "end": end,
        "end_earliest": end.earliest if end else None,
        "end_latest": end.latest if end else None,
    }


def project(
    record: Record, iris: Iris, vocabulary: Vocabulary, *, rank: int = 0, document: Document | None = None
) -> Made:
    """Return what a record says of its project; `document` is the register it came in."""
    made = _Builder(record, rank, document, iris, vocabulary).build()
    if made.project:  # what is said of its cells is said of it
        made.findings[:] = [replace(finding, subject=made.project.iri) for finding in made.findings]
    return made


def organisation(
    record: Record, iris: Iris, vocabulary: Vocabulary, *, rank: int = 0, document: Document | None = None
) -> Made:
    """Return what a record of a reference list says of its organisation."""
    builder = _Builder(record, rank, document, iris, vocabulary)
    builder.mention(builder.top)
    if document:
        builder.add(document)
    return builder.made
