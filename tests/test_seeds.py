"""The two sample pages, read by rules alone, against the records that a careful reader made of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lod import clean, extract, ico
from lod.extract import page as pages
from lod.terms import Vocabulary

from .conftest import REPOSITORY

SEEDS = Path("/work/shared/seeds")
PAGES = {"olomoucky-kraj": "olomoucky-kraj-strednedoby-plan", "zlinsky-kraj": "zlinsky-kraj-vzdelavani"}
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the sample pages are not here")

# What the records say in words of their own, or what is ours and not the page's.
OWN_WORDS = re.compile(
    r"(.+_en|(.+\.)?slug|shrnuti|cil|doklady|dokument\.(slug|nazev)|aktivity\.(nazev|popis).*|vystupy\..*)"
)
# What no rule reads, and why. One that is read after all must leave the list.
GAPS = {
    ("olomoucky-kraj", "dokument.url"): "the saved text does not hold its own address",
    ("zlinsky-kraj", "cilove_skupiny"): "in the dative within a sentence about the goal",
    ("zlinsky-kraj", "uzemi_slovy"): "the page does not say it apart from the names of the region",
    ("zlinsky-kraj", "aktivity"): "activities are told in sentences that no pattern separates from outputs",
    ("zlinsky-kraj", "vystupy 1"): "the one conference has no number on the page",
}


def leaves(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        items = value if isinstance(value, list) else [value]
        for item in items:
            if isinstance(item, Mapping):
                yield from leaves(item, f"{path}{name}.")
            else:
                yield f"{path}{name}", item


def meant(column: str, value: object, vocabulary: Vocabulary) -> str:
    """Return what a value means, so that two spellings of one thing are equal."""
    text = clean.text(str(value))
    name = column.rpartition(".")[2]
    if name in {"zahajeni", "ukonceni", "datum"}:
        return clean.partial_date(text).lexical
    if name == "ico":
        return ico.parse(text)
    if name == "psc":
        return text.replace(" ", "")
    for scheme in {"program": ("programy",), "fond": ("fondy", "druhy-prispevku")}.get(name, ()):
        if found := vocabulary.concepts(scheme, text):
            return found[0]
    return clean.fold(text)


NOT_COMPARED = re.compile(r"(k_posouzeni|doklady|dokument\.soubor|dokument\.sha256|vystupy|aktivity)(\..*)?")


def facts(record: Mapping[str, Any], vocabulary: Vocabulary) -> set[tuple[str, str]]:
    """Return the facts that can be compared; of outputs, wherever they stand, their numbers."""
    found = set()
    for column, value in leaves(record):
        if column.endswith("pocet"):
            found.add(("vystupy", str(value)))
        elif OWN_WORDS.fullmatch(column) or NOT_COMPARED.fullmatch(column) or str(value) == "-":
            continue  # "-": the page says that there is none
        else:
            found.add((column, meant(column, value, vocabulary)))
    if "aktivity" in record:
        found.add(("aktivity", str(len(record["aktivity"]))))
    return found


@pytest.mark.parametrize("seed", sorted(PAGES))
def test_rules_alone_read_what_the_record_says(seed: str, vocabulary: Vocabulary) -> None:
    (path,) = SEEDS.glob(f"{seed}*.txt")
    page = pages.read(path)
    (found,) = extract.extract(page, vocabulary)
    read = extract.values(found, page)
    record = tomllib.loads((REPOSITORY / "data" / "records" / f"{PAGES[seed]}.toml").read_text("utf-8"))
    got, wanted = facts(read, vocabulary), facts(record, vocabulary)
    doubtful = {re.sub(r"\[\d+\]", "", item["udaj"]).partition(".")[0] for item in read.get("k_posouzeni", ())}

    missed = {(column, value) for column, value in wanted - got if column.partition(".")[0] not in doubtful}
    gaps = {column for name, column in GAPS if name == seed}
    named = {(column, value) for column, value in missed if {column, f"{column} {value}"} & gaps}
    assert missed == named, "not read, not doubtful, and no known gap"
    assert gaps == {name for fact in named for name in (fact[0], " ".join(fact)) if name in gaps}, "a gap was closed"

    stated = {column for column, _ in wanted}
    wrong = {(column, value) for column, value in got - wanted if column in stated}
    assert not wrong, "read, but the record says otherwise"
