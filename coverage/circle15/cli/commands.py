"""The commands: each is a thin wrapper of one public function."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from circle15.cli.program import (
    AsJson,
    Lang,
    OutPath,
    StudyPath,
    app,
    language_of,
    print_json,
    print_lines,
    progress,
    say,
    study_settings,
)
from circle15.cli.start import init
from circle15.study.settings.download_paths import USUAL_REACH_M
from circle15.workflow.folders.pages import write_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.map.online_tiles import Tiles
    from circle15.study.languages import Language
    from circle15.study.settings.records import Study
    from circle15.workflow.reruns.standing import Standing


_MOST_REASONS: Final = 5
"""Of the changes since the earlier results, as many are named."""


@app.command()
def demo(out: OutPath = None, lang: Lang = None, as_json: AsJson = False) -> None:
    """
    Run the bundled sample district (synthetic).

    Example: circle15 demo
    """
    from circle15.workflow.sample import sample_folder

    _run(sample_folder() / "study.toml", out, lang, as_json)


app.command()(init)


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
    from circle15.study.settings.download_paths import BOUNDARY, EXTENT, beside

    record = fetch_place(place, out, reach_m=buffer_m, tell=say, mirror=mirror, geocoder=geocoder)
    if as_json:
        print_json(record)
        return
    typer.echo(out)
    say(f"{record['found']}: {record['ways']} ways, as of {record['data_date']}. In study.toml:")
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

    settings = study_settings(study)
    language = language_of(lang) or settings.language
    with progress(READ_STAGES, Path("maps") / settings.name, language=language) as report:
        outcome = check_study(settings, report=report, cache=True)
    words = Words(language, settings)
    if as_json:
        print_json(check_entry(outcome, words))
    else:
        print_check(outcome, words, sys.stdout)
    if html is not None:  # last, so that a missing folder does not lose the check
        from circle15.output.check.page import build_check_page

        write_page(html, build_check_page(outcome, language))
        say(str(html))
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
    force: Annotated[
        bool, typer.Option("--force", help="Run even if nothing has changed.")
    ] = False,
    depfile: Annotated[
        Path | None,
        typer.Option("--depfile", help="Write for make what the run depends on.", metavar="FILE"),
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Read all inputs anew, and keep nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """
    Run a study: map, report, tables; if nothing has changed since, leave the results as they are.

    Example: circle15 run data/sample/study.toml --out results
    """
    service = None
    if tiles is not None:
        from circle15.output.map.online_tiles import tiles_named

        service = tiles_named(tiles, key=tiles_key)
    _run(study, out, lang, as_json, service, force=force, depfile=depfile, cache=not no_cache)


@app.command()
def zones(
    study: StudyPath,
    *,
    zones_file: Annotated[
        str | None,
        typer.Option(
            "--zones",
            help="Table or layer of zones, or a database table; by default those of the study.",
        ),
    ] = None,
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
    Check proposed residential zones against a study; with --out, write a sheet with a map for each.

    Example: circle15 zones data/sample/study.toml --zones data/sample/proposed_zones.csv
    """
    from circle15.output.text.columns_told import columns_lines
    from circle15.output.text.wording import Words
    from circle15.output.zones.terminal import finding_lines, zone_lines
    from circle15.workflow.stages import ZONE_FILE_STAGES, ZONE_STAGES
    from circle15.workflow.zone_sheets import check_study_zones

    settings = study_settings(study)
    language = language_of(lang) or settings.language
    stages = ZONE_FILE_STAGES if out is not None else ZONE_STAGES
    with progress(stages, Path("maps") / settings.name, language=language) as report:
        outcome = check_study_zones(
            settings,
            zones_file,
            entrances=entrances,
            out=out,
            language=language,
            report=report,
            cache=True,
        )
    entries = outcome.zones
    words = Words(language, settings)
    for line in (*finding_lines(outcome.findings, words), *columns_lines(outcome.columns, words)):
        say(line)
    for path in outcome.files:
        say(str(path))
    if as_json:
        print_json(entries)
    else:
        print_lines(zone_lines(entries, language, settings.categories))
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

    settings = study_settings(study)
    language = language_of(lang) or settings.language
    with progress(ROUTE_STAGES, language=language) as report:
        found = find(settings, origin, destination, report=report)
    if as_json:
        print_json(route_entry(found, language))
    else:
        print_lines(route_lines(found, language))
    if drawing is not None and not found.reason:
        write_page(drawing, build_route_map(found, language))
        say(str(drawing))
    if found.reason:
        raise typer.Exit(1)


def _run(
    study: Path,
    out: Path | None,
    lang: str | None,
    as_json: bool,
    tiles: Tiles | None = None,
    *,
    force: bool = False,
    depfile: Path | None = None,
    cache: bool = True,
) -> None:
    from circle15.workflow.stages import RUN_STAGES

    begun_ns = time.time_ns()
    language = language_of(lang)
    if depfile is not None:
        from circle15.workflow.reruns.depfile import stamp_of

        stamp_of(depfile)  # refuses a name before the run
    settings = study_settings(study)
    folder = out if out is not None else Path("maps") / settings.name
    earlier = None if force else _earlier(settings, folder, language, tiles)
    if earlier is not None and earlier.stands:
        _print_earlier(earlier, folder, as_json)
        _write_depfile(depfile, settings, folder, earlier.files, begun_ns)
        return
    with progress(RUN_STAGES, folder, language=language or settings.language) as report:
        from circle15.workflow.api import run as run_and_write

        outcome = run_and_write(
            settings,
            out=folder,
            language=language,
            report=report,
            tiles=tiles,
            processes=2,
            cache=cache,
        )
    if earlier is not None and earlier.changed:
        more = len(earlier.changed) - _MOST_REASONS
        others = (f"and {more} more",) if more > 0 else ()
        with suppress(OSError):  # the results are in place, whoever can read why
            say(f"Ran again: {'; '.join((*earlier.changed[:_MOST_REASONS], *others))}.")
    if as_json:
        print_json(outcome.summary)
    else:
        for path in outcome.files:
            typer.echo(path)
    _write_depfile(depfile, settings, folder, outcome.files, begun_ns)


def _write_depfile(
    depfile: Path | None, settings: Study, folder: Path, files: Sequence[Path], begun_ns: int
) -> None:
    if depfile is not None:
        from circle15.workflow.reruns.depfile import write_depfile

        write_depfile(depfile, settings, folder, files, begun_ns=begun_ns)


def _earlier(
    settings: Study, folder: Path, language: Language | None, tiles: Tiles | None
) -> Standing:
    """Look for earlier results, after finishing or undoing what a killed run left."""
    from circle15.workflow.folders.held import repair
    from circle15.workflow.reruns.standing import earlier_results

    repair(folder)
    return earlier_results(settings, folder, language=language, tiles=tiles)


def _print_earlier(earlier: Standing, folder: Path, as_json: bool) -> None:
    """Print what a run would have printed, and that it was not needed."""
    say(
        f"Up to date: nothing has changed since the run of {earlier.finished}, and its results are "
        "whole. Use --force to run all the same."
    )
    if as_json:
        print_json(json.loads((folder / "summary.json").read_text("utf-8")))
        return
    for path in earlier.files:
        typer.echo(path)
