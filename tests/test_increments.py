"""A build takes over what a former one worked out, and is equal to one that has nothing to take over."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lod import checking, collecting
from lod.errors import LedgerError
from lod.model import Finding
from lod.pipeline import Outcome
from lod.terms import Vocabulary

from .conftest import REPOSITORY, Site, make_site, violations
from .drawn import VOCABULARY
from .test_release import built, dumps, rows

SOURCES = """
[[source]]
name = "a"
kind = "records"
files = ["records/a.csv"]
least = 0

[[source]]
name = "b"
kind = "records"
files = ["records/b.csv"]
least = 0

[[source]]
name = "seznam"
kind = "table"
yields = "organisations"
files = ["records/seznam.csv"]
least = 0
[source.columns]
ico = "ico"
prijemce = "nazev"
"""
HEADER = "nazev;registracni_cislo;ico;zahajeni;ukonceni;celkem;predchudci\n"
# Good rows, rows that only the shapes refuse, that cannot be read, of one project, and that refer to another.
ROWS = st.lists(
    st.builds(
        "{};CZ.1.04/3.1.00/05.{:05};{};{};{};{};{}".format,
        st.sampled_from(["Oprava", "Škola", ""]),
        st.integers(1, 4),
        st.sampled_from(["60609460", "70891320", "60609461", ""]),
        st.sampled_from(["2010", "2010-03", "nevim"]),
        st.sampled_from(["2012", "2009"]),
        st.sampled_from(["100", "200", ""]),
        st.sampled_from(["", "CZ.1.04/3.1.00/05.00002"]),
    ),
    max_size=5,
)


class Counted:
    """How many records were cleaned and how many things were judged."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cleaned = self.judged = 0
        clean, validate = collecting._clean, checking._validate

        def cleaning(work: collecting._Work) -> object:
            self.cleaned += len(work[-1])
            return clean(work)

        def validating(work: checking._Work) -> list[list[Finding]]:
            self.judged += len(work[-1])
            return validate(work)

        monkeypatch.setattr(collecting, "_clean", cleaning)
        monkeypatch.setattr(checking, "_validate", validating)

    def taken(self) -> tuple[int, int]:
        found = self.cleaned, self.judged
        self.cleaned = self.judged = 0
        return found


def outcome_of(site: Site) -> tuple[object, ...]:
    """Everything that a build says."""
    made: Outcome = site.build()
    report = {name: value for name, value in made.report.items() if name != "release"}
    return report, made.stopped, list(made.findings), dumps(made.release) if made.release else None


def write(site: Site, a: list[str], b: list[str], listed: list[str]) -> None:
    site.write("records/a.csv", HEADER + "".join(f"{row}\n" for row in a))
    site.write("records/b.csv", HEADER + "".join(f"{row}\n" for row in b))
    site.write("records/seznam.csv", "ico,nazev\n" + "".join(f"{row}\n" for row in listed))


LISTED = st.lists(st.sampled_from(["60609460,Olomoucký kraj", "60609460,Kraj", "70891320,Liberecký kraj"]), max_size=2)


@pytest.mark.slow
@settings(max_examples=4)
@given(st.lists(st.tuples(ROWS, ROWS, LISTED), min_size=2, max_size=3))
def test_increment_is_the_full_build(
    tmp_path_factory: pytest.TempPathFactory, inputs: list[tuple[list[str], list[str], list[str]]]
) -> None:
    site = make_site(tmp_path_factory.mktemp("one"), VOCABULARY, SOURCES)
    for given_rows in inputs:
        write(site, *given_rows)
        step = outcome_of(site)
    fresh = make_site(tmp_path_factory.mktemp("fresh"), VOCABULARY, SOURCES)
    write(fresh, *inputs[-1])
    assert outcome_of(fresh) == step


def test_only_what_changed_is_cleaned_and_judged_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    site.rows(*rows(20))
    first = built(site)
    assert counted.taken()[0] == 20
    assert dumps(built(site)) == dumps(first)
    assert counted.taken() == (0, 0)
    changed = rows(20)
    changed[4] = changed[4].replace("Projekt", "Jiný projekt")
    # A new row above the others moves them; what they say stays.
    site.rows(rows(21)[20], *changed)
    built(site)
    assert counted.taken() == (2, 2)
    site.rows(*rows(20)[1:])
    built(site)
    assert counted.taken() == (1, 1)


def test_findings_of_rows_that_moved_name_their_new_place(site: Site) -> None:
    bad = rows(3)[2].replace("2010", "nevim")
    site.rows(*rows(2), bad)
    site.build()
    site.rows(bad, *rows(2))
    assert {finding.place for finding in violations(site.build().findings)} == {"records/projekty.csv:2"}


@pytest.mark.parametrize("name", ["shapes/project.ttl", "vocab/vp.ttl", "vocab/codelists/regions.ttl"])
def test_other_shapes_or_vocabulary_make_everything_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = tmp_path / "root"
    for folder in ("vocab", "shapes"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    site = make_site(tmp_path, Vocabulary(VOCABULARY.base, root))
    site.rows(*rows(3))
    built(site)
    counted = Counted(monkeypatch)
    with (root / name).open("a") as file:
        file.write("\n# another wording\n")
    built(Site(tmp_path, Vocabulary(VOCABULARY.base, root)))
    cleaned, judged = counted.taken()
    assert cleaned == 3
    assert judged > 3


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, None])
def test_lost_or_damaged_ledger_costs_time_alone(site: Site, content: bytes | None) -> None:
    site.rows(*rows(3))
    first = built(site)
    kept = site.releases / ".ledger.sqlite"
    if content is None:  # whole at its start, and damaged behind that
        whole = kept.read_bytes()
        content = whole[:8192] + b"\xff" * (len(whole) - 8192)
    kept.write_bytes(content)
    with suppress(LedgerError):  # told once, and gone
        built(site)
    assert dumps(built(site)) == dumps(first)
