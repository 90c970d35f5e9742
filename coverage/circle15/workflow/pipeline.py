"""The stages of a run in order; no other module defines that order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle15.access.areas.covered_areas import area_rows
from circle15.access.areas.site_areas import drawing_over, site_areas
from circle15.access.cohorts import Homes
from circle15.access.coverage_counts import (
    circle_rows,
    coverage_rows,
    facility_catchments,
    straight_lines,
    zone_rows,
)
from circle15.access.gated import gated_figures
from circle15.access.joining.joined_network import snap_columns
from circle15.access.judged_people import judged_people
from circle15.access.study_inputs import StudyInputs
from circle15.access.supply.of_study import access_by_category
from circle15.access.walks import Walks, homes_of, same_streets
from circle15.inputs.tables.column_kinds import typed
from circle15.inputs.tables.shown_ids import findings_in_words
from circle15.network.quality import Points, network_quality
from circle15.planning.gaps.counterfactuals import tried_changes
from circle15.planning.proposals import answer
from circle15.planning.scenarios.differences import Judgement, outcome_of
from circle15.planning.siting.locating import locate
from circle15.planning.trials import trials_of
from circle15.results.provenance import provenance
from circle15.results.records import StudyResult
from circle15.rules.evaluators.evaluating import evaluate_pack
from circle15.rules.evaluators.gathering import gather_evidence, under_law_of
from circle15.rules.packs.known import indicators_of
from circle15.rules.packs.load import RulePack
from circle15.study.limits import OWN_AREAS
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding
from circle15.study.vocabulary.scopes import ALL
from circle15.workflow.datum_check import refuse_wrong
from circle15.workflow.reading import read_inputs, silent
from circle15.workflow.siting.questions import read_questions
from circle15.zones.judging import check_zones, law_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from shapely.geometry.base import BaseGeometry

    from circle15.access.joining.joined_network import Streets
    from circle15.access.judging import Judge
    from circle15.access.records import SiteAreas
    from circle15.inputs.files.source_files import SourceFiles
    from circle15.network.quality import NetworkQuality
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.planning.posing import Question
    from circle15.rules.evaluators.evaluating import Evidence, RuleResult
    from circle15.rules.floor_area.pooling import ApartWithin
    from circle15.study.settings.records import Study
    from circle15.workflow.cache.stage_cache import Kept
    from circle15.workflow.reading import StudyWithPacks
    from circle15.workflow.stages import Beside, Report
    from circle15.zones.judging import ZonesJudged

_Found = TypeVar("_Found")

SERVED_BEYOND_M = 500.0
"""Distance beyond the boundary up to which served areas are drawn."""


def untimed(_work: str) -> AbstractContextManager[None]:
    """Do not time the work (default of `beside`)."""
    return nullcontext()


def nothing_more(_read: SourceFiles) -> None:
    """Accept any input files (default of `before_computing`)."""


@dataclass(frozen=True)
class Basis:
    """A study as it was judged, from which its scenarios are judged."""

    inputs: StudyWithPacks
    walks: Walks
    zones: ZonesJudged

    def judge_scenario(self, name: str, *, report: Report, beside: Beside) -> StudyResult:
        """Run every stage of a scenario of the study, but for what it has in common with it."""
        own = _with_questions(self.inputs.scenarios[name], self.inputs.study.with_changes(name))
        return judge_inputs(
            own, own.packs, own.questions, {}, report=report, beside=beside, like=self
        )[0]


def _with_questions(own: StudyWithPacks, study: Study) -> StudyWithPacks:
    """
    Return the inputs of a scenario, which is `study`, with its questions on new sites.

    A run does not answer them for its scenarios.

    Raises
    ------
    OutsideError
        If a file has changed since the study was read.
    """
    questions = read_questions(study, own.area, own.network, own.sites.table)
    own.sources.require_unchanged()
    return replace(
        own,
        study=study,
        questions=questions.asked,
        findings=[*own.findings, *questions.findings],
        given=[*own.given, *questions.given],
        files=own.files | dict(questions.files),
    )


def run_study(
    study: Study,
    *,
    report: Report = silent,
    beside: Beside = untimed,
    before_computing: Callable[[SourceFiles], None] = nothing_more,
    kept: Kept | None = None,
) -> StudyResult:
    """Run every stage of a study; see `run_with_basis`."""
    return run_with_basis(
        study, report=report, beside=beside, before_computing=before_computing, kept=kept
    )[0]


def run_with_basis(
    study: Study,
    *,
    report: Report = silent,
    beside: Beside = untimed,
    before_computing: Callable[[SourceFiles], None] = nothing_more,
    kept: Kept | None = None,
) -> tuple[StudyResult, Basis]:
    """
    Run every stage of a study; return what its scenarios can be judged from, too.

    Parameters
    ----------
    study
        Settings from `load_study`.
    report
        Called with the name of each stage as it begins.
    beside
        Times work done in parallel to the stages.
    before_computing
        Called with the files that were read; an exception it raises ends the run.
    kept
        The cache from `kept_stages`; by default every stage is run.

    Raises
    ------
    Circle15Error
        If an input cannot be used; the message names file, row and column.
    """
    inputs = read_inputs(study, report, kept=kept)
    refuse_wrong(inputs.findings)
    before_computing(inputs.sources)
    result, walks, zones = judge_inputs(
        inputs, inputs.packs, inputs.questions, inputs.scenarios, report=report, beside=beside
    )
    return result, Basis(inputs, walks, zones)


def judge_inputs(
    inputs: StudyInputs,
    packs: Sequence[RulePack],
    questions: Sequence[Question] = (),
    scenarios: Mapping[str, StudyInputs] | None = None,
    *,
    report: Report = silent,
    beside: Beside = untimed,
    like: Basis | None = None,
) -> tuple[StudyResult, Walks, ZonesJudged]:
    """
    Run the stages after reading: times, states, counts, zones, rules, drawing.

    `like` is the study of which this is a scenario.
    """
    scenarios = scenarios or {}
    study = inputs.study
    report("times")
    if like is None:
        walks = Walks(inputs, Homes(inputs), keeps=bool(scenarios))
    else:
        walks = Walks(inputs, homes_of(inputs, like.walks), like=like.walks)
    homes = walks.homes
    streets = inputs.streets(walks.drawn.profile)
    # Counting does not depend on drawing, and most of the drawing is compiled code that releases
    # the GIL. A geometry used by both threads must not be prepared: GEOS builds the index of a
    # prepared geometry on its first use, without a lock.
    with ThreadPoolExecutor(max_workers=1) as thread:
        judge = walks.judge(walks.drawn)
        over = _drawn_over(inputs, streets)
        drawing = thread.submit(_timed, beside, _served, inputs, streets, judge, over)
        report("counts")
        circles = straight_lines(inputs, homes)
        counted = coverage_rows(inputs, walks, circles)
        reach = facility_catchments(inputs, walks)
        access = access_by_category(inputs, walks)
        report("zones")
        usual = walks.judge(walks.usual)
        before = None if like is None else _zones_before(inputs, like.walks, like.zones)
        zones = check_zones(inputs.residential, usual, study, packs, before=before)
        checks = zones.checks
        report("rules")
        evidence = gather_evidence(inputs, walks, rows=counted, checks=checks, packs=packs)
        rules = _rules(packs, evidence, inputs, zones.apart)
        report("siting")
        siting = [answer(one, walks, locate=locate) for one in questions]
        report("scenarios")
        today = Judgement(walks, reach, rules, checks)
        changed = [
            outcome_of(today, _judged(one, packs, walks, zones)) for one in scenarios.values()
        ]
        report("quality")
        quality = _quality(inputs, homes)
        gated = gated_figures(inputs, walks)
        tried = tried_changes(inputs, walks, circles)
        by_zone = zone_rows(inputs, walks, circles)
        areas = area_rows(inputs, walks)
        report("drawing")
        served, own, cell_m = drawing.result()
    report("summary")
    result = StudyResult(
        study=study,
        crs=inputs.crs,
        area=inputs.area,
        population=inputs.population,
        demand=_with_snaps(inputs.population.demand, inputs.demand_snaps, inputs.network),
        facilities=_with_snaps(inputs.sites.table, inputs.sites.snaps, inputs.network),
        network=inputs.network,
        quality=quality,
        gated=gated,
        judged=judged_people(walks),
        categories=inputs.categories,
        coverage_rows=counted,
        zone_rows=by_zone,
        catchments=reach,
        rules=rules,
        zone_checks=checks,
        served=served,
        site_areas=own,
        served_cell_m=cell_m,
        findings=findings_in_words(
            [*inputs.findings, *zones.findings, *_left_out(study, own)], inputs.sites.table
        ),
        given=inputs.given,
        provenance=provenance(
            study,
            inputs.sources,
            rows=inputs.files,
            given=inputs.given,
            packs=packs,
            columns=inputs.columns,
        ),
        indicators=indicators_of(packs),
        access=access,
        siting=siting,
        scenarios=changed,
        areas=areas,
        living=inputs.living,
        tried=tried,
        trials=trials_of(walks) if study.map.try_sites and len(homes.rows) else None,
        letterhead=inputs.letterhead,
    )
    return result, walks, zones


def _judged(
    inputs: StudyInputs, packs: Sequence[RulePack], base: Walks, of_base: ZonesJudged
) -> Judgement:
    """Judge a scenario: what it has in common with its study is not computed again."""
    walks = Walks(inputs, homes_of(inputs, base), like=base)
    usual = walks.judge(walks.usual)
    before = _zones_before(inputs, base, of_base)
    zones = check_zones(inputs.residential, usual, inputs.study, packs, before=before)
    rows = circle_rows(walks)
    evidence = gather_evidence(inputs, walks, rows=rows, checks=zones.checks, packs=packs)
    return Judgement(
        walks,
        facility_catchments(inputs, walks),
        _rules(packs, evidence, inputs, zones.apart),
        zones.checks,
    )


def _zones_before(inputs: StudyInputs, base: Walks, zones: ZonesJudged) -> ZonesJudged | None:
    """Return the zones of a study as those of a scenario, where homes of zones stand as before."""
    same = inputs.residential is base.inputs.residential and same_streets(inputs, base.inputs)
    return zones if same else None


def _timed(beside: Beside, work: Callable[..., _Found], *arguments: Any) -> _Found:
    """Do some drawing and time it."""
    with beside("drawing"):
        return work(*arguments)


def _quality(inputs: StudyInputs, homes: Homes) -> NetworkQuality:
    """Measure network quality, with the homes inside the area and every site."""
    people = homes.weights[inputs.study.demand.group]
    table = inputs.sites.table
    rows = np.flatnonzero(~table[c.FACILITY_ID].duplicated().to_numpy())
    site = table.iloc[rows]
    return network_quality(
        inputs.network,
        Points(homes.ids, homes.x_m, homes.y_m, homes.snaps, people),
        Points(
            site[c.FACILITY_ID].to_numpy(dtype=object),
            site[c.X_M].to_numpy(float),
            site[c.Y_M].to_numpy(float),
            inputs.sites.snaps.take(rows),
            np.ones(len(rows), np.int64),
        ),
    )


def _rules(
    packs: Sequence[RulePack], evidence: Evidence, inputs: StudyInputs, apart: ApartWithin
) -> list[RuleResult]:
    """Evaluate every pack; each judges zones by its own floor-area rule."""
    law = law_of(packs)
    return [
        row
        for pack in packs
        for row in evaluate_pack(
            pack,
            evidence if pack.floor_area is law else under_law_of(pack, evidence, inputs, apart),
        )
    ]


def _drawn_over(inputs: StudyInputs, streets: Streets) -> BaseGeometry:
    """Return the area to draw in: the network's extent, clipped to 500 m around the boundary."""
    reach_m = float(inputs.study.walk.max_snap_m)
    over: BaseGeometry = shapely.buffer(streets.network.extent, reach_m)
    if inputs.area.boundary is not None:
        near = shapely.buffer(inputs.area.boundary, SERVED_BEYOND_M)
        over = shapely.intersection(over, near) if shapely.intersects(over, near) else near
    return over


def _served(
    inputs: StudyInputs, streets: Streets, judge: Judge, over: BaseGeometry
) -> tuple[gpd.GeoDataFrame, SiteAreas, float]:
    """Return the areas from which each category, all required ones, and each site are reached."""
    walk = inputs.study.walk
    sites = streets.sites
    every, _ = sites.goals(np.arange(len(sites.table)))
    drawing = drawing_over(over, streets.network, judge, judge.positions(every))
    goals = {
        category: judge.positions(sites.goals(sites.rows(category, sure=True))[0])
        for category in inputs.categories
    }
    layers: dict[str, Sequence[str]] = {category: [category] for category in goals}
    if inputs.study.circle.require:
        layers[ALL] = inputs.study.circle.require
    limits = [judge.limit_ms(cutoff) for cutoff in walk.cutoffs_min]
    rows = [
        (layer, cutoff, area)
        for layer, areas in drawing.dissolved(goals, layers, limits).items()
        for cutoff, area in zip(walk.cutoffs_min, areas, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=[c.CATEGORY, c.CUTOFF_MIN, "geometry"])
    served = gpd.GeoDataFrame(frame, geometry="geometry", crs=inputs.crs)
    own = site_areas(
        drawing, sites, judge.positions, inputs.categories, limits, most=OWN_AREAS.most
    )
    return served, own, drawing.frame.cell_m


def _left_out(study: Study, own: SiteAreas) -> list[Finding]:
    """Report sites without an area of their own on the map because there are too many."""
    if not own.left_out:
        return []
    detail = {"places": str(own.left_out), "most": str(OWN_AREAS.most)}
    return [Finding("MANY_SITE_AREAS", "note", str(study.file), detail=detail)]


def _with_snaps(table: pd.DataFrame, snaps: Snaps, network: WalkNetwork) -> pd.DataFrame:
    """Add the snapping columns to a table."""
    return typed(table.assign(**snap_columns(snaps, network)))
