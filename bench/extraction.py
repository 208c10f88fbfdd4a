"""Precision and recall of the page extractor over labelled pages, by fact, by layout and by rule.

    python bench/extraction.py FOLDER [--wrong] [--layout]

A folder holds pages (`01.html`, `02.txt`) each with its labels (`01.json`): what a careful reader finds on
the page. Precision is the share of extracted facts that the labels confirm, recall the share of labelled
facts that were extracted. Facts that a label file lists under "uncertain" are not counted.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from lod.errors import UnreadableFileError
from lod.extract import Found, extract, page
from lod.extract.names import Names, stem
from lod.extract.page import fold
from lod.terms import Vocabulary

VOCABULARY = Vocabulary("https://projekty.example/")
PROGRAMMES = Names(VOCABULARY, "programy")
FUNDS = {
    "ESF": "Evropský sociální fond",
    "ESF+": "Evropský sociální fond plus",
    "ERDF": "Evropský fond pro regionální rozvoj",
    "EFRR": "Evropský fond pro regionální rozvoj",
    "CF": "Fond soudržnosti",
    "FS": "Fond soudržnosti",
    "STATE": "státní rozpočet",
    "EAFRD": "Evropský zemědělský fond pro rozvoj venkova",
    "JTF": "Fond pro spravedlivou transformaci",
}
AMOUNTS = ("total", "eligible", "eu", "state", "regional", "municipal", "public", "own", "private", "grant")
Facts = set[tuple[str, str]]


def _words(text: str) -> str:
    return " ".join(stem(word)[:7] for word in re.findall(r"\w+", fold(text)))


def _number(text: str) -> str:
    return re.sub(r"\W", "", text).upper()


def _programme(text: str) -> str:
    found = next(PROGRAMMES.find(text), None)
    return "|".join(sorted(iri.rsplit("/", 1)[1] for iri in found.iris)) if found else _words(text)


def labelled(label: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the facts of one project's labels, in a form that can be compared."""
    if label.get("title"):
        yield "title", _words(label["title"])
    if label.get("registration_number"):
        yield "number", _number(label["registration_number"])
    for name in ("start", "end"):
        if label.get(name):
            yield name, label[name]["value"]
    beneficiary = label.get("beneficiary") or {}
    if beneficiary.get("name"):
        yield "beneficiary", _words(beneficiary["name"])
    if beneficiary.get("ico"):
        yield "ico", beneficiary["ico"]
    for partner in label.get("partners") or ():
        yield "partner", _words(partner["name"] if isinstance(partner, dict) else partner)
    programme = label.get("programme") or {}
    if programme.get("name") and (programme.get("conflict") or not programme.get("derived_from")):
        yield "programme", _programme(programme["name"])
    if label.get("priority_axis"):
        yield "axis", _words(label["priority_axis"])
    for fund in label.get("funds") or ():
        if fund in FUNDS:
            yield "fund", FUNDS[fund]
    for amount in label.get("amounts") or ():
        if amount.get("currency") in {None, "CZK", "EUR"} and amount["kind"] in AMOUNTS:
            yield "amount", f"{amount['kind']} {Decimal(str(amount['value'])).normalize():f}"
    place = label.get("place") or {}
    if place.get("region"):
        yield "region", _words(place["region"])
    for name in ("page_updated", "page_published"):
        if label.get(name):
            yield "page date", label[name]["value"]
    for output in label.get("outputs") or ():
        if output.get("number") is not None:
            yield "output", f"{Decimal(str(output['number'])).normalize():f}"
    for other in label.get("related") or ():
        if other.get("title"):
            yield "related", _words(other["title"])


def extracted(found: Found) -> dict[tuple[str, str], str]:
    """Return the facts of one extracted project in the same form, each with the rule that found it."""
    return {fact: rule for rule, fact in _extracted(found)}


def _extracted(found: Found) -> Iterator[tuple[str, tuple[str, str]]]:
    names = {"title": "title", "beneficiary": "beneficiary", "priority_axis": "axis", "places": "region"}
    for fact in found.facts:
        name = re.sub(r"\[\d+\]", "", fact.field)
        if name in names:
            yield fact.rule, (names[name], _words(fact.value))
        elif name == "region_name" and not any(f.field == "places" for f in found.facts):
            yield fact.rule, ("region", _words(fact.value))
        elif name in {"start", "end", "ico"}:
            yield fact.rule, (name, fact.value)
        elif name == "registration_number":
            yield fact.rule, ("number", _number(fact.value))
        elif name == "partners.beneficiary":
            yield fact.rule, ("partner", _words(fact.value))
        elif name == "programme":
            yield fact.rule, ("programme", _programme(fact.value))
        elif name == "funds":
            yield fact.rule, ("fund", fact.value)
        elif name in AMOUNTS:
            yield fact.rule, ("amount", f"{name} {Decimal(fact.value).normalize():f}")
        elif name in {"modified", "published"}:
            yield fact.rule, ("page date", fact.value)
        elif name == "outputs.quantity":
            yield fact.rule, ("output", f"{Decimal(fact.value).normalize():f}")
        elif name == "predecessors.title":
            yield fact.rule, ("related", _words(fact.value))


def _same(name: str, one: str, other: str) -> bool:
    if one == other:
        return True
    if name == "programme":
        return bool(set(one.split("|")) & set(other.split("|")))
    return name == "number" and (one.startswith(other) or other.startswith(one))


@dataclass
class Score:
    """How many facts were found, were there, and agree."""

    extracted: int = 0
    labelled: int = 0
    right: int = 0

    def row(self) -> str:
        """Return precision, recall and the counts behind them."""
        precision = f"{self.right / self.extracted:9.3f}" if self.extracted else "        –"
        recall = f"{self.right / self.labelled:9.3f}" if self.labelled else "        –"
        return f"{precision}{recall}{self.right:7}{self.extracted:11}{self.labelled:10}"


@dataclass
class Scores:
    """Scores by fact, and by layout."""

    by_fact: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_layout: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_rule: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    wrong: list[str] = field(default_factory=list)

    def compare(self, where: str, layout: str, got: Mapping[tuple[str, str], str], want: Facts, skip: set[str]) -> None:
        """Count one project."""
        missing = set(want)
        for name, value in sorted(got):
            if name in skip:
                continue
            hit = next((fact for fact in sorted(missing) if fact[0] == name and _same(name, value, fact[1])), None)
            for score in (self.by_fact[name], self.by_layout[layout], self.by_rule[got[name, value]]):
                score.extracted += 1
                score.right += hit is not None
            if hit:
                missing.discard(hit)
            else:
                self.wrong.append(f"{where}: +{name} {value}")
        for name, value in sorted(want):
            if name in skip:
                continue
            for score in (self.by_fact[name], self.by_layout[layout]):
                score.labelled += 1
            if (name, value) in missing:
                self.wrong.append(f"{where}: -{name} {value}")


_SKIPPED = {
    "registration_number": "number",
    "partners": "partner",
    "priority_axis": "axis",
    "amounts": "amount",
    "funds": "fund",
    "place": "region",
    "page_published": "page date",
    "page_updated": "page date",
    "outputs": "output",
}


def measure(folder: Path) -> Scores:
    """Return the scores over a folder of labelled pages."""
    scores = Scores()
    if not any(folder.glob("*.json")):
        sys.exit(f"{folder}: no labelled pages (*.json) there")
    for labels in sorted(folder.glob("*.json")):
        label = json.loads(labels.read_text("utf-8"))
        source = folder / label.get("file", labels.stem + ".html")
        try:
            found = extract(page.read(source), VOCABULARY)
        except UnreadableFileError as error:
            sys.exit(f"{source}: {error}")
        projects = label.get("projects") or [label]
        shared = {"page date": list(labelled({k: v for k, v in label.items() if k.startswith("page_")}))}
        fields = (item["field"] if isinstance(item, dict) else str(item) for item in label.get("uncertain") or ())
        unsure = [re.split(r"[. ]", re.sub(r"^projects\[[^]]*\]\.", "", name))[0] for name in fields]
        skip = {_SKIPPED.get(item, item) for item in unsure}
        if "beneficiary" in skip:
            skip.add("ico")
        layout = re.split(r"[(,;+]", label.get("layout", "?"))[0].strip()
        wanted = [
            set(labelled(project)) | (set(shared["page date"]) if number == 0 else set())
            for number, project in enumerate(projects)
        ]
        # Pair what was found with the labels it shares most with.
        pairs = sorted(
            (
                (len(set(extracted(one)) & want), -at, number)
                for at, one in enumerate(found)
                for number, want in enumerate(wanted)
            ),
            reverse=True,
        )
        paired: dict[int, int] = {}
        for _, at, number in pairs:
            if number not in paired and -at not in paired.values():
                paired[number] = -at
        for number, want in enumerate(wanted):
            got = extracted(found[paired[number]]) if number in paired else {}
            if number:
                got = {fact: rule for fact, rule in got.items() if fact[0] != "page date"}
            scores.compare(f"{labels.stem}/{number + 1}", layout, got, want, skip)
        rest = [one for at, one in enumerate(found) if at not in paired.values()]
        for one in rest:
            scores.compare(f"{labels.stem}/+", layout, extracted(one), set(), skip)
    return scores


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wrong", action="store_true", help="list what was missed (-) and what was wrong (+)")
    args = parser.parse_args()
    scores = measure(args.folder)
    print(f"{'':34}precision   recall  right  extracted  labelled")
    total = Score()
    for name, score in sorted(scores.by_fact.items()):
        print(f"{name:32}{score.row()}")
        total.extracted += score.extracted
        total.labelled += score.labelled
        total.right += score.right
    print(f"{'all facts':32}{total.row()}\n")
    for name, score in sorted(scores.by_layout.items()):
        print(f"{name[:31]:32}{score.row()}")
    print()
    for name, score in sorted(scores.by_rule.items()):
        print(f"{name[:31]:32}{score.row()}")
    if args.wrong:
        print("\n" + "\n".join(scores.wrong))


if __name__ == "__main__":
    main()
