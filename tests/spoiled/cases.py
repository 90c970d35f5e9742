"""
The damaged files: the change to a study that runs, and the expected message.

The study has two homes of 100 and 50 people and two meal points. `Refused` ends with exit code 2
and one line that names file and place; `Listed` runs, keeps its people, and lists what it found.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xlsxwriter

from tests.streets import EAST_M, NORTH_M

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Change = Callable[[Path], None]

HOME_A, HOME_B = "500010,3490005,h1", "500500,3490005,h2"
HOMES = "x_m,y_m,demand_id,p60\n"
SITES = "x_m,y_m,facility_id,name"
SITE_A, SITE_B = "500300,3490010,f1,阳光食堂", "500600,3490200,f2,月亮食堂"
ZONES = '\n[[residential_zones]]\nfile = "zones.csv"\ncrs = "EPSG:4549"\n'
ZONE_HEADING = "x_m,y_m,zone_id,kind,households,rooms_m2\n"


@dataclass(frozen=True)
class Refused:
    """Exit code 2; the line says all of these (regular expressions)."""

    change: Change
    says: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """
    Exit code 0; these codes are listed with these rows, and so many people are counted.

    A list of sites without a column of status, as that of the sound study, is told so once.
    """

    change: Change
    found: tuple[tuple[str, int | None], ...]
    persons: int = 150
    has_status: bool = False

    @property
    def listed(self) -> list[tuple[str, int | None]]:
        """All codes with their rows, sorted."""
        told = [] if self.has_status else [("NO_STATUS_COLUMN", None)]
        return sorted([*self.found, *told], key=lambda pair: (pair[0], pair[1] or 0))


def write(name: str, text: str, encoding: str = "utf-8") -> Change:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(text.encode(encoding))

    return change


def raw(name: str, content: bytes) -> Change:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return change


def study(*pairs: tuple[str, str]) -> Change:
    def change(folder: Path) -> None:
        path = folder / "study.toml"
        text = path.read_text("utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    return change


def both(*changes: Change) -> Change:
    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


def homes(*rows: str, heading: str = HOMES, encoding: str = "utf-8") -> Change:
    return write("homes.csv", heading + "".join(row + "\n" for row in rows), encoding)


def sites(heading: str, a: str, b: str, encoding: str = "utf-8") -> Change:
    """Two meal points with further columns."""
    return write("sites.csv", f"{SITES},{heading}\n{SITE_A},{a}\n{SITE_B},{b}\n", encoding)


def use(old: str, new: str, *more: tuple[str, str]) -> Change:
    return study((f'"{old}"', f'"{new}"'), *more)


def workbook(name: str, sheets: dict[str, Sequence[Sequence[Any]]], **merged: Any) -> Change:
    """Write a workbook of sheets of rows; `merged` names a range and its value."""

    def change(folder: Path) -> None:
        with xlsxwriter.Workbook(folder / name) as book:
            for title, rows in sheets.items():
                page = book.add_worksheet(title)
                for k, row in enumerate(rows):
                    page.write_row(k, 0, row)
                for place, value in merged.items():
                    page.merge_range(place.replace("_", ":"), value)

    return change


def shapefile(name: str, columns: dict[str, list[Any]], encoding: str = "GBK") -> Change:
    """Write points at the sites, or homes, as a shapefile."""

    def change(folder: Path) -> None:
        x, y = np.array([300, 600.0]) + EAST_M, np.array([10, 200.0]) + NORTH_M
        points = shapely.points(x, y)
        frame = gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4549")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame.to_file(folder / name, encoding=encoding)

    return change


def without(name: str) -> Change:
    return lambda folder: (folder / name).unlink()


def cut(name: str) -> Change:
    """Keep the first half of a file."""

    def change(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return change


def parquet(name: str) -> Change:
    def change(folder: Path) -> None:
        pd.DataFrame({"x_m": [500300.0], "y_m": [3490010.0]}).to_parquet(folder / name)

    return change


def layers(name: str) -> Change:
    def change(folder: Path) -> None:
        for part in "ab":
            points = gpd.GeoSeries(shapely.points([EAST_M], [NORTH_M]), crs="EPSG:4549")
            gpd.GeoDataFrame({"id": ["f"]}, geometry=points).to_file(folder / name, layer=part)

    return change


def zones(*rows: str, heading: str = ZONE_HEADING) -> Change:
    """Add residential zones to the study."""

    def change(folder: Path) -> None:
        path = folder / "study.toml"
        path.write_text(path.read_text("utf-8") + ZONES, encoding="utf-8")
        text = heading + "".join(row + "\n" for row in rows)
        (folder / "zones.csv").write_text(text, encoding="utf-8")

    return change


TABLE: list[list[Any]] = [
    ["x_m", "y_m", "facility_id", "name"],
    [500300, 3490010, 1, "阳光食堂"],
    [500600, 3490200, 2, "月亮食堂"],
]
WORDS = {"编号": ["f1", "f2"], "设施名称": ["阳光食堂", "月亮食堂"]}
XLSX = use("sites.csv", "sites.xlsx")
BIG5 = "x_m,y_m,編號,設施名稱,地址\n500300,3490010,1,長者食堂,臺北市中正區\n"

CASES: dict[str, Refused | Listed] = {
    # Encodings
    "a list in Big5": Refused(write("sites.csv", BIG5, "big5"), (r"sites\.csv", "Big5")),
    "a list in Latin-1": Refused(
        write("sites.csv", "x_m,y_m,nome\n500300,3490010,São Luís\n", "latin-1"),
        (r"sites\.csv", "Western"),
    ),
    "people in UTF-16 without its mark": Refused(
        homes(f"{HOME_A},100", encoding="utf-16-le"), (r"homes\.csv", r"zero byte.*byte 2\b")
    ),
    "a character cut in two": Refused(
        raw("homes.csv", b"\xef\xbb\xbf" + HOMES.encode() + b"500000,3490000,\xe7\x94,5\n"),
        (r"homes\.csv", r"not UTF-8 text \(byte \d+\)"),
    ),
    "people in GB18030": Listed(
        homes(f"{HOME_A}号,100", f"{HOME_B}号,50", encoding="gb18030"),
        (("ENCODING_GUESSED", None),),
    ),
    "people in UTF-16 with its mark": Listed(
        homes(f"{HOME_A},100", f"{HOME_B},50", encoding="utf-16"), ()
    ),
    "a name with lost characters": Listed(sites("note", "确?！", ""), (("LOST_CHARACTERS", 2),)),
    "a shapefile without its .cpg": Listed(
        both(shapefile("s.shp", WORDS), without("s.cpg"), use("sites.csv", "s.shp")),
        (("ENCODING_GUESSED", None),),
    ),
    "a shapefile with a wrong .cpg": Listed(
        both(shapefile("s.shp", WORDS), write("s.cpg", "UTF-8"), use("sites.csv", "s.shp")),
        (("ENCODING_WRONG", None),),
    ),
    # Files that are not what they are called
    "a web page called a workbook": Refused(
        both(write("sites.xls", "<html><table></table></html>"), use("sites.csv", "sites.xls")),
        (r"sites\.xls", "web page"),
    ),
    "text called a workbook": Refused(
        both(write("sites.xlsx", f"{SITES}\n{SITE_A}\n"), XLSX), (r"sites\.xlsx", r"name it \.csv")
    ),
    "half a workbook": Refused(
        both(workbook("sites.xlsx", {"a": TABLE}), cut("sites.xlsx"), XLSX),
        (r"sites\.xlsx: cannot be read as a workbook",),
    ),
    "half a parquet file": Refused(
        both(parquet("s.parquet"), cut("s.parquet"), use("sites.csv", "s.parquet")),
        (r"s\.parquet: cannot be read as parquet",),
    ),
    "a shapefile without its .shx": Refused(
        both(shapefile("s.shp", WORDS), without("s.shx"), use("sites.csv", "s.shp")),
        (r"s\.shp: cannot be read",),
    ),
    "people in a shapefile without its .dbf": Refused(
        both(
            shapefile("h.shp", {"p60": [100, 50]}),
            without("h.dbf"),
            use("homes.csv", "h.shp"),
        ),
        (r"h\.shp, column 'p60'",),
    ),
    # Sheets and layers
    "two sheets with a table": Refused(
        both(workbook("sites.xlsx", {"甲": TABLE, "乙": TABLE}), XLSX),
        (r"sites\.xlsx: has 2 sheets", "甲, 乙", 'sheet = "甲"'),
    ),
    "a sheet that is not there": Refused(
        both(
            workbook("sites.xlsx", {"甲": TABLE}),
            use("sites.csv", "sites.xlsx", ("covers =", 'sheet = "丙"\ncovers =')),
        ),
        (r"sites\.xlsx: has no sheet '丙'", "Sheets: 甲"),
    ),
    "a sheet of a csv": Refused(
        study(("covers =", 'sheet = "丙"\ncovers =')), (r"sites\.csv: .*no sheets",)
    ),
    "an empty workbook": Refused(
        both(workbook("sites.xlsx", {"甲": []}), XLSX), (r"sites\.xlsx: is empty",)
    ),
    "a GeoPackage of two layers": Refused(
        both(layers("s.gpkg"), use("sites.csv", "s.gpkg")), (r"s\.gpkg: holds 2 layers: a, b",)
    ),
    "a layer that is not there": Refused(
        both(layers("s.gpkg"), use("sites.csv", "s.gpkg", ("covers =", 'sheet = "c"\ncovers ='))),
        (r"s\.gpkg: has no layer 'c'",),
    ),
    "a page of explanations before the table": Listed(
        both(workbook("sites.xlsx", {"说明": [["填表说明"]], "数据": TABLE}), XLSX),
        (("SHEET_CHOSEN", None),),
    ),
    # Headings
    "two columns of names": Refused(
        sites("设施名称", "甲", "乙"), (r"sites\.csv: the columns name, 设施名称 all fit",)
    ),
    "one heading in two widths": Refused(
        sites("ｎａｍｅ", "甲", "乙"), (r"sites\.csv: the columns name, ｎａｍｅ all fit",)
    ),
    "a cut heading of two meanings": Refused(
        both(
            shapefile("z.shp", {"居住区编号": ["1", "2"]}, "UTF-8"),
            zones(heading=""),
            study(('"zones.csv"\ncrs = "EPSG:4549"', '"z.shp"')),
        ),
        (r"z\.shp, column '居住区': .*cut off",),
    ),
    "a title above the people": Listed(
        homes(f"{HOME_A},100", f"{HOME_B},50", heading="某区老年人口,,,\n" + HOMES),
        (("TITLE_ROWS", 1),),
    ),
    "nothing but a title": Refused(
        homes(heading="某区老年人口表\n"), (r"homes\.csv: holds no record",)
    ),
    "people under a heading of two lines": Listed(
        homes(
            f"{HOME_A},100,60",
            f"{HOME_B},50,30",
            heading="x_m,y_m,编号,老年人口,\n,,,p60,65+\n",
        ),
        (),
    ),
    "a column without a heading": Listed(
        homes(f"{HOME_A},100,a", f"{HOME_B},50,b", heading="x_m,y_m,demand_id,p60,\n"),
        (("UNNAMED_COLUMN", None),),
    ),
    # Rows that are no records: nobody counts twice
    "people with a row of totals": Listed(
        homes(f"{HOME_A},100", f"{HOME_B},50", ",,合 计,150"), (("TOTAL_ROW", 4),)
    ),
    "people with subtotals": Listed(
        homes(f"{HOME_A},100", ",,甲街道小计,100", f"{HOME_B},50", ",,乙街道小计：,50"),
        (("TOTAL_ROW", 3), ("TOTAL_ROW", 5)),
    ),
    "people with nothing but totals": Refused(
        homes(",,合计,150"), (r"homes\.csv: holds no record",)
    ),
    "the heading of the next page": Listed(
        homes(f"{HOME_A},100", HOMES.strip(), f"{HOME_B},50"), (("REPEATED_HEADING", 3),)
    ),
    "a note below the people": Listed(
        homes(f"{HOME_A},100", f"{HOME_B},50", "注：数据截至2025年底,,,"), (("NOTE_ROW", 4),)
    ),
    "one number merged over two homes": Refused(
        both(
            workbook(
                "homes.xlsx",
                {
                    "甲": [
                        HOMES.strip().split(","),
                        [500010, 3490005, "h1"],
                        [500500, 3490005, "h2"],
                    ]
                },
                D2_D3=150,
            ),
            use("homes.csv", "homes.xlsx"),
        ),
        (r"homes\.xlsx, row 3, column 'p60'",),
    ),
    # Values
    "people in ten thousands": Listed(homes(f"{HOME_A},0.01万", f"{HOME_B},0.005 万人"), ()),
    "people under a heading in ten thousands": Listed(
        homes(f"{HOME_A},0.01", f"{HOME_B},50人", heading=HOMES.replace("p60", "p60（万人）")), ()
    ),
    "about a hundred people": Listed(
        homes(f"{HOME_A},约100", f"{HOME_B},50余人"),
        (("APPROXIMATE_VALUE", 2), ("APPROXIMATE_VALUE", 3)),
    ),
    "fewer than a hundred people": Refused(
        homes(f"{HOME_A},不足100"), (r"homes\.csv, row 2, column 'p60'", "不足100")
    ),
    "people in words": Refused(homes(f"{HOME_A},一百"), (r"homes\.csv, row 2", "一百")),
    "people in percent": Refused(homes(f"{HOME_A},85%"), (r"homes\.csv, row 2", "85%")),
    "people in mu": Refused(homes(f"{HOME_A},3亩"), (r"homes\.csv, row 2", "3亩")),
    "people under a heading in m²": Refused(
        homes(f"{HOME_A},100", heading=HOMES.replace("p60", "p60(㎡)")),
        (r"homes\.csv, row 2, column 'p60\(㎡\)'",),
    ),
    "people with a decimal comma": Refused(
        homes(
            *(row.replace(",", ";") for row in (f"{HOME_A};12,5", f"{HOME_B};7,5")),
            heading=HOMES.replace(",", ";"),
        ),
        (r"homes\.csv, row 2",),
    ),
    "a home without a place": Listed(
        homes(f"{HOME_A},100", ",,h2,50"), (("NO_POSITION", 3),), persons=100
    ),
    "areas that are none": Listed(
        sites("建筑面积", "不足300", "三百平"), (("UNREADABLE", 2), ("UNREADABLE", 3))
    ),
    "areas of something else": Listed(sites("使用面积", "300", "200"), (("NO_FLOOR_AREA", None),)),
    "an area that the study chooses": Listed(
        both(
            sites("使用面积", "300", "200"),
            study(("covers =", 'columns = { floor_area_m2 = "使用面积" }\ncovers =')),
        ),
        (("FLOOR_AREA_TAKEN", None),),
    ),
    "beds in mu": Listed(sites("床位数", "3亩", "20张"), (("UNREADABLE", 2),)),
    "an opening date that is none": Listed(
        sites("开业日期", "去年", "2023年"), (("UNREADABLE", 2), ("DATE_TO_YEAR", 3))
    ),
    "a status that is unknown": Listed(
        sites("状态", "搬迁中", "运营"), (("UNKNOWN_STATUS", 2),), has_status=True
    ),
    "a flag that is neither": Listed(sites("位置存疑", "大概", "否"), (("UNREADABLE", 2),)),
    "a function that is unknown": Listed(
        both(
            sites("设施类型", "助餐点、书店", "助餐点"),
            study(('category = "meal_point"', 'category_column = "设施类型"')),
        ),
        (("UNKNOWN_CATEGORY", 2),),
    ),
    "one site twice": Listed(
        write("sites.csv", f"{SITES}\n{SITE_A}\n{SITE_A.replace('f1', 'f3')}\n{SITE_B}\n"),
        (("PROBABLE_DUPLICATE", 3),),
    ),
    "one id as a number and as text": Refused(
        both(workbook("sites.xlsx", {"甲": [*TABLE, [500700, 3490200, "1", "第三食堂"]]}), XLSX),
        (r"sites\.xlsx, row 4", "'1' is also in row 2"),
    ),
    # Residential zones
    "households in mu": Refused(
        zones("500000,3490000,Z1,新建,120亩,"), (r"zones\.csv, row 2, column 'households'", "120亩")
    ),
    "about as many households and rooms": Listed(
        zones("500000,3490000,Z1,新建,约120,150+约80"),
        (("APPROXIMATE_VALUE", 2), ("APPROXIMATE_VALUE", 2)),
    ),
    "a kind of zone that is unknown": Listed(
        zones("500000,3490000,Z1,别墅,120户,"), (("UNKNOWN_KIND", 2),)
    ),
    "zones with a row of totals": Listed(
        zones("500000,3490000,Z1,新建,120户,", ",,总计,,120,"), (("TOTAL_ROW", 3),)
    ),
}
