"""Report sites that may be duplicates, and join rows that list one building."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from circle15.inputs.facilities.duplicates import DUPLICATE_M, first_near, stretches
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.arrays import Floats, Ints


SIMILAR_M: Final = 200.0
"""Distance up to which sites are reported if one name is a short form of the other."""

_LISTED_SINGLY = 500

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
    same = group[group.duplicated([c.X_M, c.Y_M], keep=False)]
    same = same.sort_values([c.X_M, c.Y_M], kind="stable")
    rows = same.index.tolist()
    for start, end in stretches(same[[c.X_M, c.Y_M]]):
        yield from ((rows[start], rows[k], 0.0) for k in range(start + 1, end))
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
    # Without a longest distance: with one, each search first lists all points within it.
    one, other = STRtree(points).query_nearest(points, exclusive=True, all_matches=True)
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
    keyed = keyed[keyed.duplicated("_name", keep=False)].sort_values("_name", kind="stable")
    ids = frame[c.FACILITY_ID].to_numpy()
    states = _states(frame)
    pairs: list[tuple[str, int, int]] = []
    site_of: dict[str, str] = {}
    for first, *further in _places(keyed):
        others = [other for other in further if ids[other] != ids[first]]
        if not others:
            continue
        one = _may_be_one([states[row] for row in (first, *others)])
        code = "SAME_BUILDING" if one else "ROOMS_OF_BUILDING"
        pairs += [(code, first, other) for other in others]
        if one:
            site_of |= {ids[other]: site_of.get(ids[first], ids[first]) for other in others}
    joined = frame.assign(**{c.SITE_ID: [site_of.get(own, own) for own in ids]})
    if len(pairs) > _LISTED_SINGLY:
        file = str(frame["file"].to_numpy()[pairs[0][2]])
        return joined, [Finding("MANY_BUILDINGS", "note", file, detail={"pairs": str(len(pairs))})]
    return joined, [_pair(code, frame, first, other, 0.0) for code, first, other in pairs]


def _places(keyed: pd.DataFrame) -> Iterator[list[int]]:
    """Yield the rows of one name within 20 m of a first one, name by name."""
    rows = keyed.index.to_numpy()
    categories = keyed[c.CATEGORY].to_numpy(object)
    xy = keyed[[c.X_M, c.Y_M]].to_numpy(np.float64)
    for start, end in stretches(keyed[["_name"]]):
        if len(set(categories[start:end])) == 1:
            continue  # rows of one category are marked as duplicates
        first = first_near(xy[start:end])
        order = np.argsort(first, kind="stable")
        bounds = np.flatnonzero(np.diff(first[order])) + 1
        yield from (place.tolist() for place in np.split(rows[start:end][order], bounds))


def _states(frame: pd.DataFrame) -> list[tuple[object, object]]:
    """Return the floor area of each row, None for none, and a number of its other state."""
    areas = frame[c.FLOOR_AREA_M2].astype(object)
    areas = areas.where(areas.notna(), None)
    others = [pd.factorize(frame[name])[0] for name in (c.OPEN, c.OPEN_AT_PLAN, c.ZONE_ID)]
    return list(zip(areas, zip(*others, strict=True), strict=True))


def _may_be_one(states: Sequence[tuple[object, object]]) -> bool:
    """Return whether the rows of a site do not contradict each other."""
    areas = {area for area, _ in states if area is not None}
    return len(areas) <= 1 and len({other for _, other in states}) == 1


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
