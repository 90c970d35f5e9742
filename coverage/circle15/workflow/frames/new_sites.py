"""Where new sites should go, for GeoDataFrames, by the same rules as for a study."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from circle15.access.assignment.classes import room_of
from circle15.access.assignment.pairs import places_of
from circle15.access.assignment.serving import WAYS
from circle15.errors import InputDataError
from circle15.inputs.frames import area_in, ids_of, people_of, points_in, require_once, require_word
from circle15.inputs.tables.column_kinds import typed
from circle15.network.snapping import snap_to_network
from circle15.planning.people import Walking, sites_in_circle
from circle15.planning.plan_counts import new_sites
from circle15.planning.posing import posed
from circle15.planning.proposals import UNITS, after_of, unmet_limits
from circle15.planning.reach import pairs_of_today
from circle15.planning.shared_room import Room
from circle15.planning.siting.locating import locate
from circle15.planning.staying_out import staying_out
from circle15.study.settings.siting import MostPer, Siting
from circle15.study.vocabulary import columns as c
from circle15.workflow.frames.amounts import amounts_of, each_asks
from circle15.workflow.frames.homes_and_sites import FACILITY, homes_of, judge_of, sites_of
from circle15.workflow.frames.settings import exact, walk_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from typing import Literal

    from circle15.access.assignment.serving import Way
    from circle15.access.judging import Judge
    from circle15.arrays import Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.planning.plan_counts import NewSite, Planned
    from circle15.planning.posing import Posed
    from circle15.study.settings.records import Walk
    from circle15.workflow.frames.homes_and_sites import Homes, JudgedSites
    from circle15.workflow.frames.settings import Direction, Number

    Layer = gpd.GeoDataFrame | gpd.GeoSeries
    Objective = Literal["people", "everybody", "minutes", "served"]

_OBJECTIVES: Final = ("people", "everybody", "minutes", "served")


def locate_sites(
    homes: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    add: int | None = None,
    existing: gpd.GeoDataFrame | None = None,
    persons: str = c.PERSONS,
    objective: Objective = "people",
    budget: Number | None = None,
    until_share: Number | None = None,
    phases: Sequence[int] = (),
    min_persons: Number | None = None,
    most_per: int | None = None,
    per: str | None = None,
    floor: Number | None = None,
    floor_by: str | None = None,
    backup: bool = False,
    capacity: str = c.CAPACITIES[0],
    per_person: Number | None = None,
    way: Way = "nearest_first",
    cutoff_min: int = 15,
    covers: Layer | None = None,
    speed_m_s: Number | None = None,
    max_snap_m: Number = 200,
    access_speed_factor: Number = 1,
    judge: Direction = "outbound",
    time_limit_s: Number = 60,
) -> gpd.GeoDataFrame:
    """
    Choose the candidates that newly cover most people, with a bound on any plan.

    Parameters
    ----------
    homes
        Points in any CRS, as for `coverage`, with a column of people.
    candidates
        Points in any CRS. Optional columns: `candidate_id` (default: the index as text; ties go to
        the first) and `cost`. Candidates that cannot be joined to the network reach no homes.
    network
        From `read_network` or `network_from_graph`.
    add
        Largest number of sites.
    existing
        Existing sites, as for `coverage`, of one category; None if there are none.
    persons
        Column of `homes`: people of each, 0 or more, never null.
    objective
        `people` (most people newly covered), `everybody` (the fewest sites that cover all people
        the candidates can cover; without `add`), `minutes` (least total walking time; people who
        reach no site count with an hour, for round trips with twice the cutoff) or `served` (most
        people served within the capacity of existing and new sites).
    budget
        Largest total cost of the sites, in the unit of `cost`.
    until_share
        Use the fewest sites that cover this share of the people (0–1).
    phases
        Number of sites in each phase, instead of `add`; each phase keeps the sites before it.
    min_persons
        Smallest number of people that a site must newly cover.
    most_per, per
        Largest number of sites for each value of the column `per` of `candidates`; nulls are not
        limited.
    floor, floor_by
        Share (0–1) to be covered first for each value of the column `floor_by` of `homes`.
    backup
        Count people who have a second site within the circle.
    capacity
        For `served`: column of `candidates`, 0 or more, never null, and of `existing`, where null
        means unknown: no people in the circle of such a site, or of one with an uncertain position,
        count as newly served.
    per_person
        For `served`: units of capacity that one person needs, more than 0.
    way
        For `served`: how people are assigned, as for `assign_capacity`.
    cutoff_min
        The circle: whole minutes up to 60, inclusive.
    covers
        Area in which the list of existing sites is complete, as for `coverage`.
    speed_m_s
        Walking speed on the level, metres per second; None for that of the network's profile.
    max_snap_m
        Longest straight leg between a point and the network, metres, inclusive.
    access_speed_factor
        Speed on the leg as a factor of the walking speed.
    judge
        Time from home to the site (`outbound`), or there and back together (`round_trip`).
    time_limit_s
        Seconds of processor time for the search: it sets the amount of work that is done.

    Returns
    -------
    The chosen rows of `candidates` in the order of building, with their index and CRS and the
    columns `order` (from 1), `phase`, `persons_reached` (within the circle), `persons_newly` (in a
    gap today and not covered by a site before it), `persons_settled` (state unknown today; not
    counted as newly covered), `time_s` (mean walk of people newly covered; null if none) and, for
    `served`, `persons_served` (how many more `assign_capacity` serves with the site).
    `attrs["siting"]` describes the plan: `value` and `bound` in the unit `counted` (`people`
    covered or `served`, `minutes` walked, or `sites`), `gap` (their difference as a share, 0–1),
    `proven`, `seconds`, `persons_covered`, `persons_gap`, `persons_beyond` (not in the circle of
    any candidate) and `unmet` (limits that cannot be met: name, asked, possible).

    Raises
    ------
    CrsError
        If a layer has no CRS, or lies outside the area of use of its CRS.
    InputDataError
        If a geometry is not a point, an id is not unique, a column is missing, a parameter is out
        of range, or there are fewer candidates than sites to choose.

    Examples
    --------
    >>> import circle15 as c15
    >>> import geopandas as gpd
    >>> import networkx as nx
    >>> street = nx.MultiDiGraph(crs="EPSG:4549")
    >>> street.add_nodes_from([(7, {"x": 5e5, "y": 3.49e6}), (8, {"x": 506e3, "y": 3.49e6})])
    >>> edge = street.add_edge(7, 8, highway="residential")
    >>> network = c15.network_from_graph(street)
    >>> def points(x, **columns):
    ...     place = gpd.points_from_xy(x, [3490010] * len(x))
    ...     return gpd.GeoDataFrame(columns, geometry=place, crs="EPSG:4549")
    >>> homes = points([501500, 502900, 503100, 504500], persons=[10, 20, 40, 30])
    >>> candidates = points([502200, 503000, 503800], name=["west", "middle", "east"])
    >>> found = c15.locate_sites(homes, candidates, network, add=2, cutoff_min=15)
    >>> found[["name", "order", "persons_newly"]]
         name  order  persons_newly
    2    east      1           70.0
    0    west      2           30.0
    >>> found.attrs["siting"]["value"], found.attrs["siting"]["proven"]
    (100.0, True)
    """
    walk = walk_of(
        network,
        speed_m_s=speed_m_s,
        cutoffs_min=[cutoff_min],
        max_snap_m=max_snap_m,
        access_speed_factor=access_speed_factor,
        judge=judge,
    )
    require_word("objective", objective, _OBJECTIVES)
    require_word("way", way, WAYS)
    if (objective == "served") != (per_person is not None):
        mend = "per_person goes with the objective 'served', and 'served' with per_person."
        raise InputDataError("must be given with its counterpart.", file="per_person", mend=mend)
    each = None if per_person is None else each_asks(per_person)
    settings = _settings(
        objective=objective,
        add=add,
        budget=budget,
        until_share=until_share,
        phases=phases,
        min_persons=min_persons,
        most_per=most_per,
        street_floor=floor,
        backup=backup,
        time_limit_s=time_limit_s,
    )
    for one, other, word in ((most_per, per, "per"), (floor, floor_by, "floor_by")):
        if (one is None) != (other is None):
            mend = "Name the column to group by." if other is None else "Give the number."
            raise InputDataError("must be given with its counterpart.", file=word, mend=mend)
    origins = homes_of(homes, network, walk)
    micro = people_of(homes, persons, "homes")
    table, rows = _candidates(candidates, network, per)
    if settings.sites is not None and settings.sites > len(table):
        raise InputDataError(
            f"is {settings.sites:,}, but there are only {len(table):,} candidates.",
            file="add",
            mend="Use a smaller number, or give more candidates.",
        )
    there = _Existing.of(existing, covers, network, walk)
    people = _people(there.judge, there.category, origins, micro, backup=backup)
    room = None
    if each is not None:
        own = amounts_of(candidates.iloc[rows], capacity, "candidates")
        _require_all(own, table, capacity)
        today = None if existing is None else amounts_of(existing, capacity, "existing")
        room = there.room(people, origins.ids, own, today, each=each, way=way)
    snaps = snap_to_network(
        table[c.X_M].to_numpy(), table[c.Y_M].to_numpy(), network, max_snap_m=float(walk.max_snap_m)
    )
    number = _numbers(homes, floor_by, "homes")
    problem = posed(settings, table, [people], {network.profile: snaps}, street=number, room=room)
    planned = new_sites(problem, locate(problem.problem), there.ids)
    found = _chosen(candidates, planned.sites, rows)
    if room is not None:
        found["persons_served"] = [one.served / c.MICRO for one in planned.sites]
    found.attrs["siting"] = _of_plan(problem, planned)
    return found


def _settings(**given: Any) -> Siting:
    """Build the question, with the checks of a study's question."""
    numbers = ("budget", "until_share", "min_persons", "street_floor", "time_limit_s")
    for key in numbers:
        if given[key] is not None:
            given[key] = exact(_NAMES.get(key, key), given[key])
    for key in ("add", "most_per"):
        if given[key] is not None:
            given[key] = _above_zero(key, given[key])
    most = given.pop("most_per")
    given["most_per"] = None if most is None else MostPer("street", most)
    given["phases"] = tuple(_above_zero("phases", one) for one in given["phases"])
    settings = Siting(FACILITY, **given)
    try:
        settings.check_numbers()
    except InputDataError as error:
        name = str(error.column)
        raise InputDataError(error.found, file=_NAMES.get(name, name), mend=error.mend) from None
    return settings


_NAMES: Final = {"street_floor": "floor"}


def _above_zero(name: str, number: object) -> int:
    whole = int(exact(name, number, whole=True))
    if whole < 1:
        raise InputDataError(f"is {whole}.", file=name, mend="It must be 1 or more.")
    return whole


def _candidates(
    candidates: gpd.GeoDataFrame, network: WalkNetwork, per: str | None
) -> tuple[pd.DataFrame, Ints]:
    """Return the candidates ordered by id, and the row of each in the caller's frame."""
    x_m, y_m = points_in(candidates, network.crs, "candidates")
    ids = ids_of(candidates, c.CANDIDATE_ID, "candidates")
    require_once(ids, "candidates", f"Give each candidate its own {c.CANDIDATE_ID}.")
    rows = np.argsort(np.array(ids, dtype=str), kind="stable").astype(np.int64)
    zone = _numbers(candidates, per, "candidates")
    cost: list[Any] = [None] * len(ids)
    if c.COST in candidates:
        cost = [None if pd.isna(one) else exact(c.COST, one) for one in candidates[c.COST]]
    table = pd.DataFrame(
        {
            c.CANDIDATE_ID: ids,
            c.X_M: x_m,
            c.Y_M: y_m,
            c.COST: cost,
            c.STREET_ID: [None if one < 0 else str(one) for one in zone.tolist()],
        }
    )
    return typed(table.iloc[rows].reset_index(drop=True)), rows


def _numbers(frame: pd.DataFrame, column: str | None, what: str) -> Ints:
    """Number the values of a column; -1 for null, and for all rows if `column` is None."""
    if column is None:
        return np.full(len(frame), -1, np.int64)
    if column not in frame:
        raise InputDataError(
            "is not among the columns.",
            file=what,
            column=column,
            mend=f"Columns: {', '.join(map(str, frame.columns))}.",
        )
    return pd.factorize(frame[column], sort=True)[0].astype(np.int64)


def _require_all(amounts: Sequence[Decimal | None], table: pd.DataFrame, column: str) -> None:
    """Refuse candidates without a capacity."""
    lacking = table[c.CANDIDATE_ID][[one is None for one in amounts]].tolist()
    if lacking:
        raise InputDataError(
            f"is null for {len(lacking):,} candidates, first '{lacking[0]}'.",
            file="candidates",
            column=column,
            mend="Give each candidate its capacity, or leave those without it out.",
        )


@dataclass(frozen=True)
class _Existing:
    """The existing sites, what judges homes by them, their category and ids."""

    judge: Judge
    category: str
    sites: JudgedSites

    @classmethod
    def of(
        cls,
        existing: gpd.GeoDataFrame | None,
        covers: Layer | None,
        network: WalkNetwork,
        walk: Walk,
    ) -> _Existing:
        """Join the existing sites to the network."""
        nothing = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=network.crs))
        found = sites_of(nothing if existing is None else existing, network, walk, covers=covers)
        if len(found.categories) > 1:
            raise InputDataError(
                f"has sites of several categories: {', '.join(found.categories)}.",
                file="existing",
                mend="Give those of one category.",
            )
        category = found.categories[0] if found.categories else FACILITY
        shape = network.extent if covers is None else area_in(covers, network.crs, "covers")
        sites = replace(found.sites, covers={category: shape})
        return cls(judge_of(network, sites, walk), category, found)

    @property
    def ids(self) -> set[str]:
        """Ids of the existing sites."""
        return set(self.sites.ids)

    def room(
        self,
        people: Walking,
        home_ids: Sequence[str],
        new: Sequence[Decimal | None],
        today: Sequence[Decimal | None] | None,
        *,
        each: Decimal,
        way: Way,
    ) -> Room:
        """Find whom candidates and open existing sites can serve."""
        rows = self.judge.sites.rows(self.category, sure=False)
        unsure = self.judge.sites.table[c.POSITION_UNSURE].to_numpy(bool)[rows].tolist()
        own = [] if today is None else [today[row] for row in self.sites.origin[rows].tolist()]
        stated = [None if doubtful else one for one, doubtful in zip(own, unsure, strict=True)]
        return Room(
            room_of(new, each),
            room_of(stated, each),
            np.array([one is None for one in stated], np.bool_),
            [str(one) for one in self.sites.ids.to_numpy(dtype=object)[rows]],
            pairs_of_today([people], rows),
            way,
            places_of(home_ids),
        )


def _people(judge: Judge, category: str, homes: Homes, micro: Ints, *, backup: bool) -> Walking:
    judged = judge.judge(homes.snaps, [category], x_m=homes.x_m, y_m=homes.y_m)[category]
    state = judged.states[judge.walk.circle_min]
    return Walking(
        judge,
        judge.walk.profile,
        np.arange(len(micro)),
        homes.snaps,
        micro,
        state,
        judged.time_ms,
        sites_in_circle(judge, category, homes.snaps, state, backup=backup),
    )


def _chosen(candidates: gpd.GeoDataFrame, sites: Sequence[NewSite], rows: Ints) -> gpd.GeoDataFrame:
    chosen = candidates.iloc[[int(rows[one.candidate]) for one in sites]]
    return chosen.assign(
        order=np.arange(1, len(sites) + 1),
        phase=np.array([one.phase for one in sites], np.int64),
        persons_reached=[one.reached / c.MICRO for one in sites],
        persons_newly=[one.newly / c.MICRO for one in sites],
        persons_settled=[one.settled / c.MICRO for one in sites],
        time_s=np.array(
            [np.nan if one.mean_ms is None else one.mean_ms / 1000 for one in sites], np.float64
        ),
    )


def _of_plan(posed: Posed, planned: Planned) -> dict[str, Any]:
    """Return the figures of the whole plan."""
    solution = planned.solution
    out = staying_out(posed, [site.candidate for site in planned.sites])
    after = after_of(posed, planned, out)
    unit = UNITS[solution.counted]
    return {
        "counted": solution.counted,
        "value": float(Fraction(solution.value, unit)),
        "bound": float(Fraction(solution.bound, unit)),
        "gap": float(solution.gap),
        "proven": solution.is_proven,
        "seconds": solution.seconds,
        "persons_covered": after.after.covered / c.MICRO,
        "persons_gap": after.after.gap / c.MICRO,
        "persons_beyond": after.beyond / c.MICRO,
        "unmet": [
            (one.limit, float(one.asked), None if one.possible is None else float(one.possible))
            for one in unmet_limits(posed, solution)
        ],
    }
