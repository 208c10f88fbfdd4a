"""Words for IRIs, in the reader's language; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox

from ..iris import COUNTRY, DATA_BOX, NUTS, RPP, RUIAN, curie
from ..terms import LABEL_PREDICATES, Labels, Vocabulary

__all__ = ["labels", "pick", "words"]

_RANK = {predicate: rank for rank, predicate in enumerate(LABEL_PREDICATES)}
# IRIs of others that we link to and that need words of their own; {} is the IRI's last segment.
_FOREIGN = (
    (RUIAN + "obec/", "obec {} v RÚIAN", "municipality {} in RÚIAN"),
    (RUIAN + "vusc/", "kraj {} v RÚIAN", "region {} in RÚIAN"),
    (RPP, "registr práv a povinností", "register of rights and duties"),
    (DATA_BOX, "datová schránka {}", "data box {}"),
    (NUTS, "NUTS {}", "NUTS {}"),
    (COUNTRY, "{}", "{}"),
)


def pick(labels: Labels, language: str, fallback: str = "") -> str:
    """Return the label in a language, else in any."""
    return labels.get(language) or next(iter(labels.values()), fallback)


def labels(triples: Iterable[ox.Triple], language: str) -> dict[str, str]:
    """Return what triples call each of their subjects: by the best predicate, in a language, else in any."""
    found: dict[str, tuple[int, bool, str]] = {}
    for subject, predicate, label in triples:
        rank = _RANK.get(predicate.value)
        if rank is None or not isinstance(label, ox.Literal) or not isinstance(subject, ox.NamedNode):
            continue
        one = (rank, label.language != language, label.value)
        if subject.value not in found or one < found[subject.value]:
            found[subject.value] = one
    return {iri: text for iri, (_, _, text) in found.items()}


def words(iri: str, vocabulary: Vocabulary, language: str) -> str:
    """Return words for an IRI that no triple labels."""
    if known := vocabulary.labels(iri):
        return pick(known, language)
    tail = re.split(r"[/#]", iri.rstrip("/#"))[-1]
    for prefix, cs, en in _FOREIGN:
        if iri.startswith(prefix):
            return (en if language == "en" else cs).format(tail)
    if (short := curie(iri)) != iri:
        return short
    if iri.startswith(things := f"{vocabulary.base}zdroj/"):
        return _part(iri.removeprefix(things))
    return re.sub(r"^https?://(?:www\.)?", "", iri).rstrip("/")


def _part(path: str) -> str:
    """Return what a part is called that has no name: the key of the thing that it belongs to, and its own.

    >>> _part("projekty/70891320-vzdelavani-v-oblasti/dotace/castka")
    '70891320…/dotace/castka'
    """
    _, _, rest = path.partition("/")
    key, slash, own = rest.partition("/")
    return f"{key[:8]}…/{own}" if slash and len(key) > 10 else rest or path
