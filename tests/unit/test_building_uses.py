"""Buildings of unknown use are residential or left out, as the study sets; all are reported."""

from __future__ import annotations

import pytest
import shapely
from tests.streets import EAST_M, METRIC, NORTH_M, write_layer

from circle15.errors import InputDataError
from circle15.inputs.demand.buildings import read_buildings

UNKNOWN = ("yes", "Yes", "  YES ", None, "", "房屋", "unknown", "不详", "—", "true")


def layer(folder, rows, *, heading="building"):
    """Blocks of 10 × 10 m in a row: use and floors of each; no column of uses without heading."""
    features = [
        (
            shapely.box(20 * k, 0, 20 * k + 10, 10),
            ({heading: use} if heading else {}) | {"floors": floors},
        )
        for k, (use, floors) in enumerate(rows)
    ]
    return write_layer(folder / "houses.geojson", features)


def read(folder, rows, *, heading="building", **options):
    found, findings = read_buildings(layer(folder, rows, heading=heading), METRIC, **options)
    assert (found.y_m == NORTH_M + 5).all()
    volume = zip(found.x_m - EAST_M, found.volume_m3, strict=True)
    return {int(x) // 20: round(v) for x, v in volume}, findings


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.parametrize("use", UNKNOWN)
def test_a_use_that_is_unknown_is_lived_in_by_default(tmp_path, use):
    """A house of 1 floor is 300 m³, the unknown building of 2 floors is 600 m³."""
    homes, findings = read(tmp_path, [("house", 1), (use, 2)])
    assert homes == {0: 300, 1: 600}
    (one,) = findings
    assert (one.code, one.severity) == ("BUILDINGS_OF_UNKNOWN_USE_LIVED_IN", "warning")
    assert (one.detail["buildings"], one.floor_area_m2) == ("1", 200)


@pytest.mark.parametrize("use", UNKNOWN)
def test_a_use_that_is_unknown_is_left_out_where_the_study_says_so(tmp_path, use):
    homes, findings = read(tmp_path, [("house", 1), (use, 2)], unknown_use="left_out")
    assert homes == {0: 300}
    (one,) = findings
    assert one.code == "BUILDINGS_OF_UNKNOWN_USE_LEFT_OUT"
    assert (one.detail["buildings"], one.floor_area_m2) == ("1", 200)


def test_all_of_unknown_use_by_both_keys(tmp_path):
    assert read(tmp_path, [("yes", 1), ("yes", 3)])[0] == {0: 300, 1: 900}
    with pytest.raises(InputDataError, match=r'yes 2\. Or set unknown_use = "lived_in"'):
        read(tmp_path, [("yes", 1), ("yes", 3)], unknown_use="left_out")


def test_a_layer_without_a_column_of_uses(tmp_path):
    homes, findings = read(tmp_path, [(None, 1), (None, 2)], heading=None)
    assert homes == {0: 300, 1: 600}
    assert codes(findings) == ["BUILDINGS_WITHOUT_USE_LIVED_IN"]
    with pytest.raises(InputDataError, match=r"unknown_use = \"lived_in\""):
        read(tmp_path, [(None, 1), (None, 2)], heading=None, unknown_use="left_out")


def test_every_use_left_out_is_named_with_its_counts_and_the_key(tmp_path):
    """Two schools of 1 and 2 floors are 300 m²; a garage without floors takes the median, 1."""
    rows = [("house", 1), ("school", 1), ("School", 2), ("garage", None), ('a "b"', 1)]
    homes, findings = read(tmp_path, rows)
    assert homes == {0: 300}
    found = {i.detail["use"]: i for i in findings}
    assert {use: (i.detail["buildings"], i.floor_area_m2) for use, i in found.items()} == {
        "School": ("2", 300),
        "garage": ("1", 100),
        'a "b"': ("1", 100),
    }
    assert found['a "b"'].detail["quoted"] == r'"a \"b\""'
    assert set(codes(findings)) == {"USE_LEFT_OUT"}


def test_more_uses_than_fit_are_named_in_one_finding(tmp_path):
    rows = [("house", 1), *((f"shed {k:02d}", 1) for k in range(60))]
    _, findings = read(tmp_path, rows)
    assert codes(findings) == ["USE_LEFT_OUT"] * 50 + ["USES_LEFT_OUT"]
    assert (findings[-1].detail["buildings"], findings[-1].floor_area_m2) == ("10", 1000)
    assert all(f"shed {k}" in findings[-1].detail["uses"] for k in range(50, 60))


@pytest.mark.parametrize("use", ["retail;apartments", "商业、住宅", "住宅/办公"])
def test_one_of_several_uses_is_enough(tmp_path, use):
    assert read(tmp_path, [("house", 1), (use, 1)])[0] == {0: 300, 1: 300}


def test_a_use_that_the_study_adds_is_no_longer_unknown(tmp_path):
    homes, findings = read(
        tmp_path,
        [("house", 1), ("yes", 1), (None, 1)],
        residential=("Yes",),
        unknown_use="left_out",
    )
    assert homes == {0: 300, 1: 300}
    assert findings[-1].detail["buildings"] == "1"


def test_the_order_of_rows_does_not_matter(tmp_path):
    rows = [("house", 1), ("school", 1), ("SCHOOL", 3), ("yes", 2), ("barn", 1)]
    _, one = read(tmp_path, rows)
    _, other = read(tmp_path, rows[::-1])
    assert one == other
