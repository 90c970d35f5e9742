"""Read the inputs of a study's siting questions: candidates and forbidden areas."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from circle15.inputs.area.study_area import read_outline
from circle15.inputs.facilities.candidate_table import read_candidates
from circle15.planning.candidates import Ground, candidates_of, located_along_streets
from circle15.planning.posing import Question, require_candidates
from circle15.workflow.cache.stage_cache import Kept

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.crs.points import Given
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study
    from circle15.study.vocabulary.finding import Finding


@dataclass(frozen=True)
class Questions:
    """
    The siting questions of a study, with their candidates.

    `files` has the number of rows of each file of candidates, `given` the positions as given, and
    `findings` those about the candidates.
    """

    asked: tuple[Question, ...] = ()
    files: Mapping[str, int] = field(default_factory=dict)
    given: tuple[Given, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_questions(
    study: Study,
    area: StudyArea,
    network: WalkNetwork,
    sites: pd.DataFrame,
    kept: Kept | None = None,
) -> Questions:
    """
    Read the candidates of every question of a study.

    Parameters
    ----------
    sites
        The facility table.
    kept
        The cache; by default points along the streets are located anew.

    Raises
    ------
    Circle15Error
        If a file cannot be used, or a question has fewer candidates than sites to choose.
    """
    ground = Ground(network, area, study.walk, sites)
    asked = [_read(study, name, ground, kept or Kept()) for name in study.siting]
    sources = [one.candidates.source for one in asked if one.candidates.source is not None]
    files = {str(one.cells.file): one.rows for one in sources}
    # Two questions may use the same file: its findings are listed once.
    findings = {repr(finding): finding for one in asked for finding in one.candidates.findings}
    given = {str(one.cells.file): one.given for one in sources}
    return Questions(tuple(asked), files, tuple(given.values()), tuple(findings.values()))


def _read(study: Study, name: str, ground: Ground, kept: Kept) -> Question:
    """Read the candidates of one question; refuse too few."""
    settings, crs = study.siting[name], ground.network.crs
    findings: list[Finding] = []
    if settings.forbidden is not None:
        shape, findings = read_outline(settings.forbidden, crs, sheet=settings.forbidden_sheet)
        ground = replace(ground, forbidden=shape)
    if settings.objective == "served":
        ground = replace(ground, needs=study.capacity[settings.category].field)
    source = None
    if settings.candidates is not None:
        source = read_candidates(settings, crs, study=study.file, key=f"siting.{name}")
    streets = ground.network, ground.area, study.walk, settings.spacing_m
    found = candidates_of(
        settings, source, ground, lambda: kept.made("candidates", located_along_streets, *streets)
    )
    question = Question(
        name, settings, replace(found, findings=[*found.findings, *findings]), study.file
    )
    require_candidates(question)
    return question
