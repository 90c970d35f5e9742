"""Sites that may be one, or one building listed by several rows: only listed, each counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from circle15.inputs.duplicates import DUPLICATE_M
from circle15.inputs.shapes import points_at
from circle15.study import columns as c
from circle15.study.categories import normalise
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator

SIMILAR_M: Final = 200.0
"""Sites whose names are one name, whole and short, are listed up to here."""

_LISTED_SINGLY = 500
_SHORTEST_NAME = 4
_BRANCH: Final = re.compile(r"分[站部院店点點]|分中心|[一二三四五六七八九十\d]+号?[店站点]")


def list_similar(frame: pd.DataFrame, issues: list[Issue]) -> None:
    """
    List pairs of sites that are merely similar; nothing is left out for it.

    Two sites of one category are similar if they are 20 m apart or less and have other names, or
    200 m and one name is the other or its short form (阳光食堂, 阳光社区食堂), unless one says
    that it is a branch. Each site is compared with those at its own place and with the nearest.
    Rows of other categories with one name and place but other ids are listed too: their floor
    area counts for each of them.

    Parameters
    ----------
    frame
        Columns `facility_id`, `category`, `name`, `x_m`, `y_m`, `duplicate_of`, `file`, `row`.
    """
    placed = frame[frame[c.X_M].notna() & frame[c.DUPLICATE_OF].isna()].reset_index(drop=True)
    names = np.array([normalise(name) for name in placed[c.NAME]], dtype=object)
    found = []
    for _, group in placed.groupby(c.CATEGORY, sort=True):
        for a, b, metres in _near_pairs(group):
            if _similar(names[a], names[b], metres):
                found.append(_pair("SIMILAR_SITES", placed, a, b, metres))
    found += [_pair("SAME_BUILDING", placed, a, b, 0.0) for a, b in _one_building(placed, names)]
    if len(found) > _LISTED_SINGLY:
        detail = {"pairs": str(len(found))}
        issues.append(Issue("MANY_SIMILAR_SITES", "note", found[0].file, detail=detail))
    else:
        issues += found


def _near_pairs(group: pd.DataFrame) -> Iterator[tuple[int, int, float]]:
    """Pairs of rows at one place, and of each row with the nearest at another place."""
    for _, same in group[group.duplicated([c.X_M, c.Y_M], keep=False)].groupby([c.X_M, c.Y_M]):
        first, *others = same.index
        yield from ((first, other, 0.0) for other in others)
    points = points_at(group[c.X_M].to_numpy(np.float64), group[c.Y_M].to_numpy(np.float64))
    (own, other), metres = shapely.STRtree(points).query_nearest(
        points, max_distance=SIMILAR_M, exclusive=True, all_matches=False, return_distance=True
    )
    index = group.index.to_numpy()
    pairs = {
        (min(a, b), max(a, b)): float(d)
        for a, b, d in zip(index[own], index[other], metres, strict=True)
    }
    yield from ((int(a), int(b), metres) for (a, b), metres in sorted(pairs.items()))


def _similar(one: str, other: str, metres: float) -> bool:
    if not one or not other:
        return False
    if metres <= DUPLICATE_M:
        return one != other
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_NAME or bool(_BRANCH.search(one)) != bool(_BRANCH.search(other)):
        return False
    letters = iter(long)  # each search goes on where the last one ended
    return all(letter in letters for letter in short)


def _one_building(placed: pd.DataFrame, names: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of rows of other categories and ids with one name and place."""
    keyed = placed.assign(_name=names)
    keyed = keyed[keyed["_name"] != ""]
    keys = ["_name", c.X_M, c.Y_M]
    for _, same in keyed[keyed.duplicated(keys, keep=False)].groupby(keys, sort=True):
        first, *others = same.index
        for other in others:
            if placed[c.FACILITY_ID][other] != placed[c.FACILITY_ID][first]:
                yield first, other


def _pair(code: str, placed: pd.DataFrame, a: int, b: int, metres: float) -> Issue:
    later = placed.loc[b]
    detail = {
        "facility_id": str(later[c.FACILITY_ID]),
        "other": str(placed.loc[a, c.FACILITY_ID]),
        "metres": f"{metres:.0f}",
    }
    return Issue(code, "note", str(later["file"]), int(placed["row"].to_numpy()[b]), detail=detail)
