"""Check residential zones of a caller: floor area under a rule pack, and the service circle."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd

from circle15.errors import InputDataError
from circle15.inputs.frames import flags_of, ids_of, metric_crs, points_in, require_word, shapes_in
from circle15.inputs.residential import place_in_lists, require_unique_zones, zones_of
from circle15.inputs.tables.cells import Table
from circle15.inputs.tables.column_kinds import typed
from circle15.inputs.tables.values import parse_area
from circle15.results.summary.zones import zone_entry
from circle15.rules.floor_area.overlaps import zone_overlaps
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.study.settings.rules.requirements import Circle, Reading, Rules
from circle15.study.vocabulary import columns as c
from circle15.workflow.frames.findings import in_words
from circle15.workflow.frames.homes_and_sites import judge_of, sites_of
from circle15.workflow.frames.settings import NO_STUDY, walk_of
from circle15.zones.judging import check_zones as judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.inputs.residential import ResidentialZone
    from circle15.network.walk_network import WalkNetwork
    from circle15.rules.packs.load import RulePack
    from circle15.study.vocabulary.finding import Finding
    from circle15.workflow.frames.homes_and_sites import Covers
    from circle15.workflow.frames.settings import Direction, Number

Basis = Literal["households", "dwellings"]
Mixed = Literal["pooled", "split"]

_FIELDS = (
    "name",
    "kind",
    "households",
    "households_new",
    "households_existing",
    "dwellings",
    "rooms_m2",
    "pool_id",
)
_NUMBERS = (c.REQUIRED_M2, c.COUNTED_M2, c.PLAIN_SUM_M2, c.PLAIN_GAP_M2, c.SHORTFALL_M2)


def check_zones(
    zones: gpd.GeoDataFrame,
    rooms: gpd.GeoDataFrame,
    rules: RulePack,
    *,
    network: WalkNetwork | None = None,
    require: Sequence[str] = (),
    reading: Reading = "R3",
    basis: Basis = "households",
    mixed: Mixed = "pooled",
    cutoff_min: int = 15,
    covers: Covers = None,
    speed_m_s: Number | None = None,
    max_snap_m: Number = 200,
    access_speed_factor: Number = 1,
    judge: Direction = "outbound",
) -> pd.DataFrame:
    """
    Check whether residential zones have the required floor area and services in walking reach.

    Parameters
    ----------
    zones
        Polygons or points in any CRS. Columns: `zone_id` (by default the index), and if known
        `name`, `kind` (`new`, `existing`, `mixed`; null is unknown), `households`,
        `households_new`, `households_existing`, `dwellings`, `rooms_m2` (areas of the zone's own
        rooms, such as `150+80`; null is unknown, 0 is none) and `pool_id`.
    rooms
        Sites in any CRS, points or null: `category`, and if known `facility_id` (by default the
        index), `floor_area_m2`, `zone_id` (by default the polygon that contains the point),
        `open`, `position_unsure` and `duplicate_of`; `read_facilities` returns all of them.
    rules
        From `load_rules`; it must have a floor-area rule.
    network
        From `read_network` or `network_from_graph`; None checks floor areas only.
    require
        Categories of `rooms` that the service circle of a zone must contain; needs a network.
    reading
        Reading of the clause on the least area of a site: `R1`, `R2` or `R3`.
    basis
        Whether requirements count `households` or `dwellings`.
    mixed
        Whether the requirement of a mixed zone is `pooled` or `split`.
    cutoff_min
        Cutoff of the service circle, whole minutes, inclusive.
    covers
        Where the list of rooms is complete, as in `coverage`.
    speed_m_s
        Walking speed on the level, metres per second; None for that of the network's profile.
    max_snap_m
        Longest straight access leg between a point and the network, metres, inclusive.
    access_speed_factor
        Speed on the access leg as a factor of the walking speed.
    judge
        Time from home to site (`outbound`), or there and back together (`round_trip`).

    Returns
    -------
    A row per zone, with the caller's index: `zone_id`, `verdict` (`met`, `not_met`,
    `not_applicable`, `undetermined`), `reason`, `required_m2`, `counted_m2`, `plain_sum_m2`,
    `plain_gap_m2`, `shortfall_m2` (null if unknown), the verdicts `R1`, `R2` and `R3`, and whether
    they differ (`reading_dependent`). For each required category `<category>_state`,
    `<category>_worst_s` and `<category>_median_s` (seconds; null if unknown or beyond 60 minutes,
    for round trips beyond twice the cutoff) and `<category>_share_inside` (0–1).
    `attrs["findings"]` lists the findings.

    Raises
    ------
    CrsError
        If a layer has no CRS, or lies outside the area of use of its CRS.
    InputDataError
        If the pack has no floor-area rule, an id is repeated, a value is not a number, the
        households of a zone contradict its kind, or `require` is given without a network.

    Examples
    --------
    >>> import circle15 as c15
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> zones = gpd.GeoDataFrame(
    ...     {"kind": ["new"], "households": [1500], "rooms_m2": ["0"]}, index=["N-1"],
    ...     geometry=[box(500000, 3490000, 500200, 3490200)], crs="EPSG:4549")
    >>> rooms = gpd.GeoDataFrame(
    ...     {"category": ["home_care_station"], "floor_area_m2": [400]},
    ...     geometry=[Point(500100, 3490100)], crs="EPSG:4549")
    >>> found = c15.check_zones(zones, rooms, c15.load_rules("liangxi-2025"))
    >>> found[["required_m2", "counted_m2", "shortfall_m2", "verdict"]]
         required_m2  counted_m2  shortfall_m2  verdict
    N-1        450.0       400.0          50.0  not_met
    """
    for name, word, known in (
        ("reading", reading, get_args(Reading)),
        ("basis", basis, get_args(Basis)),
        ("mixed", mixed, get_args(Mixed)),
    ):
        require_word(name, word, known)
    if rules.floor_area is None:
        raise InputDataError(
            f"the pack {rules.id!r} has no floor-area rule.",
            file="rules",
            mend="Pass one that has.",
        )
    settings = Rules(reading=reading, basis=basis, mixed=mixed)
    crs = metric_crs(zones, "zones") if network is None else network.crs
    own, findings = _zones(zones, crs)
    by_id = sorted(own, key=place_in_lists)
    if network is None:
        if require:
            raise InputDataError("needs a network.", file="require", mend="Pass `network`.")
        table = _rooms(rooms).assign(
            **dict(zip((c.X_M, c.Y_M), points_in(rooms, crs, "rooms"), strict=True))
        )
        table = table.sort_values([c.FACILITY_ID, c.CATEGORY], ignore_index=True)
        floor, of_rooms = check_floor_areas(by_id, table, rules.floor_area, settings)
        findings += [*of_rooms, *zone_overlaps(by_id)]
        checks = [ZoneCheck(zone, *floor[zone.zone_id], ()) for zone in by_id]
    else:
        walk = walk_of(
            network,
            speed_m_s=speed_m_s,
            cutoffs_min=(cutoff_min,),
            max_snap_m=max_snap_m,
            access_speed_factor=access_speed_factor,
            judge=judge,
        )
        more = _rooms(rooms)
        goals = sites_of(
            rooms,
            network,
            walk,
            covers=covers,
            more={str(name): more[name] for name in more},
            what="rooms",
        )
        missing = [one for one in require if one not in goals.categories]
        if missing:
            raise InputDataError(
                f"no room has the category {missing[0]!r}.",
                file="require",
                mend=f"Categories of the rooms: {', '.join(goals.categories)}.",
            )
        table = goals.sites.table
        study = replace(NO_STUDY, walk=walk, rules=settings, circle=Circle(tuple(require)))
        judging = judge_of(network, goals.sites, walk)
        found = judged(by_id, judging, study, [rules])
        checks, findings = found.checks, [*findings, *found.findings]
    entries = {check.zone.zone_id: zone_entry(check, table) for check in checks}
    return _frame([entries[zone.zone_id] for zone in own], zones.index, findings)


def _zones(zones: gpd.GeoDataFrame, crs: Any) -> tuple[list[ResidentialZone], list[Finding]]:
    """Read zones as rows of a table, and what was found in them; row 1 is the first row."""
    shapes = shapes_in(zones, crs, "zones")
    cells = pd.DataFrame(
        {name: [_cell(one) for one in zones[name]] for name in _FIELDS if name in zones},
        dtype=object,
    )
    cells[c.ZONE_ID] = ids_of(zones, c.ZONE_ID, "zones")
    table = Table(Path("zones"), cells, list(range(1, len(zones) + 1)))
    columns = {name: name if name in cells else None for name in (c.ZONE_ID, *_FIELDS)}
    found, findings = zones_of(table, columns, shapes)
    require_unique_zones(found)
    return found, findings


def _cell(value: Any) -> Any:
    """Convert a value of a frame to a plain Python value; null becomes None."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _rooms(rooms: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return rooms as a facility table in the caller's order, without positions."""
    ids = ids_of(rooms, c.FACILITY_ID, "rooms")
    if c.CATEGORY not in rooms:
        raise InputDataError(
            "is not among the columns.", file="rooms", column=c.CATEGORY, mend="Add it."
        )

    def text(name: str) -> list[str | None]:
        if name not in rooms:
            return [None] * len(rooms)
        return [None if pd.isna(one) else str(one) for one in rooms[name]]

    site = [own if one is None else one for own, one in zip(ids, text(c.SITE_ID), strict=True)]
    is_open = flags_of(rooms, c.OPEN, "rooms", default=True)
    table = pd.DataFrame(
        {
            c.FACILITY_ID: pd.Series(ids, dtype=object),
            c.CATEGORY: pd.Series([str(one) for one in rooms[c.CATEGORY]], dtype=object),
            c.NAME: pd.Series([one or "" for one in text(c.NAME)], dtype=object),
            c.OPEN: is_open,
            c.OPEN_AT_PLAN: flags_of(rooms, c.OPEN_AT_PLAN, "rooms", default=False) | is_open,
            c.FLOOR_AREA_M2: pd.Series(_areas(rooms), dtype=object),
            c.ZONE_ID: pd.Series(text(c.ZONE_ID), dtype=object),
            c.SITE_ID: pd.Series(site, dtype=object),
            c.DUPLICATE_OF: pd.Series(text(c.DUPLICATE_OF), dtype=object),
            c.APPROXIMATE: pd.Series([()] * len(rooms), dtype=object),
            "file": "rooms",
            "row": np.arange(1, len(rooms) + 1),
        }
    )
    if c.APPROXIMATE in rooms:
        table[c.APPROXIMATE] = pd.Series(list(rooms[c.APPROXIMATE]), dtype=object)
    return table


def _areas(rooms: gpd.GeoDataFrame) -> list[Decimal | None]:
    """Return floor areas (m²) as decimals; None where null."""
    if c.FLOOR_AREA_M2 not in rooms:
        return [None] * len(rooms)
    found: list[Decimal | None] = []
    for label, value in zip(rooms.index, rooms[c.FLOOR_AREA_M2], strict=True):
        try:
            found.append(value if isinstance(value, Decimal) else parse_area(_cell(value)))
        except ValueError:
            raise InputDataError(
                f"{value!r} of {label!r} is not an area.",
                file="rooms",
                column=c.FLOOR_AREA_M2,
                mend="Use square metres, 0 or more, or null if unknown.",
            ) from None
    return found


def _frame(
    entries: Sequence[Mapping[str, Any]], index: pd.Index, findings: Sequence[Finding]
) -> pd.DataFrame:
    """Assemble the results of zones, a row each."""
    names = (c.ZONE_ID, c.VERDICT, c.REASON, *_NUMBERS, c.READING_DEPENDENT)
    table = {name: pd.Series([one[name] for one in entries], index, object) for name in names}
    for reading in get_args(Reading):
        table[reading] = pd.Series([one["readings"][reading] for one in entries], index, object)
    for name in _NUMBERS:
        table[name] = table[name].astype("float64")
    found = typed(pd.DataFrame(table, index=index))
    for k, circle in enumerate(entries[0]["circle"] if entries else ()):
        own = [one["circle"][k] for one in entries]
        category = circle["category"]
        found[f"{category}_state"] = pd.Series([one["state"] for one in own], index, object)
        for key in ("worst_s", "median_s", "share_inside"):
            values = [math.nan if one[key] is None else float(one[key]) for one in own]
            found[f"{category}_{key}"] = pd.Series(values, index, "float64")
    found.attrs["findings"] = in_words(findings)
    return found
