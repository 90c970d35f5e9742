"""Real studies are run once per session."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.builders.porto_alegre_plans import candidates_of, read_hexagons, write, write_study

from circle15.study.settings.reading import load_study
from circle15.workflow.api import run as run_whole
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.results.records import StudyResult
    from circle15.workflow.api import RunOutcome

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def real_result() -> Callable[[str], StudyResult]:
    """Run a study of this folder by its name."""

    @cache
    def run(name: str) -> StudyResult:
        return run_study(load_study(HERE / name / "study.toml"))

    return run


@pytest.fixture(scope="session")
def planned(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RunOutcome:
    """Run Porto Alegre with capacities, two questions on new sites and residential land, once."""
    folder = tmp_path_factory.mktemp("planned")
    hexagons = read_hexagons(real_data)
    write(folder / "candidates.csv", candidates_of(hexagons))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIRCLE15_REAL_DATA", str(real_data))
        return run_whole(write_study(folder, hexagons))
