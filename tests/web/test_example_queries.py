"""Example queries: each parses, runs and says what it promises on the sample data; the release holds them too."""

from __future__ import annotations

import csv
import html
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, SH, Graph, Namespace
from rdflib.plugins.sparql import prepareQuery

from lod import examples
from lod.errors import ConfigError
from lod.iris import NAMESPACES
from lod.terms import home

GROUPS = examples.load(home())
EXAMPLES = {example.name: example for group in GROUPS for example in group.examples}
SPEX = Namespace(NAMESPACES["spex"])
TEXTS = (SH.select, SH.ask, SH.construct, SPEX.describe)
BASE = "https://projekty.example/zdroj/"
SEED = f"{BASE}projekty/CZ.1.04-3.1.00-05.00037"

# What a query of the sample data must have among its rows; keys are columns.
ROWS: dict[str, list[dict[str, str]]] = {
    "01-projekty-prijemce": [{"nazev": "Rozvoj služeb e-Governmentu v Olomouckém kraji"}],
    "02-programy": [
        {"program": f"{BASE}programy/CZ.03-2014-2020", "projektu": "75", "s_castkou": "0", "celkem": ""},
        {"program": f"{BASE}programy/CZ.1.04", "projektu": "44", "s_castkou": "43"},
    ],
    "03-nejvetsi-prijemci": [{"prijemce": f"{BASE}organizace/00551023", "projektu": "10"}],
    "04-bezici-v-roce": [{"zahajeni": "2006-09", "ukonceni": "2007-12-31"}],
    "05-vystupy": [{"vystup": "závěrečná odborná konference", "pocet": "1"}],
    "06-doklady": [{"projekt": SEED, "uvedeno": "Operační program Zaměstnanost"}],
    "07-kraje-esf": [{"kraj": f"{BASE}kraje/CZ010", "projektu": "32"}],
    "08-esf-a-efrr": [{"fond": "ESF", "projektu": "75"}, {"fond": "EFRR"}],
    "09-projekty-v-kraji": [{"prijemce": f"{BASE}organizace/70891320"}],
    "11-hledani": [{"projekt": f"{BASE}projekty/70891320-vzdelavani-v-oblasti-komunitniho-planovani"}],
    "13-zacatky-po-mesicich": [{"mesic": "2006-09", "projektu": "1"}],
    "14-pocty": [{"trida": "https://w3id.org/verejne-projekty#Project", "pocet": "483"}],
    "15-udaje": [{"vlastnost": "https://w3id.org/verejne-projekty#beneficiary", "pouziti": "482"}],
    "17-jiny-program": [
        {
            "cislo": "CZ.1.04/3.1.00/05.00037",
            "program": f"{BASE}programy/CZ.1.04",
            "uvedeno": "Operační program Zaměstnanost",
        }
    ],
    "18-vyplaceno": [{"dotace": "2125000000", "vyplaceno": "1201614000", "rozdil": "923386000"}],
    "19-vyzvy": [{"program": f"{BASE}programy/CZ.02-2014-2020", "projektu": "13"}],
    "20-velikost": [{"do_kc": "10000000"}, {"do_kc": "1000000000"}],
    "21-obce": [{"obec": "Praha", "prijemcu": "34"}],
}


def test_there_is_something_for_every_question() -> None:
    assert {examples.form(example.text) for example in EXAMPLES.values()} == {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
    assert len(EXAMPLES) >= 15
    for group in GROUPS:
        assert group.labels.keys() == {"cs", "en"}
        for example in group.examples:
            assert example.labels.keys() == {"cs", "en"}
            assert example.notes.keys() in ({"cs", "en"}, set())
            assert not example.text.startswith("#")


@pytest.mark.parametrize("name", EXAMPLES)
def test_another_engine_reads_them_too(name: str) -> None:
    prepareQuery(EXAMPLES[name].text)


@pytest.mark.parametrize("name", ROWS)
def test_they_say_what_they_promise(client: FlaskClient, name: str) -> None:
    answer = client.post("/sparql", data={"query": EXAMPLES[name].text}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    rows = list(csv.DictReader(answer.text.splitlines()))
    for wanted in ROWS[name]:
        assert any(wanted.items() <= row.items() for row in rows), wanted


def test_the_rest_say_what_they_promise(client: FlaskClient) -> None:
    def answer(name: str, media: str) -> str:
        return client.post("/sparql", data={"query": EXAMPLES[name].text}, headers={"Accept": media}).text

    assert json.loads(answer("16-miliarda", "application/sparql-results+json"))["boolean"] is True
    organisation, project = (
        {
            str(triple.subject): triple
            for triple in ox.parse(answer(name, "application/n-triples"), format=ox.RdfFormat.N_TRIPLES)
        }
        for name in ("10-organizace", "12-projekt-jako-graf")
    )
    assert f"<{BASE}organizace/70891320>" in organisation
    assert {f"<{SEED}>", f"<{BASE}programy/CZ.1.04>"} <= project.keys()
    assert EXAMPLES.keys() == ROWS.keys() | {"10-organizace", "12-projekt-jako-graf", "16-miliarda"}


@pytest.mark.parametrize("kind", ["release", "page"])
def test_the_data_hold_them(client: FlaskClient, kind: str) -> None:
    describe = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <http://www.w3.org/ns/shacl#SPARQLExecutable> ; ?p ?o }"
    path = {"release": "/sparql", "page": "/sparql/priklady.nt"}[kind]
    answer = client.get(path, query_string={"query": describe, "format": "nt"})
    graph = Graph().parse(data=answer.data, format="nt")
    found = {}
    for subject in graph.subjects(RDF.type, SH.SPARQLExecutable):
        assert {text.language for text in graph.objects(subject, RDFS.label)} == {"cs", "en"}  # type: ignore[attr-defined]
        (text,) = [str(text) for predicate in TEXTS for text in graph.objects(subject, predicate)]
        found[str(subject).partition("#")[2]] = text
    assert found == {name: example.text for name, example in EXAMPLES.items()}
    assert len(list(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))) == len(ROWS)


def test_the_page_explains_each_in_both_languages(client: FlaskClient) -> None:
    for language in ("cs", "en"):
        page = html.unescape(
            client.get("/sparql/priklady", query_string={"lang": language}, headers={"Accept": "text/html"}).text
        )
        for example in EXAMPLES.values():
            assert f'id="{example.name}"' in page
            assert example.labels[language] in page
    assert client.get("/sparql/priklady.csv").status_code == 406


def test_an_example_without_a_group_or_a_name_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "vocab" / "queries"
    folder.mkdir(parents=True)
    (folder / "groups.toml").write_text('[a]\ncs = "A"\nen = "A"\n', "utf-8")
    (folder / "01.rq").write_text("# group: b\n# cs: x\n# en: y\nASK {}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"01\.rq"):
        examples.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("select * {}", "SELECT"),
        ("# ASK {}\nBASE <x#y>\nPREFIX a.b: <ask>\nPREFIX : <y> construct where {}", "CONSTRUCT"),
        ("DESCRIBE <x>", "DESCRIBE"),
        ("INSERT DATA {}", ""),
        ("", ""),
    ],
)
def test_form_of_a_query(text: str, form: str) -> None:
    assert examples.form(text) == form
