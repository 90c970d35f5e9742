"""Conditions on rows: all spellings of one meaning, and none taken for another."""

from __future__ import annotations

import csv
import re
import time

import pytest
from tests.builders.written_tables import write

from circle15.inputs.table_sources import choose_rows, read_table

ROWS = [
    ["id", "beds", "kind", "a=b", "性质 类别", "name", "r and d", 'x"y'],
    ["1", "5", "医院", "1", "公办", "A and B", "1", "1"],
    ["2", "10", "医院 and 诊所", "2", "民办", 'say "hi"', "2", "2"],
    ["3", "", "学校", "3", "公办", "C", "3", "3"],
    ["4", "20", "O'Neil", "4", "民办 或 公办", "D=E", "4", "4"],
]


@pytest.fixture
def table(tmp_path):
    with (tmp_path / "t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return read_table(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("beds == 5", [1]),
        ("beds ＝ 5", [1]),
        ("beds ≥ 10", [2, 4]),
        ("beds => 10", [2, 4]),
        ("beds ＜ 10", [1]),
        ("beds <> 5", [2, 4]),
        ("beds ≠ 5", [2, 4]),
        ("性质 类别 = 公办 且 beds >= 5", [1]),
        ("beds = 5\u3000或者\u3000beds = 20", [1, 4]),
        ('"a=b" >= 3', [3, 4]),
        ("a=b = 3", [3]),
        ("a=b>=3 and beds > 5", [4]),
        ('"r and d" = 2', [2]),
        ("beds = 5 or r and d = 2", [1, 2]),
        ('x"y = 2', [2]),
        ("kind = '医院'", [1]),
        ("kind = 「医院」", [1]),
        ("kind = “医院 and 诊所”", [2]),
        ("kind = O'Neil", [4]),
        ("kind = 医院 and 诊所", [2]),  # as a cell says
        ("name = D=E", [4]),
        ("性质 类别 = 民办 或 公办", [4]),
        ('name = "say "hi""', [2]),
        ('name = "A and B" or name = C', [1, 3]),
        ('kind != "医院 or 学校" and beds > 5', [2, 4]),
    ],
)
def test_what_is_understood(table, where, kept):
    assert [row - 1 for row in choose_rows(table, where).rows] == kept


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("beds>5 and kind", "'5 and kind' is not a number, and '>' compares numbers"),
        ("beds > many", "'many' is not a number"),
        ('beds > "5"', '"5" is not a number'),
        ("beds > 5%", "'5%' is not a number"),
        ("beds > nan", "'nan' is not a number"),
        ("beds > 1e400", "'1e400' is not a number"),
        ("beds > 5 & beds < 20", "'5 & beds < 20' is not a number"),
        ("5 < beds < 20", "there is no column '5'"),
        ("beds < 20 > 5", "'20 > 5' is not a number"),
        ("kind > 5", "no cell of 'kind' is a number"),
        ("beds = 5 or", "no cell of 'beds' is '5 or'; if it is one text, put it in quotes"),
        ("kind = 医院 or 学校", "no cell of 'kind' is '医院 or 学校'"),
        ("kind = 医院或学校", "no cell of 'kind' is '医院或学校'"),
        ("kind = 学校 and (beds > 5)", "there is no column '(beds'"),
        ("kind != 医院, beds > 5", "no cell of 'kind' is '医院, beds > 5'"),
        ('kind = “医院" or beds = 20', "no cell of 'kind' is '“医院\"'"),
        ('kind = "医院', "no cell of 'kind' is '\"医院'"),
        ("not beds = 5", "there is no column 'not beds'"),
        ("and beds > 5", "there is no column 'and beds'"),
        ("beds =", "is not a condition"),
        ("= 5", "is not a condition"),
        ("beds = 5 or = 5", "no cell of 'beds' is '5 or = 5'"),
    ],
)
def test_what_could_mean_something_else_is_refused(table, where, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        choose_rows(table, where)


@pytest.mark.parametrize("piece", ["a = 1 and ", 'a="x and ', "and ", '"', "= and ", "' or a="])
def test_a_long_condition_is_read_in_linear_time(tmp_path, piece):
    """Tens of milliseconds; many seconds where each piece looks at all others."""
    table = read_table(write(tmp_path / "t.csv", "a\n1\n"))
    begin = time.process_time()
    with pytest.raises(ValueError, match=r"condition|no column|no cell|not a number"):
        choose_rows(table, piece * (20_000 // len(piece)))
    assert time.process_time() - begin < 2
