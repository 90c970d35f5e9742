"""The roll-up of studies by hand: sums, ranks, what is missing, what makes them unequal."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import shapely
from tests.builders.districts_by_hand import HOSTILE, MISSING, district, make_summary

from circle15.output.province.page import province_page
from circle15.output.province.terminal import province_lines
from circle15.output.province.workbook import write_province_workbook
from circle15.results.province.kept_districts import KeptDistrict
from circle15.results.province.overlapping_areas import overlapping_areas
from circle15.results.province.province_schema import province_schema
from circle15.results.province.remarks import CountedTwice
from circle15.results.province.rolling_up import province_of
from circle15.results.summary.json_numbers import micro


@pytest.fixture(scope="module")
def summary() -> Any:
    return make_summary()


def with_covered(summary: Any, name: str, covered: int) -> KeptDistrict:
    """Return a district of 100 people in its headline; `covered` are micro-persons."""
    one = district(summary, name)
    row = one.headline
    assert row is not None
    row["persons"], row["covered"], row["unknown"] = 100.0, covered / 1e6, 0.0
    row["gap"] = (100_000_000 - covered) / 1e6
    return one


def test_ranks_compare_shares_exactly(summary: Any) -> None:
    """A micro-person apart is another rank; equal shares share one, the next is skipped."""
    covered = {"a": 50_000_000, "b": 50_000_001, "c": 50_000_001, "d": 10}
    kept = [with_covered(summary, name, people) for name, people in covered.items()]
    nobody = district(summary, "e")
    assert nobody.headline is not None
    nobody.headline.update({"persons": 0.0, "covered": 0.0, "gap": 0.0, "unknown": 0.0})
    found = province_of([nobody, *kept], [])
    ranks = [(one["name"], one["rank"]) for one in found["districts"]]
    assert ranks == [("b", 1), ("c", 1), ("a", 3), ("d", 4), ("e", None)]
    assert micro(found["headline"][0]["covered"]) == sum(covered.values())
    assert found["districts"][-1]["share_covered"] is None


def test_sums_are_exact_in_any_order(summary: Any) -> None:
    """As floats 0.1 + 0.2 + 0.3 depends on the order; micro-persons do not."""
    kept = [with_covered(summary, name, n) for name, n in (("a", 100001), ("b", 200002), ("c", 3))]
    there, back = province_of(kept, []), province_of(kept[::-1], [])
    assert there["headline"] == back["headline"]
    assert there["headline"][0]["covered"] == 0.300006
    assert there["people"] == back["people"]


def test_it_is_as_the_schema_says(summary: Any) -> None:
    kept = [district(summary, "a"), district(summary, "b")]
    found = province_of(kept, [MISSING], [CountedTwice("a", "b", 5, 0)])
    jsonschema.Draft202012Validator.check_schema(province_schema())
    jsonschema.validate(json.loads(json.dumps(found)), province_schema())
    assert found["studies"] == 3
    one = summary["gap_areas"]
    of_headline = {gap["id"] for gap in one if gap["reason"] != "capacity"}
    assert {gap["id"] for gap in found["largest_gaps"]} <= of_headline


def test_each_difference_is_one_remark(summary: Any) -> None:
    kept = [
        district(summary, "a"),
        district(summary, "b", language="en", study__as_of="2020-01-01"),
        district(summary, "c", parameters__packs=["own"], parameters__speed_m_s=0.8),
        district(summary, "d", parameters__cutoffs_min=[5], parameters__judge="round_trip"),
    ]
    found = province_of(kept, [])
    remarks = {one["code"]: one["parts"] for one in found["remarks"]}
    assert set(remarks) - {"synthetic"} == {
        *("as_of", "language", "packs", "speed", "cutoff", "rules_of_walking"),
    }
    assert len(found["remarks"]) == len(remarks)
    assert remarks["as_of"][1] == {"value": "2020-01-01", "studies": ["b"]}
    assert {"value": "judge", "studies": ["d"]} in remarks["rules_of_walking"]


def test_districts_that_ask_alike_are_not_added_to_others(summary: Any) -> None:
    kept = [district(summary, "a"), district(summary, "b"), district(summary, "c")]
    require = ["care_home", "meal_point"]
    for one in kept:
        one.summary["parameters"]["require"] = require
        head: Any = {**one.summary["coverage"][-1], "category": "all"}
        head["cutoff_min"] = max(one.summary["parameters"]["cutoffs_min"])
        head["speed_m_s"] = one.summary["parameters"]["speed_m_s"]
        one.summary["coverage"] = [head]
    kept[2].summary["parameters"]["require"] = ["care_home", "day_care"]
    found = province_of(kept, [])
    assert [(one["require"], one["studies"]) for one in found["headline"]] == [
        (["care_home", "meal_point"], 2),
        (["care_home", "day_care"], 1),
    ]


def test_of_alternatives_only_the_first_counts(summary: Any) -> None:
    one, two = district(summary, "a"), district(summary, "b")
    answer = make_answer(covered=1000.5)
    one.summary["siting"] = [answer, make_answer(covered=1900.0)]
    two.summary["siting"] = [make_answer(covered=1000.25)]
    found = province_of([one, two], [])
    (total,) = found["new_sites_by_category"]
    assert (total["sites"], total["persons_newly"], total["cost"]) == (4, 200.75, 600)
    assert len(found["new_sites"]) == 3


def make_answer(*, covered: float) -> Any:
    """Return the answer to a question: two new sites, 900 people covered before."""
    return {
        "name": "q",
        "category": "meal_point",
        "group": "p60",
        "cutoff_min": 15,
        "objective": "people",
        "sites": [{"cost": 100}, {"cost": 200}],
        "area": {"persons": 2000.0, "covered_before": 900.0, "covered": covered},
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_from_data_is_escaped(summary: Any, language: Any, tmp_path) -> None:
    kept = [district(summary, "a"), district(summary, "b", language="en")]
    found = province_of(kept, [MISSING], [CountedTwice("a", "b", 5_000_000, 0)])
    square = shapely.box(120, 31, 120.1, 31.1)
    page = province_page(found, {"a": square, "b": None, "x": square}, language)
    assert "<b onclick" not in page
    assert "<i> " not in page
    assert "<script" not in page
    assert page.count("url(#no-results)") == 2  # the missing district, and the legend
    assert 'href="a/map.html"' in page
    write_province_workbook(found, tmp_path / "one.xlsx", language)
    write_province_workbook(found, tmp_path / "two.xlsx", language)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert any(HOSTILE in line for line in province_lines(found, language))


def test_neighbours_do_not_overlap_by_a_strip() -> None:
    """At 0° a degree has 111,320 m: strips 60 m and 220 m wide, and areas that only touch."""
    degree = 1 / 111_320
    areas = {
        "a": shapely.box(0, 0, 0.1, 0.1),
        "b": shapely.box(0.1 - 60 * degree, 0, 0.2, 0.1),
        "c": shapely.box(0, 0.1 - 220 * degree, 0.1, 0.2),
        "d": shapely.box(0.2, 0, 0.3, 0.1),
    }
    assert [(one.a, one.b) for one in overlapping_areas(areas)] == [("a", "c")]
    assert overlapping_areas({}) == []
