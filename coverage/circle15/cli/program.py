"""The program `circle15`: what its commands have in common."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from circle15._version import __version__
from circle15.study.languages import Language
from circle15.workflow.process.streams import require_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
_HEAVY: Final = frozenset({"demo", "check", "run", "zones", "route", "site", "scenario", "batch"})
"""Commands that read a study."""


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


def study_settings(path: Path) -> Study:
    """Read a study, and repair its results folder after a killed run."""
    from circle15.study.settings.reading import load_study
    from circle15.workflow.folders.held import repair

    settings = load_study(path)
    repair(Path("maps") / settings.name)
    return settings


def language_of(lang: str | None) -> Language | None:
    """Return the language of an option; None where it is not given."""
    if lang is None:
        return None
    if lang not in _LANGUAGES:
        raise typer.BadParameter(f"'{lang}' is not a language; use zh or en", param_hint="--lang")
    return _LANGUAGES[lang]


@contextmanager
def progress(
    stages: Sequence[str], results: Path | None = None, *, language: Language = "en"
) -> Iterator[Callable[[str], None]]:
    """
    Show on stderr how far a command is, if it takes more than two seconds.

    In a terminal it is a bar, elsewhere lines; with `CIRCLE15_PROGRESS=off` nothing. The time left
    is known where `results` are the folder of an earlier run.
    """
    if os.environ.get("CIRCLE15_PROGRESS") == "off":
        yield lambda _stage: None
        return
    from rich.console import Console

    from circle15.workflow.progress import progress_bar, progress_lines
    from circle15.workflow.reruns.run_record import durations_of

    console = Console(stderr=True)
    expected = {} if results is None else durations_of(results)
    shown = (
        progress_bar(console, stages, expected, language)
        if console.is_terminal
        else progress_lines(say_if_heard, stages, expected, language)
    )
    with shown as report:
        yield report


def print_lines(lines: Iterable[str]) -> None:
    """Print results to stdout, without characters that steer a terminal."""
    from circle15.output.text.wording import printable

    for line in lines:
        typer.echo(printable(line))


def print_json(content: Any) -> None:
    """Print machine-readable results to stdout."""
    from circle15.output.text.wording import escaped_json

    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    typer.echo(escaped_json(text))


def say_if_heard(text: str) -> None:
    """Print a message to stderr, if that is still open."""
    with suppress(OSError):  # a closed stderr stops no run
        say(text)


def say(text: str) -> None:
    """Print a message to stderr."""
    from circle15.output.text.wording import printable

    typer.echo(printable(text), err=True)
