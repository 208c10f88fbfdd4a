"""What lies on the reviewer's desk: the pages, what was found on each, and what has been saved of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from .. import pipeline
from ..clean import fold, slug, text
from ..config import Config
from ..errors import UnreadableFileError
from ..extract import Fact, Found, Page, extract, values
from ..extract.page import read as read_page
from ..extract.writing import evidence
from ..iris import Iris
from ..model import Finding, Severity
from ..terms import Vocabulary
from ..tidy import canonical
from . import paths, records
from .draft import Draft, Earlier, Reasons, from_found, key, with_saved
from .places import Places

__all__ = ["Desk", "Sheet", "Verdict", "readable"]

_MOST_PROJECTS = 50
_LONGEST_TITLE = 140


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a build would make of a draft."""

    record: dict[str, Any]
    findings: list[Finding]
    by_path: Mapping[str, list[Finding]]  # place on the form -> findings about it
    path: Path
    content: str
    before: str | None  # what the file holds now

    @property
    def violated(self) -> bool:
        """Whether the record would be refused."""
        return any(finding.severity is Severity.VIOLATION for finding in self.findings)


@dataclass
class Sheet:
    """One page under review."""

    number: int  # from 1
    file: Path
    page: Page | None = None
    error: UnreadableFileError | None = None
    founds: list[Found] = field(default_factory=list)
    done: set[Path] = field(default_factory=set)  # files saved in this run

    @property
    def name(self) -> str:
        """The name of its file, fit to be shown."""
        return text(self.file.name.encode("utf-8", "replace").decode()) or "?"

    @cached_property
    def places(self) -> Places:
        """What the places of the page are called."""
        assert self.page is not None  # noqa: S101 - unreadable pages are not opened
        return Places(self.page)

    @property
    def title(self) -> str:
        """What the page is called: its heading, else its title or its first line, else its file."""
        if self.page is None:
            return self.name
        lines = [line for line in self.page.lines if line.region == "main"]
        heading = next((line.text for line in lines if line.level == 1), "")
        title = heading or self.page.title or next((line.text for line in lines), "") or self.name
        return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"


class Desk:
    """The pages of one review."""

    def __init__(
        self,
        config: Config,
        vocabulary: Vocabulary,
        files: Iterable[Path],
        find: Callable[[Page, Vocabulary], list[Found]] = extract,
    ) -> None:
        self.config = config
        self.vocabulary = vocabulary
        self.find = find
        self.place = records.place(config)
        self.shelf = records.Shelf(config)
        self.sheets = [self._sheet(number, file) for number, file in enumerate(files, 1)]

    @cached_property
    def iris(self) -> Iris:
        """IRIs below the configured base."""
        return self.config.iris

    @staticmethod
    def _sheet(number: int, file: Path) -> Sheet:
        try:
            return Sheet(number, file, read_page(file))
        except UnreadableFileError as error:
            return Sheet(number, file, error=UnreadableFileError(error.cs, error.en, str(file)))

    def saved_of(self, sheet: Sheet) -> list[records.Saved]:
        """Return the saved records that were made from the page."""
        if sheet.page is None:
            return []
        return [one for one in self.shelf.all() if one.sha256 == sheet.page.sha256]

    def rule(self, notation: str, language: str) -> str:
        """Return what the code list calls a rule, its code where the list does not know it."""
        names = (self.vocabulary.labels(iri) for iri in self.vocabulary.concepts("pravidla", notation))
        return next(filter(None, (name.get(language) or name.get("cs") for name in names)), notation)

    def found(self, sheet: Sheet) -> list[Found]:
        """Return what extraction finds on the page, at least one project to fill in by hand."""
        assert sheet.page is not None  # noqa: S101 - unreadable pages are not opened
        if not sheet.founds:
            sheet.founds = self.find(sheet.page, self.vocabulary) or [Found()]
        return sheet.founds

    def drafts(self, sheet: Sheet, wanted: int = 0) -> list[Draft]:
        """Return the page's projects as they were found and, where they have been reviewed, decided.

        `wanted` projects in all, where the reviewer added some that extraction did not see.
        """
        page = sheet.page
        assert page is not None  # noqa: S101 - unreadable pages are not opened
        drafts, first = [], 1
        for number, found in enumerate(self.found(sheet)):
            drafts.append(from_found(number, first, found, _values(found, page)))
            first += len(drafts[-1].items)
        own = {item.number: _evidence(replace(item.fact, field=item.path), page) for d in drafts for item in d.items}
        earlier = self.shelf.all()
        ours = [one for one in earlier if one.sha256 == page.sha256]
        matches = self._matches(drafts, ours, own)
        for draft in drafts:
            match = matches.get(draft.number) or self._same(draft, earlier)
            if match:
                drafts[draft.number] = _decided(draft, match, own, page)
        for one in ours:  # what a reviewer added by hand before
            if one not in matches.values():
                drafts.append(_decided(_empty(len(drafts), page), one, own, page))
        while len(drafts) < min(wanted, _MOST_PROJECTS):
            drafts.append(_empty(len(drafts), page))
        return drafts

    @staticmethod
    def _matches(
        drafts: list[Draft], ours: list[records.Saved], own: Mapping[int, Mapping[str, Any]]
    ) -> dict[int, records.Saved]:
        """Return which record was saved of which project of the page: the one with most of its evidence."""
        pairs = []
        for draft in drafts:
            keys = {key(own[item.number]) for item in draft.items}
            for at, one in enumerate(ours):
                shared = len(keys & {key(item) for item in (*one.evidence, *one.rejected)})
                shared += fold(draft.title) == fold(str(one.values.get("title", "")))
                if shared:
                    pairs.append((-shared, draft.number, at))
        matches: dict[int, records.Saved] = {}
        taken: set[int] = set()
        for _, number, at in sorted(pairs):
            if number not in matches and at not in taken:
                matches[number] = ours[at]
                taken.add(at)
        return matches

    def _same(self, draft: Draft, earlier: list[records.Saved]) -> records.Saved | None:
        """Return a record of the same project that was not made from this page."""
        leaves, _, _ = draft.stated()
        iri = self.iris.project(
            number=str(leaves.get("registration_number", "")),
            ico=str(leaves.get("ico", "")),
            owner=str(leaves.get("beneficiary", "")) or self.place.source.name,
            title=draft.title,
        )
        told = "registration_number" in leaves or draft.title
        return next((one for one in earlier if told and one.iri == iri), None)

    # Saving ----------------------------------------------------------------------------------------

    def record(self, draft: Draft, page: Page) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the record of a draft by Czech names, and which form's part became which of the record."""
        leaves, facts, numbering = draft.stated()
        if draft.slug:
            leaves["slug"] = draft.slug
        record = paths.nested(leaves)
        record["dokument"] = {**record.get("dokument", {}), "soubor": page.name, "sha256": page.sha256}
        # A reason that somebody wrote is worth more than the place that a rule found.
        explained = {item.get("udaj") for item in draft.kept if item.get("duvod")}
        stated = [_evidence(fact, page, reasons) for fact, reasons in facts]
        left = [item for item in stated if item["udaj"] not in explained or "duvod" in item]
        told = {item["udaj"] for item in left}
        kept = [dict(item) for item in draft.kept if item.get("udaj") not in told]
        if left or kept:
            record["doklady"] = [*left, *kept]
        record["kontrola"] = {"datum": date.today().isoformat()}  # noqa: DTZ011 - the reviewer's own calendar
        if rejected := [_evidence(fact, page, reasons) for fact, reasons in draft.rejected()]:
            names = ("udaj", "uvedeno", "xpath", "od", "do", "duvod")
            record["kontrola"]["zamitnuto"] = [{name: one[name] for name in names if name in one} for one in rejected]
        return record, numbering

    def judge(self, draft: Draft, page: Page) -> Verdict:
        """Make the record and check it as a build would."""
        record, numbering = self.record(draft, page)
        findings, iri = self._check(record)
        findings = sorted([*draft.contradictions(), *findings], key=lambda one: list(Severity).index(one.severity))
        earlier = self.shelf.all()
        key = self.iris.split(iri)[1] if iri else slug(draft.title or Path(page.name).stem)
        same = next((one for one in earlier if iri and one.iri == iri), None)
        if same is None and draft.slug:  # a number was added or put right: the file stays, the IRI does not
            same = next((one for one in earlier if str(one.values.get("slug", "")) == draft.slug), None)
        path = same.path if same and same.alone else self.place.file(key)
        if same and not same.alone:
            findings.append(
                Finding(
                    severity=Severity.VIOLATION,
                    place=same.shown,
                    field="",
                    cs=f"tento projekt už je v {same.shown}; smažte ho tam, nebo ho tu vynechte",
                    en=f"this project already stands in {same.shown}; delete it there, or leave it out here",
                    kind="duplicate",
                )
            )
        if "registracni_cislo" not in record and iri:
            record = {"slug": key, **record}
        suffix = path.suffix.lstrip(".")
        heading = f"Ze stránky {page.name}; zkontroloval člověk. / From the page {page.name}; reviewed by a person."
        before = path.read_text("utf-8", "replace") if path.exists() else None
        by_path: dict[str, list[Finding]] = {}
        back = {made: form for form, made in numbering.items()}
        for finding in findings:
            by_path.setdefault(_form_path(finding, back), []).append(finding)
        return Verdict(record, findings, by_path, path, records.text(record, suffix, heading), before)

    def _check(self, record: Mapping[str, Any]) -> tuple[list[Finding], str]:
        """Return what a build says of a record, and the IRI it gives to the project."""
        with tempfile.TemporaryDirectory(prefix="lod-review-") as folder:
            file = Path(folder) / "zaznam.toml"
            file.write_text(records.text(record, "toml", ""), "utf-8")
            collected = pipeline.collect_files(self.config, self.vocabulary, [file])
            checked = pipeline.check(collected, self.vocabulary, pipeline.Progress(), settings=self.config.validation)
        made = next(iter(collected.made), None)
        iri = made.project.iri if made and made.project else ""
        ours = [finding for finding in checked.findings if finding.place.startswith(str(file))]
        # What a mentioned thing lacks is not this reviewer's to mend, unless it is wrong.
        ours = [f for f in ours if f.severity is Severity.VIOLATION or not f.subject or f.subject.startswith(iri)]
        return ours, iri

    def save(self, sheet: Sheet, verdict: Verdict) -> None:
        """Write the record. Raise `ConfigError` when the folder cannot be written."""
        records.write(verdict.path, verdict.content)
        sheet.done.add(verdict.path)


def _values(found: Found, page: Page) -> dict[str, Any]:
    return canonical(values(found, page))[0]


def _empty(number: int, page: Page) -> Draft:
    return from_found(number, 1, Found(), _values(Found(), page))


def _evidence(fact: Fact, page: Page, reasons: Reasons | None = None) -> dict[str, Any]:
    """Return the evidence of a fact whose field is its place in the record."""
    made = {**evidence(replace(fact, field="title"), page), "udaj": paths.czech(fact.field), **(reasons or {})}
    return {name: value for name, value in made.items() if value != ""}


def _decided(draft: Draft, saved: records.Saved, own: Mapping[int, Mapping[str, Any]], page: Page) -> Draft:
    """Return the draft as it was decided in a saved record."""
    return with_saved(draft, Earlier(saved.values, saved.evidence, saved.rejected), own, page)


def _form_path(finding: Finding, back: Mapping[str, str]) -> str:
    """Return the place on the form that a finding is about, "" where it is about the whole."""
    label = finding.field
    # A shape names a part by its place below the project: `vystupy/2 pocet`.
    label = label.replace("/", "[", 1).replace(" ", "].", 1) if "/" in label and " " in label else label
    for candidate in (label, finding.field.split(" ")[-1], finding.field.split("/")[0]):
        try:
            path = paths.renumbered(paths.english(candidate), back)
        except KeyError:
            continue
        return "" if path.startswith(("evidence", "review")) else path
    return ""


def readable(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Return the pages that can be reviewed; raise the first fault when there are none."""
    sheets = list(sheets)
    good = [sheet for sheet in sheets if sheet.page]
    if not good and sheets and sheets[0].error:
        raise sheets[0].error
    return good
