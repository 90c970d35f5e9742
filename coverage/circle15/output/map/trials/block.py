"""The block of the page with which it judges sites that are tried on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from circle15.output.map.packed_columns import Column, pack_columns
from circle15.output.map.trials.degrees import NotSmoothError, degrees_of
from circle15.output.map.trials.homes import home_columns, place_columns
from circle15.output.map.trials.points import point_columns
from circle15.output.map.trials.streets import millimetres, street_columns, time_columns
from circle15.output.map.trials.walls import wall_columns
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.access.judging import Goals
    from circle15.arrays import Ints
    from circle15.planning.trials import Trials, TrialWalk
    from circle15.results.records import StudyResult

MARGIN_MM: Final = 1_000_000


def trial_block(result: StudyResult) -> tuple[dict[str, Any], bytes] | None:
    """
    Return what the page needs to judge a tried site as a run would.

    Returns
    -------
    The layout with the parameters, and the packed columns; None where no site can be tried: the
    study says so, has no people or streets, or its CRS is not smooth.
    """
    trials = result.trials
    if trials is None or not any(len(one.walked.x_m) for one in trials.walks):
        return None
    x, y = (
        np.concatenate([millimetres(v) for v in of_axis])
        for of_axis in zip(*((one.walked.x_m, one.walked.y_m) for one in trials.walks), strict=True)
    )
    box = (int(x.min()), int(y.min()), int(x.max()), int(y.max()))
    west, south, east, north = box
    try:
        degrees = degrees_of(
            result.crs,
            (west - MARGIN_MM, south - MARGIN_MM, east + MARGIN_MM, north + MARGIN_MM),
        )
    except NotSmoothError:
        return None
    origin = (west, south)
    walk = result.study.walk
    plan = place_columns(result, origin)
    walks = []
    for k, one in enumerate(trials.walks):
        made, columns = _of_walk(result, one, trials, origin)
        walks.append(made)
        plan += [Column(f"{k}_{col.name}", col.values, col.steps) for col in columns]
    layout, packed = pack_columns(plan)
    meta = {
        "columns": layout,
        "origin": origin,
        "degrees": degrees,
        "walks": walks,
        "round_trip": walk.judge == "round_trip",
        "limits_ms": {str(cutoff): ms for cutoff, ms in trials.limits_ms.items()},
        "max_snap_mm": float(walk.max_snap_m) * 1000,
        "categories": list(result.categories),
        "today": _today(result),
        "capacities": sorted(result.study.capacity),
    }
    return meta, packed


def _of_walk(
    result: StudyResult, walk: TrialWalk, trials: Trials, origin: tuple[int, int]
) -> tuple[dict[str, Any], list[Column]]:
    home = walk.graph.homeward
    made, columns = street_columns(walk, origin)
    made["homeward"] = home is not walk.graph
    if made["homeward"]:
        columns += time_columns(home, walk.graph)
    speed = walk.access_speed_m_s
    made["access_speed"] = [speed.numerator, speed.denominator]
    made["longest_leg_mm"] = walk.longest_leg_m * 1000
    columns += wall_columns(walk.network, origin)
    row, of_homes = home_columns(result, walk)
    columns += of_homes
    columns += _zones(result, row)
    cutoffs = list(trials.limits_ms)
    for k, category in enumerate(result.categories):
        bits = np.zeros(len(row), np.int64)
        for bit, cutoff in enumerate(cutoffs):
            bits |= walk.unknown[category, cutoff][row].astype(np.int64) << bit
        columns.append(Column(f"unknown_{k}", bits))
        for name, goals in (("sure", walk.sure), ("doubt", walk.doubtful)):
            columns += _goals(f"{name}_{k}", goals[category], walk)
    nodes, beside = walk.breaks
    near, of_nodes = point_columns("break", nodes, walk.graph)
    far, of_beside = point_columns("beside", beside, walk.graph)
    place = np.zeros(len(near), np.int64)
    place[near] = np.arange(len(near))
    columns += [*of_nodes, *of_beside, Column("beside_break", place[far])]
    return made, columns


def _zones(result: StudyResult, row: Ints) -> list[Column]:
    """Return the zones of homes; they count from 1, 0 is none."""
    demand = result.demand.iloc[result.judged.rows[row]]
    columns = []
    for name, layer, column in (
        ("street", result.area.streets, c.STREET_ID),
        ("community", result.area.communities, c.COMMUNITY_ID),
    ):
        number = {zone_id: k for k, zone_id in enumerate(layer[c.ZONE_ID], 1)}
        zones = np.array([number.get(one, 0) for one in demand[column]], np.int64)
        columns.append(Column(f"home_{name}", zones))
    return columns


def _goals(name: str, goals: Goals, walk: TrialWalk) -> list[Column]:
    row, columns = point_columns(name, goals.at, walk.graph)
    return [*columns, Column(f"{name}_owner", goals.owner[row])]


def _today(result: StudyResult) -> list[list[int | str]]:
    """Return category, cutoff, and micro-persons covered, in the gap and unknown as counted."""
    study = result.study
    return [
        [
            row.category,
            row.cutoff_min,
            row.counts.covered,
            row.counts.gap,
            row.counts.unknown,
        ]
        for row in result.coverage_rows
        if row.group == study.demand.group
        and row.speed_m_s == study.walk.speed_m_s
        and row.category in result.categories
    ]
