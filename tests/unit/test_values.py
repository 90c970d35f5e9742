"""Cells read exactly: numbers as decimals, dates, yes and no, ids."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import pytest

from circle15.inputs.values import (
    clean,
    parse_area,
    parse_count,
    parse_date,
    parse_flag,
    parse_id,
    parse_number,
)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("300", "300"),
        ("300.00", "300.00"),
        (" ３００．５ ", "300.5"),  # full width
        ("1,250", "1250"),
        ("1,250,000.5", "1250000.5"),
        ("-3", "-3"),
        ("+3", "3"),
        ("1e3", "1E+3"),
        (300.1, "300.1"),
        (300.0, "300"),
        (7, "7"),
        (0, "0"),
    ],
)
def test_numbers_as_they_are_written(cell, number):
    """0.1 stays 0.1: 300.1 of a spreadsheet is not 300.10000000000002."""
    assert parse_number(cell) == Decimal(number)
    assert str(parse_number(cell)) == number


@pytest.mark.parametrize("cell", [None, "", "  ", "—", "-", "/", "无", "N/A", math.nan, "不详"])
def test_blank_is_none_and_never_0(cell):
    for parse in (parse_number, parse_count, parse_area, parse_date, parse_id, clean):
        assert parse(cell) is None
    assert parse_flag(cell) is False


@pytest.mark.parametrize(
    "cell", ["约300", "3 00", "1,25", "12,5", "300m", "inf", True, "三百", "1.2.3"]
)
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
        parse_number(cell)


@pytest.mark.parametrize("cell", ["-1", "1.5", -1, 0.5])
def test_what_is_no_count_is_refused(cell):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
        parse_count(cell)


def test_areas_with_their_unit():
    for cell in ("300㎡", "300 m²", "300m2", "300平方米", "３００㎡", 300, 300.0):
        assert parse_area(cell) == 300
    for cell in ("-300", "300亩", "300 ft2"):
        with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
            parse_area(cell)


def test_dates():
    day = dt.date(2025, 12, 31)
    for cell in (
        "2025-12-31",
        "2025/12/31",
        "2025.12.31",
        "2025年12月31日",
        day,
        "2025-12-31 08:00",
    ):
        assert parse_date(cell) == day
    assert parse_date(dt.datetime(2025, 12, 31, 23, 59)) == day  # noqa: DTZ001 - a cell has no zone
    assert parse_date("2024-02", end_of_month=True) == dt.date(2024, 2, 29)
    assert parse_date("2023年12月", end_of_month=True) == dt.date(2023, 12, 31)
    for cell in ("2025-13-01", "2025-02-30", "soon", "20251231"):
        with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
            parse_date(cell)


def test_flags():
    assert [parse_flag(c) for c in ("是", "YES", 1, True, "存疑")] == [True] * 5
    assert [parse_flag(c) for c in ("否", "no", 0, False, None)] == [False] * 5
    with pytest.raises(ValueError, match="maybe"):
        parse_flag("maybe")


def test_ids_are_text():
    assert parse_id(320213001.0) == "320213001"
    assert parse_id("007") == "007"
    assert parse_id(" S-017 ") == "S-017"
