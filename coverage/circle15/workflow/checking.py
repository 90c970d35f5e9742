"""Read and check the inputs of a study; needs none of what writes results, so it begins fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.check.findings import CheckOutcome
from circle15.rules.floor_area.zone_checks import check_floor_areas
from circle15.study.settings.reading import load_study
from circle15.study.settings.records import Study
from circle15.workflow.reading import read_inputs, silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Report = Callable[[str], None]


def check(study: Study | Path | str, *, report: Report | None = None) -> CheckOutcome:
    """
    Read and check every input of a study, and compute nothing.

    Parameters
    ----------
    study
        Settings from `load_study`, or the path of a `study.toml`.
    report
        Is told the name of each stage as it begins.

    Returns
    -------
    What was read and found; it is `ready` if a run would not be wrong.

    Raises
    ------
    InputDataError
        If a run would stop: an input cannot be used at all.

    Examples
    --------
    >>> import circle15 as c15
    >>> outcome = c15.check("data/sample/study.toml")
    >>> outcome.ready, "UNKNOWN_STATUS" in {issue.code for issue in outcome.issues}
    (True, True)
    """
    settings = settings_of(study)
    inputs = read_inputs(settings, report or silent)
    laws = dict.fromkeys([None, *(pack.floor_area for pack in inputs.packs)])
    for law in laws:  # zones and rooms that contradict each other would stop a run
        check_floor_areas(inputs.residential, inputs.sites.table, law, settings.rules, [])
    return CheckOutcome(
        study=settings,
        crs=inputs.crs,
        files=inputs.files,
        issues=inputs.issues,
        balances=inputs.population.balances,
        facilities=inputs.sites.table,
        categories=inputs.categories,
        given=inputs.given,
        datums=inputs.datums,
        columns=inputs.columns,
    )


def settings_of(study: Study | Path | str) -> Study:
    """Return settings as they are, or read them from a `study.toml`."""
    return study if isinstance(study, Study) else load_study(study)
