"""The command `batch`: many studies at once, and their roll-up."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circle15.cli.program import (
    AsJson,
    Lang,
    app,
    language_of,
    print_json,
    print_lines,
    say,
    say_if_heard,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle15.study.languages import Language
    from circle15.workflow.batch.batch_state import BatchState


@app.command()
def batch(
    studies: Annotated[
        list[Path], typer.Argument(help="Paths of study.toml files.", metavar="STUDY…")
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the report and the results.", metavar="DIR")
    ] = Path("maps"),
    workers: Annotated[
        int | None,
        typer.Option("--workers", help="Processes; 1: this one alone.", metavar="N", min=1),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="A running Dask scheduler.", metavar="ADDRESS"),
    ] = None,
    memory_gb: Annotated[
        float | None,
        typer.Option("--memory", help="Of each worker; by default what it has.", metavar="GB"),
    ] = None,
    retries: Annotated[
        int, typer.Option("--retries", help="If a worker is lost.", metavar="N", min=0)
    ] = 2,
    resume: Annotated[
        bool, typer.Option("--resume", help="Leave results that are whole and unchanged.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Read all inputs anew, and keep nothing.")
    ] = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """
    Run many studies, on this host or on Dask, and roll them up in a province report.

    A study that fails stops no other one; the exit code is then 2 or 3, as its own would be.

    Example: circle15 batch */study.toml --out province --workers 2
    """
    from circle15.output.province.terminal import province_lines
    from circle15.study.messages import say as words
    from circle15.workflow.batch.running import run_batch

    language = language_of(lang)
    spoken = language or "en"
    with _progress(len(studies), spoken) as report:
        found = run_batch(
            studies,
            out=out,
            language=language,
            workers=workers,
            scheduler=scheduler,
            memory_gb=memory_gb,
            retries=retries,
            resume=resume,
            cache=not no_cache,
            report=report,
        )
    for one in found.missing:
        place = "" if one["file"] in one["message"] else f"{one['name'] or one['file']}: "
        say(f"circle15: {place}{one['message']}")
    if found.kept:
        say(words("batch.kept", spoken, n=len(found.kept), studies=len(studies)))
    if found.province is None:
        say(words("batch.no_results", spoken))
    elif as_json:
        print_json(found.province)
    else:
        for line in province_lines(found.province, spoken):
            say(line)
        print_lines(map(str, found.files))
    if found.exit_code:
        raise typer.Exit(found.exit_code)


@contextmanager
def _progress(studies: int, language: Language) -> Iterator[Callable[[BatchState], None] | None]:
    """Show how far the batch is on stderr; nothing with `CIRCLE15_PROGRESS=off`."""
    if os.environ.get("CIRCLE15_PROGRESS") == "off":
        yield None
        return
    from rich.console import Console

    from circle15.workflow.batch.heartbeat import heartbeat

    console = Console(stderr=True)
    terminal = console if console.is_terminal else None
    with heartbeat(terminal, say_if_heard, studies, language) as report:
        yield report
