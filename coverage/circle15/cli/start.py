"""The command `init`: a study from a copy of the sample, or from files of one's own."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circle15.cli.program import Lang, language_of, print_lines, progress, say
from circle15.study.messages import say as in_words

if TYPE_CHECKING:
    from circle15.study.languages import Language
    from circle15.workflow.starting.own_study import OwnFiles, StartedStudy


def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the study.", metavar="DIR")],
    *,
    sample: Annotated[
        bool, typer.Option("--sample", help="Copy the sample, to be changed file by file.")
    ] = False,
    network: Annotated[
        Path | None, typer.Option("--network", help="Streets.", metavar="FILE")
    ] = None,
    people: Annotated[
        list[Path] | None,
        typer.Option("--people", help="Raster or table; may be repeated.", metavar="FILE"),
    ] = None,
    facilities: Annotated[
        list[Path] | None,
        typer.Option("--facilities", help="Table of sites; may be repeated.", metavar="FILE"),
    ] = None,
    boundary: Annotated[
        Path | None, typer.Option("--boundary", help="The area.", metavar="FILE")
    ] = None,
    zones: Annotated[
        list[Path] | None,
        typer.Option("--zones", help="Residential zones; may be repeated.", metavar="FILE"),
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option(
            "--category",
            help="Of all facilities, or of each file in order; auto: as the file says.",
            metavar="CATEGORY",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing study.toml.")] = False,
    lang: Lang = None,
) -> None:
    """
    Start a study from your own files; without any, from a copy of the sample.

    In a terminal it asks for the files.

    Example: circle15 init mycity --network city.osm.pbf --people p60.tif --facilities stations.xlsx
    """
    from circle15.workflow.starting.own_study import OwnFiles

    language = language_of(lang) or "zh"
    files = OwnFiles(
        network=network,
        people=tuple(people or ()),
        facilities=tuple(facilities or ()),
        boundary=boundary,
        zones=tuple(zones or ()),
        categories=tuple(category or ()),
    )
    if sample and files != OwnFiles():
        raise typer.BadParameter("no files are given with it", param_hint="--sample")
    if not sample and files == OwnFiles() and sys.stdin.isatty():
        files = _asked(language)
    if files.every:
        _print_started(_started(folder, files, language, overwrite=force), language)
        return
    from circle15.workflow.sample import start_study

    study = start_study(folder)
    say(
        f"A copy of the sample district. Replace its files by your own, then:\n"
        f"  circle15 check {study}\n  circle15 run {study}"
    )
    typer.echo(study)


def _started(folder: Path, files: OwnFiles, language: Language, *, overwrite: bool) -> StartedStudy:
    from circle15.workflow.starting.own_study import start_own_study

    today = dt.datetime.now().astimezone().date()
    with progress(("network", "people", "facilities"), language=language) as report:
        return start_own_study(
            folder, files, as_of=today, language=language, overwrite=overwrite, report=report
        )


def _print_started(found: StartedStudy, language: Language) -> None:
    """Print the notes to stderr, what is missing last, and the path of the study to stdout."""
    kinds = ("found", "guessed", "missing")
    notes = sorted(found.notes, key=lambda one: kinds.index(one.kind))
    for text in dict.fromkeys(note.words(language) for note in notes):
        say(text)
    say(in_words("init.next", language, study=str(found.study)))
    print_lines([str(found.study)])


def _asked(language: Language) -> OwnFiles:
    """Ask in the terminal what there is; an empty answer means that there is none."""
    from circle15.workflow.starting.own_study import OwnFiles

    def ask(what: str) -> Path | None:
        text = typer.prompt(
            in_words(f"init.ask_{what}", language), default="", show_default=False, err=True
        )
        return Path(text.strip().strip("'\"")) if text.strip() else None

    def ask_several(what: str) -> tuple[Path, ...]:
        found: list[Path] = []
        while (one := ask(what)) is not None:
            found.append(one)
        return tuple(found)

    network = ask("network")
    if network is None:
        return OwnFiles()
    people, facilities = ask_several("people"), ask_several("facilities")
    return OwnFiles(network, people, facilities, ask("boundary"), ask_several("zones"))
