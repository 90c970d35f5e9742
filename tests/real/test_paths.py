"""The path of a walking time, on real streets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest
from tests.builders.routes_of_a_run import assert_paths_have_the_times_of_the_run

from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle15.results.records import StudyResult


def test_porto_alegre_paths_have_the_times_of_the_run(
    real_result: Callable[[str], StudyResult], real_data: Path
) -> None:
    assert_paths_have_the_times_of_the_run(real_result("porto_alegre"), 100)


@pytest.mark.parametrize("judge", ["outbound", "round_trip"])
def test_over_hills_and_out_of_compounds(
    judge: Literal["outbound", "round_trip"],
    real_result: Callable[[str], StudyResult],
    real_data: Path,
) -> None:
    """With the elevation model, and with private ways and locked gates as residents pass them."""
    study = real_result("porto_alegre_hills").study
    study = replace(
        study,
        network=replace(study.network, gated="residents", squares="cross"),
        walk=replace(study.walk, judge=judge),
    )
    assert_paths_have_the_times_of_the_run(run_study(study), 100)
