"""The documentation names everything that exists, and nothing that does not."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SKOS, URIRef

from lod import clean, cli, config, sourceconfig, sources, tidy
from lod.iris import VP
from lod.model import Finding, PrintedAmount, Record
from lod.terms import Vocabulary

from .conftest import HEAD

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> list[str]:
    (subparsers,) = [a for a in cli._parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return list(subparsers.choices)


def test_every_command_is_in_the_readme_and_no_other() -> None:
    assert set(re.findall(r"^\| `lod ([a-z]+)", README, re.MULTILINE)) == set(commands())


def columns(known: tuple[tidy.Field, ...], prefix: str = "") -> Iterator[str]:
    for item in known:
        yield f"| `{prefix}{item.name}` | `{item.english}` |"
        yield from columns(item.parts, f"{prefix}{item.name}.")


def test_every_column_of_the_tidy_layout_is_documented() -> None:
    text = (ROOT / "docs" / "tidy-layout.md").read_text("utf-8")
    assert [row for row in columns(tidy.FIELDS) if row not in text] == []


@pytest.mark.parametrize(
    "kind",
    [
        *(config.Config, config.Signature, config.Validation, config.StoreConfig, config.Queries),
        config.SourceConfig,
        *(sourceconfig.Column, sourceconfig.Part, sourceconfig.DocumentConfig),
    ],
)
def test_every_setting_is_documented(kind: type) -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    derived = {"path", "rank", "sources", "document", "columns", "fields"}
    derived |= {"publisher", "signature", "validation", "store", "queries"}
    names = {item.name for item in fields(kind)} - derived
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_kind_of_finding_is_documented_as_the_code_list_says_it() -> None:
    text = (ROOT / "docs" / "findings.md").read_text("utf-8")
    documented = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", text, re.MULTILINE))
    vocabulary = Vocabulary("https://projekty.example/")
    for concept in vocabulary.codelists.subjects(RDF.type, URIRef(f"{VP}FindingKind")):
        slug = str(concept).rpartition("/")[2]
        assert slug in documented, f"add a row for {slug} to docs/findings.md"
        for predicate in (SKOS.prefLabel, SKOS.definition, SKOS.scopeNote):
            for said in vocabulary.codelists.objects(concept, predicate):
                assert str(said) in documented[slug], slug


BLOCKS = re.findall(
    r"```(csv|xml)\n(.*?)```\n```toml\n(.*?)```\n```json\n(.*?)```",
    (ROOT / "docs" / "configuration.md").read_text("utf-8"),
    re.DOTALL,
)


def test_every_example_in_the_documentation_is_whole() -> None:
    assert len(BLOCKS) == (ROOT / "docs" / "configuration.md").read_text("utf-8").count("```toml") > 8


def shown(value: Any) -> Any:
    """Return values as the documentation shows them: Czech names, plain numbers."""
    if isinstance(value, PrintedAmount):
        number = clean.amount(value.text, value.decimal) * value.unit
        return int(number) if number == int(number) else float(number)
    if isinstance(value, dict):
        return {tidy.czech(key): shown(item) for key, item in value.items()}
    return [shown(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("block", BLOCKS, ids=[str(number) for number in range(len(BLOCKS))])
def test_examples_in_the_documentation_are_true(block: tuple[str, str, str, str], tmp_path: Path) -> None:
    suffix, content, settings, expected = block
    (tmp_path / f"a.{suffix}").write_text(content, "utf-8")
    source = f'[[source]]\nname = "a"\nkind = "table"\nfiles = ["a.*"]\n{settings}'
    (tmp_path / "lod.toml").write_text(f"{HEAD}\n{source}", "utf-8")
    made = config.load(tmp_path / "lod.toml")
    found = list(sources.read(made, made.sources[0]))
    assert [shown(dict(item.values)) for item in found if isinstance(item, Record)] == json.loads(expected)
    told = {item.kind for item in found if isinstance(item, Finding)}
    assert told <= {"rows-left-out", "rows-below", "rows-grouped", "ico-spellings", "ico-invalid", "ico-check-digit"}


def test_links_between_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_storeys_in_the_architecture_are_the_modules() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    modules = {path.stem for path in (ROOT / "lod").glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in (ROOT / "lod").glob("*/__init__.py")}
    assert [name for name in sorted(modules) if f"`{name}`" not in text] == []
    assert [name for name in sorted(packages) if f"`{name}/`" not in text] == []
