"""The present query as a program: curl, Python, R and JavaScript, with the text quoted as each language asks.

A program is a template with one place for the quoted query, so that the page can put another query there while it
is typed; `frontend/query/snippets.js` quotes alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..examples import form

__all__ = ["Snippet", "snippets"]

QUERY, ENDPOINT = "%QUERY%", "%ENDPOINT%"


def shell(text: str) -> str:
    r"""Quote for a POSIX shell.

    >>> print(shell("it's"))
    'it'\''s'
    """
    return "'" + text.replace("'", "'\\''") + "'"


def python(text: str) -> str:
    r'''Quote for Python.

    >>> print(python('a "b" \\ c "d"'))
    """a "b" \\ c "d\""""
    '''
    escaped = text.replace("\\", "\\\\").replace("\r", "\\r")
    return '"""' + re.sub(r'"{3,}|"+\Z', lambda quotes: '\\"' * len(quotes[0]), escaped) + '"""'


def r(text: str) -> str:
    """Quote for R 4: a raw string with as many dashes as the text needs.

    >>> print(r('a "b" )-"'))
    r"--(a "b" )-")--"
    """
    longest = max((len(dashes) for dashes in re.findall(r'\)(-*)"', text)), default=-1)
    dashes = "-" * (longest + 1)
    return f'r"{dashes}({text}){dashes}"'


def javascript(text: str) -> str:
    r"""Quote for JavaScript: a template literal.

    >>> print(javascript("a `b` ${c}"))
    `a \`b\` \${c}`
    """
    escaped = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${").replace("\r", "\\r")
    return f"`{escaped}`"


_CURL = """curl --fail-with-body '%ENDPOINT%' \\
  --header 'Accept: {accept}' \\
  --data-urlencode query=%QUERY%
"""
_PYTHON = """from SPARQLWrapper import {format}, POST, SPARQLWrapper

endpoint = SPARQLWrapper("%ENDPOINT%")
endpoint.setMethod(POST)
endpoint.setReturnFormat({format})
endpoint.setQuery(%QUERY%)
answer = endpoint.queryAndConvert()
{use}
"""
_R = """query <- %QUERY%
address <- paste0("%ENDPOINT%?format={format}&query=", URLencode(query, reserved = TRUE))
{use}
"""
_JAVASCRIPT = """const query = %QUERY%;
const response = await fetch("%ENDPOINT%", {{
  method: "POST",
  headers: {{ Accept: "{accept}" }},
  body: new URLSearchParams({{ query }}),
}});
if (!response.ok) throw new Error(await response.text());
{use}
"""
_JSON = "application/sparql-results+json"
_SOLUTIONS, _BOOLEAN, _GRAPH = "SELECT", "ASK", "CONSTRUCT"


def _filled(template: str, by_form: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {form: template.format(**words) for form, words in by_form.items()}


@dataclass(frozen=True, slots=True)
class Language:
    """A language that programs are written in."""

    name: str  # "python", also what a page calls its way of quoting
    title: str
    quote: Callable[[str], str]
    templates: Mapping[str, str]  # by form of the query; DESCRIBE is as CONSTRUCT


LANGUAGES = (
    Language(
        "curl",
        "curl",
        shell,
        _filled(
            _CURL,
            {_SOLUTIONS: {"accept": "text/csv"}, _BOOLEAN: {"accept": _JSON}, _GRAPH: {"accept": "text/turtle"}},
        ),
    ),
    Language(
        "python",
        "Python (SPARQLWrapper)",
        python,
        _filled(
            _PYTHON,
            {
                _SOLUTIONS: {
                    "format": "JSON",
                    "use": 'for row in answer["results"]["bindings"]:\n'
                    '    print({name: value["value"] for name, value in row.items()})',
                },
                _BOOLEAN: {"format": "JSON", "use": 'print(answer["boolean"])'},
                _GRAPH: {"format": "TURTLE", "use": "print(answer.decode())"},
            },
        ),
    ),
    Language(
        "r",
        "R",
        r,
        _filled(
            _R,
            {
                _SOLUTIONS: {"format": "csv", "use": "answer <- read.csv(address)\nprint(answer)"},
                _BOOLEAN: {"format": "json", "use": 'cat(readLines(address, warn = FALSE), sep = "\\n")'},
                _GRAPH: {"format": "ttl", "use": 'cat(readLines(address, warn = FALSE), sep = "\\n")'},
            },
        ),
    ),
    Language(
        "javascript",
        "JavaScript",
        javascript,
        _filled(
            _JAVASCRIPT,
            {
                _SOLUTIONS: {
                    "accept": _JSON,
                    "use": "const { results } = await response.json();\n"
                    "for (const row of results.bindings) {\n"
                    "  const values = Object.entries(row).map(([name, { value }]) => [name, value]);\n"
                    "  console.log(Object.fromEntries(values));\n"
                    "}",
                },
                _BOOLEAN: {
                    "accept": _JSON,
                    "use": "const { boolean } = await response.json();\nconsole.log(boolean);",
                },
                _GRAPH: {"accept": "text/turtle", "use": "console.log(await response.text());"},
            },
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """The query in one language, and the templates of other queries: form to text with a place for the query."""

    name: str
    title: str
    text: str
    templates: Mapping[str, str]


def snippets(query: str, endpoint: str) -> list[Snippet]:
    """Return the query as a program in each language; `endpoint` is an address without quotes or backslashes."""
    kind = {"DESCRIBE": _GRAPH, "": _SOLUTIONS}.get(form(query), form(query))
    made = []
    for language in LANGUAGES:
        templates = {form: text.replace(ENDPOINT, endpoint) for form, text in language.templates.items()}
        text = templates[kind].replace(QUERY, language.quote(query))
        made.append(Snippet(language.name, language.title, text, templates))
    return made
