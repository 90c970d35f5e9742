"""Refuse positions in a datum whose shift to WGS 84 is not known, unless the study accepts it."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import CRS
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from circle15.errors import CrsError
from circle15.inputs.crs.among_streets import note_far_rows
from circle15.inputs.crs.belts import require_own_area
from circle15.inputs.crs.positions import WGS84, is_modern, transform
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circle15.arrays import Floats, Ints
    from circle15.inputs.tables.cells import Table
    from circle15.study.database_tables import Source
    from circle15.study.vocabulary.finding import Severity


_AROUND_DEG: Final = 0.05
_WORST_M: Final = 50.0
"""A less accurate shift is treated as unknown."""


@dataclass
class _Shifts:
    """Whether unknown shifts are accepted while a study is read, and the findings in order."""

    accepted: bool
    found: list[Finding] = field(default_factory=list)


_reading: ContextVar[_Shifts | None] = ContextVar("reading", default=None)


@contextmanager
def shifts_noted(*, accepted: bool) -> Iterator[list[Finding]]:
    """
    Collect findings on layers in an old datum, and set whether unknown shifts are accepted.

    Outside this context unknown shifts are refused, and known ones are not reported.

    Yields
    ------
    A list that receives `SHIFT_KNOWN` and `SHIFT_UNKNOWN`, one for each layer and datum.
    """
    shifts = _Shifts(accepted)
    token = _reading.set(shifts)
    try:
        yield shifts.found
    finally:
        _reading.reset(token)


def note_shifts_again(findings: Iterable[Finding]) -> None:
    """Add findings on layers in an old datum that were read before, each once."""
    shifts = _reading.get()
    if shifts is not None:
        shifts.found += [one for one in findings if one not in shifts.found]


def require_known_place(
    x: Floats, y: Floats, source: CRS, file: Source, *, rows: Ints | None = None
) -> None:
    """
    Refuse positions outside the area of their CRS, or in a datum without a known shift.

    Parameters
    ----------
    x, y
        Positions or vertices as in the file, shape (n,); not finite where there is none.
    source
        CRS of the file.
    file
        The file, for messages.
    rows
        Row of each, ascending, shape (n,): rows far from the streets are reported.

    Raises
    ------
    CrsError
        With the belts that the values fit, or the ways to handle the datum.
    """
    placed = np.isfinite(x) & np.isfinite(y)
    if not placed.any():
        return
    x, y = x[placed], y[placed]
    lonlat = transform(x, y, source, WGS84)
    require_own_area(x, y, lonlat, source, file)
    require_known_shift(x, y, source, file)
    if rows is not None:
        note_far_rows(*lonlat, rows[placed], file)


def require_known_shapes(table: Table, source: CRS) -> None:
    """Apply `require_known_place` to the shapes of a table."""
    if table.geometry is None:
        return
    xy, owner = shapely.get_coordinates(table.geometry.to_numpy(), return_index=True)
    rows = np.array(table.rows, np.int64)[owner]
    require_known_place(xy[:, 0], xy[:, 1], source, table.file, rows=rows)


def require_known_shift(
    x: Floats, y: Floats, source: CRS, file: Source, *, column: str = "crs"
) -> None:
    """
    Refuse positions in a datum whose shift to WGS 84 is not known where they lie.

    PROJ would treat such a datum as WGS 84 (a "ballpark" transformation): Xi'an 80 and Beijing 54
    are then silently off by 50 to 150 m.

    Raises
    ------
    CrsError
        With the ways to handle the datum, unless the study accepts it.
    """
    if is_modern(source):
        return
    lon, lat = transform(x, y, source, WGS84)
    known = np.isfinite(lon) & np.isfinite(lat)
    if not known.any():
        return  # no position at all, which another check reports
    middle = float(np.median(lon[known])), float(np.median(lat[known]))
    if not (abs(middle[0]) <= 180 and abs(middle[1]) <= 90):
        return
    geodetic = source.geodetic_crs
    name = source.name if source.is_bound or geodetic is None else geodetic.name
    accuracy_m = _accuracy_m(source, round(middle[0], 1), round(middle[1], 1))
    if accuracy_m is not None:
        _note("SHIFT_KNOWN", "note", file, {"datum": name, "accuracy_m": accuracy_m})
        return
    shifts = _reading.get()
    if shifts is None or not shifts.accepted:
        raise CrsError(
            f"is in {name}, and the shift from that datum to WGS 84 is not known at "
            f"{middle[0]:.2f}, {middle[1]:.2f}: its positions would be off by up to 150 m.",
            file=file,
            column=column,
            mend="Have the layer converted to CGCS2000 or WGS 84 with the parameters of the "
            "surveying bureau, give a CRS with +towgs84, or accept the error with "
            "[study] unknown_shift = 'accept'.",
        )
    _note("SHIFT_UNKNOWN", "warning", file, {"datum": name})


def _note(code: str, severity: Severity, file: Source, detail: dict[str, str]) -> None:
    """Add a finding once, if a study is being read."""
    shifts, finding = _reading.get(), Finding(code, severity, file.name, detail=detail)
    if shifts is not None and finding not in shifts.found:
        shifts.found.append(finding)


@lru_cache(maxsize=64)
def _accuracy_m(source: CRS, lon: float, lat: float) -> str | None:
    """Return the accuracy of the best shift for the land around a place; None without one."""
    if source.is_bound:
        return "—"
    d = _AROUND_DEG
    around = AreaOfInterest(
        max(lon - d, -180), max(lat - d, -90), min(lon + d, 180), min(lat + d, 90)
    )
    with warnings.catch_warnings():  # warns of a better shift whose grid is not installed
        warnings.simplefilter("ignore", UserWarning)
        group = TransformerGroup(
            source,
            WGS84,
            always_xy=True,
            allow_ballpark=False,
            area_of_interest=around,  # type: ignore[arg-type]  # pyproj's stub has a namesake
        )
    for one in group.transformers:
        where = getattr(one.area_of_use, "name", "")  # a shift given by +towgs84 has none
        at_sea = "offshore" in where and "onshore" not in where
        if not at_sea and one.accuracy <= _WORST_M:
            return "—" if one.accuracy < 0 else f"{one.accuracy:g}"
    return None
