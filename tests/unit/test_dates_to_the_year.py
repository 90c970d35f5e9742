"""A date with a year only is recognised as a date, and numbers as numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from circle15.inputs.table_sources import read_table
from circle15.inputs.tables.cells import read_column
from circle15.inputs.tables.dates import is_year_only, parse_date
from circle15.study.messages import messages, say


def found(tmp_path, cell):
    path = tmp_path / "sites.csv"
    pd.DataFrame({"开业日期": [cell]}).to_csv(path, index=False)
    table, code = read_table(path), "DATE_TO_YEAR"
    return read_column(table, "开业日期", parse_date, unsure=is_year_only, unsure_code=code)[1]


@pytest.mark.parametrize("cell", ["2023", "2023年", 2024])
def test_a_year_alone(tmp_path, cell):
    (finding,) = found(tmp_path, cell)
    assert (finding.code, finding.row) == ("DATE_TO_YEAR", 2)
    said = {
        "zh": say(f"issues.{finding.code}", "zh", **finding.detail),
        "en": say(f"issues.{finding.code}", "en", **finding.detail),
    }
    for language, amount, date in (("zh", "门槛", "基准日"), ("en", "threshold", "date")):
        text = said[language]
        assert str(cell) in text
        assert amount not in text
        assert date in text


@pytest.mark.parametrize("cell", ["2023年4月", "2023-04-01"])
def test_more_than_a_year(tmp_path, cell):
    assert found(tmp_path, cell) == []


def test_thresholds_are_said_of_amounts_alone():
    of_amounts = {"issues.APPROXIMATE_VALUE"}
    assert {key for key, text in messages("zh").items() if "门槛" in text} == of_amounts
