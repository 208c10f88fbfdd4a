"""Many mentions to one Organisation, and many descriptions to one thing, in a total order.

The order never depends on which file was read first: sources rank as they stand in lod.toml, ties are
broken by how many mentions agree and then by the text itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from .clean import is_cut, name_key
from .iris import COUNTRY, DATA_BOX, NUTS, RPP, RUIAN
from .model import (
    Address,
    Document,
    Entity,
    Mention,
    Organisation,
    ProgrammePart,
    Project,
    RegisteredOrganisation,
    Site,
    Text,
    UnidentifiedOrganisation,
)
from .project import generic_label
from .terms import Vocabulary

__all__ = ["merge", "organisations"]


def _first(mentions: list[Mention], attribute: str) -> str:
    """Return the value of the most trusted mention that has one."""
    found = [(m.rank, getattr(m, attribute)) for m in mentions if getattr(m, attribute)]
    return str(min(found)[1]) if found else ""


def _names(mentions: list[Mention]) -> list[str]:
    """Return the distinct names, the best first.

    Spellings of a legal form make no other name, and a name that a register cut off is none: the fuller one
    stands in its place.
    """
    count = Counter(mention.name for mention in mentions if mention.name)
    rank: dict[str, int] = {}
    for mention in mentions:
        rank[mention.name] = min(mention.rank, rank.get(mention.name, mention.rank))
    ordered = sorted(count, key=lambda name: (rank[name], -count[name], name))
    whole = [next((fuller for fuller in _longest(ordered) if is_cut(name, fuller)), name) for name in ordered]
    distinct: dict[str, str] = {}
    for name in whole:
        distinct.setdefault(name_key(name) or name, name)
    return list(distinct.values())


def _longest(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: (-len(name), name))


def _site(iri: str, mentions: list[Mention], vocabulary: Vocabulary) -> Site | None:
    """Return the seat, each part of the address from the most trusted mention that states an address."""
    with_address = sorted(
        (m for m in mentions if m.address), key=lambda m: (m.rank, -len(m.address), sorted(m.address.items()))
    )
    if not with_address:
        return None
    address: Mapping[str, str] = with_address[0].address
    region, nuts, municipality = (_first(mentions, name) for name in ("region", "nuts", "municipality"))
    places = (
        (f"{RUIAN}obec/{municipality}" if municipality else ""),
        (f"{RUIAN}vusc/{region}" if region else ""),
        (f"{NUTS}{nuts}" if nuts else ""),
    )
    found = tuple(place for place in places if place) or vocabulary.region(address.get("region_name", ""))
    # A reference list may name the region by code only; people want to read it.
    if nuts and "region_name" not in address and (known := vocabulary.concepts("kraje", nuts)):
        address = {**address, "region_name": vocabulary.labels(known[0])["cs"]}
    return Site(iri=f"{iri}/sidlo", address=Address(iri=f"{iri}/sidlo/adresa", **address), place=tuple(sorted(found)))


def organisations(mentions: Iterable[Mention], vocabulary: Vocabulary) -> dict[str, Organisation]:
    """Return one Organisation an IRI; names that nobody gave are the IČO itself (or the foreign number)."""
    by_iri: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_iri[mention.iri].append(mention)
    return {iri: _organisation(iri, by_iri[iri], vocabulary) for iri in sorted(by_iri)}


def _organisation(iri: str, mentions: list[Mention], vocabulary: Vocabulary) -> Organisation:
    ico = _first(mentions, "ico")
    foreign, country = _first(mentions, "foreign_number"), _first(mentions, "country")
    names = _names(mentions) or [ico or foreign]
    data_box = _first(mentions, "data_box").lower()
    form = vocabulary.concepts("pravni-formy", code) if (code := _first(mentions, "legal_form")) else []
    common = {
        "iri": iri,
        "legal_name": (Text(names[0]),),
        "other_name": tuple(Text(name) for name in names[1:]),
        "legal_form": form[0] if form else None,
        "registered_site": _site(iri, mentions, vocabulary),
        "homepage": _first(mentions, "homepage") or None,
        "data_box": DATA_BOX + data_box if data_box else None,
        "data_box_id": data_box or None,
        "public_body": RPP + ico if ico and any(m.public_body for m in mentions) else None,
        "source": tuple(sorted({m.source for m in mentions if m.source})),
    }
    if ico:
        return RegisteredOrganisation(ico=ico, org_identifier=ico, **common)  # type: ignore[arg-type]
    return UnidentifiedOrganisation(
        foreign_number=foreign or None,
        country=COUNTRY + country if country else None,
        **common,  # type: ignore[arg-type]
    )


def merge(entities: Iterable[Entity]) -> dict[str, Entity]:
    """Return one entity an IRI of the things that records bring along, the best described first."""
    best: dict[str, Entity] = {}
    for entity in entities:
        known = best.get(entity.iri)
        if known is None or _worth(entity) < _worth(known):
            best[entity.iri] = entity
    return {iri: best[iri] for iri in sorted(best)}


def _worth(entity: Entity) -> tuple[bool, str]:
    """Rank two descriptions of one thing: a name from a source before a made one, then a total order."""
    generic = isinstance(entity, ProgrammePart) and entity.label == generic_label(type(entity), entity.notation)
    bare = isinstance(entity, (Document, Project)) and len(entity.title) < 2
    return (generic or bare, repr(entity))
