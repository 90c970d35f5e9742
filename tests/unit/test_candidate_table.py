"""Candidates for new sites as a table gives them: values, ids, conditions, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.streets import METRIC

from circle15.errors import InputDataError, StudyError
from circle15.inputs.facilities.candidate_table import read_candidates
from circle15.study.settings.siting import Siting

HEADING = "candidate_id,name,x_m,y_m,floor_area_m2,cost,beds,kind"
ROWS = (
    "V1,Old school,500000,3490000,300.5,1200,20,vacant",
    "V2,,500100,3490000,,,,vacant",
    "V3,Hall,500200,3490000,80,0,,used",
)


def read(folder, *rows: str, heading: str = HEADING, **asked: Any) -> Any:
    path = folder / "vacant.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", "utf-8")
    question = Siting("meal_point", add=1, candidates=path, crs="EPSG:4549", **asked)
    return read_candidates(question, METRIC, study="study.toml", key="siting.new")


def message(folder, *rows: str, kind: Any = InputDataError, **asked: Any) -> str:
    with pytest.raises(kind) as caught:
        read(folder, *rows, **asked)
    return str(caught.value)


def test_values_as_the_file_has_them(tmp_path):
    found = read(tmp_path, *ROWS)
    table = found.table
    assert table["candidate_id"].tolist() == ["V1", "V2", "V3"]
    assert table["name"].tolist() == ["Old school", "", "Hall"]
    assert table["x_m"].tolist() == [500000, 500100, 500200]
    assert table["floor_area_m2"].tolist() == [Decimal("300.5"), None, Decimal(80)]
    assert table["cost"].tolist() == [1200, None, 0]
    assert table["beds"].tolist() == [20, None, None]
    assert table["row"].tolist() == [2, 3, 4]
    assert set(table["file"]) == {"vacant.csv"}
    assert (found.rows, found.places, found.others) == (3, {"x_m", "y_m"}, None)
    assert found.excluded_m.shape == (0, 2)
    assert list(found.findings) == []


def test_money_in_ten_thousands(tmp_path):
    """A heading may state the unit: 1.5 ten thousands of yuan are 15,000 yuan."""
    found = read(tmp_path, "V1,500000,3490000,1.5", heading="candidate_id,x_m,y_m,造价（万元）")
    assert found.table["cost"].tolist() == [15_000]


def test_rows_that_meet_a_condition(tmp_path):
    """The others are kept apart, with their positions."""
    found = read(tmp_path, *ROWS, where='kind = "vacant"')
    assert found.table["candidate_id"].tolist() == ["V1", "V2"]
    assert found.rows == 3
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("ROWS_LEFT_OUT", "note")
    assert finding.detail == {"rows": "1", "where": 'kind = "vacant"'}
    assert list(found.others.ids) == ["V3"]
    assert found.excluded_m.tolist() == [[500200, 3490000]]


def test_another_row_without_a_position_is_excluded_nowhere(tmp_path):
    found = read(tmp_path, *ROWS, "V4,Barn,,,80,0,,used", where='kind = "vacant"')
    assert list(found.others.ids) == ["V3", "V4"]
    assert np.isnan(found.others.placed_m[1]).all()
    assert found.excluded_m.tolist() == [[500200, 3490000]]


def test_a_condition_that_all_rows_meet_leaves_no_others(tmp_path):
    found = read(tmp_path, *ROWS[:2], where='kind = "vacant"')
    assert (found.others, list(found.findings)) == (None, [])


def test_ids_are_made_of_what_a_row_holds(tmp_path):
    """Where the rows stand does not matter."""
    rows = ("500000,3490000", "500100,3490000")
    ids, back = (
        read(tmp_path, *order, heading="x_m,y_m").table["candidate_id"].tolist()
        for order in (rows, rows[::-1])
    )
    assert ids == back[::-1]
    assert len(set(ids)) == 2
    assert all(ids)


def test_an_id_of_a_facility_serves_too(tmp_path):
    found = read(tmp_path, "F7,500000,3490000", heading="facility_id,x_m,y_m")
    assert found.table["candidate_id"].tolist() == ["F7"]


def test_headings_that_the_question_names(tmp_path):
    columns = {"candidate_id": "no", "cost": "price", "name": "called"}
    found = read(
        tmp_path,
        "7,Barn,500000,3490000,9",
        heading="no,called,x_m,y_m,price",
        columns=columns,
    )
    row = found.table.iloc[0]
    assert (row["candidate_id"], row["name"], row["cost"]) == ("7", "Barn", 9)
    said = message(tmp_path, "7,500000,3490000", heading="no,x_m,y_m", columns={"cost": "prize"})
    assert "vacant.csv, column 'prize'" in said


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("V1,,500000,3490000,many,,,", "floor_area_m2", "UNREADABLE"),
        ("V1,,500000,3490000,,-5,,", "cost", "NEGATIVE_VALUE"),
        ("V1,,500000,3490000,,,few,", "beds", "UNREADABLE"),
    ],
)
def test_a_cell_that_cannot_be_read(tmp_path, row, column, code):
    found = read(tmp_path, row)
    (finding,) = found.findings
    assert (finding.code, finding.file, finding.row) == (code, "vacant.csv", 2)
    assert finding.column == column
    assert found.table[column].tolist() == [None]


def test_one_id_for_two_candidates(tmp_path):
    said = message(tmp_path, *ROWS, ROWS[0])
    assert "vacant.csv, row 5" in said
    assert "the candidate 'V1' stands in row 2 too" in said
    assert "Give each candidate its own id" in said


def test_conditions_that_cannot_be_used(tmp_path):
    said = message(tmp_path, *ROWS, where='kind = "new"')
    assert 'vacant.csv: no candidate has kind = "new". Correct siting.new.where.' in said
    said = message(tmp_path, *ROWS, where='colour = "red"', kind=StudyError)
    assert "study.toml" in said
    assert "siting.new.where" in said
    assert "colour" in said


def test_a_table_without_positions(tmp_path):
    said = message(tmp_path, "V1,Hall", heading="candidate_id,name")
    assert "vacant.csv: has no columns of coordinates" in said
