"""The query as a program: quoted right whatever it holds, and each program runs against a real server."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.web.snippets import LANGUAGES, javascript, python, r, shell, snippets

# What quoting could trip over, in all three forms of an answer.
NASTY = r"""'it''s' "\"x\"" `${HOME}` $(id) \ %QUERY% %ENDPOINT% )" )--" ${x} ž"""
QUERIES = {
    "SELECT": f"# {NASTY}\nSELECT ?x WHERE {{ VALUES ?x {{ 'žluť' \"it's\" '''\"\"\"\\\\''' }} }} # \"\"\"",
    "ASK": f"# {NASTY}\nASK {{ ?s ?p ?o }}",
    "CONSTRUCT": f"# {NASTY}\nCONSTRUCT {{ <a:s> <a:p> 'žluť' }} WHERE {{}}",
    "DESCRIBE": f"# {NASTY}\nDESCRIBE <https://projekty.example/zdroj/kraje/CZ071>",
}
SAID = {"SELECT": "žluť", "ASK": "true", "CONSTRUCT": "žluť", "DESCRIBE": "Olomoucký kraj"}
PROGRAMS = {  # JavaScript runs on the fixture `node`
    "curl": ["sh"],
    "python": [sys.executable],
    "r": ["Rscript", "--vanilla"],
}
PIECES = [*"'\"\\`$({})-\nxž%", '"""', "${", ')-"', "\r"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(TEXTS)
def test_python_reads_back_what_was_quoted(text: str) -> None:
    assert ast.literal_eval(python(text)) == text


@settings(max_examples=5)
@given(texts=st.lists(TEXTS, min_size=30, max_size=60))
def test_javascript_reads_back_what_was_quoted(node: str, texts: list[str]) -> None:
    program = f"console.log(JSON.stringify([{','.join(map(javascript, texts))}]))"
    done = subprocess.run([node], input=program, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == texts


@settings(max_examples=5)
@given(st.lists(TEXTS, min_size=30, max_size=60))
def test_a_shell_reads_back_what_was_quoted(texts: list[str]) -> None:
    program = f"printf '%s\\036' {' '.join(map(shell, texts))}"
    done = subprocess.run(["sh"], input=program.encode(), capture_output=True, check=True)
    assert done.stdout.decode().split("\x1e")[:-1] == texts


@given(TEXTS)
def test_nothing_in_a_text_ends_its_raw_string_in_r(text: str) -> None:
    quoted = r(text)
    dashes = quoted[2 : quoted.index("(")]
    assert quoted == f'r"{dashes}({text}){dashes}"'
    assert f'){dashes}"' not in text


@pytest.mark.parametrize("form", QUERIES)
@pytest.mark.parametrize("language", [language.name for language in LANGUAGES])
def test_programs_run(server: str, tmp_path: Path, language: str, form: str, request: pytest.FixtureRequest) -> None:
    command = PROGRAMS.get(language) or [request.getfixturevalue("node"), "--input-type=module", "-"]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    (snippet,) = [one for one in snippets(QUERIES[form], f"{server}/sparql") if one.name == language]
    path = tmp_path / "program"
    path.write_text(snippet.text, "utf-8")
    with path.open() as program:
        by_name = language != "javascript"
        done = subprocess.run(
            [*command, path] if by_name else command, stdin=program, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    assert SAID[form] in done.stdout.replace("True", "true")


def test_the_address_is_the_one_the_visitor_came_to(client: FlaskClient) -> None:
    def page(host: str) -> str:
        return client.get("/sparql", headers={"Accept": "text/html", "Host": host}).text

    assert "curl --fail-with-body &#39;http://127.0.0.1:8000/sparql&#39;" in page("127.0.0.1:8000")
    assert "curl --fail-with-body &#39;https://projekty.example/sparql&#39;" in page("projekty.example")


def test_a_submitted_query_is_there_as_it_was_written(client: FlaskClient) -> None:
    sent = {"query": "ASK {\r\n  ?s ?p 'it''s'\r\n}"}  # browsers send CRLF
    page = client.post("/sparql", data=sent, headers={"Accept": "text/html"}).text
    assert "endpoint.setQuery(&#34;&#34;&#34;ASK {\n  ?s ?p &#39;it&#39;&#39;s&#39;\n}&#34;&#34;&#34;)" in page
