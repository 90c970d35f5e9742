"""The path behind a time, on real streets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.test_route import assert_paths_have_the_times_of_the_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle15.output.result import StudyResult


def test_porto_alegre_paths_have_the_times_of_the_run(
    real_result: Callable[[str], StudyResult], real_data: Path
) -> None:
    assert_paths_have_the_times_of_the_run(real_result("porto_alegre"), 100)
