"""Subdistricts, communities and residential zones as data for the map's script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle15.inputs.crs.degrees import SCALE, lon_lat
from circle15.output.charts.zone_borders import borders
from circle15.output.map.choices import zone_counts, zone_served
from circle15.output.map.equity import zone_equity
from circle15.output.map.geometry import encode_lines, encode_polygons
from circle15.output.text.numbers import area_or_none, clock
from circle15.rules.floor_area.readings import READINGS
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import category_label

if TYPE_CHECKING:
    import geopandas as gpd

    from circle15.inputs.crs.degrees import Flat
    from circle15.results.records import StudyResult
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.study.languages import Language

_LABEL_TOLERANCE_M = 20.0


def zone_layers(result: StudyResult) -> dict[str, list[dict[str, Any]]]:
    """
    Return subdistricts and communities: outline, label position, people by state, source.

    `served` has the people by class under `[capacity]`, by category with `per_person`; `equity`
    is that of `zone_equity`.
    """
    counts, served, equity = zone_counts(result), zone_served(result), zone_equity(result)
    area = result.area
    layers = {
        "street": (area.streets, area.source.streets),
        "community": (area.communities, area.source.communities),
    }
    found = {}
    for level, (layer, source) in layers.items():
        outlines = encode_polygons(list(layer.geometry), result.crs)
        labels = _label_places(layer, result)
        rows = zip(layer[c.ZONE_ID], layer[c.NAME], outlines, labels, strict=True)
        found[level] = [
            {
                "id": zone_id,
                "name": name or zone_id,
                "shape": outline,
                "label": label,
                "counts": counts.get((level, zone_id), {}),
                "served": served.get((level, zone_id), {}),
                "equity": equity.get((level, zone_id), {}),
                "source": f"{source.file.name}: {source.id} = {zone_id}" if source else "",
            }
            for zone_id, name, outline, label in rows
        ]
    return found


def zone_borders(result: StudyResult) -> dict[str, list[Flat]]:
    """Encode the borders of subdistricts and of communities as lines, each section once."""
    area = result.area
    layers = {"street": area.streets, "community": area.communities}
    return {
        level: encode_lines(borders(list(layer.geometry), area.boundary), result.crs)
        for level, layer in layers.items()
    }


def _label_places(layer: gpd.GeoDataFrame, result: StudyResult) -> list[list[int]]:
    """Return the centre of the largest inscribed circle of each zone, where a label fits best."""
    shapes: Any = layer.geometry.to_numpy()
    circles: Any = shapely.maximum_inscribed_circle(shapes, tolerance=_LABEL_TOLERANCE_M)
    middles = shapely.get_coordinates(shapely.get_point(circles, 0))
    lon, lat = lon_lat(middles[:, 0], middles[:, 1], result.crs)
    places: list[list[int]] = np.round(np.column_stack([lon, lat]) * SCALE).astype(int).tolist()
    return places


def residential_rows(result: StudyResult, language: Language) -> list[dict[str, Any]]:
    """
    Return residential zones with their floor-area results and walking times.

    A zone has an outline (`shape`) or a point (`at`), or neither if it has no position. Numbers
    and times are text as the report prints them; null is unknown.
    """
    shapes = [_polygonal(check) for check in result.zone_checks]
    outlines = encode_polygons(shapes, result.crs)
    rows = []
    for check, outline in zip(result.zone_checks, outlines, strict=True):
        zone = check.zone
        row: dict[str, Any] = {
            "id": zone.zone_id,
            "name": zone.name or zone.zone_id,
            "kind": zone.kind,
            "households": area_or_none(zone.households),
            "shape": outline,
            "at": _point(check, result),
            "source": f"{zone.file}:{zone.row}",
            "verdict": "",
            "sheet": _sheet(check),
            "circle": _circle(check, result, language),
        }
        if check.sheet is not None:
            row["verdict"] = str(check.sheet.verdict)
        rows.append(row)
    return rows


def _polygonal(check: ZoneCheck) -> Any:
    shape: Any = check.zone.shape
    is_area = shape is not None and shape.geom_type in {"Polygon", "MultiPolygon"}
    return shape if is_area else None


def _point(check: ZoneCheck, result: StudyResult) -> list[int] | None:
    shape: Any = check.zone.shape
    if shape is None or shape.is_empty or _polygonal(check) is not None:
        return None
    middle = shapely.point_on_surface(shape)
    lon, lat = lon_lat(np.array([middle.x]), np.array([middle.y]), result.crs)
    return [round(lon[0] * SCALE), round(lat[0] * SCALE)]


def _sheet(check: ZoneCheck) -> dict[str, Any] | None:
    sheet = check.sheet
    if sheet is None:
        return None
    return {
        "pool": sheet.zone_id if len(sheet.zones) > 1 else None,
        "households": area_or_none(sheet.households),
        "required": area_or_none(sheet.required_m2),
        "counted": area_or_none(sheet.counted_m2, apart_from=sheet.required_m2),
        "plain_sum": area_or_none(sheet.plain_sum_m2, apart_from=sheet.required_m2),
        "plain_gap": area_or_none(sheet.plain_gap_m2),
        "shortfall": area_or_none(sheet.shortfall_m2),
        "reading": sheet.reading,
        "readings": {reading: str(sheet.readings[reading]) for reading in READINGS},
        "reading_dependent": sheet.reading_dependent,
    }


def _circle(check: ZoneCheck, result: StudyResult, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "label": category_label(one.category, language, result.study.categories),
            "state": one.state,
            "worst": clock(one.worst_s),
        }
        for one in check.circle
    ]
