"""Where a new site may stand: points of a file or along the streets that can be joined."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import shapely

from circle15.inputs.area.study_area import assign_points
from circle15.inputs.facilities.duplicates import PlacesApart
from circle15.inputs.tables.column_kinds import typed
from circle15.network.joining_across import snap_across
from circle15.network.snapping import SnapCode, snap_to_network
from circle15.planning.point_names import numbered, street_names
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats
    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.facilities.candidate_table import CandidateTable
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Walk
    from circle15.study.settings.siting import Siting
    from circle15.study.vocabulary.finding import Severity

MOVED_M: Final = 2000.0
"""A candidate that cannot be joined is moved no further than this."""


@dataclass(frozen=True)
class Candidates:
    """
    Candidates at which a site can be joined to the streets.

    Attributes
    ----------
    table
        Ordered by `candidate_id` as text: `candidate_id`, `name`, `x_m`, `y_m` (study CRS),
        `floor_area_m2`, `cost`, the capacity fields (Decimal or None), `street_id`,
        `community_id`.
    snaps
        Where they join the streets of the study's profile, a row each.
    left_out
        How many others there are, by why they are none: its code in `issues.csv`. With those of
        `table` they are all rows of the file.
    excluded_m : float64, shape (n, 2)
        Positions in the area (study CRS) of those that could be joined, and that the question
        excludes by what it asks: by `where` or `forbidden`, or for want of a cost or capacity.
    moved
        Of the rows of the file those that cannot be joined: place in `source.table` to the nearest
        point (x, y, metres) at which they could.
    source
        The file they are from; None for points along the streets.
    findings
        What was found of them, with what their file's reading found.
    """

    table: pd.DataFrame
    snaps: Snaps
    left_out: Mapping[str, int]
    moved: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    source: CandidateTable | None = None
    findings: Sequence[Finding] = ()
    excluded_m: Floats = field(default_factory=lambda: np.empty((0, 2)))

    def __len__(self) -> int:
        return len(self.table)

    @property
    def excluding(self) -> dict[str, int]:
        """Number left out for what the question asks of candidates, by why; see `excluded_m`."""
        return {code: self.left_out[code] for code in _EXCLUDING if self.left_out.get(code)}

    @property
    def moved_m(self) -> dict[int, float]:
        """Metres from each row that cannot be joined to the point of `moved`."""
        if self.source is None:
            return {}
        x_m, y_m = (self.source.table[key].to_numpy(np.float64) for key in (c.X_M, c.Y_M))
        return {
            row: float(np.hypot(x - x_m[row], y - y_m[row])) for row, (x, y) in self.moved.items()
        }


@dataclass(frozen=True)
class Ground:
    """
    What candidates are looked at against.

    Attributes
    ----------
    sites
        The facility table of the study: a candidate beside a site of its name is that site.
    forbidden
        Where no site may stand, study CRS; None for nowhere.
    needs
        The capacity field that candidates must state; None for none.
    """

    network: WalkNetwork
    area: StudyArea
    walk: Walk
    sites: pd.DataFrame
    forbidden: BaseGeometry | None = None
    needs: str | None = None


@dataclass(frozen=True)
class Located:
    """
    Points that may be candidates, where they join the streets, and in which zones they lie.

    Attributes
    ----------
    table
        A table of candidates with the zones of each; null where a point lies in none.
    snaps
        Where the points join the streets.
    inside : bool, shape (n,)
        Whether each lies in the area.
    """

    table: pd.DataFrame
    snaps: Snaps
    inside: Bools


def located(table: pd.DataFrame, network: WalkNetwork, area: StudyArea, walk: Walk) -> Located:
    """Snap a table of candidates to the streets, and find their zones."""
    x_m, y_m = table[c.X_M].to_numpy(np.float64), table[c.Y_M].to_numpy(np.float64)
    snaps = snap_to_network(x_m, y_m, network, max_snap_m=float(walk.max_snap_m))
    zones = assign_points(area, x_m, y_m)
    own = {key: zones[key].to_numpy() for key in (c.STREET_ID, c.COMMUNITY_ID)}
    return Located(typed(table.assign(**own)), snaps, zones[c.IN_AREA].to_numpy(bool))


def located_along_streets(
    network: WalkNetwork, area: StudyArea, walk: Walk, spacing_m: Decimal
) -> Located:
    """Locate points every so many metres of the streets; names tell the zone where it is needed."""
    found = located(along_streets(network, float(spacing_m)), network, area, walk)
    places = [_zone_names(area, found.table, level) for level in ("community", "street")]
    names = numbered(found.table[c.NAME].tolist(), places)
    return replace(found, table=typed(found.table.assign(**{c.NAME: names})))


def candidates_of(
    question: Siting,
    source: CandidateTable | None,
    ground: Ground,
    along: Callable[[], Located] | None = None,
) -> Candidates:
    """
    Find the candidates of a question, and why others are none.

    Parameters
    ----------
    source
        The file of the question; None takes points along the streets.
    along
        Gives these points; by default `located_along_streets` does.
    """
    network, area, walk = ground.network, ground.area, ground.walk
    if source is not None:
        placed = located(source.table, network, area, walk)
    elif along is not None:
        placed = along()
    else:
        placed = located_along_streets(network, area, walk, question.spacing_m)
    table, snaps = placed.table, placed.snaps
    x_m, y_m = table[c.X_M].to_numpy(np.float64), table[c.Y_M].to_numpy(np.float64)
    why = _why_none(question, table, snaps, placed.inside, ground)
    usable = np.flatnonzero(why == "")
    order = usable[np.argsort(table[c.CANDIDATE_ID].to_numpy(dtype=str)[usable], kind="stable")]
    found = typed(table.iloc[order].reset_index(drop=True))
    counted = Counter(str(one) for one in why if one)
    barred = np.isin(why, _EXCLUDING) & snaps.joined
    excluded_m = np.column_stack([x_m[barred], y_m[barred]])
    if source is not None and source.rows > len(table):
        counted[_NOT_MEANT] = source.rows - len(table)
    if source is None:
        return Candidates(found, snaps.take(order), counted, excluded_m=excluded_m)
    excluded_m = np.vstack([excluded_m, _inside(source.excluded_m, ground.area)])
    moved = _moved(x_m, y_m, np.isin(why, [_TOO_FAR, _BARRIER]), ground)
    findings = [*source.findings, *_findings(table, why, snaps, moved, ground)]
    findings = _once(findings, source, ground.needs)
    return Candidates(found, snaps.take(order), counted, moved, source, findings, excluded_m)


def _zone_names(
    area: StudyArea, table: pd.DataFrame, level: Literal["community", "street"]
) -> list[str]:
    """Return the name of each row's zone; empty where it lies in none."""
    key, zones = (
        (c.COMMUNITY_ID, area.communities) if level == "community" else (c.STREET_ID, area.streets)
    )
    names = dict(zip(zones[c.ZONE_ID], zones[c.NAME], strict=True))
    return [str(names.get(own) or "") for own in table[key]]


def _once(findings: Sequence[Finding], source: CandidateTable, needs: str | None) -> list[Finding]:
    """Leave out that a candidate has no cost or capacity where its cell is listed already."""
    fields = {_NO_COST: c.COST, _NO_CAPACITY: needs or ""}
    of_cells = {(one.row, one.column) for one in source.findings if one.row is not None}
    return [
        one
        for one in findings
        if one.code not in fields or (one.row, source.columns.get(fields[one.code])) not in of_cells
    ]


def _inside(points_m: Floats, area: StudyArea) -> Floats:
    """Keep the points in the area."""
    inside = assign_points(area, *points_m.T)[c.IN_AREA].to_numpy(bool)
    kept: Floats = points_m[inside]
    return kept


_NOT_MEANT: Final = "ROWS_LEFT_OUT"
"""Rows that the question's `where` excludes."""
_OUTSIDE: Final = "CANDIDATE_OUTSIDE"
_FORBIDDEN: Final = "CANDIDATE_FORBIDDEN"
_TOO_FAR: Final = "CANDIDATE_TOO_FAR"
_BARRIER: Final = "CANDIDATE_ACCESS_BARRIER"
_NO_COST: Final = "CANDIDATE_NO_COST"
_NO_CAPACITY: Final = "CANDIDATE_NO_CAPACITY"
_REPEATED: Final = "CANDIDATE_REPEATED"
_IS_SITE: Final = "CANDIDATE_IS_SITE"
_NO_POSITION: Final = "NO_POSITION"

_EXCLUDING: Final = (_NOT_MEANT, _FORBIDDEN, _NO_COST, _NO_CAPACITY)
"""Reasons by which a question excludes candidates that stand where a site could be."""


def along_streets(network: WalkNetwork, spacing_m: float) -> pd.DataFrame:
    """
    Points every so many metres of the streets that take snaps, one street after another.

    Returns
    -------
    The columns of a table of candidates; ids name the edge and the metres from its beginning, names
    the street and its nearest crossing, empty where the street has none (`street_names`).
    """
    edge = np.flatnonzero(network.snappable)
    length_m = network.length_m[edge]
    end_m = np.cumsum(length_m)
    n = int((end_m[-1] if len(edge) else 0.0) // spacing_m)
    at_m = (np.arange(n) + 0.5) * spacing_m
    k = np.searchsorted(end_m, at_m, side="right")
    along_m = at_m - (end_m[k] - length_m[k])
    on = edge[k]
    share = along_m / length_m[k]
    u, v = network.u[on], network.v[on]
    x_m = network.x_m[u] + share * (network.x_m[v] - network.x_m[u])
    y_m = network.y_m[u] + share * (network.y_m[v] - network.y_m[u])
    ids = [f"{name}+{int(m)}" for name, m in zip(network.ids_of(on), along_m.tolist(), strict=True)]
    table = pd.DataFrame(
        {
            c.CANDIDATE_ID: ids,
            c.NAME: street_names(network, on, x_m, y_m),
            c.X_M: np.round(x_m, 3),
            c.Y_M: np.round(y_m, 3),
            **dict.fromkeys((c.FLOOR_AREA_M2, c.COST, *c.CAPACITIES)),
        }
    )
    return typed(table)


def _why_none(
    question: Siting, table: pd.DataFrame, snaps: Snaps, inside: Bools, ground: Ground
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Code of the first reason for which each row is no candidate; empty for those that are."""
    x_m, y_m = table[c.X_M].to_numpy(np.float64), table[c.Y_M].to_numpy(np.float64)
    placed = np.isfinite(x_m) & np.isfinite(y_m)
    forbidden = np.zeros(len(table), np.bool_)
    if ground.forbidden is not None:
        shapely.prepare(ground.forbidden)
        forbidden = placed & shapely.intersects_xy(ground.forbidden, x_m, y_m)
    lacking = np.zeros(len(table), np.bool_)
    if ground.needs is not None:
        lacking = table[ground.needs].isna().to_numpy()
    costless = table[c.COST].isna().to_numpy() & (question.budget is not None)
    why = np.select(
        [
            ~placed,
            ~inside,
            forbidden,
            ~snaps.joined & (snaps.code.astype(str) == SnapCode.ACCESS_BARRIER),
            ~snaps.joined,
            costless,
            lacking,
        ],
        [_NO_POSITION, _OUTSIDE, _FORBIDDEN, _BARRIER, _TOO_FAR, _NO_COST, _NO_CAPACITY],
        default="",
    ).astype(object)
    sites = ground.sites
    known = sites[(sites[c.CATEGORY] == question.category) & sites[c.OPEN]]
    _mark_repeated(table, why, known)
    return why


def _mark_repeated(
    table: pd.DataFrame,
    why: np.ndarray[tuple[int], np.dtype[np.object_]],
    sites: pd.DataFrame,
) -> None:
    """
    Mark candidates that are another one, or a site that there is: in place, in `why`.

    One place, or one name within 20 m, is one site: a run would count it once.
    """
    usable = np.flatnonzero(why == "")
    usable = usable[np.argsort(table[c.CANDIDATE_ID].to_numpy(dtype=str)[usable], kind="stable")]
    x_m, y_m = table[c.X_M].tolist(), table[c.Y_M].tolist()
    there: defaultdict[str, PlacesApart] = defaultdict(PlacesApart)
    for name, x, y in zip(sites[c.NAME], sites[c.X_M], sites[c.Y_M], strict=True):
        there[normalise(name)].add(x, y, 0)
    seen: set[tuple[float, float]] = set()
    named: defaultdict[str, PlacesApart] = defaultdict(PlacesApart)
    names = [normalise(name) for name in table[c.NAME]]
    for i in usable.tolist():
        place, name = (x_m[i], y_m[i]), names[i]
        if name and there[name].near(*place) is not None:
            why[i] = _IS_SITE
        elif place in seen or (name and named[name].near(*place) is not None):
            why[i] = _REPEATED
        else:
            seen.add(place)
            named[name].add(*place, i)


def _moved(x_m: Floats, y_m: Floats, lost: Bools, ground: Ground) -> dict[int, tuple[float, float]]:
    """Find for candidates that cannot be joined the nearest point of a street where one may be."""
    rows = np.flatnonzero(lost)
    network = ground.network
    snaps = snap_across(x_m[rows], y_m[rows], network, limit_m=MOVED_M)
    found: dict[int, tuple[float, float]] = {}
    on = np.flatnonzero(snaps.joined)
    edge, share = snaps.edge[on], snaps.fraction[on]
    u, v = network.u[edge], network.v[edge]
    x = np.round(network.x_m[u] + share * (network.x_m[v] - network.x_m[u]), 3)
    y = np.round(network.y_m[u] + share * (network.y_m[v] - network.y_m[u]), 3)
    allowed = assign_points(ground.area, x, y)[c.IN_AREA].to_numpy(bool)
    if ground.forbidden is not None:
        allowed = allowed & ~shapely.intersects_xy(ground.forbidden, x, y)
    for k in np.flatnonzero(allowed).tolist():
        found[int(rows[on[k]])] = (float(x[k]), float(y[k]))
    return found


def _findings(
    table: pd.DataFrame,
    why: np.ndarray[tuple[int], np.dtype[np.object_]],
    snaps: Snaps,
    moved: Mapping[int, tuple[float, float]],
    ground: Ground,
) -> list[Finding]:
    """List the rows of a file that are no candidates, and those that are joined through a wall."""
    findings = []
    walled = (why == "") & (snaps.code.astype(str) == SnapCode.THROUGH_WALL)
    for i in np.flatnonzero((why != "") | walled).tolist():
        if why[i] == _NO_POSITION:
            continue  # listed when the position was read
        code = str(why[i]) or str(SnapCode.THROUGH_WALL)
        row = table.iloc[i]
        detail = {"id": str(row[c.CANDIDATE_ID])}
        if snaps.barrier[i] >= 0 and code in {_BARRIER, SnapCode.THROUGH_WALL}:
            name, kind = ground.network.barrier_name(int(snaps.barrier[i]))
            detail |= {"barrier": name, "kind": kind}
        if code in {_BARRIER, _TOO_FAR}:
            place = moved.get(i)
            if place is None:
                code += "_STAYS"
            else:
                metres = np.hypot(place[0] - row[c.X_M], place[1] - row[c.Y_M])
                detail["moved_m"] = f"{metres:,.0f}"
        noted = code in {_FORBIDDEN, SnapCode.THROUGH_WALL}
        severity: Severity = "note" if noted else "warning"
        findings.append(Finding(code, severity, str(row["file"]), int(row["row"]), detail=detail))
    return findings
