"""Cells read exactly: numbers as decimals, dates, yes and no, ids."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import unicodedata
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.inputs.tables.dates import is_year_only, parse_date
from circle15.inputs.tables.values import (
    AREAS,
    PERSONS,
    clean,
    is_approximate,
    parse_area,
    parse_count,
    parse_flag,
    parse_id,
    parse_number,
    parse_quantity,
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
    "cell",
    [
        "约300",
        "3 00",
        "1,25",
        "12,5",
        "300m",
        "inf",
        "∞",
        True,
        "三百",
        "1.2.3",
        "1_000",
        "12²",
        "½",
    ],
)
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
        parse_number(cell)


@pytest.mark.parametrize("cell", ["-1", "1.5", -1, 0.5])
def test_what_is_no_count_is_refused(cell):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
        parse_count(cell)


def test_areas_with_their_unit():
    for cell in (
        "300㎡",
        "300 m²",
        "300M²",
        "300ｍ²",
        "+300",
        "3e2",
        "300m2",
        "300平方米",
        "３００㎡",
        300,
        300.0,
    ):
        assert parse_area(cell) == 300
    for cell in (
        "-300",
        "300户",
        "300 ft2",
        "不足300",
        "300以上",
        "三百",
        "85%",
        "100-150",
        "1万2",
        "300²",  # a power, not 3002
        "300①",  # a footnote, not 3001
        "300⁽¹⁾",
        "1 350",
        "1,35",
        "300±10",
        "≥300",
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
            parse_area(cell)


def test_dates():
    day = dt.date(2025, 12, 31)
    cell: object
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
    for cell in ("20251231", 46022, "46022", 46022.75):  # days since 1899-12-30
        assert parse_date(cell) == day
    for cell in ("2023年4月", "2023.4", "2023-04", "202304", 2023.4, "2023/4"):
        assert parse_date(cell) == dt.date(2023, 4, 1)
    for cell in ("2023", "2023年", 2023, 2023.0):
        assert parse_date(cell) == dt.date(2023, 1, 1)
        assert is_year_only(cell)
    assert not is_year_only("2023年4月")
    # As a number, 2023.1 may be January, and October cut short.
    for cell in ("2023/4/31", "1900-02-29", 60, "2023年4月1日前", "2023-04-01 至 2024-04-01"):
        with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
            parse_date(cell)
    for cell in ("2025-13-01", "2025-02-30", "soon", "20251331", 2023.1, "99999", 120.3):
        with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
            parse_date(cell)


@pytest.mark.parametrize(
    ("cell", "unit", "people", "approximate"),
    [
        ("1.35万", "", "13500", False),
        ("23.03 万人", "", "230300", False),
        ("1.35", "万人", "13500", False),
        ("13500人", "万人", "13500", False),  # the cell's own unit goes before the heading's
        ("1.35万", "万人", "13500", False),
        ("0.5亿", "", "50000000", False),
        ("１，３５０", "", "1350", False),
        ("160余", "", "160", True),
        ("160余人", "", "160", True),
        ("1.2万多人", "", "12000", True),
        ("约300", "", "300", True),
        ("近400", "", "400", True),
        ("300左右", "", "300", True),
        ("约 300 人", "", "300", True),
        (12.5, "", "12.5", False),
    ],
)
def test_people_with_their_unit(cell, unit, people, approximate):
    assert parse_quantity(cell, PERSONS, unit) == Decimal(people)
    assert is_approximate(cell) is approximate


@pytest.mark.parametrize(
    "cell", ["300㎡", "3亩", "300户", "约", "万", "余300", "几百人", "1e999", True]
)
def test_what_is_no_number_of_people(cell):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the cell
        parse_quantity(cell, PERSONS)
    assert not is_approximate("约")


@pytest.mark.parametrize(
    ("cell", "unit", "area_m2"),
    [
        ("0.45亩", "", "300"),
        ("3亩", "", "2000"),
        ("2公顷", "", "20000"),
        ("1.2万平方米", "", "12000"),
        ("0.45", "亩", "300"),
        ("300㎡", "亩", "300"),
        ("300.10", "m2", "300.10"),
    ],
)
def test_areas_in_other_units(cell, unit, area_m2):
    assert parse_area(cell, unit) == Decimal(area_m2)


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=8), st.integers(-1, 1))
def test_rounded_mu_never_change_a_verdict(hundredths, off):
    """A mu is 2000/3 m²: sums of the decimals read meet a threshold where the fractions do."""
    exact = Fraction(sum(hundredths), 100) * Fraction(2000, 3)
    read = sum(Fraction(parse_area(f"{Decimal(n) / 100}亩") or 0) for n in hundredths)
    threshold = Fraction(math.floor(exact * 100) + off, 100)
    assert (read >= threshold) == (exact >= threshold)


@given(st.text() | st.integers() | st.floats() | st.booleans() | st.none() | st.dates())
def test_any_cell_is_read_or_refused(cell):
    """Never another error, and never a number that was not written."""
    for parse in (parse_number, parse_count, parse_area, parse_date, parse_id, parse_flag):
        with contextlib.suppress(ValueError):
            parse(cell)
    for units in (PERSONS, AREAS):
        with contextlib.suppress(ValueError):
            value = parse_quantity(cell, units)
            assert value is None or (value.is_finite() and abs(value) < 10**15)
            digits = any(map(str.isdecimal, unicodedata.normalize("NFKC", str(cell))))
            assert value is None or digits


def test_flags():
    assert [parse_flag(c) for c in ("是", "YES", 1, 1.0, True, "存疑")] == [True] * 6
    assert [parse_flag(c) for c in ("否", "no", 0, 0.0, False, None)] == [False] * 6
    with pytest.raises(ValueError, match="maybe"):
        parse_flag("maybe")


def test_ids_are_text():
    assert parse_id(320213001.0) == "320213001"
    assert parse_id("007") == "007"
    assert parse_id(" S-017 ") == "S-017"
