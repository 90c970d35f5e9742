"""Real studies are run once per session."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.results.records import StudyResult

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def real_result() -> Callable[[str], StudyResult]:
    """Run a study of this folder by its name."""

    @cache
    def run(name: str) -> StudyResult:
        return run_study(load_study(HERE / name / "study.toml"))

    return run
