"""The plan of the invented city: a station in a vacant room, and a footbridge over the river."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely
from _city import City
from _people import write_geojson
from _sites import Row, degrees

ROOM: Final = "V-009"
"""The vacant room that `[siting.stations]` proposes first."""
BRIDGE_LINE: Final = 14
"""The vertical line on which the footbridge stands; its street ends at both banks today."""
PLANNED: Final = ("编号", "设施名称", "设施类型", "经度", "纬度", "建筑面积")


def write_plan(city: City, vacant: list[Row], folder: Path) -> None:
    """Write `planned_station.csv` and `footbridge.geojson`."""
    own, _, lon, lat, area, *_ = next(row for row in vacant if row[0] == ROOM)
    station: Row = [own, "示例新建站", "居家养老服务站", lon, lat, area]
    with (folder / "planned_station.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([PLANNED, station])
    banks = [degrees(city.place(BRIDGE_LINE, city.river + side)[0]) for side in (-1, 0, 1)]
    bridge = gpd.GeoDataFrame(
        {"name": ["示例人行桥(规划)"]}, geometry=[shapely.LineString(banks)], crs="EPSG:4326"
    )
    write_geojson(bridge, folder / "footbridge.geojson")
