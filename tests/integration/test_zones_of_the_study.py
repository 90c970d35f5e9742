"""`circle15 zones` on lists under a bureau's own headings: the study says how they are read."""

from __future__ import annotations

import pytest
from tests.builders.columns_study import LAT, LON, RULES, study

from circle15.errors import StudyError
from circle15.output.text.wording import Words
from circle15.output.zones.terminal import finding_lines, zone_lines
from circle15.study.settings.reading import load_study
from circle15.workflow.zone_sheets import check_study_zones

HEAD = "序号,小区名称,小区性质,规划总户数,养老用房情况,经度,纬度\n"
ROWS = "".join(
    f"{k},区{k},{kind},1000,{rooms},{LON:.7f},{LAT:.7f}\n"
    for k, kind, rooms in ((10, "新建住宅小区", 300), (2, "老旧小区", "约200"))
)
LAYER = '\n[[residential_zones]]\nfile = "zones.csv"\ncolumns = { rooms_m2 = "养老用房情况" }\n'


def bureau(folder, more=LAYER):
    path = study(folder, "status,floor_area_m2,zone_id", "open,300,", more=RULES + more)
    text = path.read_text("utf-8").replace('"meal_point"', '"home_care_station"')
    path.write_text(text, encoding="utf-8")
    for name in ("zones.csv", "next.csv"):
        (folder / name).write_text(HEAD + ROWS, encoding="utf-8")
    return path


@pytest.mark.parametrize("file", [None, "zones.csv", "next.csv"])
def test_a_list_is_read_with_the_columns_of_the_study(tmp_path, file):
    """The running number is the id, and counts as a number: 2 before 10."""
    found = check_study_zones(bureau(tmp_path), None if file is None else tmp_path / file)
    told = [(one["zone_id"], one["kind"], one["households"], one["counted_m2"])
            for one in found.zones]  # fmt: skip
    assert told == [("2", "existing", 1000, 0), ("10", "new", 1000, 300)]


def test_another_list_is_read_by_usual_headings(tmp_path):
    path = bureau(tmp_path)
    other = tmp_path / "other.csv"
    other.write_text(f"编号,户数,类型,经度,纬度\nA,10,新建,{LON},{LAT}\n", encoding="utf-8")
    assert [one["zone_id"] for one in check_study_zones(path, other).zones] == ["A"]


def test_a_study_without_zones_says_where_to_name_them(tmp_path):
    with pytest.raises(StudyError, match=r"names no residential zones\. Give their file with"):
        check_study_zones(bureau(tmp_path, more=""), None)


def test_findings_and_reasons_are_in_the_language_of_the_study(tmp_path):
    path = bureau(tmp_path)
    (tmp_path / "zones.csv").write_text(
        HEAD + ROWS.replace("约200", "").replace("新建住宅小区", "商铺"), encoding="utf-8"
    )
    found = check_study_zones(path, None)
    words = Words("zh", load_study(path))
    lines = list(finding_lines(found.findings, words))
    assert all(line.startswith(("警告：", "提示：")) for line in lines)
    assert any("、第 2 行、“小区性质”列：居住区类型“商铺”不认识" in line for line in lines)
    told = list(zone_lines(found.zones, "zh"))
    (at,) = (k for k, line in enumerate(told) if line.startswith("2 区2"))
    assert "待定" in told[at]
    assert not told[at + 1].strip().startswith("用房面积：")
