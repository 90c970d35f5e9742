"""
People in the workbook show the whole number that the report prints, and keep all decimals.

Of 2 people .6 are covered, .7 in the gap and .7 unknown: the report prints 0, 1 and 1, which sum
to 2, where Excel would round to 1, 1 and 1.
"""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal

import pytest
from tests.builders.report_result import make_result

from circle15.access.counting import Counts
from circle15.output.tables.sheet_records import People, people_cells
from circle15.output.tables.sheets import sheets
from circle15.output.tables.workbook import people_format, write_workbook
from circle15.output.text.numbers import split_people, whole_people
from circle15.output.text.wording import Words
from circle15.results.figures import coverage_row

SECTION = re.compile(r"""(?:\[<([0-9.]+)\])?(?:"([0-9,]+)"|#,##0)$""")


def shown(value, code):
    """What a spreadsheet shows of a number in a format."""
    for part in code.split(";"):
        found = SECTION.fullmatch(part)
        assert found is not None, part
        limit, literal = found.groups()
        if limit is None or value < Decimal(limit):
            return literal or f"{int(value + Decimal('0.5')):,}"
    raise AssertionError(code)


@pytest.mark.parametrize("micro", [(600_000, 700_000, 700_000), (1_400_000, 300_000, 300_000)])
def test_parts_show_as_they_are_printed(micro):
    counts = Counts(sum(micro), *micro)
    made = people_cells(micro, whole_people(counts))
    cells = [one for one in made if isinstance(one, People)]
    assert tuple(shown(one, people_format(one)) for one in cells) == split_people(counts)[1:]
    assert [one * 1_000_000 for one in cells] == list(micro)


@pytest.mark.parametrize("to", [-1, 0, 1])
def test_another_number_in_the_cell_shows_as_it_is(to):
    """Who types another number into the cell sees that number."""
    code = people_format(People(154_214_487_654, 154_214 + to))
    assert shown(Decimal("154214.487654"), code) == f"{154_214 + to:,}"
    for value in ("3", "154213.4", "154215", "200000.7"):
        assert shown(Decimal(value), code) == f"{int(Decimal(value) + Decimal('0.5')):,}"


def test_the_sample_of_the_report_has_them(tmp_path):
    result = make_result()
    row = coverage_row(result, result.categories[0])
    assert row is not None
    found = {one.key: one for one in sheets(result, Words("en", result.study))}
    cells = [cell for cells in found["categories"].rows for cell in cells]
    people = [cell for cell in cells if isinstance(cell, People)]
    assert {one.shown for one in people} >= set(whole_people(row.counts))
    write_workbook(result, tmp_path / "report.xlsx", "en")
    with zipfile.ZipFile(tmp_path / "report.xlsx") as book:
        styles = book.read("xl/styles.xml").decode("utf-8")
    odd = {people_format(one) for one in people} - {"#,##0"}
    for code in odd:
        assert code.replace("<", "&lt;").replace('"', "&quot;") in styles
