"""Read and check the inputs of a study, without importing the writers, so that it starts fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.results.check.outcome import CheckOutcome
from circle15.rules.floor_area.zone_checks import check_floor_areas
from circle15.study.settings.reading import load_study
from circle15.study.settings.records import Study
from circle15.workflow.cache.stage_cache import kept_stages
from circle15.workflow.reading import read_inputs, silent
from circle15.workflow.starting.sample_left import sample_left

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Report = Callable[[str], None]


def check(
    study: Study | Path | str, *, report: Report | None = None, cache: bool = False
) -> CheckOutcome:
    """
    Read and check every input of a study, without running it.

    Parameters
    ----------
    study
        Settings from `load_study`, or the path of a `study.toml`.
    report
        Called with the name of each stage as it begins.
    cache
        Read streets, people and where homes join the streets from the cache, where earlier runs
        have put them and nothing that they depend on has changed; the results are the same.

    Returns
    -------
    Inputs read and findings; it is `ready` if no finding is an error.

    Raises
    ------
    InputDataError
        If an input cannot be used at all, so that a run would stop.

    Examples
    --------
    >>> import circle15 as c15
    >>> outcome = c15.check("data/sample/study.toml")
    >>> outcome.ready, "UNKNOWN_STATUS" in {finding.code for finding in outcome.findings}
    (True, True)
    """
    settings = settings_of(study)
    inputs = read_inputs(settings, report or silent, kept=kept_stages() if cache else None)
    laws = dict.fromkeys([None, *(pack.floor_area for pack in inputs.packs)])
    for law in laws:  # contradictions of zones and rooms would stop a run
        check_floor_areas(inputs.residential, inputs.sites.table, law, settings.rules)
    return CheckOutcome(
        study=settings,
        crs=inputs.crs,
        files=inputs.files,
        findings=[*inputs.findings, *sample_left(settings)],
        balances=inputs.population.balances,
        facilities=inputs.sites.table,
        categories=inputs.categories,
        given=inputs.given,
        datums=inputs.datums,
        columns=inputs.columns,
    )


def settings_of(study: Study | Path | str) -> Study:
    """Return settings unchanged, or read them from a `study.toml`."""
    return study if isinstance(study, Study) else load_study(study)
