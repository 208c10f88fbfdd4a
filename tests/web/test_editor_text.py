"""What the editor makes of a half-typed text: what is due, what is quoted, where a PREFIX line goes."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from .conftest import FRONTEND

VP = "https://w3id.org/verejne-projekty#"


def called(node: str, function: str, *arguments: list[Any]) -> list[Any]:
    """Return what a function of `text.js` gives for each list of arguments."""
    program = f"""import * as text from "./query/text.js";
const plain = (one) => (one instanceof Map ? [...one] : one);
console.log(JSON.stringify({json.dumps(arguments)}.map((one) => plain(text.{function}(...one)))));"""
    command = [node, "--input-type=module"]
    done = subprocess.run(command, input=program, cwd=FRONTEND, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def test_what_is_due_at_a_place(node: str) -> None:
    places = {
        "": "expression",
        "SELECT ": "expression",
        "SELECT * WHERE { ": "subject",
        "SELECT * { ?s ": "predicate",
        "SELECT * { ?s vp:a/": "predicate",
        "SELECT * { ?s ^": "predicate",
        "SELECT * { ?s vp:a ": "object",
        "SELECT * { ?s a ": "class",
        "SELECT * { ?s rdf:type ": "class",
        "SELECT * { ?s vp:a ?o ; ": "predicate",
        "SELECT * { ?s vp:a ?o , ": "object",
        "SELECT * { ?s vp:a [ ": "predicate",
        "SELECT * { ?s vp:a ?o . ": "subject",
        "SELECT * { ?s vp:a 1.5 ": "end",
        "SELECT * { ?s vp:a <http://a.b/c.d> ": "end",
        "SELECT * { ?s vp:a 'x. { y' . OPTIONAL { ": "subject",
        "SELECT * { ?s ?p ?o FILTER(": "expression",
        "SELECT * { ?s ?p ?o } ": "expression",
        "# { ?s\n": "expression",
    }
    assert dict(zip(places, called(node, "due", *([text] for text in places)), strict=True)) == places


def test_what_is_inside_a_text_or_a_comment(node: str) -> None:
    inside = ["# a", "'a", '"a', "'''a\n'b'", '"""a""', "<a#b> # c", "'a\\'"]
    outside = ["", "# a\n", "'a'", "<a#b>", "'''a'''", "'a\\'' ", "'a\n"]
    assert called(node, "endsQuoted", *([text] for text in inside)) == [True] * len(inside)
    assert called(node, "endsQuoted", *([text] for text in outside)) == [False] * len(outside)


def test_prefixes_of_a_query(node: str) -> None:
    texts = ["prefix vp: <a#>\nPREFIX : <b>", "# PREFIX no: <c>\nPREFIX a.b-c: <d>", "ASK {}"]
    assert called(node, "declared", *([text] for text in texts)) == [
        [["vp", "a#"], ["", "b"]],
        [["a.b-c", "d"]],
        [],
    ]


def test_where_a_prefix_line_goes(node: str) -> None:
    texts = {
        "ASK {}": f"PREFIX vp: <{VP}>\n\nASK {{}}",
        "# name\nASK {}": f"# name\nPREFIX vp: <{VP}>\n\nASK {{}}",
        "PREFIX a: <b>\n\nASK {}": f"PREFIX a: <b>\nPREFIX vp: <{VP}>\n\nASK {{}}",
        "PREFIX a: <b>": f"PREFIX a: <b>\nPREFIX vp: <{VP}>\n",
        "PREFIX a: <b> # c\nASK {}": f"PREFIX a: <b> # c\nPREFIX vp: <{VP}>\nASK {{}}",
        "PREFIX a: <b> ASK {}": f"PREFIX a: <b>\nPREFIX vp: <{VP}>\n ASK {{}}",
        "": f"PREFIX vp: <{VP}>\n",
    }
    changes = called(node, "prefixChange", *([text, "vp", VP] for text in texts))
    made = [text[: one["from"]] + one["insert"] + text[one["from"] :] for text, one in zip(texts, changes, strict=True)]
    assert made == list(texts.values())
