"""Collect the contents of zone sheets beside the verdicts: routes, people, capacities."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.inputs.crs.china import lies_in_china
from circle15.inputs.crs.positions import WGS84, transform
from circle15.rules.floor_area.households import Reason, households_by_kind
from circle15.rules.floor_area.sharing import zones_to_share
from circle15.rules.floor_area.zone_checks import households_of
from circle15.study.vocabulary import columns as c
from circle15.travel.paths.records import RouteEnd
from circle15.zones.records import ExpectedPeople, Reached, ZoneDossier, ZonePapers
from circle15.zones.routes import RouteFinder, quickest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from circle15.access.judging import Judge
    from circle15.access.study_inputs import StudyInputs
    from circle15.access.zone_circle import ZoneCircle
    from circle15.arrays import Bools
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.rules.packs.load import RulePack
    from circle15.travel.paths.records import Route
    from circle15.zones.judging import ZoneHomes, ZonesJudged


def zone_papers(
    inputs: StudyInputs,
    judge: Judge,
    judged: ZonesJudged,
    packs: Sequence[RulePack],
    provenance: Mapping[str, Any],
) -> ZonePapers:
    """
    Return the contents of the zone sheets of judged residential zones.

    The route of a category runs from the farthest home (or entrance, where these are known) to its
    nearest site, and takes the worst time of the circle.
    """
    study = inputs.study
    pack = next((one for one in packs if one.floor_area is not None), None)
    reach_m = float(study.walk.speed_m_s) * 60 * study.walk.circle_min
    sharing = zones_to_share(
        judged.checks, pack.floor_area if pack else None, study.rules, reach_m=reach_m
    )
    by_id = {check.zone.zone_id: check for check in judged.checks}
    nearest = _nearest_people(inputs, judge)
    ways = _Ways(inputs, judged.homes)
    dossiers = []
    for k, check in enumerate(judged.checks):
        people, missing = expected_people(inputs, check)
        dossiers.append(
            ZoneDossier(
                check=check,
                pool=tuple(by_id[one] for one in check.pool),
                neighbours=_not_helping(check, by_id),
                reached=tuple(
                    _reached(inputs, one, nearest, ways, check=check, people=people)
                    for one in check.circle
                ),
                people=people,
                people_missing=missing,
                sharing=sharing[k],
                homes_m=_points(judged.homes, judged.homes.owner == k),
            )
        )
    where = inputs.area.boundary or inputs.network.extent
    in_china = lies_in_china(where, inputs.crs)
    return ZonePapers(
        study, pack, dossiers, provenance, in_china, inputs.letterhead, inputs.network
    )


def _points(homes: ZoneHomes, mine: Bools) -> tuple[tuple[float, float], ...]:
    return tuple(zip(homes.x_m[mine].tolist(), homes.y_m[mine].tolist(), strict=True))


def _not_helping(check: ZoneCheck, by_id: Mapping[str, ZoneCheck]) -> tuple[ZoneCheck, ...]:
    """Return the neighbours with which a zone still does not meet the law, itself included."""
    pooled = None if check.sheet is None else check.sheet.pooled
    return () if pooled is None else tuple(by_id[one] for one in pooled.zones)


def expected_people(inputs: StudyInputs, check: ZoneCheck) -> tuple[ExpectedPeople | None, str]:
    """
    Estimate people of the judged group in a zone: `households · household_size · group ÷ total`.

    The ratio is that of the study area; 1 where the judged group is `total`.

    Returns
    -------
    The people, or None with the missing input: `households`, `household_size` or `total`.
    """
    counts = households_by_kind(households_of(check.zone), "households")
    households = check.zone.households
    if not isinstance(counts, Reason):
        households = Decimal(int(sum(counts.values())))
    if households is None:
        return None, "households"
    demand = inputs.study.demand
    if demand.household_size is None:
        return None, "household_size"
    size = Fraction(demand.household_size)
    if demand.group == "total":
        return ExpectedPeople(Fraction(households), size, Fraction(1), Fraction(1)), ""
    inside = {one.group: one.inside for one in inputs.population.balances}
    if not inside.get("total") or demand.group not in inside:
        return None, "total"
    group, total = (Fraction(inside[key], c.MICRO) for key in (demand.group, "total"))
    return ExpectedPeople(Fraction(households), size, group, total), ""


def _nearest_people(inputs: StudyInputs, judge: Judge) -> dict[str, dict[int, int]]:
    """Return micro-persons of the judged group by category and row of their nearest site."""
    weights = inputs.population.demand[c.weight_column(inputs.study.demand.group)].to_numpy()
    demand = inputs.population.demand
    judged = judge.judge(
        inputs.demand_snaps,
        list(inputs.study.circle.require),
        x_m=demand[c.X_M].to_numpy(),
        y_m=demand[c.Y_M].to_numpy(),
    )
    found: dict[str, dict[int, int]] = {}
    for category, one in judged.items():
        inside = (one.time_ms >= 0) & (one.time_ms <= judge.horizon_ms) & (one.facility >= 0)
        sums = np.zeros(len(inputs.sites.table), np.int64)
        np.add.at(sums, one.facility[inside], weights[inside])
        found[category] = {int(row): int(sums[row]) for row in np.flatnonzero(sums)}
    return found


def _reached(
    inputs: StudyInputs,
    circle: ZoneCircle,
    nearest: dict[str, dict[int, int]],
    ways: _Ways,
    *,
    check: ZoneCheck,
    people: ExpectedPeople | None,
) -> Reached:
    if circle.facility < 0:
        return Reached(circle)
    site = inputs.sites.table.iloc[circle.facility]
    stated = {field: site[field] for field in c.CAPACITIES if isinstance(site[field], Decimal)}
    return Reached(
        circle=circle,
        facility_id=str(site[c.FACILITY_ID]),
        name=str(site[c.NAME] or ""),
        origin=f"{site['file']}:{site['row']}",
        capacities=stated,
        left=capacity_left(stated, people),
        others_micro=nearest[circle.category].get(circle.facility, 0),
        route=ways.to(circle),
        from_entrance=bool(check.zone.entrances),
        place_m=_place(site),
    )


def _place(site: pd.Series[Any]) -> tuple[float, float] | None:
    place = float(site[c.X_M]), float(site[c.Y_M])
    return place if all(map(math.isfinite, place)) else None


def capacity_left(
    stated: Mapping[str, Decimal], people: ExpectedPeople | None
) -> dict[str, Fraction]:
    """Return each capacity minus the expected people of a zone, as exact fractions."""
    if people is None:
        return {}
    return {field: Fraction(capacity) - people.persons for field, capacity in stated.items()}


class _Ways:
    """Finds routes from homes of zones to sites."""

    def __init__(self, inputs: StudyInputs, homes: ZoneHomes) -> None:
        self.inputs = inputs
        self.homes = homes
        self.finder = RouteFinder(inputs.study, inputs.network)

    def to(self, circle: ZoneCircle) -> Route:
        """Find the route from the farthest home to the nearest entrance of its site."""
        homes, home = self.homes, circle.worst_home
        start = (float(homes.x_m[home]), float(homes.y_m[home]))
        goals, snaps = self.inputs.sites.ends(circle.facility)
        origin = homes.snaps.take(np.array([home]))
        found = []
        for k, goal in enumerate(goals):
            x, y = (np.array(pair) for pair in zip(start, goal, strict=True))
            lon, lat = transform(x, y, self.inputs.crs, WGS84)
            ends = [RouteEnd(float(one), float(other)) for one, other in zip(lon, lat, strict=True)]
            both = origin.followed_by(snaps.take(np.array([k])))
            found.append(self.finder.find(ends[0], ends[1], [start, goal], both))
        return quickest(found)
