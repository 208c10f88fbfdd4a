"""The `lod` command. Exit codes: 0 done, 1 the data say no, 2 the call or the configuration is wrong."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from . import (
    __version__,
    config,
    extract,
    findings,
    pipeline,
    publishing,
    refresh,
    release,
    serialise,
    sketch,
    template,
    workers,
)
from .config import Config, Signature
from .downloads import Entry, Outcome
from .errors import ConfigError, LodError, ReleaseError, StoreError, SwitchStoppedError, UnreadableFileError
from .model import Finding, Severity
from .overview import overview
from .sources import pages
from .terms import Vocabulary, home
from .validation.validator import validate_graph

__all__ = ["main"]

_EXAMPLES = 5  # of a group of findings on a screen
_RDF_SUFFIXES = ("nq", "nt", "ttl", "trig", "jsonld", "rdf")


# What a build may have done to records beyond accepting and refusing them.
_COUNTED = {
    "merged": "sloučeno / merged",
    "dropped": "vynecháno fyzických osob / natural persons left out",
    "anonymised": "anonymizováno / made anonymous",
    "replaced": "už zkontrolovaných / already reviewed",
}


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


class _Bar(pipeline.Progress):
    """Draws one line of progress on a terminal, nothing elsewhere."""

    def __init__(self) -> None:
        self.drawn = 0.0
        self.stage = ""
        self.terminal = sys.stderr.isatty()

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        now = time.monotonic()
        if not self.terminal or (stage == self.stage and now - self.drawn < 0.1 and (done < total or not total)):
            return
        self.stage, self.drawn = stage, now
        share = min(done, total) / total if total else 0
        bar = f" [{'#' * int(30 * share):30}] {min(done, total)}/{total}" if total else f" {done or '…'}"
        print(f"\r\x1b[K{stage}{bar}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _config(args: argparse.Namespace) -> Config:
    """Return the configuration: --config, else data/lod.toml here, else the samples that come with lod."""
    path = args.config
    if path is None:
        path = Path("data/lod.toml")
        if not path.exists():
            samples = home() / "data" / "lod.toml"
            found = config.load(samples, args.base)
            releases = Path("data/releases").resolve()
            _tell(
                f"data/lod.toml tu není; beru ukázková data, vydání patří do {releases}"
                f" / no data/lod.toml here; sample data are used, releases go to {releases}"
            )
            return config.placed(found, releases)
    return config.load(path, args.base)


def _show_findings(args: argparse.Namespace, found: Sequence[Finding], vocabulary: Vocabulary) -> None:
    """Print findings, and write them to --output in the format of its suffix."""
    if args.output:
        _write(args.output, _file_of(args.output, found, vocabulary))
    if args.json:
        sys.stdout.write(findings.as_json(found))
        return
    # A screen is read from the top, so each group shows a few; whoever reads a pipe or a file wants them all.
    screen = sys.stdout.isatty()
    sys.stdout.write(
        findings.table(
            found,
            vocabulary,
            width=shutil.get_terminal_size().columns if screen else None,
            most=_EXAMPLES if screen and not args.all else None,
            colour=screen and not os.environ.get("NO_COLOR"),  # https://no-color.org
        )
    )


def _report_file(text: str) -> Path:
    """Return the path of a file of findings, whose suffix must be one that we write."""
    known = ("html", "json", "csv", *_RDF_SUFFIXES)
    if Path(text).suffix.lstrip(".") not in known:
        raise argparse.ArgumentTypeError(f"{text}: přípona musí být / the suffix must be {', '.join(known)}")
    return Path(text)


def _file_of(path: Path, found: Sequence[Finding], vocabulary: Vocabulary) -> bytes:
    """Return findings in the format of a file's suffix."""
    suffix = path.suffix.lstrip(".")
    if suffix == "html":
        from .web import report  # noqa: PLC0415 - templates are not needed otherwise

        return report.standalone(found, vocabulary).encode()
    if suffix == "json":
        return findings.as_json(found).encode()
    if suffix == "csv":
        return findings.as_csv(found).encode("utf-8-sig")  # with the mark, Excel reads it as UTF-8
    iri = f"{vocabulary.base}kontrola"
    triples = findings.triples(findings.numbered(found, iri), vocabulary, iri)
    return serialise.serialise(triples, suffix, vocabulary, iri)


def _summary(outcome: pipeline.Outcome) -> None:
    severities = Counter((f.source, f.severity) for f in outcome.findings)
    for source in outcome.report["sources"]:
        name = source["name"]
        told = ", ".join(
            f"{severities[name, s]} {' / '.join(findings.WORDS[s])}" for s in Severity if severities[name, s]
        )
        _tell(
            f"{name}: přečteno / read {source['read']}, odmítnuto / refused"
            f" {source['refused'] + source['unreadable']}, přijato / accepted {source['published']}"
            + "".join(f", {_COUNTED[key]} {source[key]}" for key in _COUNTED if source.get(key))
            + (f" ({told})" if told else "")
        )


def _build(args: argparse.Namespace) -> int:
    settings = _config(args)
    bar = _Bar()
    started = time.monotonic()
    try:
        with workers.opened(args.jobs, args.executor) as opened:
            outcome = pipeline.build(
                settings, Vocabulary(settings.base), workers=opened, publish=not args.no_publish, progress=bar
            )
    finally:
        bar.end()
    refused = [f for f in outcome.findings if f.severity is Severity.VIOLATION]
    for finding in refused[:20]:
        _tell(findings.line(finding))
    if len(refused) > 20:
        _tell(f"… a dalších {len(refused) - 20}, viz report / and {len(refused) - 20} more, see the report")
    _summary(outcome)
    if outcome.stopped:
        stays = outcome.previous.id if outcome.previous else "—"
        raise SwitchStoppedError("; ".join(outcome.stopped) + f". Platí dál vydání {stays} / release {stays} stays.")
    assert outcome.release is not None  # noqa: S101 - nothing stopped the build
    counts = outcome.release.manifest["counts"]
    verb = "připraveno, nezveřejněno / staged, not published" if args.no_publish else "zveřejněno / published"
    _tell(
        f"{outcome.release.id}: {verb}; {counts['entities']} věcí / things,"
        f" {counts['triples']} trojic / triples, {time.monotonic() - started:.1f} s"
    )
    print(outcome.release.path)
    return 0


def _told(entry: Entry) -> str:
    """Return one line about a download."""
    words = {
        Outcome.NEW: "nové / new",
        Outcome.CHANGED: "změněno / changed",
        Outcome.UNCHANGED: "beze změny / unchanged",
        Outcome.REFUSED: "nepřevzato / not taken",
        Outcome.FAILED: "nestaženo / not downloaded",
    }
    parts = [words[entry.outcome]]
    if not entry.is_good:
        when = f" ({entry.retrieved})" if entry.retrieved else ""
        stays = f"platí dosavadní kopie / the copy at hand stays{when}"
        parts += [f"{entry.cs} / {entry.en}", stays if entry.sha256 else "kopie tu není / there is no copy"]
    elif entry.outcome is Outcome.UNCHANGED:
        parts.append(f"od / since {entry.retrieved}, {entry.bytes} B")
    else:
        parts.append(f"{entry.bytes} B")
    if entry.is_good and (found := entry.difference):
        before = "" if found.before is None else f"{found.before} → "
        parts.append(f"záznamů / records {before}{found.after}")
        if found.before is not None:
            parts.append(
                f"přibylo / added {found.added}, ubylo / removed {found.removed}, změněno / changed {found.changed}"
                + (f" ({'; '.join(found.examples)})" if found.examples else "")
            )
    return f"{entry.source}/{entry.file}: " + "; ".join(parts)


def _refresh(args: argparse.Namespace) -> int:
    settings = _config(args)
    if not refresh.chosen(settings, args.sources):
        _tell(f"{settings.path.name}: žádný zdroj nemá url / no source has a url")
    bar = _Bar()
    good = True
    try:
        for entry in refresh.refresh(settings, args.sources, force=args.force, dry_run=args.dry_run, progress=bar):
            bar.end()
            if entry.is_good:
                print(_told(entry), flush=True)
            else:
                _tell(_told(entry))
            good &= entry.is_good
    finally:
        bar.end()
    return 0 if good else 1


def _check(args: argparse.Namespace) -> int:
    settings = _config(args)
    vocabulary = Vocabulary(settings.base)
    bar = _Bar()
    try:
        collected = (
            pipeline.collect_files(settings, vocabulary, args.files)
            if args.files
            else pipeline.collect(settings, vocabulary, bar)
        )
        with workers.opened(args.jobs, args.executor) as opened:
            checked = pipeline.check(collected, vocabulary, bar, opened, settings.validation)
    finally:
        bar.end()
    _show_findings(args, checked.findings, vocabulary)
    violations = sum(f.severity is Severity.VIOLATION for f in checked.findings)
    counted = {"organizací / organisations": collected.ledger.read(of_references=True)}
    counted |= {_COUNTED[key]: getattr(collected, key).total() for key in ("dropped", "anonymised")}
    _tell(
        f"záznamů / records {collected.ledger.read(of_references=False)}, chyb / violations {violations},"
        f" ostatních nálezů / other findings {len(checked.findings) - violations}"
        + "".join(f", {words} {count}" for words, count in counted.items() if count)
    )
    return 1 if violations else 0


def _convert(args: argparse.Namespace) -> int:
    settings = _config(args)
    vocabulary = Vocabulary(settings.base)
    bar = _Bar()
    collected = pipeline.collect_files(settings, vocabulary, args.files)
    checked = pipeline.check(collected, vocabulary, bar, settings=settings.validation)
    bar.end()
    violations = [f for f in checked.findings if f.severity is Severity.VIOLATION]
    for finding in violations:
        _tell(findings.line(finding))
    extension = args.output.suffix.lstrip(".") if args.output else "nq"
    if extension not in _RDF_SUFFIXES:
        raise ConfigError(f"{args.output}: přípona musí být / the suffix must be {', '.join(_RDF_SUFFIXES)}")
    lines = sorted({line for lines in checked.described.values() for line in lines})
    text = "".join(f"{line}\n" for line in lines).encode()
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    content = serialise.serialise(triples, extension, vocabulary)
    if args.output:
        _write(args.output, content)
    else:
        sys.stdout.buffer.write(content)
    return 1 if violations else 0


def _extract(args: argparse.Namespace) -> int:
    records: list[dict[str, Any]] = []
    missed = 0
    for path in args.pages:
        try:
            page, found = pages.projects(path)
        except UnreadableFileError as error:
            _tell(f"{path}: {error.cs} / {error.en}")
            missed += 1
            continue
        if not found:
            none = pages.nothing_found(str(path))
            _tell(f"{path}: {none.cs} / {none.en}")
            missed += 1
        made = [extract.values(one, page) for one in found]
        records += made
        if not args.json:
            for number, record in enumerate(made, 1):
                print(overview(record, f"{path} {number}/{len(made)}" if len(made) > 1 else str(path)))
    if args.json:
        print(json.dumps(records, ensure_ascii=False, indent=1))
    return 1 if missed else 0


def _template(args: argparse.Namespace) -> int:
    if args.output:
        suffix = args.output.suffix.lstrip(".").lower()
        if suffix not in {"csv", "xlsx", "json"} or args.kind not in {None, suffix}:
            raise ConfigError(f"{args.output}: přípona musí být / the suffix must be {args.kind or 'csv, xlsx, json'}")
        if args.output.exists():
            raise ConfigError(f"{args.output}: už existuje, nepřepíšeme ho / exists and is not overwritten")
        args.kind = suffix
    args.kind = args.kind or "csv"
    content = template.template(args.kind)
    if args.output:
        _write(args.output, content)
    elif args.kind == "xlsx" and sys.stdout.isatty():
        raise ConfigError("sešit na obrazovku nepatří, přidejte -o / a workbook is not for the screen, add -o FILE")
    else:
        sys.stdout.buffer.write(content)
    return 0


def _source(args: argparse.Namespace) -> int:
    settings = args.config or Path("data/lod.toml")
    folder, path = settings.resolve().parent, args.file.resolve()
    inside = path.is_relative_to(folder)
    try:
        print(sketch.sketch(args.file, path.relative_to(folder).as_posix() if inside else ""), end="")
    except UnreadableFileError as error:
        raise UnreadableFileError(error.cs, error.en, str(args.file)) from error
    if not inside:
        _tell(f"soubor patří do {folder} nebo níž / the file belongs into {folder} or below")
    return 0


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ConfigError(f"{path}: nelze zapsat / cannot be written ({error.strerror})") from error


def _graph(path: Path) -> Graph:
    """Read an RDF file without ever fetching anything: no remote context, no DTD."""
    syntax = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
    try:
        content = path.read_bytes()
        if syntax is None:
            raise UnreadableFileError("příponu neznáme jako RDF", "the suffix is not one of RDF", str(path))
        if syntax == ox.RdfFormat.RDF_XML and re.search(rb"<!DOCTYPE|<!ENTITY", content):
            raise UnreadableFileError("DTD v RDF/XML nečteme", "a DTD in RDF/XML is not read", str(path))
        quads = ox.parse(content, format=syntax, base_iri=path.resolve().as_uri())
        lines = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableFileError(f"nelze číst ({error})", f"cannot be read ({error})", str(path)) from error
    return Graph().parse(data=lines, format="nt")


def _validate(args: argparse.Namespace) -> int:
    graph = _graph(args.data)
    settings = config.load(args.config, args.base) if args.config else None
    vocabulary = Vocabulary(settings.base if settings else args.base or "https://projekty.example/")
    found = validate_graph(graph, vocabulary, settings.validation if settings else None)
    placed = [replace(f, place=str(args.data)) for f in found]
    _show_findings(args, placed, vocabulary)
    violations = sum(f.severity is Severity.VIOLATION for f in placed)
    _tell(f"chyb / violations {violations}, ostatních nálezů / other findings {len(placed) - violations}")
    return 1 if violations else 0


def _serve(args: argparse.Namespace) -> int:
    from .web import server  # noqa: PLC0415 - the web stack is not needed to build

    if args.data:
        server.serve_file(args.data, args.host, args.port)
        return 0
    settings = _config(args)
    if release.current(settings.releases) is None:
        raise ConfigError(
            f"{settings.releases}: není co podávat, nejdřív lod build / nothing to serve, run lod build first"
        )
    server.serve(settings, args.host, args.port, args.workers)
    return 0


def _review(args: argparse.Namespace) -> int:
    from .review import server  # noqa: PLC0415 - the web stack is not needed to build

    if args.config is None and not Path("data/lod.toml").exists():
        raise ConfigError(
            "data/lod.toml tu není, není kam ukládat; přidejte --config"
            " / there is no data/lod.toml here, so nowhere to save; add --config"
        )
    settings = _config(args)
    desk = server.serve(settings, Vocabulary(settings.base), args.pages, port=args.port, browser=not args.no_browser)
    for path in sorted(path for sheet in desk.sheets for path in sheet.done):
        _tell(f"{path}: uloženo / saved")
    return 0


def _query(args: argparse.Namespace) -> int:
    from . import asking  # noqa: PLC0415 - what a table needs is not needed to build

    settings = _config(args)
    serving = release.current(settings.releases)
    if serving is None:
        raise ConfigError(f"{settings.releases}: vydání tu není / there is no release")
    place = "<stdin>" if str(args.query) == "-" else str(args.query)
    try:
        read = sys.stdin.buffer.read() if place == "<stdin>" else args.query.read_bytes()
        text = read.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFileError("nelze číst", "cannot be read", place) from error
    except UnicodeDecodeError as error:
        raise UnreadableFileError("není v UTF-8", "is not in UTF-8", place) from error
    chosen = args.format or (args.output.suffix[1:] if args.output else "table" if sys.stdout.isatty() else "")
    asked = asking.Asked(text, place, chosen, args.language, args.seconds)
    began, bar = time.monotonic(), _Bar()

    def tick() -> None:
        if (seconds := int(time.monotonic() - began)) > 0:
            bar(f"dotaz běží / the query runs: {seconds} s")

    try:
        content, size = asking.ask(settings, serving, asked, tick)
    finally:
        bar.end()
    if args.output:
        args.output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    if bar.terminal:
        _tell(", ".join(filter(None, (size, f"{time.monotonic() - began:.2f} s"))))
    return 0


def _seconds(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise ValueError(text)
    return value


def _answer_file(text: str) -> Path:
    from .asking import suffixes  # noqa: PLC0415 - see `_query`

    path = Path(text)
    if path.suffix[1:] not in suffixes():
        raise argparse.ArgumentTypeError(f"{text}: přípona má být / the suffix should be .{' .'.join(suffixes())}")
    return path


def _are_whole(settings: Config, keys: Signature) -> bool:
    """Verify every release, and say what is wrong with each."""
    known, faults = release.history(settings.releases), release.missing(settings.releases)
    if not known and not faults:
        raise ConfigError(f"{settings.releases}: vydání tu není / there is no release")
    for fault in faults:
        _tell(fault)
    good = not faults
    for one in known:
        try:
            fine = release.verify(one, _tell, keys) and publishing.verify(settings, one, _tell)
        except (ReleaseError, StoreError) as error:
            _tell(str(error))
            fine = False
        good &= fine
        print(f"{one.id}: {'v pořádku / fine' if fine else 'POŠKOZENO / DAMAGED'}")
    return good


def _releases(args: argparse.Namespace) -> int:
    settings = _config(args)
    root = settings.releases
    serving = release.current(root)
    if args.action == "rollback":
        print(release.rollback(root, lambda made: publishing.opened(settings, made)).id)
        return 0
    if args.action == "prune":
        with release.locked(root):
            for name in release.prune(root, args.keep or settings.keep):
                print(name)
        return 0
    if args.action == "verify":
        keys = replace(settings.signature, **({"public_key": args.public_key} if args.public_key else {}))
        return 0 if _are_whole(settings, keys) else 1
    for one in release.history(root):
        mark = "*" if serving and one.id == serving.id else " "
        if not one.is_readable:
            print(f"{mark} {one.id}  manifest nelze číst / the manifest cannot be read")
            continue
        counts = one.manifest["counts"]
        print(f"{mark} {one.id}  {counts['entities']} věcí / things  {counts['triples']} trojic / triples")
    return 0


def _of_pages(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands that read web pages."""
    sub = command("extract", _extract, "vytáhne z webových stránek záznamy", "extract records from web pages")
    sub.add_argument("pages", nargs="+", type=Path, metavar="PAGE", help="HTML nebo prostý text / HTML or plain text")
    sub.add_argument("--json", action="store_true", help="záznamy našeho rozložení / records in the tidy layout")

    sub = command("review", _review, "zkontroluje stránky v prohlížeči", "review pages in the browser")
    sub.add_argument("pages", nargs="+", type=Path, metavar="PAGE")
    sub.add_argument("--port", type=int, default=0, help="jinak kterýkoli volný / else any free one")
    sub.add_argument("--no-browser", action="store_true", help="jen vypsat adresu / only print the address")


def _of_query(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command that asks."""
    sub = command("query", _query, "položí dotaz SPARQL platnému vydání", "query the current release")
    sub.add_argument("query", type=Path, metavar="FILE.rq", help="soubor, - je standardní vstup / a file, - is stdin")
    sub.add_argument(
        *("-f", "--format"),
        choices=["table", "csv", "tsv", "json", "xml", "ttl", "nt", "nq", "trig", "rdf", "jsonld"],
        help="jinak tabulka na terminálu, csv a ttl jinam / else a table on a terminal, csv and ttl elsewhere",
    )
    sub.add_argument("-o", "--output", type=_answer_file, metavar="OUT", help="soubor, podle přípony / by its suffix")
    sub.add_argument("--language", choices=["cs", "en"], default="cs", help="jazyk tabulky / of a table")
    sub.add_argument("--seconds", type=_seconds, default=0.0, metavar="N", help="jinak / else [queries] seconds")


def _parallel(sub: argparse.ArgumentParser) -> None:
    """Add what a command that works in pages understands."""
    chosen = sub.add_mutually_exclusive_group()
    chosen.add_argument("--jobs", type=_positive, default=1, help="počet procesů / number of processes")
    chosen.add_argument("--executor", metavar="dask://HOST:PORT", default="", help="běžící cluster / a running cluster")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lod", description="Záznamy o projektech na propojená data. / Project records to linked data."
    )
    parser.add_argument("--version", action="version", version=f"lod {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], cs: str, en: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=f"{cs} / {en}", description=f"{cs} / {en}")
        sub.set_defaults(run=run)
        sub.add_argument("--config", type=Path, help="lod.toml (jinak / else data/lod.toml)")
        sub.add_argument("--base", help="základ IRI / base of IRIs")
        return sub

    def shown(sub: argparse.ArgumentParser) -> None:
        """Add what a command that prints findings understands."""
        sub.add_argument("--json", action="store_true", help="nálezy jako JSON / findings as JSON")
        sub.add_argument("--all", action="store_true", help="všechny nálezy, nejen příklady / all, not examples alone")
        sub.add_argument(
            "-o", "--output", type=_report_file, metavar="OUT", help=".html .json .csv .ttl .jsonld .nt .nq .trig .rdf"
        )

    sub = command("build", _build, "sestaví a zveřejní vydání", "build and publish a release")
    _parallel(sub)
    sub.add_argument("--no-publish", action="store_true", help="zastavit před přepnutím / stop before the switch")

    sub = command("refresh", _refresh, "stáhne zdroje, které mají url", "download the sources that have a url")
    sub.add_argument("sources", nargs="*", metavar="SOURCE", help="jen tyto zdroje / these sources only")
    sub.add_argument("--dry-run", action="store_true", help="nic nepřevzít, jen říct / take nothing, only tell")
    sub.add_argument(
        "--force",
        action="store_true",
        help="stáhnout znovu a vzít i podezřele malé / download anew and take even what is suspiciously small",
    )

    sub = command("check", _check, "zkontroluje soubory nebo celý vstup", "check files, or the whole input")
    sub.add_argument("files", nargs="*", type=Path, metavar="FILE")
    _parallel(sub)
    shown(sub)

    sub = command("convert", _convert, "převede soubory na RDF", "convert files to RDF")
    sub.add_argument("files", nargs="+", type=Path, metavar="FILE")
    sub.add_argument("-o", "--output", type=Path, metavar="OUT", help=".nq .nt .ttl .trig .jsonld .rdf")

    _of_pages(command)

    sub = command("template", _template, "prázdný soubor v našem rozložení", "an empty file in the tidy layout")
    sub.add_argument("kind", nargs="?", choices=["csv", "xlsx", "json"])
    sub.add_argument("-o", "--output", type=Path, metavar="OUT")

    sub = command("source", _source, "navrhne [[source]] pro neznámý soubor", "sketch a [[source]] for an unknown file")
    sub.add_argument("action", choices=["sketch"])
    sub.add_argument("file", type=Path, metavar="FILE")

    sub = command("validate", _validate, "ověří soubor RDF podle našich tvarů", "validate an RDF file with our shapes")
    sub.add_argument("data", type=Path)
    shown(sub)

    sub = command("serve", _serve, "spustí web", "serve the site")
    sub.add_argument("--host", default="127.0.0.1")
    sub.add_argument("--port", type=int, default=8000)
    sub.add_argument(
        "--workers", type=int, choices=range(1, 257), metavar="N", default=1, help="počet procesů / number of processes"
    )
    sub.add_argument("--data", type=Path, help="jen SPARQL nad souborem RDF / SPARQL alone over an RDF file")

    _of_query(command)

    sub = command("releases", _releases, "vypíše, ověří nebo vrátí vydání", "list, verify or roll back releases")
    sub.add_argument("action", nargs="?", choices=["list", "rollback", "verify", "prune"], default="list")
    sub.add_argument("--keep", type=_positive, metavar="N", help="kolik jich nechat / how many to keep")
    sub.add_argument(
        "--public-key", type=Path, metavar="PEM", help="čím ověřit podpis / what to verify signatures with"
    )
    return parser


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text}: má být číslo od 1 / should be a number from 1")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; every fault of the input is one sentence on stderr."""
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except ConfigError as error:
        _tell(f"lod: {error}")
        return 2
    except LodError as error:
        _tell(f"lod: {error}")
        return 1
    except BrokenPipeError:  # the reader of our output has left, as `head` does
        sys.stderr.close()
        return 0
    except OSError as error:  # a folder that cannot be made, a disk that cannot be written to
        _tell(f"lod: {error.filename}: {error.strerror}" if error.filename else f"lod: {error}")
        return 1
    except KeyboardInterrupt:
        _tell("lod: přerušeno / interrupted")
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
