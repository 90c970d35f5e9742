"""Write the lists of facilities as bureaus keep them: a clean book, a dirty one, a GBK csv."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import xlsxwriter
from _sites import Row
from xlsxwriter.worksheet import Worksheet

STATIONS: Final = ("编号", "设施名称", "经度", "纬度", "建筑面积", "状态", "开业日期", "所属街道")
CARE_HOMES: Final = (
    "编号", "设施名称", "经度", "纬度", "建筑面积", "床位数", "护理型床位数", "状态",
)  # fmt: skip
CENTERS: Final = (
    "编号", "设施名称", "设施类型", "经度", "纬度", "建筑面积", "状态", "位置存疑",
)  # fmt: skip
_TITLES: Final = (
    "梁溪区(示例)助餐服务设施一览表（合成数据）",
    "填报单位：示例区民政局　　填报日期：2025年12月31日",
)
_NOTE: Final = "注：本表为合成示例，带“约”“余”的数字为估计数。"
_MEALS: Final = (
    ("编号", None), ("设施名称", None), ("设施类型", None), ("坐标", "经度"), ("坐标", "纬度"),
    ("规模", "建筑面积(㎡)"), ("规模", "日供餐能力(份/日)"), ("状态", None),
)  # fmt: skip


@contextmanager
def _book(path: Path) -> Iterator[tuple[xlsxwriter.Workbook, Worksheet]]:
    """Open a book with one sheet; the creation time is fixed."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties(
            {"created": dt.datetime(2025, 12, 31, tzinfo=dt.UTC), "comments": "合成示例数据"}
        )
        yield book, book.add_worksheet("合成示例")


def write_book(headings: tuple[str, ...], rows: list[Row], path: Path) -> None:
    """Write rows under one line of headings."""
    with _book(path) as (book, sheet):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, values in enumerate([list(headings), *rows]):
            for column, value in enumerate(values):
                if isinstance(value, dt.date):
                    sheet.write_datetime(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)


def write_meals(rows: list[Row], path: Path) -> None:
    """Write the meal sites under titles and merged headings, with a total and a note."""
    with _book(path) as (book, sheet):
        bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter"})
        last = len(_MEALS) - 1
        for row, title in enumerate(_TITLES):
            sheet.merge_range(row, 0, row, last, title, bold)
        top = len(_TITLES)
        for column, (upper, lower) in enumerate(_MEALS):
            if lower is None:
                sheet.merge_range(top, column, top + 1, column, upper, bold)
            else:
                if _MEALS[column - 1][0] != upper:
                    sheet.merge_range(top, column, top, column + 1, upper, bold)
                sheet.write(top + 1, column, lower, bold)
        for row, values in enumerate(rows, start=top + 2):
            sheet.write_row(row, 0, values)
        meals = sum(value for *_, value, _ in rows if isinstance(value, int))
        end = top + 2 + len(rows)
        sheet.write_row(end, 0, ["合计", f"{len(rows)}处", "", "", "", "", meals, ""])
        sheet.write(end + 1, 0, _NOTE)


def write_gbk(headings: tuple[str, ...], rows: list[Row], path: Path) -> None:
    """Write a csv as Excel saves it in Chinese: GBK, lines ended as on Windows."""
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
