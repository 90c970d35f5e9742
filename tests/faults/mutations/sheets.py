"""Tables of every role in a study, mutated cell by cell and written in every format."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import warnings
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely
import xlsxwriter

from tests.faults.mutations.oddities import CRSS, odd_shape, odd_text, odd_value
from tests.streets import EAST_M, METRIC, NORTH_M
from tests.workbooks import ods_row, write_ods

if TYPE_CHECKING:
    from random import Random

EDGES = "edges"
HEADINGS = (
    "facility_id",
    "name",
    "category",
    "status",
    "opened",
    "x_m",
    "y_m",
    "lon",
    "lat",
    "经度",
    "纬度",
    "p60",
    "code",
    "zone_id",
    "kind",
    "households",
    "户数",
    "rooms_m2",
    "geometry",
    "id",
    "合计",
    "floor_area_m2",
    "建筑面积",
    "highway",
    "fid",
    "坐标",
    "",
    "Unnamed: 3",
    "x",
    "y",
    "position",
)


@dataclass(frozen=True)
class Sheet:
    """Rows of a layer: headings, cells, a geometry for each row in metres; and its CRS."""

    headings: list[str]
    rows: list[list[Any]]
    shapes: list[Any] | None = None
    crs: str | None = "EPSG:4549"


def _point(x: float, y: float) -> shapely.Point:
    return shapely.Point(x + EAST_M, y + NORTH_M)


def _box(*corners: float) -> shapely.Polygon:
    west, south, east, north = corners
    return shapely.box(west + EAST_M, south + NORTH_M, east + EAST_M, north + NORTH_M)


def _line(*xy: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(x + EAST_M, y + NORTH_M) for x, y in xy])


SHEETS = {
    "sites": Sheet(
        ["facility_id", "name", "category", "floor_area_m2", "beds", "status", "opened"],
        [
            ["f1", "阳光食堂", "meal_point", 120, 10, "open", "2020-05-01"],
            ["f2", "河畔", "meal_point", None, 0, "在营", "2030年"],
        ],
        [_point(300, 10), _point(550, -10)],
    ),
    "homes": Sheet(
        ["demand_id", "p60"],
        [["h1", 100], ["h2", 12.5], ["h3", 0]],
        [_point(10, 5), _point(500, 5), _point(620, 1)],
    ),
    "zones": Sheet(
        ["zone_id", "name", "kind", "households", "rooms_m2"],
        [["Z1", "桥头花园", "new", 500, "150+80"], ["Z2", "湖心", "existing", 80, None]],
        [_box(20, 10, 120, 90), _box(400, -90, 500, -10)],
    ),
    "wards": Sheet(
        ["code", "name", "households", "p60"],
        [["S1", "东街道", 40, 100], ["S2", "西街道", 60, 50]],
        [_box(-200, -200, 300, 200), _box(300, -200, 800, 200)],
    ),
    "boundary": Sheet(["name"], [["全区"]], [_box(-200, -200, 800, 200)]),
    "extent": Sheet(["name"], [["全区"]], [_box(-900, -900, 1800, 900)]),
    EDGES: Sheet(
        ["highway", "name", "foot", "bridge", "layer", "oneway:foot", "incline"],
        [
            ["residential", "长街", None, None, None, None, None],
            ["footway", None, "yes", "no", 0, "no", "3%"],
            ["steps", "桥", None, "yes", 1, None, "up"],
        ],
        [_line((0, 0), (300, 0)), _line((300, 0), (600, 0)), _line((300, 0), (300, 120))],
    ),
    "barriers": Sheet(
        ["barrier", "waterway"],
        [["wall", None], [None, "river"]],
        [_line((5, 2), (20, 2)), _line((450, -50), (450, -5))],
    ),
    "buildings": Sheet(
        ["building", "floors", "height"],
        [["house", 2, None], ["yes", None, 12], ["school", 3, 9]],
        [_box(50, 10, 60, 20), _box(350, 10, 380, 30), _box(420, 10, 440, 20)],
    ),
    "land": Sheet(
        ["code", "name"],
        [["R2", "东地块"], ["R2", "西地块"]],
        [_box(20, 10, 120, 90), _box(100, -90, 300, 60)],
    ),
    "doors": Sheet(
        ["facility_id", "zone_id"],
        [["f1", "Z1"], ["f1", "Z1"], ["f2", "Z2"]],
        [_point(290, 0), _point(310, 0), _point(550, 0)],
    ),
    "census": Sheet(["name", "p60"], [["东街道", 100], ["西街道", 50], ["合计", 150]]),
    "registers": Sheet(
        ["indicator", "value", "unit", "year", "source"],
        [["社区居家养老服务机构数", 160, "家", 2025, "台账"], ["养老床位数", 8811, "张", 2025, ""]],
    ),
}
"""Layers by what they are to a study."""

LAYERS = tuple(name for name, sheet in SHEETS.items() if sheet.shapes is not None)
POINTS = ("sites", "homes", "doors")
TABLES = (*POINTS, "zones", "census", "registers")


def sheet_mutated(rng: Random, sheet: Sheet) -> Sheet:
    """One to four changes of cells, columns, rows, geometries or the CRS."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        sheet = _changed(rng, sheet)
    return sheet


def _changed(rng: Random, sheet: Sheet) -> Sheet:
    headings, rows = list(sheet.headings), [list(row) for row in sheet.rows]
    shapes = None if sheet.shapes is None else list(sheet.shapes)
    kind = rng.randrange(18)
    if shapes is not None and kind >= 11:
        if kind == 17:
            return replace(sheet, crs=rng.choice(CRSS))
        if kind == 16:
            shapes = [odd_shape(rng, shape) for shape in shapes]
        elif shapes:
            at = rng.randrange(len(shapes))
            shapes[at] = odd_shape(rng, shapes[at])
        return replace(sheet, shapes=shapes)
    if not rows or not headings:
        return sheet
    row, column = rng.randrange(len(rows)), rng.randrange(len(headings))
    if kind == 0:
        headings[column] = rng.choice((*HEADINGS, odd_text(rng)))
    elif kind == 1:
        del headings[column]
        for cells in rows:
            del cells[column]
    elif kind == 2:
        headings.append(rng.choice((headings[column], headings[column].upper(), odd_text(rng))))
        for cells in rows:
            cells.append(rng.choice((cells[column], odd_value(rng))))
    elif kind == 3:
        for cells in rows:
            cells[column] = odd_value(rng, cells[column])
    elif kind == 4:
        del rows[row]
        if shapes is not None:
            del shapes[row]
    elif kind == 5:
        rows.append(list(rows[row]))
        if shapes is not None:
            shapes.append(shapes[row])
    elif kind == 6:
        rows[row] = [None] * len(headings)
    elif kind == 7:
        other = rng.randrange(len(headings))
        for cells in rows:
            cells[column], cells[other] = cells[other], cells[column]
    else:
        rows[row][column] = odd_value(rng, rows[row][column])
    return replace(sheet, headings=headings, rows=rows, shapes=shapes)


# --- Formats ------------------------------------------------------------------------------------


def grid_of(sheet: Sheet) -> list[list[Any]]:
    """Heading and rows, with the middles of geometries as x_m and y_m."""
    if sheet.shapes is None:
        return [sheet.headings, *sheet.rows]
    middles = [
        [None, None]
        if shape is None or shape.is_empty
        else shapely.get_coordinates(shape)[0].tolist()
        for shape in sheet.shapes
    ]
    rows = [[*row, *middle] for row, middle in zip(sheet.rows, middles, strict=True)]
    return [[*sheet.headings, "x_m", "y_m"], *rows]


def text_of(grid: list[list[Any]], encoding: str = "utf-8", mark: str = ",") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=mark, lineterminator="\n").writerows(
        ["" if cell is None else str(cell) for cell in row] for row in grid
    )
    return stream.getvalue().encode(encoding, "replace")


def xlsx_of(grid: list[list[Any]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"nan_inf_to_errors": True}) as book:
        page = book.add_worksheet("台账")
        for r, row in enumerate(grid):
            for k, cell in enumerate(row):
                if isinstance(cell, int) and abs(cell) > 10**300:
                    page.write(r, k, str(cell)[:30_000])
                else:
                    page.write(r, k, cell[:30_000] if isinstance(cell, str) else cell)
    return stream.getvalue()


def xls_of(grid: list[list[Any]]) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    page = book.add_sheet("t")
    for r, row in enumerate(grid):
        for k, cell in enumerate(row):
            plain = str(cell)[:30_000] if isinstance(cell, str) or abs(cell or 0) > 1e300 else cell
            page.write(r, k, plain)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods_of(grid: list[list[Any]]) -> bytes:
    def plain(cell: Any) -> Any:
        if not isinstance(cell, str):
            return cell
        return cell.replace("&", "&amp;").replace("<", "&lt;")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.ods"
        write_ods(path, *(ods_row([plain(cell) for cell in row]) for row in grid))
        return path.read_bytes()


def frame_of(sheet: Sheet) -> gpd.GeoDataFrame:
    """A frame whose columns each hold one type."""
    columns: dict[str, Any] = {}
    for k, name in enumerate(sheet.headings):
        cells = [row[k] for row in sheet.rows]
        kinds = {type(cell) for cell in cells if cell is not None}
        if kinds <= {int, float} and kinds and all(abs(c or 0) < 2**62 for c in cells):
            columns[_name(name, columns)] = pd.Series(cells, dtype="float64")
        else:
            words = [None if cell is None else str(cell) for cell in cells]
            columns[_name(name, columns)] = pd.Series(words, dtype=object)
    shapes = sheet.shapes or [None] * len(sheet.rows)
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=sheet.crs))


def _name(name: str, taken: dict[str, Any]) -> str:
    while name in taken or name == "geometry":
        name += "_"
    return name


DRIVERS = {
    "gpkg": "GPKG",
    "shp": "ESRI Shapefile",
    "fgb": "FlatGeobuf",
    "kml": "LIBKML",
    "kmz": "LIBKML",
}


def layer_of(sheet: Sheet, kind: str) -> dict[str, bytes]:
    """Files of a layer in a format, by their suffix; its name is left out."""
    frame = frame_of(sheet)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / f"layer.{kind}"
        if kind == "parquet":
            frame.to_parquet(path)
        elif kind == "zip":
            inner = layer_of(sheet, "shp")
            with zipfile.ZipFile(path, "w") as archive:
                for suffix, content in inner.items():
                    archive.writestr(f"层{suffix}", content)
        elif kind == "gdb.zip":
            frame.to_file(Path(folder) / "a.gdb", driver="OpenFileGDB", layer="a")
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for part in sorted((Path(folder) / "a.gdb").iterdir()):
                    archive.write(part, f"a.gdb/{part.name}")
        else:
            if kind in {"kml", "kmz"}:
                with suppress(Exception):
                    frame = frame.to_crs(4326)
            options: dict[str, Any] = {"encoding": "gbk"} if kind == "shp" else {}
            frame.to_file(path, driver=DRIVERS[kind], engine="pyogrio", **options)
        return {
            one.name.removeprefix("layer"): one.read_bytes()
            for one in sorted(Path(folder).iterdir())
            if one.is_file()
        }


def geojson_of(sheet: Sheet) -> bytes:
    """GeoJSON with every value as it is, whether JSON knows it or not."""
    name = "urn:ogc:def:crs:EPSG::" + str(sheet.crs or "").removeprefix("EPSG:")
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(sheet.headings, row, strict=False)),
            "geometry": None if shape is None else shape.__geo_interface__,
        }
        for row, shape in zip(sheet.rows, sheet.shapes or [], strict=False)
    ]
    layer: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if sheet.crs is not None:
        layer["crs"] = {"type": "name", "properties": {"name": name}}
    return json.dumps(layer, ensure_ascii=False).encode("utf-8", "replace")


def metric_wkt() -> str:
    return METRIC.to_wkt()
