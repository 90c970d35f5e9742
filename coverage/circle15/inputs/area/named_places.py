"""Subdistricts and communities named by facility rows, to bound facilities without a position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.area.zone_names import plain_code, plain_name
from circle15.inputs.tables.headings import find_columns
from circle15.inputs.tables.values import clean
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Ints
    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.table_sources import Table


FIELDS: Final = ("street", "community")
"""Fields of a facility table that name a subdistrict or community; keys of `named_places`."""

_LEAST_NAME: Final = 3
"""Least length of a name that may be matched to the end of a longer one."""


def named_places(table: Table, mapping: Mapping[str, str]) -> dict[str, list[str | None]]:
    """
    Read the subdistrict and the community that each row of a facility table names.

    Parameters
    ----------
    mapping
        Headings by field, from the study; they override the list of headings.
    """
    own = {field: heading for field, heading in mapping.items() if field in FIELDS}
    columns = find_columns(table, "place", own)
    return {field: [clean(cell) for cell in table.column(columns[field])] for field in FIELDS}


def whereabouts(
    frame: pd.DataFrame, area: StudyArea
) -> tuple[dict[int, BaseGeometry | None], list[Finding]]:
    """
    Find the area in which each open facility without a position may be.

    Parameters
    ----------
    frame
        The facility table with the columns of `named_places`.

    Returns
    -------
    By row, the area of the community that it names, else of the subdistrict; None for anywhere,
    where the study has neither subdistricts nor communities. A row that names none of those of the
    study is left out, and reported in the findings.
    """
    found: dict[int, BaseGeometry | None] = {}
    findings: list[Finding] = []
    for row in np.flatnonzero(frame[c.OPEN] & frame[c.X_M].isna()).tolist():
        if not len(area.streets) and not len(area.communities):
            found[row] = None
            continue
        street, community = (frame[field].iloc[row] for field in FIELDS)
        place = _place(area, street, community)
        if place is not None:
            found[row] = place
            continue
        site = frame.iloc[row]
        detail = {"id": str(site[c.FACILITY_ID]), "places": _both(street, community)}
        code = "SITE_PLACE_UNKNOWN" if detail["places"] else "SITE_PLACE_MISSING"
        findings.append(Finding(code, "warning", site["file"], int(site["row"]), detail=detail))
    return found, findings


def _both(street: str | None, community: str | None) -> str:
    return " / ".join(name for name in (street, community) if name)


def _place(area: StudyArea, street: str | None, community: str | None) -> BaseGeometry | None:
    """Return the area of the named community within the named subdistrict, else the subdistrict.

    Several communities of one name are united, as the facility is in one of them.
    """
    of_street = _rows(area.streets, street)
    inside = _communities_of(area, street, of_street)
    named = _rows(area.communities, community)
    if len(named):
        both = np.intersect1d(named, inside)
        return _union(area.communities, both if len(both) else named)
    if len(of_street):
        return _union(area.streets, of_street)
    return _union(area.communities, inside) if len(inside) else None


def _communities_of(area: StudyArea, street: str | None, of_street: Ints) -> Ints:
    """Return the rows of the communities of a subdistrict, given by its row or code."""
    codes = {plain_code(code) for code in area.streets[c.ZONE_ID].iloc[of_street]}
    if street:
        codes.add(plain_code(street))
    belongs = [
        code is not None and plain_code(code) in codes for code in area.communities[c.STREET_ID]
    ]
    return np.flatnonzero(belongs)


def _rows(layer: gpd.GeoDataFrame, said: str | None) -> Ints:
    """Return the rows of the zones with that code or name, else whose name it ends with."""
    nothing = np.empty(0, np.int64)
    if not said or not len(layer):
        return nothing
    code, name, short = plain_code(said), normalise(said), plain_name(said)
    ids, names = layer[c.ZONE_ID].tolist(), layer[c.NAME].tolist()
    ways = (
        [plain_code(own) == code for own in ids],
        [normalise(own) == name for own in names],
        [plain_name(own) == short for own in names],
        [_ends_with(name, normalise(own)) for own in names],
    )
    return next((np.flatnonzero(fits) for fits in ways if any(fits)), nothing)


def _ends_with(said: str, name: str) -> bool:
    """
    Return whether a longer name, such as 梁溪区广益街道, ends with that of a zone.

    Only for Chinese names: "12 Church Hill" is an address and not in a zone named Hill.
    """
    return len(name) >= _LEAST_NAME and not name.isascii() and said.endswith(name)


def _union(layer: gpd.GeoDataFrame, rows: Ints) -> BaseGeometry:
    return shapely.union_all(layer.geometry.to_numpy()[rows])
