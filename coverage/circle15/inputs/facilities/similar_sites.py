"""Report sites that may be duplicates, and join rows that list one building."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from circle15.inputs.facilities.duplicates import DUPLICATE_M
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.arrays import Floats, Ints


SIMILAR_M: Final = 200.0
"""Distance up to which sites are reported if one name is a short form of the other."""

_LISTED_SINGLY = 500
_SEARCHED_M: Final = 2 * SIMILAR_M
"""Wider search distance, so that nearness is decided by our own rounding alone."""

_SHORTEST_NAME = 4
_BRANCH: Final = re.compile(
    r"分[站部院店点點]|分中心|(?<![一二三四五六七八九十\d])[一二三四五六七八九十\d]+号?[店站点]"
)


def list_similar(frame: pd.DataFrame) -> list[Finding]:
    """
    Report pairs of similar sites, all of which count.

    Two sites of one category are similar if they are at most 20 m apart and have different names,
    or at most 200 m apart and one name equals the other or its short form (阳光食堂, 阳光社区食堂),
    unless one name is that of a branch. Each site is compared with those at the same position and
    with the nearest other one.

    Parameters
    ----------
    frame
        Columns `facility_id`, `category`, `name`, `x_m`, `y_m`, `duplicate_of`, `file`, `row`.
    """
    placed = frame[frame[c.X_M].notna() & frame[c.DUPLICATE_OF].isna()].reset_index(drop=True)
    names = np.array([normalise(name) for name in placed[c.NAME]], dtype=object)
    found: list[tuple[str, int, int, float]] = []
    for _, group in placed.groupby(c.CATEGORY, sort=True):
        found += [
            ("SIMILAR_SITES", a, b, metres)
            for a, b, metres in _near_pairs(group)
            if _similar(names[a], names[b], metres)
        ]
    if len(found) > _LISTED_SINGLY:
        detail = {"pairs": str(len(found))}
        return [Finding("MANY_SIMILAR_SITES", "note", str(placed["file"][0]), detail=detail)]
    return [_pair(code, placed, a, b, metres) for code, a, b, metres in found]


def _near_pairs(group: pd.DataFrame) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of rows at one position, and of each row with the nearest other position."""
    for _, same in group[group.duplicated([c.X_M, c.Y_M], keep=False)].groupby([c.X_M, c.Y_M]):
        first, *others = same.index
        yield from ((first, other, 0.0) for other in others)
    places = group.drop_duplicates([c.X_M, c.Y_M])
    xy = places[[c.X_M, c.Y_M]].to_numpy(np.float64)
    nearest, metres = _nearest_other(xy)
    near = np.flatnonzero(metres <= SIMILAR_M)
    index = places.index.to_numpy()
    pairs = {
        (int(min(index[a], index[b])), int(max(index[a], index[b]))): float(metres[a])
        for a, b in zip(near, nearest[near], strict=True)
    }
    yield from ((a, b, apart) for (a, b), apart in sorted(pairs.items()))


def _nearest_other(xy: Floats) -> tuple[Ints, Floats]:
    """Return the nearest other position of each, the first of ties; distance inf for none."""
    nearest, metres = np.zeros(len(xy), np.int64), np.full(len(xy), np.inf)
    points = np.asarray(shapely.points(xy))
    one, other = STRtree(points).query_nearest(
        points, max_distance=_SEARCHED_M, exclusive=True, all_matches=True
    )
    order = np.lexsort((other, one))
    one, first = np.unique(one[order], return_index=True)
    nearest[one] = other[order][first]
    metres[one] = np.hypot(*(xy[one] - xy[nearest[one]]).T)
    return nearest, metres


def _similar(one: str, other: str, metres: float) -> bool:
    if not one or not other:
        return False
    if metres <= DUPLICATE_M:
        return one != other
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_NAME or bool(_BRANCH.search(one)) != bool(_BRANCH.search(other)):
        return False
    letters = iter(long)  # an iterator, so each search continues where the last one ended
    return all(letter in letters for letter in short)


def join_buildings(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """
    Give rows of different categories and ids, with one name and at most 20 m apart, one site id.

    They count for each category, and as one site with one floor area. Where they state different
    floor areas, are open at different times or name different zones, they may be different rooms
    of a building: then each counts. Both cases are reported.

    Returns
    -------
    The rows, with `site_id`, and findings.
    """
    names = pd.Series([normalise(name) for name in frame[c.NAME]], index=frame.index, dtype=object)
    placed = frame[frame[c.X_M].notna() & frame[c.DUPLICATE_OF].isna() & (names != "")]
    keyed = placed.assign(_name=names)
    ids = frame[c.FACILITY_ID].to_numpy()
    found: list[Finding] = []
    site_of: dict[str, str] = {}
    named = keyed[keyed.duplicated("_name", keep=False)].groupby("_name", sort=True)
    for first, *further in (place for _, group in named for place in _places(group)):
        others = [other for other in further if ids[other] != ids[first]]
        if not others:
            continue
        one = _may_be_one(frame.loc[[first, *others]])
        code = "SAME_BUILDING" if one else "ROOMS_OF_BUILDING"
        found += [_pair(code, frame, first, other, 0.0) for other in others]
        if one:
            site_of |= {ids[other]: site_of.get(ids[first], ids[first]) for other in others}
    joined = frame.assign(**{c.SITE_ID: [site_of.get(own, own) for own in ids]})
    if len(found) > _LISTED_SINGLY:
        detail = {"pairs": str(len(found))}
        found = [Finding("MANY_BUILDINGS", "note", found[0].file, detail=detail)]
    return joined, found


def _places(group: pd.DataFrame) -> list[list[int]]:
    """Group the rows of one name within 20 m of a first one, in their order."""
    if len(set(group[c.CATEGORY])) == 1:
        return []  # rows of one category are marked as duplicates
    xy = group[[c.X_M, c.Y_M]].to_numpy(np.float64)
    points = np.asarray(shapely.points(xy))
    tree = STRtree(points)
    free = np.ones(len(xy), np.bool_)
    places: list[list[int]] = []
    for k in range(len(xy)):
        if not free[k]:
            continue
        around = np.sort(tree.query(points[k], predicate="dwithin", distance=2 * DUPLICATE_M))
        near = around[np.hypot(*(xy[around] - xy[k]).T) <= DUPLICATE_M]
        own = near[free[near]]
        free[own] = False
        places.append(group.index[own].tolist())
    return places


def _may_be_one(rows: pd.DataFrame) -> bool:
    """Return whether the rows of a site do not contradict each other."""
    if len(set(rows[c.FLOOR_AREA_M2].dropna())) > 1:
        return False
    return len(rows[[c.OPEN, c.OPEN_AT_PLAN, c.ZONE_ID]].drop_duplicates()) == 1


def _pair(code: str, placed: pd.DataFrame, a: int, b: int, metres: float) -> Finding:
    later = placed.loc[b]
    area = later[c.FLOOR_AREA_M2]
    detail = {
        "facility_id": str(later[c.FACILITY_ID]),
        "other": str(placed.loc[a, c.FACILITY_ID]),
        "metres": f"{metres:.0f}",
    }
    return Finding(
        code,
        "note",
        str(later["file"]),
        int(placed["row"].to_numpy()[b]),
        floor_area_m2=area if code == "SAME_BUILDING" and isinstance(area, Decimal) else None,
        detail=detail,
    )
