"""Codes that join one zone while names say another."""

from __future__ import annotations

import pytest

from circle15.errors import InputDataError
from circle15.inputs.area.zone_contradictions import list_contradictions
from circle15.inputs.area.zone_matching import Named, match_zones
from circle15.inputs.table_sources import read_table

ZONES = [
    Named("320213001", "广益街道"),
    Named("320213002", "黄巷街道"),
    Named("320213003", "金匮街道"),
]


def contradictions(tmp_path, *rows):
    path = tmp_path / "t.csv"
    lines = [f"{code},{name}" for code, name in rows]
    path.write_text("\n".join(["code,name", *lines]) + "\n", encoding="utf-8")
    named = [Named(*row) for row in rows]
    match = match_zones(ZONES, named)
    return list_contradictions(match, ZONES, named, read_table(path))


def test_a_column_that_was_sorted_alone_is_refused(tmp_path):
    with pytest.raises(InputDataError) as error:
        contradictions(
            tmp_path,
            ("320213001000", "金匮街道"),
            ("320213002000", "广益街道"),
            ("320213003000", "黄巷街道"),
        )
    said = str(error.value)
    of_2 = "is that of '广益街道', but the name '金匮街道' is that of 320213003"
    of_3 = "is that of '黄巷街道', but the name '广益街道' is that of 320213001"
    assert f"row 2: the code 320213001000 {of_2}" in said
    assert f"row 3: the code 320213002000 {of_3}" in said
    assert "row 4" in said


def test_one_pair_that_was_exchanged_is_refused(tmp_path):
    with pytest.raises(InputDataError, match=r"row 2: the code 320213001 .*; row 3: the code"):
        contradictions(
            tmp_path, ("320213001", "黄巷"), ("320213002", "广益街道办事处"), ("320213003", "")
        )


def test_another_name_that_is_no_zone_is_listed_with_both(tmp_path):
    (finding,) = contradictions(tmp_path, ("320213001", "新名街道"), ("320213002", "黄巷"))
    assert (finding.code, finding.row) == ("OTHER_NAME", 2)
    assert finding.detail == {"code": "320213001", "name": "新名街道", "zone": "广益街道"}


@pytest.mark.parametrize("name", ["广益街道", "广益", "无锡市梁溪区广益街道", "　广益街道办事处"])
def test_one_name_in_many_spellings_is_no_contradiction(tmp_path, name):
    assert contradictions(tmp_path, ("320213001", name)) == []


def test_rows_that_their_names_join_contradict_nothing(tmp_path):
    assert contradictions(tmp_path, ("320213099", "黄巷街道"), ("320213001", "广益")) == []
