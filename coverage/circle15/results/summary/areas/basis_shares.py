"""Coverage by people, residential land and residential buildings for `summary.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.access.areas.covered_areas import FLOOR_AREA, FOOTPRINT, LAND
from circle15.results.figures import coverage_row
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.access.areas.covered_areas import AreaRow
    from circle15.access.counting import Claimed
    from circle15.results.records import StudyResult
    from circle15.results.summary.areas.basis_entries import (
        AreaBasis,
        BasisEntry,
        BasisShares,
        BuildingsBasis,
        SomeBasis,
    )
    from circle15.study.settings.records import Study


def basis_parameters(study: Study) -> SomeBasis:
    """Return `[coverage_basis]`; nothing where the study has none."""
    land, buildings = study.coverage_basis.land, study.coverage_basis.buildings
    if land is None and buildings is None:
        return {}
    return {
        "coverage_basis": {
            "land": None if land is None else {"file": land.file.name, "where": land.where},
            "buildings": None
            if buildings is None
            else {
                "file": buildings.file.name,
                "unknown_use": buildings.unknown_use,
                "residential": list(buildings.residential),
            },
        }
    }


def basis_entries(result: StudyResult) -> list[BasisEntry]:
    """Return the shares by people, land and buildings, for every category and cutoff."""
    group = result.study.demand.group
    found: list[BasisEntry] = []
    for row in result.areas:
        people = coverage_row(result, row.category, cutoff_min=row.cutoff_min)
        if people is not None:
            found.append(
                {
                    "category": row.category,
                    "cutoff_min": row.cutoff_min,
                    "people": {"group": group, **_shares(people.circles)},
                    "residential_land": _area(result, row, LAND),
                    "buildings": _buildings(result, row),
                }
            )
    return found


def _buildings(result: StudyResult, row: AreaRow) -> BuildingsBasis | None:
    footprint, floor_area = _area(result, row, FOOTPRINT), _area(result, row, FLOOR_AREA)
    if footprint is None or floor_area is None:
        return None
    return {"footprint": footprint, "floor_area": floor_area}


def _area(result: StudyResult, row: AreaRow, key: str) -> AreaBasis | None:
    layer = result.living.land if key == LAND else result.living.buildings
    if layer is None or key not in row.areas:
        return None
    circles = row.areas[key]
    counts = circles.counts
    return {
        "total_m2": counts.persons / c.MICRO,
        "covered_m2": counts.covered / c.MICRO,
        "gap_m2": counts.gap / c.MICRO,
        "unknown_m2": counts.unknown / c.MICRO,
        "outside_m2": layer.areas.outside_m2[key],
        **_shares(circles),
    }


def _shares(circles: Claimed) -> BasisShares:
    return {
        "share_covered": circles.counts.share_covered,
        "share_by_circles": circles.share,
        "share_covered_of_judged": circles.walking_of_judged,
        "share_by_circles_of_judged": circles.share_of_judged,
    }
