"""The rooms of each residential zone: its own, and the facilities that lie in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from circle15.inputs.shapes import is_polygonal, points_at
from circle15.rules.floor_area.rooms import Room
from circle15.rules.floor_area.shared_rooms import zones_named
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

    import pandas as pd

    from circle15.inputs.residential import ResidentialZone
    from circle15.rules.floor_area.rooms import Opens
    from circle15.rules.packs.floor_area_law import FloorAreaLaw
    from circle15.study.vocabulary.finding import Severity

    Row = dict[Hashable, Any]

_INDEX: Final = "index of the facility table"
_READ: Final = (
    "file",
    "row",
    c.ZONE_ID,
    c.NAME,
    c.CATEGORY,
    c.X_M,
    c.FLOOR_AREA_M2,
    c.APPROXIMATE,
    c.OPEN,
    c.OPEN_AT_PLAN,
)
"""Columns of the facility table that are read here."""


def rooms_of_zones(
    zones: Sequence[ResidentialZone],
    facilities: pd.DataFrame,
    law: FloorAreaLaw | None,
) -> tuple[dict[str, tuple[Room, ...]], list[Finding]]:
    """
    Collect the rooms of each zone, its own and the facilities that stand in it, with findings.

    A facility belongs to the zone that its `zone_id` names (or to several, as in `A; B`), else to
    the zone polygon that contains it. In overlapping polygons it is unknown what each zone has of
    it, unless they are one pool, and it is listed. One whose `zone_id` is unknown is listed, and
    so is one of a counting category that has a floor area and no zone: it names none, and has no
    position or stands outside all of them.
    A zone whose table has no column of rooms has a room of unknown area beside those that the
    facilities list: not stated is not none.
    A site that several rows list takes what any of them knows; of areas that differ the smallest
    counts, and they are listed.
    """
    rooms: dict[str, list[Room]] = {zone.zone_id: _own_rooms(zone) for zone in zones}
    findings: list[Finding] = []
    counting = frozenset(law.counts) if law is not None else frozenset()
    containing = _containing_zones(zones, facilities)
    pool_of = {zone.zone_id: zone.pool_id or f"\0{zone.zone_id}" for zone in zones}
    for site in _sites(facilities):
        areas = site.areas_m2
        if len(areas) > 1:
            findings.append(site.finding("AREAS_DIFFER", areas=", ".join(map(str, areas))))
        around = () if site.named else containing.get(site.placed[_INDEX], ())
        doubtful = len({pool_of[one] for one in around}) > 1
        if doubtful:
            findings.append(site.finding("ROOM_IN_SEVERAL_ZONES", zones=", ".join(around)))
        owners = around if doubtful else around[:1] or zones_named(site.named, rooms)
        if not owners:
            findings += _without_zone(site, counting if zones else frozenset())
            continue
        room = site.room(owners, doubtful=doubtful)
        for zone_id in owners:
            rooms[zone_id].append(room)
    for zone in zones:
        if not zone.rooms_stated:
            rooms[zone.zone_id].append(_not_stated(zone))
    return {zone_id: tuple(own) for zone_id, own in rooms.items()}, findings


@dataclass(frozen=True)
class _Site:
    """One site, with all rows that list it."""

    facility_id: str
    rows: Sequence[Row]

    @property
    def named(self) -> str | None:
        """The `zone_id` of the first row that has one."""
        return next((row[c.ZONE_ID] for row in self.rows if isinstance(row[c.ZONE_ID], str)), None)

    @property
    def areas_m2(self) -> list[Decimal]:
        """The floor areas that its rows state, smallest first, each once."""
        stated = (row[c.FLOOR_AREA_M2] for row in self.rows)
        return sorted({area for area in stated if isinstance(area, Decimal)})

    @property
    def area_m2(self) -> Decimal | None:
        """The area that counts."""
        return next(iter(self.areas_m2), None)

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(row[c.CATEGORY] for row in self.rows)

    @property
    def placed(self) -> Row:
        """The first row with a position, else the first."""
        return next((row for row in self.rows if not np.isnan(row[c.X_M])), self.rows[0])

    @property
    def place(self) -> tuple[str, int]:
        """File and row."""
        return self.rows[0]["file"], int(self.rows[0]["row"])

    def finding(
        self, code: str, column: str | None = None, severity: Severity = "warning", **detail: str
    ) -> Finding:
        """Return a finding about the site at its row, with the area that it carries."""
        told = {"facility_id": self.facility_id, **detail}
        return Finding(code, severity, *self.place, column, floor_area_m2=self.area_m2, detail=told)

    def room(self, owners: Sequence[str], *, doubtful: bool) -> Room:
        """Return the room of its owners, of unknown share if `doubtful`."""
        return Room(
            room_id=self.facility_id,
            name=self.rows[0][c.NAME],
            area_m2=self.area_m2,
            opens=_opens(self.rows),
            categories=self.categories,
            origin="{}:{}".format(*self.place),
            approximate=_is_rough(self.rows, self.area_m2),
            share=None if doubtful else Fraction(1),
            shared_by=tuple(owners) if len(owners) > 1 and not doubtful else (),
        )


def _sites(facilities: pd.DataFrame) -> Iterator[_Site]:
    """Yield each site with its rows; probable duplicates are left out."""
    counted = facilities[facilities[c.DUPLICATE_OF].isna()]
    there = [name for name in _READ if name in counted.columns]
    cells: dict[str, list[Any]] = {name: counted[name].tolist() for name in there}
    cells[_INDEX] = counted.index.tolist()
    of_site: dict[str, list[int]] = defaultdict(list)
    for k, site_id in enumerate(counted[c.SITE_ID].tolist()):
        of_site[site_id].append(k)
    for site_id, rows in sorted(of_site.items()):  # one at a time: a city has many
        yield _Site(
            str(site_id), [{name: column[k] for name, column in cells.items()} for k in rows]
        )


def _without_zone(site: _Site, counting: Collection[str]) -> Iterator[Finding]:
    """List a site that belongs to no zone, where that matters."""
    if site.named is not None:
        yield site.finding("UNKNOWN_ZONE", c.ZONE_ID, value=site.named)
    elif not any(category in counting for category in site.categories):
        return
    elif np.isnan(site.placed[c.X_M]):
        yield site.finding("ROOM_WITHOUT_ZONE")
    elif site.area_m2:
        # Most sites of a city lie in no judged zone, which is not a fault by itself.
        yield site.finding("ROOM_OUTSIDE_ZONES", severity="note", area=f"{site.area_m2:,f}")


def _own_rooms(zone: ResidentialZone) -> list[Room]:
    return [
        Room(
            room_id=f"{zone.zone_id}#{k}",
            area_m2=area,
            origin=f"{zone.file}:{zone.row}",
            approximate=f"#{k}" in zone.approximate,
        )
        for k, area in enumerate(zone.rooms_m2, 1)
    ]


def _not_stated(zone: ResidentialZone) -> Room:
    """Return a room of unknown area, for a zone whose table has no column of rooms."""
    return Room(room_id=f"{zone.zone_id}#1", area_m2=None, origin=f"{zone.file}:{zone.row}")


def _is_rough(rows: Sequence[Row], area_m2: Decimal | None) -> bool:
    """Return whether the area of a site is approximate in all rows that state it."""
    stated = [row for row in rows if area_m2 is not None and row[c.FLOOR_AREA_M2] == area_m2]
    return bool(stated) and all(c.FLOOR_AREA_M2 in row[c.APPROXIMATE] for row in stated)


def _opens(rows: Sequence[Row]) -> Opens:
    if any(row[c.OPEN] for row in rows):
        return "now"
    return "plan" if any(row[c.OPEN_AT_PLAN] for row in rows) else "never"


def _containing_zones(
    zones: Sequence[ResidentialZone], facilities: pd.DataFrame
) -> Mapping[int, tuple[str, ...]]:
    """Return the ids of the zone polygons that contain each facility row; no entry for none."""
    polygons = [zone for zone in zones if is_polygonal(zone.shape)]
    if not polygons:
        return {}
    tree = shapely.STRtree(np.array([zone.shape for zone in polygons], dtype=object))
    points = points_at(facilities[c.X_M].to_numpy(), facilities[c.Y_M].to_numpy())
    placed = np.flatnonzero(facilities[c.X_M].notna().to_numpy())
    point, zone = tree.query(points[placed], "intersects")
    found: dict[int, tuple[str, ...]] = {}
    for p, z in sorted(zip(point.tolist(), zone.tolist(), strict=True)):
        row = facilities.index[placed[p]]
        found[row] = (*found.get(row, ()), polygons[z].zone_id)
    return found
