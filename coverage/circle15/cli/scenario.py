"""The command `scenario`: a study with changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circle15.cli.program import (
    AsJson,
    Lang,
    OutPath,
    StudyPath,
    app,
    language_of,
    print_json,
    progress,
    study_settings,
)


@app.command()
def scenario(
    study: StudyPath,
    name: Annotated[str, typer.Argument(help="Name of a table [scenarios.NAME].", metavar="NAME")],
    *,
    out: OutPath = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """
    Run a study with the changes of a scenario: sites added, closed, moved, links, gates, homes.

    Example: circle15 scenario study.toml new_station --out results/new_station
    """
    from circle15.workflow.stages import RUN_STAGES

    settings = study_settings(study)
    changed = settings.with_changes(name)
    folder = out if out is not None else Path("maps") / settings.name / "scenarios" / name
    with progress(RUN_STAGES, folder, language=language_of(lang) or settings.language) as report:
        from circle15.workflow.api import run

        outcome = run(
            changed,
            out=folder,
            language=language_of(lang),
            report=report,
            processes=2,
            cache=True,
        )
    if as_json:
        print_json(outcome.summary)
        return
    for path in outcome.files:
        typer.echo(path)
