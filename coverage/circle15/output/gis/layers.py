"""The layers and tables of a result for geographic information systems, in the study CRS."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle15.access.states import STATE_WORDS
from circle15.output.gis.basis_columns import basis_columns
from circle15.output.gis.candidate_layer import NUMBERS, TEXTS, candidate_columns
from circle15.output.gis.gap_layer import gap_area_rows
from circle15.output.gis.scenario_layers import LINKS, WHOLE, scenario_layers
from circle15.output.gis.scenario_layers import TEXTS as SCENARIO_TEXTS
from circle15.output.gis.supply_columns import (
    equity_columns,
    home_columns,
    site_columns,
    zone_columns,
)
from circle15.output.text.wording import printable
from circle15.output.text.zone_words import FIGURES
from circle15.results.figures import catchments_by_row, headline_category, zone_counts
from circle15.results.states_by_choice import states_by_choice
from circle15.results.summary.building import persons_by_state
from circle15.results.summary.json_numbers import finite
from circle15.rules.floor_area.readings import READINGS
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from circle15.access.counting import CatchmentCount
    from circle15.results.records import StudyResult
    from circle15.rules.floor_area.zone_checks import ZoneCheck

WALK_NETWORK = "walk_network"


def result_layers(result: StudyResult) -> dict[str, gpd.GeoDataFrame]:
    """
    Return the layers of a result by name, in drawing order.

    Ids are text, people are persons with decimals, areas m², times seconds; null is unknown.
    Times and states are for the circle's cutoff at the judged speed. The streets are left out
    where the study says so.
    """
    streets = {WALK_NETWORK: _walk_network(result)} if result.study.output.walk_network else {}
    layers = streets | {
        "isochrones": _isochrones(result),
        "zones": _zones(result),
        "residential_zones": _residential_zones(result),
        "gap_areas": _gap_areas(result),
        "demand": _demand(result),
        "facilities": _facilities(result),
    }
    if result.siting:
        layers["candidates"] = _candidates(result)
    return layers | _scenarios(result)


def result_tables(result: StudyResult) -> dict[str, pd.DataFrame]:
    """Return the tables without shapes: `equity` and, where land is judged, `coverage_basis`."""
    tables = {"equity": pd.DataFrame(equity_columns(result))}
    if result.areas:
        tables["coverage_basis"] = pd.DataFrame(basis_columns(result))
    return tables


def geometry_type(name: str, frame: gpd.GeoDataFrame) -> str:
    """Return the geometry type of a layer: of residential zones, that of its shapes."""
    return {
        WALK_NETWORK: "LineString",
        "isochrones": "MultiPolygon",
        "zones": "MultiPolygon",
        "residential_zones": _type_of_zones(frame),
        "gap_areas": "MultiPolygon",
        "demand": "Point",
        "facilities": "Point",
        "candidates": "Point",
        "scenario_differences": "Point",
        "scenario_sites": "Point",
        LINKS: "LineString",
    }[name]


def _type_of_zones(frame: gpd.GeoDataFrame) -> str:
    """Return the geometry type of a zone layer: Point, MultiPolygon, or Unknown if mixed."""
    kinds = set(frame.geom_type.dropna())
    if kinds == {"Point"}:
        return "Point"
    return "MultiPolygon" if kinds and kinds <= {"Polygon", "MultiPolygon"} else "Unknown"


def _frame(columns: dict[str, Any], geometry: Any, result: StudyResult) -> gpd.GeoDataFrame:
    """Build a layer in the study CRS from typed columns and geometries."""
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=list(geometry), crs=result.crs)


def _words(values: Sequence[object]) -> pd.Series[str]:
    # Most values occur many times; each is cleaned once.
    codes, words = pd.factorize(np.array(values, dtype=object))
    clean = [printable(word) if isinstance(word, str) else None for word in words]
    return pd.Series(np.array([*clean, None], dtype=object)[codes], dtype="str")


def _numbers(values: Sequence[Any]) -> pd.Series[float]:
    known = [
        float(v) if isinstance(v, int | float | Decimal | Fraction) else np.nan for v in values
    ]
    return pd.Series(known, dtype="float64")


def _points(table: pd.DataFrame) -> list[Any]:
    points: Any = shapely.points(table[c.X_M].to_numpy(), table[c.Y_M].to_numpy())
    return [p if placed else None for p, placed in zip(points, table[c.X_M].notna(), strict=True)]


def _walk_network(result: StudyResult) -> gpd.GeoDataFrame:
    table = result.network.table()
    columns: dict[str, Any] = {name: table[name] for name in table.columns if name != "geometry"}
    columns[c.EDGE_ID] = table[c.EDGE_ID].astype("str")  # made of digits alone
    columns["kind"] = _words(list(table["kind"]))
    names = result.network.names
    columns[c.NAME] = _words([names.get(way) for way in result.network.way_id.tolist()])
    relief = result.network.relief
    if relief is not None:
        columns["ascent_m"], columns["descent_m"] = relief.ascent_m, relief.descent_m
        columns["slope_ratio_fwd"], columns["slope_ratio_bwd"] = relief.ratio_fwd, relief.ratio_bwd
    return _frame(columns, table["geometry"], result)


def _isochrones(result: StudyResult) -> gpd.GeoDataFrame:
    # Largest cutoff first, so that smaller areas lie on top.
    served = result.served.sort_values([c.CATEGORY, c.CUTOFF_MIN], ascending=[True, False])
    columns = {
        c.CATEGORY: _words([str(v) for v in served[c.CATEGORY]]),
        c.CUTOFF_MIN: served[c.CUTOFF_MIN].to_numpy(np.int64),
    }
    shapes = [None if g.is_empty else g for g in served.geometry]
    return _frame(columns, shapes, result)


def _zones(result: StudyResult) -> gpd.GeoDataFrame:
    """Subdistricts, then communities: people of the headline, supply of each category."""
    category = headline_category(result)
    circle = result.study.walk.circle_min
    rows: list[dict[str, Any]] = []
    shapes = []
    for level, layer in (("street", result.area.streets), ("community", result.area.communities)):
        found = zone_counts(result, level)
        for zone in layer.to_dict("records"):
            row = found.get((zone[c.ZONE_ID], category or ""))
            counts = row.counts if row else None
            people = (
                persons_by_state(counts)
                if counts
                else dict.fromkeys(("persons", "covered", "gap", "unknown"))
            )
            share = counts.share_covered if counts else None
            rows.append(
                {
                    "level": level,
                    c.ZONE_ID: zone[c.ZONE_ID],
                    c.NAME: zone[c.NAME],
                    c.CATEGORY: category,
                    c.CUTOFF_MIN: circle,
                    **people,
                    "share_covered": share,
                }
            )
            shapes.append(zone["geometry"])
    texts = ("level", c.ZONE_ID, c.NAME, c.CATEGORY)
    numbers = ("persons", "covered", "gap", "unknown", "share_covered")
    columns: dict[str, Any] = {key: _words([row[key] for row in rows]) for key in texts}
    columns[c.CUTOFF_MIN] = pd.Series([row[c.CUTOFF_MIN] for row in rows], dtype="int64")
    columns |= {key: _numbers([row[key] for row in rows]) for key in numbers}
    places = [(str(row["level"]), str(row[c.ZONE_ID])) for row in rows]
    columns |= {key: _numbers(values) for key, values in zone_columns(result, places).items()}
    return _frame(columns, shapes, result)


def _residential_zones(result: StudyResult) -> gpd.GeoDataFrame:
    checks = result.zone_checks
    sheets = [check.sheet for check in checks]
    columns: dict[str, Any] = {
        c.ZONE_ID: _words([check.zone.zone_id for check in checks]),
        c.NAME: _words([check.zone.name for check in checks]),
        "pool_id": _words([check.pool_id for check in checks]),
        "kind": _words([check.zone.kind for check in checks]),
    }
    for key in FIGURES:
        columns[key] = _numbers([getattr(sheet, key, None) for sheet in sheets])
    for reading in READINGS:
        columns[reading] = _words([s.readings[reading].value if s else None for s in sheets])
    columns["reading_dependent"] = pd.Series(
        [bool(s and s.reading_dependent) for s in sheets], dtype=bool
    )
    columns["verdict"] = _words([s.verdict.value if s else "none" for s in sheets])
    for category in result.study.circle.require:
        columns |= _circle_columns(checks, category)
    return _frame(columns, [check.zone.shape for check in checks], result)


def _circle_columns(checks: Sequence[ZoneCheck], category: str) -> dict[str, Any]:
    found = [next((k for k in check.circle if k.category == category), None) for check in checks]
    return {
        f"{category}_state": _words([k.state if k else None for k in found]),
        f"{category}_median_s": _numbers([finite(k.median_s) if k else None for k in found]),
        f"{category}_worst_s": _numbers([finite(k.worst_s) if k else None for k in found]),
        f"{category}_share_inside": _numbers([k.share_inside if k else None for k in found]),
    }


def _gap_areas(result: StudyResult) -> gpd.GeoDataFrame:
    columns, shapes = gap_area_rows(result)
    whole = {"rank", "cells"}
    texts = ("area_id", c.CATEGORY, "place", "reason", c.FACILITY_ID)
    typed: dict[str, Any] = {
        key: pd.Series(values, dtype="int64") if key in whole else _numbers(values)
        for key, values in columns.items()
        if key not in texts
    }
    told = {key: _words(columns[key]) for key in texts}
    return _frame(told | typed, shapes, result)


def _demand(result: StudyResult) -> gpd.GeoDataFrame:
    table = result.demand.reset_index(drop=True)
    columns: dict[str, Any] = {c.DEMAND_ID: _words(list(table[c.DEMAND_ID]))}
    for balance in result.population.balances:
        columns[balance.group] = table[c.weight_column(balance.group)] / c.MICRO
    columns[c.IN_AREA] = table[c.IN_AREA].astype(bool)
    for key in (c.STREET_ID, c.COMMUNITY_ID, c.EDGE_ID):
        columns[key] = _words(list(table[key]))
    columns |= {key: table[key].astype("float64") for key in (c.FRACTION, c.ACCESS_M)}
    columns[c.SNAP_CODE] = _words(list(table[c.SNAP_CODE]))
    columns |= _judged(result)
    columns |= home_columns(result)
    return _frame(columns, _points(table), result)


def _judged(result: StudyResult) -> dict[str, Any]:
    """Seconds and state of each demand point by category, for the slowest walkers; null outside."""
    circle, states = result.study.walk.circle_min, states_by_choice(result)
    columns: dict[str, Any] = {}
    for category, one in result.judged_as(result.drawn).items():
        seconds = np.where(one.time_ms < 0, np.nan, one.time_ms / 1000)
        columns[f"{category}_s"] = result.of_demand(seconds, np.nan)
        columns[f"{category}_state"] = _state_words(states[category, circle])
    if (ALL, circle) in states:
        columns[f"{ALL}_state"] = _state_words(states[ALL, circle])
    return columns


def _state_words(state: npt.NDArray[np.int8]) -> pd.Series[str]:
    """Return state codes as words; -1 (not judged) becomes null."""
    return pd.Series(np.array([*STATE_WORDS, None], dtype=object)[state], dtype="str")


def _facilities(result: StudyResult) -> gpd.GeoDataFrame:
    table = result.facilities.reset_index(drop=True)
    group = result.study.demand.group
    reach = catchments_by_row(result)
    columns: dict[str, Any] = {
        key: _words(list(table[key])) for key in (c.FACILITY_ID, c.CATEGORY, c.NAME, c.STATUS)
    }
    columns |= {
        key: table[key].astype(bool).to_numpy() for key in (c.OPEN, c.IN_AREA, c.POSITION_UNSURE)
    }
    for key in (c.FLOOR_AREA_M2, *c.CAPACITIES):
        columns[key] = _numbers(list(table[key]))
    for key in (c.STREET_ID, c.COMMUNITY_ID, c.ZONE_ID, c.DUPLICATE_OF, c.EDGE_ID, c.SNAP_CODE):
        columns[key] = _words(list(table[key]))
    columns |= {key: table[key].to_numpy(np.float64) for key in (c.FRACTION, c.ACCESS_M)}
    found = [reach.get(k) for k in range(len(table))]
    columns["catchment_persons"] = _numbers(
        [k.persons[group] / c.MICRO if k else None for k in found]
    )
    for k, cutoff in enumerate(result.study.walk.cutoffs_min[:-1]):
        columns[f"catchment_persons_{cutoff}_min"] = _numbers(
            [_within(one, group, k) for one in found]
        )
    columns["persons_only_here"] = _numbers(
        [k.persons_only_here[group] / c.MICRO if k else None for k in found]
    )
    columns |= {key: _numbers(values) for key, values in site_columns(result).items()}
    return _frame(columns, _points(table), result)


def _candidates(result: StudyResult) -> gpd.GeoDataFrame:
    table, counted = candidate_columns(result)
    columns: dict[str, Any] = {key: _words(list(table[key])) for key in TEXTS}
    columns |= {key: _numbers(list(table[key])) for key in NUMBERS}
    return _frame(columns | counted, _points(table), result)


def _scenarios(result: StudyResult) -> dict[str, gpd.GeoDataFrame]:
    found = {}
    for name, (columns, shapes) in scenario_layers(result).items():
        typed: dict[str, Any] = {}
        for key, values in columns.items():
            if key in WHOLE:
                typed[key] = pd.Series(values, dtype="int64")
            else:
                typed[key] = _words(values) if key in SCENARIO_TEXTS else _numbers(values)
        found[name] = _frame(typed, shapes, result)
    return found


def _within(one: CatchmentCount | None, group: str, k: int) -> float | None:
    """Return the persons within the k-th cutoff of a facility; None if not counted."""
    counted = one.persons_within.get(group) if one else None
    return counted[k] / c.MICRO if counted else None
