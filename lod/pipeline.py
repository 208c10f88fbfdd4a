"""A build from end to end: read the sources, check what they say, stage a release, and switch to it or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from . import downloads, publishing, release, sources
from .checking import Checked, Progress, check
from .collecting import Collected
from .config import Config
from .ledger import Findings
from .rdf import digest, document, graph_lines, in_order, subject
from .release import Content, Release, sha256
from .terms import Vocabulary
from .validation.validator import DISAGREEMENT
from .workers import HERE, Workers

__all__ = ["Outcome", "Progress", "build", "check", "collect", "collect_files"]


_ROLLED_BACK = (
    "mezitím se začalo podávat jiné vydání, než ke kterému jsou změny; sestavte znovu"
    " / meanwhile another release is served than the one that the changes are to; build again"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did."""

    release: Release | None
    previous: Release | None
    report: dict[str, Any]
    findings: Findings
    stopped: list[str]


def collect(config: Config, vocabulary: Vocabulary, progress: Progress, workers: Workers = HERE) -> Collected:
    """Read all configured sources."""
    collected = Collected(vocabulary, workers)
    _read(config, collected, progress)
    return collected


def _read(config: Config, collected: Collected, progress: Progress) -> None:
    for source in config.sources:
        stage = f"čtení / reading {source.name}"
        progress(stage)
        collected.add(source, sources.read(config, source), partial(progress, stage))


def collect_files(config: Config, vocabulary: Vocabulary, paths: Iterable[Path]) -> Collected:
    """Read these files alone: each by the configured source whose pattern fits it, else as tidy layout or a page.

    Reference lists of organisations are read too, so that names and seats are completed.
    """
    collected = Collected(vocabulary)
    for source in config.sources:
        if source.yields == "organisations":
            collected.add(source, sources.read(config, source))
    for path in paths:
        source = sources.source_of(config, path)
        collected.add(source, sources.read_file(path, source, str(path)))
    return collected


def _report(
    config: Config, collected: Collected, checked: Checked, inputs: Mapping[str, Mapping[str, object]]
) -> dict[str, Any]:
    """Return the release's report: what each source gave, and every finding."""
    refused, merged = Counter(checked.refused.values()), checked.merged
    return {
        "base": config.base,
        "sources": [
            {
                "name": source.name,
                "files": [*inputs[source.name]],
                "read": collected.read[source.name],
                "unreadable": collected.unreadable[source.name],
                "refused": refused[source.name],
                "merged": merged.get(source.name, 0),
                "dropped": collected.dropped[source.name],
                "replaced": collected.replaced[source.name],
                "anonymised": collected.anonymised[source.name],
                "published": collected.read[source.name]
                - collected.dropped[source.name]
                - collected.replaced[source.name]
                - refused[source.name]
                - collected.unreadable[source.name]
                - merged.get(source.name, 0),
            }
            for source in config.sources
        ],
    }


def _stops(config: Config, collected: Collected, checked: Checked, before: Mapping[str, int]) -> list[str]:
    """Return why the switch must not happen: a source that gave too little, or nothing fit to publish.

    `before` are the records that each source gave to the release that is served.
    """
    refused = Counter(checked.refused.values())
    stops = []
    for source in config.sources:
        got = collected.read[source.name]
        least = source.least if source.least is not None else max(1, -(-before.get(source.name, 0) * 9 // 10))
        if absent := sources.missing(config, source):
            listed = ", ".join(absent)
            stops.append(
                f"zdroj {source.name} ještě nebyl stažen ({listed}), spusťte lod refresh"
                f" / source {source.name} has not been downloaded yet ({listed}), run lod refresh"
            )
        elif incomplete := collected.incomplete.get(source.name):
            listed = ", ".join(dict.fromkeys(incomplete))
            stops.append(
                f"zdroj {source.name}: soubor není celý ({listed})"
                f" / source {source.name}: a file is not whole ({listed})"
            )
        elif got and not got - refused[source.name] - collected.unreadable[source.name]:
            stops.append(
                f"zdroj {source.name}: všech {got} záznamů bylo odmítnuto"
                f" / source {source.name}: all its {got} records were refused"
            )
        elif got < least:
            stops.append(
                f"zdroj {source.name} dal {got} záznamů, nejméně jich má být {least} (smí-li být prázdný: least = 0)"
                f" / source {source.name} gave {got} records, the least is {least} (least = 0 lets it be empty)"
            )
    differ = len(checked.ledger.of_kinds((DISAGREEMENT,)))
    if differ and config.validation.disagreement == "stop":
        stops.append(
            f'stroje na ověření se {differ}× neshodly (zveřejnit i tak: validation.disagreement = "report")'
            f" / the validation engines disagreed {differ} times"
            ' (to publish all the same: validation.disagreement = "report")'
        )
    return stops


def _inputs(config: Config) -> dict[str, dict[str, dict[str, str]]]:
    """Return the hash of each input file by its source and, of a downloaded one, where it came from and when."""
    known = {
        (downloads.copy_of(config.folder, entry.source, entry.file), entry.sha256): {
            "url": entry.final_url,
            "retrieved": entry.retrieved,
        }
        for entry in downloads.entries(config.folder)
        if entry.is_good
    }

    def described(path: Path) -> dict[str, str]:
        try:
            found = sha256(path)
        except OSError:  # whoever reads it says why
            return {}
        return {"sha256": found, **known.get((path, found), {})}

    return {
        source.name: {
            path.relative_to(config.folder).as_posix(): described(path) for path in sources.files(config, source)
        }
        for source in config.sources
    }


def _altered(before: Mapping[str, Mapping[str, object]], after: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Return why the switch must not happen where files were not the same before they were read and after it."""
    names = {
        name
        for source in before
        for name in before[source].keys() | after[source].keys()
        if before[source].get(name) != after[source].get(name)
    }
    listed = ", ".join(sorted(names))
    told = f"soubory se při čtení změnily ({listed}), sestavte znovu / files changed while they were read ({listed})"
    return [f"{told}, build again"] if names else []


def build(
    config: Config,
    vocabulary: Vocabulary,
    *,
    workers: Workers = HERE,
    publish: bool = True,
    progress: Progress | None = None,
) -> Outcome:
    """Build a release and, unless it stops or is told not to, publish it.

    Raise `ReleaseError` while another build runs; what stops the switch is told in the outcome.
    """
    progress = progress or Progress()
    with release.locked(config.releases):
        collected = Collected(vocabulary, workers, config.releases)
        try:
            outcome = _build(config, vocabulary, collected, workers, progress, publish=publish)
            collected.ledger.let_go()
        except BaseException:
            collected.ledger.close()  # whoever tells of it may hold it for long
            raise
    return outcome


def _build(
    config: Config, vocabulary: Vocabulary, collected: Collected, workers: Workers, progress: Progress, *, publish: bool
) -> Outcome:
    previous = release.current(config.releases)
    before = {source["name"]: source["read"] for source in previous.sources} if previous else {}
    if publish:
        publishing.prepare(config)
    inputs = _inputs(config)
    _read(config, collected, progress)
    altered = _altered(inputs, _inputs(config))
    checked = check(collected, vocabulary, progress, workers, config.validation)
    collected.ledger.purge()
    report = _report(config, collected, checked, inputs)
    stopped = altered + _stops(config, collected, checked, before)
    if stopped:
        return Outcome(None, previous, report, checked.findings, stopped)
    lists = graph_lines(vocabulary.codelists)
    own = {iri: digest(document(lines)) for iri, lines in _by_subject(lists) if _is_ours(iri, config)}
    content = Content(
        data=in_order(checked.ledger.documents(), _documents(lists)),
        digests=_with(own, checked.ledger.digests()),
        report=report,
        findings=checked.findings,
        sources=inputs,
    )
    made = release.stage(config, vocabulary, content, workers, progress)
    if publish:
        _upload(config, made, progress)
        if release.current(config.releases) != previous:
            release.discard(made)
            return Outcome(None, release.current(config.releases), report, checked.findings, [_ROLLED_BACK])
        release.publish(made, config.releases)
        release.prune(config.releases, config.keep)
    return Outcome(made, previous, report, checked.findings, [])


def _by_subject(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    return ((iri, list(own)) for iri, own in groupby(lines, key=subject))


def _documents(lines: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    return ((f"<{iri}>", document(own)) for iri, own in _by_subject(lines))


def _with(lists: Mapping[str, str], things: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield IRI and digest of the things and of what only the code lists have, by IRI."""
    for _, same in groupby(merge(things, sorted(lists.items()), key=itemgetter(0)), key=itemgetter(0)):
        yield next(same)  # what we say of a thing comes first


def _upload(config: Config, made: Release, progress: Progress) -> None:
    """Upload a staged release where one is configured to go; one that cannot get there is not kept."""
    try:
        publishing.upload(config, made, progress)
    except BaseException:
        release.discard(made)
        raise


def _is_ours(iri: str, config: Config) -> bool:
    return iri.startswith(f"{config.base}zdroj/") and iri.removeprefix(f"{config.base}zdroj/").count("/") > 0
