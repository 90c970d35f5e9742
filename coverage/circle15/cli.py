"""The command line; each command is a thin wrapper of one public function."""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from circle15._version import __version__
from circle15.study.languages import Language
from circle15.study.settings.kept_places import USUAL_REACH_M
from circle15.workflow.folders.pages import write_page
from circle15.workflow.streams import require_memory, run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from circle15.output.map.online_tiles import Tiles
    from circle15.study.settings.records import Study

app = typer.Typer(
    name="circle15",
    help="Who can walk to which elder-care service within 15 minutes, and who cannot.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StudyPath = Annotated[Path, typer.Argument(help="Path of a study.toml.", metavar="STUDY")]
OutPath = Annotated[Path | None, typer.Option("--out", help="Folder for the results.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; by default the study's own.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print machine-readable results.")]

_LANGUAGES: Final[dict[str, Language]] = {"zh": "zh", "en": "en"}
_HEAVY: Final = frozenset({"demo", "check", "run", "zones", "route"})
"""Commands that read a study."""
_COLLECT = (100_000, 20, 100)
"""Garbage-collector thresholds: commands create many records and hardly any cycles; with Python's
defaults, collection takes a tenth of a run."""


@app.callback(invoke_without_command=True)
def circle15(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Who can walk to which elder-care service within 15 minutes, and who cannot."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    from circle15.workflow.folders.held import repair_all

    repair_all()
    if context.invoked_subcommand in _HEAVY:
        require_memory()


@app.command()
def demo(out: OutPath = None, lang: Lang = None, as_json: AsJson = False) -> None:
    """
    Run the bundled sample district (synthetic).

    Example: circle15 demo
    """
    from circle15.workflow.sample import sample_folder

    _run(sample_folder() / "study.toml", out, lang, as_json)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A new folder.", metavar="DIR")]) -> None:
    """
    Start a study from a copy of the sample, to be changed file by file.

    Example: circle15 init mycity
    """
    from circle15.workflow.sample import start_study

    study = start_study(folder)
    _say(
        f"A copy of the sample district. Replace its files by your own, then:\n"
        f"  circle15 check {study}\n  circle15 run {study}"
    )
    typer.echo(study)


@app.command()
def fetch(
    place: Annotated[str, typer.Argument(help="Its name in OpenStreetMap.", metavar="PLACE")],
    out: Annotated[
        Path, typer.Option("--out", help=".osm.pbf, .osm, .osm.gz or .osm.bz2.", metavar="FILE")
    ],
    *,
    buffer_m: Annotated[
        int, typer.Option("--buffer", help="Metres beyond the place.", min=0, max=50_000)
    ] = USUAL_REACH_M,
    mirror: Annotated[
        str | None, typer.Option("--mirror", help="Another Overpass server.", metavar="URL")
    ] = None,
    geocoder: Annotated[
        str | None, typer.Option("--geocoder", help="Another Nominatim server.", metavar="URL")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    Download the streets of a place from OpenStreetMap, once.

    Example: circle15 fetch "梁溪区, 无锡市" --out liangxi.osm.pbf
    """
    from circle15.network.downloads.places import fetch_place
    from circle15.study.settings.kept_places import BOUNDARY, EXTENT, beside

    record = fetch_place(place, out, reach_m=buffer_m, tell=_say, mirror=mirror, geocoder=geocoder)
    if as_json:
        _print_json(record)
        return
    typer.echo(out)
    _say(f"{record['found']}: {record['ways']} ways, as of {record['data_date']}. In study.toml:")
    typer.echo(f'[network]\nfile = "{out.name}"\nextent = "{beside(out, EXTENT).name}"')
    typer.echo(f'[area]\nboundary = "{beside(out, BOUNDARY).name}"')


@app.command()
def check(
    study: StudyPath,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the page to a file.", metavar="FILE")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """
    Read and check every input of a study, without running it; exit 2 if a run would be wrong.

    Example: circle15 check data/sample/study.toml --html check.html
    """
    from circle15.output.check.findings import check_entry
    from circle15.output.check.terminal import print_check
    from circle15.output.text.wording import Words
    from circle15.workflow.checking import check as check_study
    from circle15.workflow.stages import READ_STAGES

    settings = _settings(study)
    language = _language(lang) or settings.language
    with _progress(READ_STAGES) as report:
        outcome = check_study(settings, report=report)
    words = Words(language, settings)
    if as_json:
        _print_json(check_entry(outcome, words))
    else:
        print_check(outcome, words, sys.stdout)
    if html is not None:  # last, so that a missing folder does not lose the check
        from circle15.output.check.page import build_check_page

        write_page(html, build_check_page(outcome, language))
        _say(str(html))
    if not outcome.ready:
        raise typer.Exit(2)


@app.command()
def run(
    study: StudyPath,
    out: OutPath = None,
    lang: Lang = None,
    *,
    tiles: Annotated[
        str | None, typer.Option("--tiles", help="Also an online map.", metavar="osm|tianditu")
    ] = None,
    tiles_key: Annotated[
        str | None,
        typer.Option("--tiles-key", help="By default CIRCLE15_TIANDITU_KEY.", metavar="KEY"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    Run a study: map, report, tables.

    Example: circle15 run data/sample/study.toml --out results
    """
    service = None
    if tiles is not None:
        from circle15.output.map.online_tiles import tiles_named

        service = tiles_named(tiles, key=tiles_key)
    _run(study, out, lang, as_json, service)


@app.command()
def zones(
    study: StudyPath,
    zones_file: Annotated[
        str, typer.Option("--zones", help="csv or geojson of zones, or a database table.")
    ],
    *,
    entrances: Annotated[
        str | None, typer.Option("--entrances", help="Points with the zone_id of their zone.")
    ] = None,
    out: OutPath = None,
    must_be_met: Annotated[
        bool, typer.Option("--check", help="Exit 1 if a zone is not met.")
    ] = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """
    Check proposed residential zones against a study; with --out, write a one-page sheet for each.

    Example: circle15 zones data/sample/study.toml --zones data/sample/proposed_zones.csv
    """
    from circle15.output.text.columns_told import columns_lines
    from circle15.output.text.wording import Words
    from circle15.output.zones.terminal import finding_lines, zone_lines
    from circle15.workflow.stages import ZONE_FILE_STAGES, ZONE_STAGES
    from circle15.workflow.zone_sheets import check_study_zones

    settings = _settings(study)
    language = _language(lang) or settings.language
    with _progress(ZONE_FILE_STAGES if out is not None else ZONE_STAGES) as report:
        outcome = check_study_zones(
            settings, zones_file, entrances=entrances, out=out, language=language, report=report
        )
    entries = outcome.zones
    words = Words(language, settings)
    for line in (*finding_lines(outcome.findings, words), *columns_lines(outcome.columns, words)):
        _say(line)
    for path in outcome.files:
        _say(str(path))
    if as_json:
        _print_json(entries)
    else:
        _print_lines(zone_lines(entries, language))
    if must_be_met and any(entry["verdict"] == "not_met" for entry in entries):
        raise typer.Exit(1)


@app.command()
def route(
    study: StudyPath,
    origin: Annotated[str, typer.Option("--from", help="Longitude,latitude.", metavar="LON,LAT")],
    destination: Annotated[
        str,
        typer.Option("--to", help="Facility id, or a position.", metavar="FACILITY_ID|LON,LAT"),
    ],
    *,
    drawing: Annotated[
        Path | None, typer.Option("--map", help="Draw the route in an HTML file.", metavar="FILE")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """
    Explain one walking time step by step, at the judged speed.

    Example: circle15 route data/sample/study.toml --from 120.29165,31.5968 --to S-071
    """
    from circle15.output.route.map import build_route_map
    from circle15.output.route.texts import route_entry, route_lines
    from circle15.workflow.api import route as find
    from circle15.workflow.stages import ROUTE_STAGES

    settings = _settings(study)
    language = _language(lang) or settings.language
    with _progress(ROUTE_STAGES) as report:
        found = find(settings, origin, destination, report=report)
    if as_json:
        _print_json(route_entry(found, language))
    else:
        _print_lines(route_lines(found, language))
    if drawing is not None and not found.reason:
        write_page(drawing, build_route_map(found, language))
        _say(str(drawing))
    if found.reason:
        raise typer.Exit(1)


@app.command()
def rules(
    action: Annotated[str, typer.Argument(help="What to do.", metavar="list|show|check")],
    name: Annotated[
        str | None, typer.Argument(help="Name of a pack, or a .toml file.", metavar="PACK")
    ] = None,
    *,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """
    List the rule packs, show one, or check a file of your own.

    Example: circle15 rules show liangxi-2025
    """
    from circle15.output.text.rule_list import pack_entry, pack_lines, pack_list, pack_list_lines
    from circle15.rules.packs.load import load_pack, pack_faults

    language = _language(lang) or "zh"
    if action not in {"list", "show", "check"}:
        raise typer.BadParameter(f"'{action}' is not one of list, show, check")
    if (name is None) != (action == "list"):
        raise typer.BadParameter("list takes no pack, show and check take one", param_hint="PACK")
    if name is None:
        lines = pack_list_lines(language)
        _print_json(pack_list(language)) if as_json else _print_lines(lines)
        return
    faults = pack_faults(name)
    for fault in faults:
        _say(f"circle15: {fault}")
    if action == "check" and as_json:
        _print_json({"pack": name, "faults": [str(fault) for fault in faults]})
    if faults:
        raise typer.Exit(2)
    pack = load_pack(name)
    if action == "show" and as_json:
        _print_json(pack_entry(pack, language))
    elif action == "show":
        _print_lines(pack_lines(pack, language))
    elif not as_json:
        typer.echo(f"{name}: {len(pack.rules)} rules, no faults.")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """
    Show versions, fonts and the sample of this installation, and the limits of inputs.

    Example: circle15 doctor
    """
    from circle15.study.limits import limit_table
    from circle15.workflow.doctor import examine, limits

    found = examine()
    if as_json:
        _print_json({**found, "limits": limits()})
        return
    _print_lines([f"{item}: {finding}" for item, finding in found.items()])
    _print_lines(["", "Limits of inputs (docs/limits.md says how to work around them):"])
    _print_lines(limit_table())


@app.command()
def schema(
    name: Annotated[
        str, typer.Argument(help="summary, check, study or pack", metavar="NAME")
    ] = "summary",
    lang: Annotated[
        str | None, typer.Option("--lang", help="zh or en, for the descriptions; en by default.")
    ] = None,
) -> None:
    """
    Print the JSON schema of summary.json, of `check --json`, of study.toml or of a rule pack.

    Editors such as Even Better TOML complete and check a study.toml with it: write
    `#:schema study.schema.json` in its first line.

    Example: circle15 schema summary
    """
    from circle15.workflow.schemas import SCHEMAS

    if name not in SCHEMAS:
        raise typer.BadParameter(f"there is no schema '{name}'; known: {', '.join(SCHEMAS)}")
    _print_json(SCHEMAS[name](_language(lang) or "en"))


def _run(
    study: Path, out: Path | None, lang: str | None, as_json: bool, tiles: Tiles | None = None
) -> None:
    from circle15.workflow.stages import RUN_STAGES

    language = _language(lang)
    settings = _settings(study)
    with _progress(RUN_STAGES) as report:
        from circle15.workflow.api import run as run_and_write

        folder = out if out is not None else Path("maps") / settings.name
        outcome = run_and_write(
            settings, out=folder, language=language, report=report, tiles=tiles, processes=2
        )
    if as_json:
        _print_json(outcome.summary)
        return
    for path in outcome.files:
        typer.echo(path)


def _settings(path: Path) -> Study:
    """Read a study, and repair its results folder after a killed run."""
    from circle15.study.settings.reading import load_study
    from circle15.workflow.folders.held import repair

    settings = load_study(path)
    repair(Path("maps") / settings.name)
    return settings


def _language(lang: str | None) -> Language | None:
    if lang is None:
        return None
    if lang not in _LANGUAGES:
        raise typer.BadParameter(f"'{lang}' is not a language; use zh or en", param_hint="--lang")
    return _LANGUAGES[lang]


@contextmanager
def _progress(stages: Sequence[str]) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on stderr if it is a terminal; otherwise nothing."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _stage: None
        return
    from circle15.workflow.progress import progress_bar

    with progress_bar(console, stages) as report:
        yield report


def _print_lines(lines: Iterable[str]) -> None:
    from circle15.output.text.wording import printable

    for line in lines:
        typer.echo(printable(line))


def _print_json(content: Any) -> None:
    from circle15.output.text.wording import escaped_json

    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    typer.echo(escaped_json(text))


def _say(text: str) -> None:
    from circle15.output.text.wording import printable

    typer.echo(printable(text), err=True)


def main() -> None:
    """Run the command line; a user's mistake ends in one line and exit code 2, no traceback."""
    gc.set_threshold(*_COLLECT)
    os.environ["PROJ_NETWORK"] = "OFF"  # PROJ never downloads datum-shift grids
    os.environ.setdefault("NUMBA_OPT", "2")  # less compile time and memory, equally fast code
    run_program(app, _say)
