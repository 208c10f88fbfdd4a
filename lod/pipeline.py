"""A build from end to end: read the sources, check what they say, stage a release, and switch to it or not."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import downloads, privacy, project, publishing, release, sources
from .checking import Checked, Collected, Progress, check
from .config import Config, SourceConfig
from .iris import Iris
from .model import Document, Finding, Record, Severity, Text
from .rdf import graph_lines
from .release import Release, sha256
from .terms import Vocabulary
from .validation import DISAGREEMENT

__all__ = ["Outcome", "Progress", "build", "check", "collect", "collect_files"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did."""

    release: Release | None
    previous: Release | None
    report: dict[str, Any]
    stopped: list[str]


def _document(source: SourceConfig, iris: Iris) -> Document | None:
    if source.document is None:
        return None
    about = source.document
    return Document(
        iri=iris.thing("dokumenty", about.slug),
        title=(Text(about.title_cs, "cs"), Text(about.title_en, "en")),
        web_page=about.url or None,
        modified=about.modified,
    )


def _make(
    collected: Collected,
    source: SourceConfig,
    records: Iterable[Record | Finding],
    iris: Iris,
    vocabulary: Vocabulary,
) -> None:
    document = _document(source, iris)
    is_reference = source.yields == "organisations"
    make = project.organisation if is_reference else project.project
    into = collected.references if is_reference else collected.made
    unreadable: set[str] = set()
    for record in records:
        if isinstance(record, Finding):
            collected.findings.append(record)
            # A row that cannot be read is a row all the same, whatever it suffers from; a file has none.
            is_row = record.severity is Severity.VIOLATION and (record.row or record.record)
            if is_row and record.place not in unreadable:
                unreadable.add(record.place)
                collected.read[source.name] += 1
                collected.unreadable[source.name] += 1
            continue
        collected.read[source.name] += 1
        if _is_reviewed(collected, source, record):
            continue
        screened = privacy.screen(record, source.persons, source.contacts)
        collected.findings += screened.findings
        collected.anonymised[source.name] += screened.anonymised
        if screened.record is None:
            collected.dropped[source.name] += 1
            continue
        into.append(make(screened.record, iris, vocabulary, rank=source.rank, document=document))


def _is_reviewed(collected: Collected, source: SourceConfig, record: Record) -> bool:
    """Whether a more trusted source has a record of the same page; a page tells nothing beside its reviewed record."""
    pages = {str(part.get("sha256") or "") for part in record.values.get("document") or () if isinstance(part, Mapping)}
    for page in pages - {""}:
        if source.kind != "pages":
            collected.reviewed.setdefault(page, record.place)
        elif by := collected.reviewed.get(page):
            collected.replaced[source.name] += 1
            collected.findings.append(
                Finding(
                    severity=Severity.INFO,
                    place=record.place,
                    field="",
                    cs=f"stránka je už zkontrolovaná, platí záznam {by}",
                    en=f"the page has been reviewed, the record {by} holds",
                    kind="page-reviewed",
                    source=source.name,
                )
            )
            return True
    return False


def collect(config: Config, vocabulary: Vocabulary, progress: Progress) -> Collected:
    """Read all configured sources."""
    collected = Collected()
    for number, source in enumerate(config.sources, 1):
        progress(f"čtení / reading {source.name}", number, len(config.sources))
        _make(collected, source, sources.read(config, source), config.iris, vocabulary)
    return collected


def collect_files(config: Config, vocabulary: Vocabulary, paths: Iterable[Path]) -> Collected:
    """Read these files alone: each by the configured source whose pattern fits it, else as tidy layout or a page.

    Reference lists of organisations are read too, so that names and seats are completed.
    """
    collected = Collected()
    for source in config.sources:
        if source.yields == "organisations":
            _make(collected, source, sources.read(config, source), config.iris, vocabulary)
    for path in paths:
        source = sources.source_of(config, path)
        records = sources.read_file(path, source, str(path))
        _make(collected, source, records, config.iris, vocabulary)
    return collected


def _report(config: Config, collected: Collected, checked: Checked) -> dict[str, Any]:
    """Return the release's report: what each source gave, and every finding."""
    refused, merged = Counter(checked.refused.values()), Counter(checked.merged.values())
    return {
        "base": config.base,
        "sources": [
            {
                "name": source.name,
                "files": [p.relative_to(config.folder).as_posix() for p in sources.files(config, source)],
                "read": collected.read[source.name],
                "unreadable": collected.unreadable[source.name],
                "refused": refused[source.name],
                "merged": merged[source.name],
                "dropped": collected.dropped[source.name],
                "replaced": collected.replaced[source.name],
                "anonymised": collected.anonymised[source.name],
                "published": collected.read[source.name]
                - collected.dropped[source.name]
                - collected.replaced[source.name]
                - refused[source.name]
                - collected.unreadable[source.name]
                - merged[source.name],
            }
            for source in config.sources
        ],
        "findings": [asdict(finding) for finding in checked.findings],
    }


def _stops(config: Config, collected: Collected, checked: Checked, previous: Release | None) -> list[str]:
    """Return why the switch must not happen: a source that gave too little, or nothing fit to publish."""
    refused = Counter(checked.refused.values())
    before = {s["name"]: s["read"] for s in previous.report["sources"]} if previous else {}
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
        elif incomplete := [f for f in collected.findings if f.kind == "file-incomplete" and f.source == source.name]:
            listed = ", ".join(dict.fromkeys(finding.file for finding in incomplete))
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
    differ = sum(finding.kind == DISAGREEMENT for finding in checked.findings)
    if differ and config.validation.disagreement == "stop":
        stops.append(
            f'stroje na ověření se {differ}× neshodly (zveřejnit i tak: validation.disagreement = "report")'
            f" / the validation engines disagreed {differ} times"
            ' (to publish all the same: validation.disagreement = "report")'
        )
    return stops


def _inputs(config: Config, report: dict[str, Any]) -> dict[str, Any]:
    """Return the hash of each input file by its source and, of a downloaded one, where it came from and when."""
    known = {
        (downloads.copy_of(config.folder, entry.source, entry.file), entry.sha256): {
            "url": entry.final_url,
            "retrieved": entry.retrieved,
        }
        for entry in downloads.entries(config.folder)
        if entry.is_good
    }

    def described(name: str) -> dict[str, str]:
        path = config.folder / name
        found = sha256(path)
        return {"sha256": found, **known.get((path, found), {})}

    return {source["name"]: {name: described(name) for name in source["files"]} for source in report["sources"]}


def build(
    config: Config,
    vocabulary: Vocabulary,
    *,
    jobs: int = 1,
    publish: bool = True,
    progress: Progress | None = None,
) -> Outcome:
    """Build a release and, unless it stops or is told not to, publish it.

    Raise `ReleaseError` while another build runs; what stops the switch is told in the outcome.
    """
    progress = progress or Progress()
    with release.locked(config.releases):
        previous = release.current(config.releases)
        if publish:
            publishing.prepare(config)
        collected = collect(config, vocabulary, progress)
        checked = check(collected, vocabulary, progress, jobs, config.validation)
        report = _report(config, collected, checked)
        stopped = _stops(config, collected, checked, previous)
        if stopped:
            return Outcome(None, previous, report, stopped)
        lines = sorted(
            {line for lines in checked.described.values() for line in lines} | set(graph_lines(vocabulary.codelists))
        )
        entities = [
            *checked.described,
            *{str(s) for s in vocabulary.codelists.subjects() if _is_ours(str(s), config)},
        ]
        inputs = _inputs(config, report)
        made = release.stage(config, vocabulary, lines, entities, report, inputs, progress)
        if publish:
            _upload(config, made, progress)
            release.publish(made, config.releases)
            release.prune(config.releases, config.keep)
        return Outcome(made, previous, report, [])


def _upload(config: Config, made: Release, progress: Progress) -> None:
    """Upload a staged release where one is configured to go; one that cannot get there is not kept."""
    try:
        publishing.upload(config, made, progress)
    except BaseException:
        shutil.rmtree(made.path)
        raise


def _is_ours(iri: str, config: Config) -> bool:
    return iri.startswith(f"{config.base}zdroj/") and iri.removeprefix(f"{config.base}zdroj/").count("/") > 0
