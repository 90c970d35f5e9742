"""Whatever a cell holds, its reader returns a value in range or raises the documented error."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import time
import unicodedata
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from circle15.errors import InputDataError
from circle15.inputs.crs.points import locate
from circle15.inputs.facilities.statuses import read_statuses
from circle15.inputs.residential import zones_of
from circle15.inputs.table_sources import Table
from circle15.inputs.tables.conditions import choose_rows
from circle15.inputs.tables.dates import is_year_only, parse_date
from circle15.inputs.tables.headings import find_columns
from circle15.inputs.tables.values import (
    HOUSEHOLDS,
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
from circle15.study.names import half_width
from circle15.study.vocabulary.categories import category_of, known_categories
from circle15.study.vocabulary.finding import Finding

METRIC = CRS.from_epsg(32650)
BLANKS = {"KIND_BLANK", "HOUSEHOLDS_BLANK"}
STATUSES = {"open", "planned", "closed", "unknown"}
PIECES = (
    *("0", "1", "15", "９", "٣", "९", "𝟗", "²", "①", ".", ",", "+", "-", "e", "E", "_", " "),
    *("\u3000", "\n", "\t", "\x00", "\u200b", "\u0301", "\u0316", "/", ":", "T", "(", ")", "、"),
    *(";", "|", "年", "月", "日", "2023-1-1", "120.3", "31.5", "万", "亿", "人", "㎡", "亩", "约"),
    *("余", "左右", "是", "no", "nan", "inf", "sNaN", "停业", "open", "planned", "point", "食堂"),
    *("a", "。", "=", ">"),
)
cells = st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
columns = st.lists(cells, min_size=1, max_size=8)
amounts = st.decimals(0, 10**10, places=2)
days = st.dates(dt.date(1955, 1, 1), dt.date(2118, 1, 1))
WIDE = str.maketrans("0123456789.,-/", "０１２３４５６７８９．，－／")


def table(**cells: list[str]) -> Table:
    frame = pd.DataFrame(cells, dtype=object)
    return Table(Path("a.csv"), frame, list(range(2, len(frame) + 2)))


def rooms_of(rooms: Table) -> tuple[list[list[Decimal | None]], list[Finding]]:
    counts = ("dwellings", "households", "households_new", "households_existing")
    unsaid = dict.fromkeys(("name", "kind", "pool_id", *counts))
    columns = {"zone_id": "id", "rooms_m2": "rooms", **unsaid}
    shapes = [None] * len(rooms.rows)
    zones, findings = zones_of(rooms, columns, shapes)
    return [list(zone.rooms_m2) for zone in zones], findings


def number_or_refusal(parse, cell):
    """Value of a cell, None where it is blank or refused; checks that it is a modest number."""
    try:
        value = parse(cell)
    except ValueError:
        return None
    if value is not None:
        assert type(value) is Decimal
        assert value.is_finite()
        assert abs(value) < 10**15
        assert any(map(str.isdecimal, half_width(cell)))
    return value


@given(cells)
def test_a_number_is_within_its_range_or_refused(cell):
    number_or_refusal(parse_number, cell)
    number_or_refusal(lambda one: parse_quantity(one, PERSONS, "万人"), cell)
    area = number_or_refusal(parse_area, cell)
    count = number_or_refusal(lambda one: parse_count(one, HOUSEHOLDS), cell)
    assert area is None or area >= 0
    assert count is None or (count >= 0 and count == int(count))
    assert is_approximate(cell) in {True, False}


@given(cells)
def test_a_date_or_a_flag_is_one_or_refused(cell):
    for parse, kind in ((parse_date, dt.date | None), (parse_flag, bool)):
        try:
            assert isinstance(parse(cell), kind)
        except ValueError:
            assert clean(cell) is not None
    assert is_year_only(cell) in {True, False}


@given(cells)
def test_a_word_stays_one_line_of_the_same_letters(cell):
    found = parse_id(cell)
    assert found is None or (found == found.strip() and found == clean(found))
    assert category_of(cell, {}) in {None, *known_categories()}


@given(columns)
def test_a_status_is_one_of_four_and_an_unknown_word_is_listed(words):
    found, findings = read_statuses(table(状态=words), "状态")
    assert len(found) == len(words)
    assert set(found) <= STATUSES
    assert len(findings) == found.count("unknown")


@given(columns)
def test_rooms_are_areas_or_of_unknown_area(words):
    rooms = table(id=[f"z{k}" for k in range(len(words))], rooms=words)
    found, findings = rooms_of(rooms)
    for zone in found:
        for room in zone:
            assert room is None or 0 < room < 10**15
    assert {finding.code for finding in findings} - BLANKS <= {
        "UNREADABLE",
        "NEGATIVE_VALUE",
        "LARGE_CAPACITY",
        "APPROXIMATE_VALUE",
    }


@given(st.lists(st.decimals("0.01", 10**6, places=2), min_size=1, max_size=9))
def test_rooms_of_a_list_are_its_areas(sizes):
    ((found,), _) = rooms_of(table(id=["z"], rooms=["+".join(map(str, sizes))]))
    assert found == sizes


@given(columns, columns)
def test_coordinates_are_a_place_or_listed(first, second):
    both = [list(pair) for pair in zip(*zip(first, second, strict=False), strict=True)]
    for one, fields in (
        (table(lon=both[0], lat=both[1]), {"lon": "lon", "lat": "lat"}),
        (table(坐标=both[0]), {"location": "坐标"}),
    ):
        try:
            found = locate(one, fields, METRIC, layer_crs=None, datum=None)
        except InputDataError:
            continue
        lost = [row for row, x in zip(one.rows, found.x_m, strict=True) if not math.isfinite(x)]
        assert sorted({finding.row for finding in found.findings if finding.row}) == lost


@given(columns, st.text(max_size=8) | st.sampled_from(["a > 0", "a=食堂", "a != 1e3", " a<=１ "]))
def test_a_condition_keeps_rows_or_is_refused(words, where):
    one = table(a=words)
    try:
        chosen = choose_rows(one, where)
    except ValueError:
        return
    assert set(chosen.rows) <= set(one.rows)


@given(amounts)
def test_a_number_is_read_in_all_its_spellings(amount):
    for text in (f"{amount}", f"{amount:,}", f" {amount}\u3000", f"{amount}".translate(WIDE)):
        assert parse_number(text) == amount
        assert parse_area(f"{text.strip()} ㎡") == amount
    assert parse_quantity(f"约{amount}万人", PERSONS) == amount * 10**4


@given(days)
def test_a_date_is_read_in_all_its_spellings(day):
    serial = (day - dt.date(1899, 12, 30)).days
    for text in (
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日 9:30",
        f"{day}T00:00:00",
        f"{day} 00:00:00+08:00",
        f"{day}".translate(WIDE),
        str(serial),
        f"{serial}.25",
    ):
        assert parse_date(text) == day


@given(st.floats(73, 135), st.floats(18, 53))
def test_a_pair_of_coordinates_is_read_in_all_its_spellings(lon, lat):
    lon, lat = round(lon, 7), round(lat, 7)
    both = f"{lon:.7f}", f"{lat:.7f}"
    forms = ["{},{}", "{} , {}", "POINT ({} {})", "[{}, {}]", "（{}；{}）", "{}、{}", "{}   {}"]
    found = locate(
        table(坐标=[form.format(*both) for form in forms]),
        {"location": "坐标"},
        METRIC,
        layer_crs=None,
        datum="wgs84",
    )
    assert set(found.given.x) == {lon}
    assert set(found.given.y) == {lat}


@given(st.sampled_from(sorted(known_categories())), st.sampled_from(["", " ", "\u3000", "\ufeff"]))
def test_a_category_is_known_by_each_of_its_words(category, around):
    known = known_categories()[category]
    for word in (category, known.zh, known.en, *known.aliases):
        for spelling in (word, word.upper(), around + word + around, " ".join(word)):
            assert category_of(spelling, {}) == category


LETTERS = st.text(st.sampled_from("aé字Ａ㎡ｶﾞe\u0301\u0327한\u1112\u1161\u11ab "), max_size=600)


@given(LETTERS | st.text(min_size=150, max_size=400))
@settings(max_examples=40)
def test_a_long_text_is_folded_as_a_short_one(text):
    assert half_width(text) == unicodedata.normalize("NFKC", text)


READERS = {
    "clean": clean,
    "number": parse_number,
    "area": parse_area,
    "persons": lambda cell: parse_quantity(cell, PERSONS),
    "flag": parse_flag,
    "date": parse_date,
    "about": is_approximate,
    "category": lambda cell: category_of(cell, {}),
    "status": lambda cell: read_statuses(table(状态=[cell]), "状态"),
    "position": lambda cell: locate(
        table(坐标=[cell, "120,31"]), {"location": "坐标"}, METRIC, layer_crs=None, datum=None
    ),
    "heading": lambda cell: find_columns(table(**{cell: ["1"]}), "facility", {}),
    "condition": lambda cell: choose_rows(table(a=["1"]), cell),
}
LONG = 50_000
LONG_TEXTS = [
    *(("1", " ", end) for end in ("1", "(", "人")),
    *(("2023-1-1", " ", end) for end in ("", "x", "日")),
    *(("point", " ", "(1"), ("a", "=", ""), ("a", " ", "b"), ("a ", "/", "b"), ("", ".", "a")),
    *(("", "1", ""), ("", "1", "x"), ("0.", "0", "1"), ("1e", "9", ""), ("1e-", "9", "")),
    *(("1", ",111", ""), ("", "(", ")"), ("", "(a", ")"), ("", "a(b)", "c"), ("", "1 , ", "")),
    *(("a", "\u0301\u0316", ""), ("１", "\u0316\u0301", "人"), ("", "\ufdfa", ""), ("", "_", "a")),
]


@pytest.mark.timed
@pytest.mark.parametrize("reader", READERS)
def test_a_long_text_is_read_in_linear_time(reader):
    """Tens of milliseconds each; 2 s and more where each character looks at all others."""
    for start, piece, end in LONG_TEXTS:
        text = start + piece * (LONG // len(piece)) + end
        begin = time.process_time()
        with contextlib.suppress(ValueError):
            READERS[reader](text)
        assert time.process_time() - begin < 1, (start, piece, end)
