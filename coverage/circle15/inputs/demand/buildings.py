"""Read residential buildings, over whose volume the people of a zone are spread."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import read_polygons
from circle15.inputs.table_sources import find_columns
from circle15.inputs.tables.values import clean, parse_number
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt
    from pyproj import CRS

    from circle15.arrays import Floats
    from circle15.inputs.table_sources import Table
    from circle15.study.database_tables import Source
    from circle15.study.settings.words import UnknownUse


STOREY_M: Final = 3.0
"""Assumed height of a storey, metres."""
_MOST_FLOORS: Final = 200
_USES_SHOWN: Final = 8
_USES_LISTED: Final = 50
"""Number of left-out uses that get a finding each."""
_BETWEEN_USES: Final = re.compile(r"[;,、/+|]")


@dataclass(frozen=True)
class Buildings:
    """
    Residential buildings.

    Attributes
    ----------
    x_m, y_m : shape (n,)
        A point inside each building, study CRS, rounded to the millimetre.
    volume_m3 : shape (n,)
        Footprint × floors × 3 m, or × height.
    n_read
        Number of buildings in the file, of any use.
    footprint_m2 : shape (n,)
        Area of the polygon, study CRS.
    file
        Name of the file.
    """

    x_m: Floats
    y_m: Floats
    volume_m3: Floats
    n_read: int
    footprint_m2: Floats
    file: str

    @property
    def floor_area_m2(self) -> Floats:
        """Footprint × floors, shape (n,); of a stated height, a floor for every 3 m."""
        return self.volume_m3 / STOREY_M


def read_buildings(
    path: Source,
    crs: CRS,
    *,
    sheet: str | None = None,
    residential: Sequence[str] = (),
    unknown_use: UnknownUse = "lived_in",
    datum: str | None = None,
) -> tuple[Buildings, list[Finding]]:
    """
    Read the residential buildings of a layer.

    Parameters
    ----------
    residential
        Uses that count as residential beside the known ones, as written in the layer.
    unknown_use
        Whether people live in buildings without a stated use (`building=yes`, a blank value, or no
        column of uses).
    datum
        Datum of the layer, as in `read_polygons`.

    Returns
    -------
    The buildings, and findings. Floors come before height. A building without either gets the
    median of the others in the layer; all have one storey where none states either. Each use that
    is left out is reported with its buildings, their floor area and the key that includes it.

    Raises
    ------
    InputDataError
        If the layer holds geometries other than polygons, or no residential building.
    """
    table, shapes, findings = read_polygons(path, crs, sheet=sheet, datum=datum)
    columns = find_columns(table, "building", {})
    column = columns["use"]
    uses = [clean(cell) for cell in table.column(column)]
    added = {normalise(use) for use in residential}
    unknown = np.array([_is_unknown(use, added) for use in uses], np.bool_)
    lived_in = np.array([_is_lived_in(use, added) for use in uses], np.bool_)
    if unknown_use == "lived_in":
        lived_in |= unknown
    if not lived_in.any():
        raise _nobody_lives_there(path, column, uses, unknown)
    height_m, of_heights = _heights(table, columns, lived_in)
    findings += of_heights
    area_m2 = shapely.area(shapes)
    floor_area_m2 = area_m2 * height_m / STOREY_M
    named = ["" if blank else str(use) for use, blank in zip(uses, unknown, strict=True)]
    findings += _left_out(table.file.name, column, named, lived_in, floor_area_m2)
    if unknown.any():
        findings.append(_unknown(table.file.name, column, unknown, floor_area_m2, unknown_use))
    inner = shapely.point_on_surface(shapes[lived_in])
    buildings = Buildings(
        np.round(shapely.get_x(inner), 3),
        np.round(shapely.get_y(inner), 3),
        (area_m2 * height_m)[lived_in],
        len(shapes),
        area_m2[lived_in],
        table.file.name,
    )
    return buildings, findings


@cache
def _words(kind: str) -> frozenset[str]:
    """Return the words of a kind of use: `residential` or `unknown`."""
    text = (
        resources.files("circle15.inputs.demand").joinpath("building_uses.toml").read_text("utf-8")
    )
    return frozenset(map(normalise, tomllib.loads(text)[kind]))


def _is_unknown(use: str | None, added: Collection[str]) -> bool:
    """Return whether a building has no stated use; uses that the study adds are known."""
    if use is None:
        return True
    word = normalise(use)
    return word in _words("unknown") and word not in added


def _is_lived_in(use: str | None, added: Collection[str]) -> bool:
    """
    Return whether people live in a building by its use; one of several uses is enough.

    Examples
    --------
    >>> [_is_lived_in(use, {"camp"}) for use in ("House", "retail;apartments", "camp", "shed")]
    [True, True, True, False]
    """
    if use is None:
        return False
    words = {normalise(use), *map(normalise, _BETWEEN_USES.split(use))}
    return not words.isdisjoint(_words("residential")) or not words.isdisjoint(added)


def _nobody_lives_there(
    path: Source, column: str | None, uses: Sequence[str | None], unknown: npt.NDArray[np.bool_]
) -> InputDataError:
    counts = Counter(use or "—" for use in uses).most_common()
    counts.sort(key=lambda pair: (-pair[1], pair[0]))
    shown = ", ".join(f"{use} {n}" for use, n in counts[:_USES_SHOWN])
    more = " …" if len(counts) > _USES_SHOWN else ""
    mend = f"Add the residential uses to `residential`. Uses: {shown}{more}."
    if unknown.any():
        mend += ' Or set unknown_use = "lived_in" for the buildings without a use.'
    return InputDataError("holds no residential building.", file=path, column=column, mend=mend)


def _left_out(
    file: str,
    column: str | None,
    uses: Sequence[str],
    lived_in: npt.NDArray[np.bool_],
    floor_area_m2: Floats,
) -> list[Finding]:
    """
    Report each stated use that is left out, most floor area first; `""` is an unknown use.

    Uses beyond `_USES_LISTED` share one finding, which names them all.
    """
    areas: dict[str, list[float]] = {}
    spelled: dict[str, str] = {}
    for i in np.flatnonzero(~lived_in).tolist():
        if uses[i]:
            key = normalise(uses[i])
            spelled[key] = min(spelled.get(key, uses[i]), uses[i])
            areas.setdefault(key, []).append(float(floor_area_m2[i]))
    total_m2 = {key: math.fsum(own) for key, own in areas.items()}
    ranked = sorted(areas, key=lambda key: (-total_m2[key], key))

    def finding(keys: Sequence[str], code: str, **detail: str) -> Finding:
        area_m2 = math.fsum(total_m2[key] for key in keys)
        counts = {
            "buildings": f"{sum(len(areas[key]) for key in keys):,}",
            "area_m2": f"{area_m2:,.0f}",
        }
        whole_m2 = Decimal(f"{area_m2:.0f}")
        return Finding(code, "note", file, None, column, None, whole_m2, {**counts, **detail})

    found = [
        finding(
            [key],
            "USE_LEFT_OUT",
            use=spelled[key],
            quoted=json.dumps(spelled[key], ensure_ascii=False),
        )
        for key in ranked[:_USES_LISTED]
    ]
    others = ranked[_USES_LISTED:]
    if others:
        named = ", ".join(f"{spelled[key]} {len(areas[key])}" for key in others)
        found.append(finding(others, "USES_LEFT_OUT", uses=named))
    return found


def _unknown(
    file: str,
    column: str | None,
    unknown: npt.NDArray[np.bool_],
    floor_area_m2: Floats,
    taken_as: UnknownUse,
) -> Finding:
    """Report how the buildings without a use are treated, with their number and floor area."""
    area_m2 = math.fsum(floor_area_m2[unknown])
    kind = "WITHOUT_USE" if column is None else "OF_UNKNOWN_USE"
    return Finding(
        f"BUILDINGS_{kind}_{taken_as.upper()}",
        "warning",
        file,
        column=column,
        floor_area_m2=Decimal(f"{area_m2:.0f}"),
        detail={"buildings": f"{int(unknown.sum()):,}", "area_m2": f"{area_m2:,.0f}"},
    )


def _heights(
    table: Table,
    columns: dict[str, str | None],
    lived_in: npt.NDArray[np.bool_],
) -> tuple[Floats, list[Finding]]:
    """Return the heights of all buildings, metres; missing ones are filled and reported."""
    floors, of_floors = _numbers(table, columns["floors"], _MOST_FLOORS)
    height, of_heights = _numbers(table, columns["height_m"], _MOST_FLOORS * 5)
    findings = [*of_floors, *of_heights]
    found = np.where(np.isfinite(floors), floors * STOREY_M, height)
    unknown = ~np.isfinite(found)
    if unknown[lived_in].all():
        findings.append(Finding("BUILDINGS_WITHOUT_HEIGHT", "warning", table.file.name))
        median = STOREY_M
    else:
        median = float(np.median(found[lived_in & ~unknown]))
    if 0 < unknown[lived_in].sum() < lived_in.sum():
        detail = {"buildings": str(int(unknown[lived_in].sum())), "height_m": f"{median:g}"}
        findings.append(Finding("HEIGHTS_FILLED", "warning", table.file.name, detail=detail))
    return np.where(unknown, median, found), findings


def _numbers(table: Table, column: str | None, most: int) -> tuple[Floats, list[Finding]]:
    """Read positive numbers; NaN where blank, 0, or unreadable, which is reported."""
    found = np.full(len(table.rows), np.nan)
    findings: list[Finding] = []
    if column is None:
        return found, findings
    for i, (cell, row) in enumerate(zip(table.column(column), table.rows, strict=True)):
        try:
            number: Decimal | None = parse_number(cell)
        except ValueError:
            number = None
            findings.append(table.finding("UNREADABLE", row, column, value=str(cell)))
        if number is not None and not 0 <= number <= most:
            findings.append(table.finding("UNREADABLE", row, column, value=str(cell)))
        elif number:
            found[i] = float(number)
    return found, findings
