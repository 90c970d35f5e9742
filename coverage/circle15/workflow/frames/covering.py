"""States of homes and counts of people, by the same rules as in a study."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle15.access.counting import count_by_zone
from circle15.access.judged_people import JudgedPeople, JudgedWalk
from circle15.access.states import STATE_WORDS, all_of, any_of
from circle15.errors import InputDataError
from circle15.inputs.frames import people_of, require_once
from circle15.inputs.tables.column_kinds import typed
from circle15.results.coverage_table import coverage_blocks, coverage_table
from circle15.results.summary.building import persons_by_state
from circle15.study.settings.records import speed_ratio
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ALL, ANY
from circle15.workflow.frames.homes_and_sites import homes_of, judge_of, sites_of
from circle15.workflow.frames.settings import walk_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from circle15.arrays import Codes, Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.workflow.frames.settings import Direction, Number

    Layer = gpd.GeoDataFrame | gpd.GeoSeries


_KEYS = (c.CATEGORY, c.SPEED_M_S, c.CUTOFF_MIN)


def coverage(
    homes: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    cutoffs_min: Sequence[int] = (5, 10, 15),
    covers: Layer | Mapping[str, Layer] | None = None,
    require: Sequence[str] = (),
    speed_m_s: Number | None = None,
    max_snap_m: Number = 200,
    access_speed_factor: Number = 1,
    judge: Direction = "outbound",
    entrances: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """
    Judge whether each home is covered, a gap or unknown, by category and cutoff.

    Parameters
    ----------
    homes
        Points in any CRS, shape (n,). The index, and `demand_id` if there is such a column, must
        be unique. A geometry may be null; such a home reaches no site.
    sites
        Points in any CRS. Optional columns: `facility_id` (by default the index; converted to
        text), `category`, `open` and `position_unsure` (True or False; by default open and not
        unsure). Only open sites count. An open site without a geometry may be anywhere, or in the
        polygon (CRS of the sites) of its column `whereabouts`: homes that it might cover are
        unknown unless covered by another.
    network
        From `read_network` or `network_from_graph`.
    cutoffs_min
        Whole minutes, ascending, up to 60, each inclusive; the last one is the circle.
    covers
        Where the list of sites is complete: polygons in any CRS, or those of each category; None
        for the extent of the network. Homes from which one could walk out of it are unknown
        unless covered.
    require
        Categories that a home must reach; adds rows of the categories `any` (covered by at least
        one of them) and `all` (by each).
    speed_m_s
        Walking speed on the level, metres per second; None for that of the network's profile.
    max_snap_m
        Longest straight access leg between a point and the network, metres, inclusive.
    access_speed_factor
        Speed on the access leg as a factor of the walking speed.
    judge
        Time from home to site (`outbound`), or there and back together (`round_trip`).
    entrances
        Points with the `facility_id` of their site, which is reached at the nearest entrance.

    Returns
    -------
    A row per category, cutoff and home, with the caller's index repeated: `demand_id`, `category`,
    `speed_m_s`, `cutoff_min`, `time_s` (seconds to the nearest site whose position is not unsure;
    null beyond 60 minutes), `facility_id` (null if none), `state` (`covered`, `gap` or `unknown`)
    and `unknown_reason` (null unless unknown, and for `any` and `all`).

    Raises
    ------
    CrsError
        If a layer has no CRS, or lies outside the area of use of its CRS.
    InputDataError
        If a geometry is not a point, an id is repeated, or a parameter is out of range.

    Examples
    --------
    >>> import circle15 as c15
    >>> import geopandas as gpd
    >>> import networkx as nx
    >>> street = nx.MultiDiGraph(crs="EPSG:4549")
    >>> street.add_nodes_from([(7, {"x": 5e5, "y": 3.49e6}), (8, {"x": 502e3, "y": 3.49e6})])
    >>> edge = street.add_edge(7, 8, highway="residential")
    >>> network = c15.network_from_graph(street)
    >>> def points(ids, x):
    ...     place = gpd.points_from_xy(x, [3490010, 3490010])
    ...     return gpd.GeoDataFrame(index=ids, geometry=place, crs="EPSG:4549")
    >>> homes = points(["a", "b"], [500400, 501100])
    >>> sites = points(["clinic", "canteen"], [500100, 501000])
    >>> found = c15.coverage(homes, sites, network, cutoffs_min=[15])
    >>> found[["facility_id", "time_s", "state", "unknown_reason"]]
      facility_id  time_s    state unknown_reason
    a      clinic   320.0  covered           None
    b     canteen   120.0  covered           None
    """
    walk = walk_of(
        network,
        speed_m_s=speed_m_s,
        cutoffs_min=cutoffs_min,
        max_snap_m=max_snap_m,
        access_speed_factor=access_speed_factor,
        judge=judge,
    )
    origins = homes_of(homes, network, walk)
    goals = sites_of(sites, network, walk, covers=covers, entrances=entrances)
    if not goals.categories:
        raise InputDataError("is empty.", file="sites", mend="Pass at least one site.")
    missing = [one for one in require if one not in goals.categories]
    if missing:
        raise InputDataError(
            f"no site has the category {missing[0]!r}.",
            file="require",
            mend=f"Categories of the sites: {', '.join(goals.categories)}.",
        )
    judging = judge_of(network, goals.sites, walk)
    judged = judging.judge(origins.snaps, goals.categories, x_m=origins.x_m, y_m=origins.y_m)
    rows = np.arange(len(origins.ids))
    walks = [JudgedWalk("", Fraction(1), speed_ratio(walk.speed_m_s), judged)]
    ids = np.array(origins.ids, dtype=object), goals.ids.to_numpy(dtype=object)
    table = coverage_table(coverage_blocks(JudgedPeople(rows, walks), *ids, alike=True))
    blocks = [_plain(table)]
    for scope, combine in ((ANY, any_of), (ALL, all_of)) if require else ():
        for cutoff in walk.cutoffs_min:
            state = combine([judged[category].states[cutoff] for category in require])
            blocks.append(_combined(ids[0], scope, float(walk.speed_m_s), cutoff, state))
    found = pd.concat(blocks, ignore_index=True)
    times = len(found) // max(len(rows), 1)
    return typed(found.set_index(origins.index.take(np.tile(rows, times))))


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Convert a coverage table: seconds instead of milliseconds, plain text, null for no reason."""
    reason = table[c.UNKNOWN_REASON].astype(object)
    return pd.DataFrame(
        {
            c.DEMAND_ID: table[c.DEMAND_ID].astype(object),
            c.CATEGORY: table[c.CATEGORY].astype(object),
            c.SPEED_M_S: table[c.SPEED_M_S],
            c.CUTOFF_MIN: table[c.CUTOFF_MIN].astype(np.int64),
            c.TIME_S: table["time_ms"].to_numpy(np.float64, na_value=np.nan) / 1000,
            c.FACILITY_ID: table[c.FACILITY_ID].astype(object),
            c.STATE: table[c.STATE].astype(object),
            c.UNKNOWN_REASON: reason.mask(reason == ""),
        }
    )


def _combined(
    ids: np.ndarray, scope: str, speed_m_s: float, cutoff: int, state: Codes
) -> pd.DataFrame:
    """Return rows of the combinations `any` or `all`, which have only a state."""
    table = {
        c.DEMAND_ID: ids,
        c.CATEGORY: scope,
        c.SPEED_M_S: speed_m_s,
        c.CUTOFF_MIN: cutoff,
        c.TIME_S: np.nan,
        c.FACILITY_ID: pd.Series([None] * len(ids), dtype=object),
        c.STATE: np.array(STATE_WORDS, dtype=object)[state],
        c.UNKNOWN_REASON: pd.Series([None] * len(ids), dtype=object),
    }
    return pd.DataFrame(table)


def count_people(
    coverage: pd.DataFrame,
    homes: pd.DataFrame,
    *,
    persons: str = c.PERSONS,
    by: str | None = None,
) -> pd.DataFrame:
    """
    Count people by state, exactly: covered, gap and unknown sum to all people.

    Parameters
    ----------
    coverage
        From `coverage`, or a subset of its rows in which every home occurs once for each
        category, speed and cutoff.
    homes
        The homes that were judged, matched by index.
    persons
        Column of `homes` with the people of each, 0 or more, never null; counted in millionths.
    by
        Column of `homes` to group by, such as a subdistrict; null forms a separate group.

    Returns
    -------
    A row per category, speed and cutoff, and per value of `by`: `persons`, `covered`, `gap`,
    `unknown` (exact to the sixth decimal) and `share_covered` (0–1; null without people).

    Raises
    ------
    InputDataError
        If a number of people is missing or negative, or homes and coverage do not match.

    Examples
    --------
    >>> import circle15 as c15
    >>> import pandas as pd
    >>> judged = pd.DataFrame(
    ...     {"category": "medical", "speed_m_s": 1.0, "cutoff_min": 15,
    ...      "state": ["covered", "gap", "unknown"]}, index=["a", "b", "c"])
    >>> homes = pd.DataFrame({"persons": [10.0, 2.5, 0.5], "street": ["x", "x", "y"]}, list("abc"))
    >>> c15.count_people(judged, homes)[["persons", "covered", "gap", "unknown"]]
       persons  covered  gap  unknown
    0     13.0     10.0  2.5      0.5
    >>> c15.count_people(judged, homes, by="street")[["street", "persons", "share_covered"]]
      street  persons  share_covered
    0      x     12.5            0.8
    1      y      0.5            0.0
    """
    weight = people_of(homes, persons, "homes")
    require_once(list(homes.index), "homes", "Call reset_index(drop=True), or drop duplicates.")
    zone: Ints = np.zeros(len(homes), np.int64)
    values: list[Any] = [None]
    if by is not None:
        zone, values = _zones_of(homes, by)
    rows = []
    for key, home, state in judged_groups(coverage, homes):
        counted = count_by_zone(state, weight[home], zone[home], len(values))
        rows += [
            ({} if by is None else {by: value})
            | dict(zip(_KEYS, key, strict=True))
            | persons_by_state(counts)
            | {c.SHARE_COVERED: np.nan if (s := counts.share_covered) is None else s}
            for value, counts in zip(values, counted, strict=True)
        ]
    names = [*_KEYS, c.PERSONS, c.COVERED, c.GAP, c.UNKNOWN, c.SHARE_COVERED]
    found = typed(pd.DataFrame(rows, columns=names))
    if by is not None:
        values_of = pd.Series([row[by] for row in rows], dtype=object)
        found.insert(0, by, values_of.infer_objects() if values_of.notna().all() else values_of)
    return found


def judged_groups(
    coverage: pd.DataFrame, homes: pd.DataFrame
) -> Iterator[tuple[tuple[str, float, int], Ints, Codes]]:
    """
    Iterate over the categories, speeds and cutoffs of a coverage table.

    Yields
    ------
    (category, speed, cutoff), rows of `homes`, and the `State` code of each of these rows.

    Raises
    ------
    InputDataError
        If a column is missing, a state is not valid, or a group lacks a home, repeats one, or has
        one that is not in `homes`.
    """
    missing = [name for name in (*_KEYS, c.STATE) if name not in coverage]
    if missing:
        raise InputDataError(
            f"has no column {missing[0]!r}.",
            file="coverage",
            mend="Pass the table from `coverage`.",
        )
    codes = pd.Index(STATE_WORDS).get_indexer(pd.Index(coverage[c.STATE].astype(object)))
    row = homes.index.get_indexer(coverage.index)
    for wrong, found in ((codes < 0, "an invalid state"), (row < 0, "a home that is unknown")):
        if wrong.any():
            label = coverage.index[wrong][0]
            raise InputDataError(
                f"has {found} in {int(wrong.sum()):,} rows (first: {label!r}).",
                file="coverage",
                mend="Pass the table from `coverage` and the homes it was computed from.",
            )
    group = coverage.groupby(list(_KEYS), sort=False, observed=True).ngroup().to_numpy()
    for number in range(int(group.max(initial=-1)) + 1):
        places = np.flatnonzero(group == number)
        category, speed, cutoff = (coverage[name].iloc[int(places[0])] for name in _KEYS)
        home = row[places].astype(np.int64)
        if len(home) != len(homes) or len(np.unique(home)) != len(home):
            raise InputDataError(
                f"has {len(home):,} rows of {len(homes):,} homes for {category}, {cutoff} min.",
                file="coverage",
                mend="Pass the homes that were judged, each once, and all rows of a cutoff.",
            )
        yield (str(category), float(speed), int(cutoff)), home, codes[places].astype(np.int8)


def _zones_of(homes: pd.DataFrame, by: str) -> tuple[Ints, list[Any]]:
    """Return codes and sorted values of a column; null is the last value."""
    if by not in homes:
        raise InputDataError(
            "is not among the columns.",
            file="homes",
            column=by,
            mend=f"Columns: {', '.join(map(str, homes.columns))}.",
        )
    number, values = pd.factorize(homes[by], sort=True, use_na_sentinel=True)
    lost = number < 0
    named = [*values, *([None] if lost.any() else [])]
    return np.where(lost, len(values), number).astype(np.int64), named
