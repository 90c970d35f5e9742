"""The command `site`: where new sites should go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circle15.cli.program import (
    AsJson,
    Lang,
    StudyPath,
    app,
    language_of,
    print_json,
    print_lines,
    progress,
    say,
    study_settings,
)


@app.command()
def site(
    study: StudyPath,
    name: Annotated[
        str | None,
        typer.Argument(
            help="Name of a table [siting.NAME]; default: the only one.", metavar="NAME"
        ),
    ] = None,
    *,
    category: Annotated[
        str | None, typer.Option("--category", help="Instead of NAME: category of the new sites.")
    ] = None,
    add: Annotated[int | None, typer.Option("--add", help="Number of sites.", metavar="N")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="CSV for the sites, a list of facilities.", metavar="FILE"),
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """
    Propose where new sites should go, with the people each covers and a bound on any plan.

    Example: circle15 site data/sample/study.toml --category meal_point --add 3 --out proposed.csv
    """
    from circle15.output.siting.terminal import answer_lines
    from circle15.output.text.finding_list import finding_line
    from circle15.output.text.wording import Words
    from circle15.study.vocabulary.finding import worst_first
    from circle15.workflow.siting.proposing import propose_sites
    from circle15.workflow.stages import SITE_STAGES

    settings = study_settings(study)
    language = language_of(lang) or settings.language
    with progress(SITE_STAGES, Path("maps") / settings.name, language=language) as report:
        found = propose_sites(
            settings, name=name, category=category, add=add, out=out, report=report, cache=True
        )
    words = Words(language, settings)
    for finding in worst_first(found.findings):
        say(finding_line(finding, words))
    if as_json:
        print_json(found.entry)
    else:
        print_lines(answer_lines(found.answer, words))
    for path in found.files:
        say(str(path))
