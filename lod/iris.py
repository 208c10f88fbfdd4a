"""The only place where IRIs are made or read.

Every thing has an IRI `{base}zdroj/{collection}/{key}`; its parts live below it. The document about it
is `{base}{collection}/{key}`. Keys hold unreserved characters only, the rest is percent-encoded.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from . import clean
from .errors import ConfigError

__all__ = ["COLLECTIONS", "NAMESPACES", "VP", "Iris", "curie", "number_slug", "slug_number"]

VP = "https://w3id.org/verejne-projekty#"
# SHACL shapes have a namespace of their own, so that the vocabulary stays free of structure.
SHAPES = "https://w3id.org/verejne-projekty/shapes#"
CURRENCY = "http://publications.europa.eu/resource/authority/currency/"
RPP = "https://rpp-opendata.egon.gov.cz/odrpp/zdroj/orgán-veřejné-moci/"
DATA_BOX = "https://data.gov.cz/zdroj/datové-schránky/"
RUIAN = "https://linked.cuzk.cz/resource/ruian/"
NUTS = "http://data.europa.eu/nuts/code/"
COUNTRY = "http://publications.europa.eu/resource/authority/country/"

SHA_256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"

NAMESPACES = {
    "vp": VP,
    "a561": "https://slovník.gov.cz/generický/slovník-agendy-a561-podpora-regionálního-rozvoje/pojem/",
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "ds": "https://data.gov.cz/slovník/datové-schránky/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "frapo": "http://purl.org/cerif/frapo/",
    "legal": "http://www.w3.org/ns/legal#",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "pu": "https://data.gov.cz/slovník/podmínky-užití/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rov": "http://www.w3.org/ns/regorg#",
    "schema": "http://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spex": "https://purl.expasy.org/sparql-examples/ontology#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "vps": SHAPES,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "eu-currency": CURRENCY,
}


def curie(iri: str) -> str:
    """Shorten an IRI by the longest of our namespaces that it begins with, where there is one."""
    fits = [
        (namespace, prefix)
        for prefix, namespace in NAMESPACES.items()
        if iri.startswith(namespace) and iri != namespace
    ]
    if not fits:
        return iri
    namespace, prefix = max(fits, key=lambda one: len(one[0]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


# Collections whose things have a document each; True where a key may hold further segments
# (an axis below its programme is a thing of its own, a contribution below its project a part).
COLLECTIONS = {
    "projekty": False,
    "organizace": False,
    "programy": True,
    "vyzvy": False,
    "fondy": False,
    "dokumenty": False,
    "kraje": False,
    "obdobi": False,
    "stavy": False,
    "druhy-projektu": False,
    "druhy-prispevku": False,
    "pravni-formy": False,
    "pravidla": False,
    "druhy-nalezu": False,
}

_UNRESERVED = "-._~"
_SWAP = str.maketrans("/-", "-~")
_SWAP_BACK = str.maketrans("-~", "/-")
_FORBIDDEN = re.compile(r"[\s<>\"{}|\\^`]")  # in no IRI (RFC 3987)


def number_slug(number: str) -> str:
    """Return the key of a registration number: `/` as `-`, a `-` of its own as `~`; reversible.

    >>> number_slug("CZ.1.04/3.1.00/05.00037")
    'CZ.1.04-3.1.00-05.00037'
    >>> slug_number(number_slug("FRV/VEI/20-1"))
    'FRV/VEI/20-1'
    """
    # A `~` of its own is escaped before the swap: percent-encoding it alone would not survive a request,
    # in which %7E and ~ are the same.
    own = number.replace("%", "%25").replace("~", "%7E")
    return quote(own.translate(_SWAP), safe=_UNRESERVED)


def slug_number(slug: str) -> str:
    """Return the registration number that a key was made of."""
    return unquote(unquote(slug).translate(_SWAP_BACK))


@dataclass(frozen=True, slots=True)
class Iris:
    """IRIs below one configured base; `base` ends with a slash."""

    base: str

    def __post_init__(self) -> None:
        """Refuse a base that cannot carry relative paths."""
        parts = urlsplit(self.base)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.netloc
            or not self.base.endswith("/")
            or _FORBIDDEN.search(self.base)
        ):
            raise ConfigError(
                f"base {self.base!r}: musí být http(s) adresa zakončená lomítkem"
                " / must be an http(s) address that ends with a slash"
            )
        if parts.query or parts.fragment:
            raise ConfigError(f"base {self.base!r}: bez dotazu a fragmentu / without query and fragment")

    def thing(self, collection: str, key: str) -> str:
        """Return the IRI of a thing whose key is already a slug."""
        return f"{self.base}zdroj/{collection}/{key}"

    def project(self, *, number: str = "", stored: str = "", ico: str = "", owner: str = "", title: str = "") -> str:
        """Return a project's IRI: by number, else by its stored slug, else by beneficiary and title."""
        if number:
            return self.thing("projekty", number_slug(number))
        return self.thing("projekty", stored or f"{ico or clean.slug(owner)}-{clean.slug(title)}")

    def organisation(
        self, *, ico: str = "", name: str = "", seat: str = "", country: str = "", number: str = ""
    ) -> str:
        """Return an organisation's IRI: by IČO, else by name and seat, abroad by name, country and number."""
        where = (country, number) if number else (seat, country)
        return self.thing("organizace", ico or "-".join(filter(None, map(clean.slug, (name, *where)))))

    def document(self, iri: str) -> str:
        """Return the IRI of the document about a thing (or about the owner of a part)."""
        collection, key = self.split(iri)
        return f"{self.base}{collection}/{key}"

    def split(self, iri: str) -> tuple[str, str]:
        """Return the collection and the key of the thing that `iri` is or is a part of.

        Raise `KeyError` when the IRI is none of ours.
        """
        prefix = f"{self.base}zdroj/"
        if not iri.startswith(prefix):
            raise KeyError(iri)
        collection, _, rest = iri[len(prefix) :].partition("/")
        deep = COLLECTIONS[collection]
        if not rest:
            raise KeyError(iri)
        return collection, rest if deep else rest.partition("/")[0]

    def from_path(self, collection: str, decoded: str) -> str:
        """Return the IRI of a thing or part from a percent-decoded request path.

        Requests arrive in any mix of encodings; our keys are NFC and canonically encoded.
        """
        composed = unicodedata.normalize("NFC", decoded)
        return self.thing(collection, quote(composed, safe=_UNRESERVED + "/"))
