"""Where people live within a zone: residential buildings, by the volume that is lived in."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.errors import InputDataError
from circle15.inputs.tables import find_columns
from circle15.inputs.values import clean, parse_number
from circle15.inputs.zones import read_polygons
from circle15.study.categories import normalise
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import numpy.typing as npt
    from pyproj import CRS

    from circle15.inputs.tables import Table
    from circle15.study.databases import Source

    Floats = npt.NDArray[np.float64]

STOREY_M: Final = 3.0
"""Height of a storey, where a building states its height and no number of floors."""
_MOST_FLOORS: Final = 200
_USES_SHOWN: Final = 8


@dataclass(frozen=True)
class Buildings:
    """
    Residential buildings.

    Attributes
    ----------
    x_m, y_m : shape (n,)
        A point inside of each, study CRS, rounded to the millimetre.
    volume_m3 : shape (n,)
        Ground area × floors × 3 m, or × height.
    n_read
        Buildings in the file, of whatever use.
    """

    x_m: Floats
    y_m: Floats
    volume_m3: Floats
    n_read: int


def read_buildings(
    path: Source,
    crs: CRS,
    issues: list[Issue],
    *,
    sheet: str | None = None,
    residential: Sequence[str] = (),
    datum: str | None = None,
) -> Buildings:
    """
    Read the residential buildings of a layer.

    Parameters
    ----------
    residential
        Uses that count beside the known ones, as they stand in the layer.
    datum
        Of the layer, as in `read_polygons`.

    Returns
    -------
    Floors go before height. A building without either gets the median of the layer's others; all
    have one storey where none states anything. Without a column of uses every building counts.
    Each of these is listed.

    Raises
    ------
    InputDataError
        If the layer holds anything but polygons, or no residential building.
    """
    table, shapes = read_polygons(path, crs, issues, sheet=sheet, datum=datum)
    columns = find_columns(table, "building", {})
    lived_in = _lived_in(table, columns["use"], residential, issues)
    if not lived_in.any():
        raise InputDataError(
            "holds no residential building.",
            file=path,
            column=columns["use"],
            mend=f"Add the uses that are to `residential`. Uses: {_uses(table, columns['use'])}.",
        )
    height_m = _heights(table, columns, lived_in, issues)
    homes = shapes[lived_in]
    inner = shapely.point_on_surface(homes)
    return Buildings(
        np.round(shapely.get_x(inner), 3),
        np.round(shapely.get_y(inner), 3),
        shapely.area(homes) * height_m,
        len(shapes),
    )


@cache
def _known_uses() -> frozenset[str]:
    text = resources.files("circle15.inputs").joinpath("building_uses.toml").read_text("utf-8")
    return frozenset(map(normalise, tomllib.loads(text)["residential"]))


def _lived_in(
    table: Table, column: str | None, added: Sequence[str], issues: list[Issue]
) -> npt.NDArray[np.bool_]:
    if column is None:
        issues.append(Issue("BUILDINGS_WITHOUT_USE", "warning", table.file.name))
        return np.ones(len(table.rows), np.bool_)
    known = _known_uses() | {normalise(use) for use in added}
    uses = [clean(cell) for cell in table.column(column)]
    lived_in = np.array([use is not None and normalise(use) in known for use in uses], np.bool_)
    if not lived_in.all():
        detail = {"buildings": str(int((~lived_in).sum())), "uses": _uses(table, column, known)}
        issues.append(
            Issue("BUILDINGS_NOT_LIVED_IN", "note", table.file.name, column=column, detail=detail)
        )
    return lived_in


def _uses(table: Table, column: str | None, known: frozenset[str] | set[str] = frozenset()) -> str:
    """Name the commonest uses that are not known as residential, with their numbers."""
    uses = Counter(clean(cell) or "—" for cell in table.column(column))
    others = [(use, n) for use, n in uses.items() if normalise(use) not in known]
    others.sort(key=lambda pair: (-pair[1], pair[0]))
    shown = [f"{use} {n}" for use, n in others[:_USES_SHOWN]]
    return ", ".join(shown) + (" …" if len(others) > _USES_SHOWN else "")


def _heights(
    table: Table,
    columns: dict[str, str | None],
    lived_in: npt.NDArray[np.bool_],
    issues: list[Issue],
) -> Floats:
    """Heights of the residential buildings, metres."""
    floors = _numbers(table, columns["floors"], _MOST_FLOORS, issues)[lived_in]
    height = _numbers(table, columns["height_m"], _MOST_FLOORS * 5, issues)[lived_in]
    found = np.where(np.isfinite(floors), floors * STOREY_M, height)
    unknown = ~np.isfinite(found)
    if unknown.all():
        issues.append(Issue("BUILDINGS_WITHOUT_HEIGHT", "warning", table.file.name))
        return np.full(len(found), STOREY_M)
    if unknown.any():
        median = float(np.median(found[~unknown]))
        detail = {"buildings": str(int(unknown.sum())), "height_m": f"{median:g}"}
        issues.append(Issue("HEIGHTS_FILLED", "warning", table.file.name, detail=detail))
        found[unknown] = median
    return found


def _numbers(table: Table, column: str | None, most: int, issues: list[Issue]) -> Floats:
    """Read positive numbers; NaN where blank, 0, or listed as unreadable."""
    found = np.full(len(table.rows), np.nan)
    if column is None:
        return found
    for i, (cell, row) in enumerate(zip(table.column(column), table.rows, strict=True)):
        try:
            number: Decimal | None = parse_number(cell)
        except ValueError:
            number = None
            issues.append(table.finding("UNREADABLE", row, column, value=str(cell)))
        if number is not None and not 0 <= number <= most:
            issues.append(table.finding("UNREADABLE", row, column, value=str(cell)))
        elif number:
            found[i] = float(number)
    return found
