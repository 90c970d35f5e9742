"""Two results written by hand are compared; every number is worked out here."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from python_calamine import CalamineWorkbook
from tests.builders.written_results import (
    AFTER,
    BEFORE,
    Site,
    Town,
    seal_results,
    write_results,
)

from circle15.errors import CrsError, InputDataError, MissingFileError
from circle15.output.comparison.terminal import comparison_lines
from circle15.workflow.comparison.comparing_folders import compare, write_comparison
from circle15.workflow.comparison.last_two_runs import last_two
from circle15.workflow.comparison.with_earlier_run import since_last_run
from circle15.workflow.reruns.history import EarlierRun, earlier_runs, put_aside
from circle15.workflow.schemas import SCHEMAS

FINISHED = "2026-01-02T03:04:05.678+00:00"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    return write_results(folder / "a", BEFORE), write_results(folder / "b", AFTER)


@pytest.fixture(scope="module")
def found(folders) -> Any:
    return compare(*folders)


def parts(row: Any) -> list[float]:
    return [row[key] for key in ("a", "people", "closed", "opened", "moved", "walking", "b")]


def test_the_parts_of_the_whole_area(found):
    """10 + 20 + 30.5 + 7 are covered before, 12 + 40 + 50 + 3 after; h1, h6, h7: 2 − 7 + 3."""
    (row,) = found["coverage"]
    assert parts(row) == [67.5, -2, -20, 40, -30.5, 50, 105]
    assert (row["persons_a"], row["persons_b"]) == (157.5, 155.5)
    assert (row["gap_a"], row["gap_b"]) == (90, 50.5)
    assert found["headline"] == row
    assert found["homes"] == {"a": 6, "b": 6, "both": 5}


def test_the_parts_of_zones(found):
    """No home lies in a community: the one line of communities is of homes in none."""
    zones = {(row["level"], row["name"]): row for row in found["zones"]}
    assert {key: parts(row) for key, row in zones.items()} == {
        ("street", "East"): [0, 0, 0, 40, 0, 50, 90],
        ("street", "West"): [67.5, -2, -20, 0, -30.5, 0, 15],
        ("community", ""): [67.5, -2, -20, 40, -30.5, 50, 105],
    }
    gaps = {key: (row["gap_a"], row["gap_b"]) for key, row in zones.items()}
    assert gaps == {
        ("street", "East"): (90, 0),
        ("street", "West"): (0, 50.5),
        ("community", ""): (None, None),
    }


def test_people_sites_streets_and_verdicts(found):
    assert found["population"] == [
        {"group": "p60", "a": 157.5, "b": 155.5, "gone": 7, "new": 3, "fewer": 0, "more": 2}
    ]
    sites = {one["facility_id"]: (one["change"], one["moved_m"]) for one in found["sites"]}
    assert sites == {
        "f0": ("gone", None),
        "f2": ("closed", None),
        "f3": ("moved", 100),
        "f4": ("new", None),
    }
    fields = {one["facility_id"]: one["fields"] for one in found["sites"] if one["fields"]}
    assert fields == {
        "f2": [
            {"field": "status", "a": "open", "b": "closed"},
            {"field": "open", "a": True, "b": False},
            {"field": "floor_area_m2", "a": 300, "b": 350},
        ],
        "f3": [{"field": "position", "a": [300, 0], "b": [400, 0]}],
    }
    assert {one["name"]: (one["change"], one["ways"]) for one in found["ways"]} == {
        "New Way": ("new", ["3"]),
        "Old Lane": ("gone", ["2"]),
    }
    km = {"a_km": 0.8, "b_km": 0.9, "gone_km": 0.3, "added_km": 0.4, "changed_km": 0}
    assert found["street_km"] == pytest.approx(km)
    (verdict,) = found["verdicts"]
    assert (verdict["id"], verdict["through"]) == ("T-1", ["value"])
    assert [one["field"] for one in found["inputs"]] == ["homes.csv"]


def test_the_way_back_has_the_opposite_sign(folders, found):
    back: Any = compare(*reversed(folders))
    there = found["headline"]
    for key in ("people", "moved", "walking"):
        assert back["headline"][key] == -there[key]
    assert (back["headline"]["opened"], back["headline"]["closed"]) == (20, -40)
    assert {one["facility_id"]: one["change"] for one in back["sites"]} == {
        "f0": "new",
        "f2": "opened",
        "f3": "moved",
        "f4": "gone",
    }


def test_the_same_results_have_no_difference(folders):
    found: Any = compare(folders[0], folders[0])
    for key in ("zones", "sites", "parameters", "inputs", "ways", "verdicts", "not_compared"):
        assert found[key] == [], key
    assert comparison_lines(found, "en")[0] == (
        "68 of 158 (people aged 60+) reach Meal site within 15 minutes on foot, as many as before "
        "(then of 158; 42.9% → 42.9%)."
    )


def test_the_lines_of_the_terminal(found):
    """67.5 of 157.5 people are 42.9 %, 105 of 155.5 are 67.5 %; 105 − 68 = 37 in whole persons."""
    assert comparison_lines(found, "en") == [
        (
            "105 of 156 (people aged 60+) reach Meal site within 15 minutes on foot, 37 more than "
            "before (68 of 158; 42.9% → 67.5%)."
        ),
        (
            "By cause: −2 because other people live at the homes, −20 because sites closed or are "
            "gone, +40 because sites are new or opened, −31 because sites moved, +50 because of "
            "streets, walking or parameters."
        ),
        (
            "Sites: 1 new, 0 opened, 1 closed, 1 gone, 1 moved, 0 changed otherwise. Verdicts that "
            "flip: 1; parameters that differ: 0; input files that differ: 1."
        ),
        (
            "Behind 'streets, walking, parameters': streets 0.40 km new, 0.30 km gone, 0.00 km of "
            "another walking cost (New Way, Old Lane)."
        ),
        "",
        (
            "Meal site, 15 min: 68 → 105 (people −2; sites closed or gone −20; sites new or opened "
            "+40; sites moved −31; streets, walking, parameters +50)"
        ),
        "",
        "f0 Old (Meal site): gone",
        (
            "f2 Two (Meal site): closed; Status: open → closed; Open: yes → no; Floor area (m²): "
            "300 → 350"
        ),
        "f3 Three (Meal site): moved by 100 m",
        "f4 Four (Meal site): new",
        "",
        "town-2026 T-1 any: met → not met (value 80 → 70)",
    ]


def test_page_workbook_and_numbers_are_written(found, folders, tmp_path):
    files = write_comparison(found, tmp_path / "out", "en")
    assert [one.name for one in files] == ["compare.html", "compare.xlsx", "compare.json"]
    assert json.loads(files[2].read_text("utf-8")) == found
    page = html.unescape(re.sub(r"<[^>]+>", " ", files[0].read_text("utf-8")))
    for text in ("37 more than before", "67.5%", "Old Lane", "not met"):
        assert text in page
    book = CalamineWorkbook.from_path(str(files[1]))
    first, *tables = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert "37 more than before" in str(first[0][0])
    assert any(row[:1] == ["West"] and -30.5 in row for table in tables for row in table)
    again = [one.read_bytes() for one in write_comparison(found, tmp_path / "out", "en")]
    assert again == [one.read_bytes() for one in files]


def test_a_comparison_replaces_no_other_file(found, tmp_path):
    (tmp_path / "compare.xlsx").write_text("mine", "utf-8")
    with pytest.raises(InputDataError, match=r"compare\.xlsx: was not written by an earlier run"):
        write_comparison(found, tmp_path, "en")
    assert (tmp_path / "compare.xlsx").read_text("utf-8") == "mine"


def test_a_kept_run_is_compared_by_its_tables(folders, found, tmp_path):
    """What a run puts into its history says the same as the folder that it was."""
    folder = write_results(tmp_path / "out", BEFORE)
    seal_results(folder, finished=FINISHED)
    work = tmp_path / "work"
    write_results(work, AFTER)
    put_aside(folder, work)
    (kept,) = (work / "history").iterdir()
    (folder / "history").mkdir()
    kept.rename(folder / "history" / kept.name)
    for one in work.iterdir():
        if one.is_file():
            one.replace(folder / one.name)
    seal_results(folder, finished="2026-02-02T03:04:05.678+00:00")
    (earlier,) = earlier_runs(folder)
    assert earlier.finished == FINISHED
    assert not (earlier.folder / "results.gpkg").exists()
    assert last_two(folder) == (earlier.folder, folder)
    told: Any = compare(folder)
    for key in set(found) - {"a", "b"}:
        assert told[key] == found[key], key
    assert since_last_run(folder, earlier).change == told


def test_results_that_cannot_be_compared_are_told_as_such(folders, tmp_path):
    other = write_results(tmp_path / "other", BEFORE, schema=2)
    since = since_last_run(folders[1], EarlierRun(other, FINISHED))
    assert (since.finished, since.change) == (FINISHED, None)


def test_another_coordinate_system(folders, tmp_path):
    study = BEFORE.summary()["study"] | {"crs": "EPSG:4550"}
    other = write_results(tmp_path / "other", BEFORE, study=study)
    with pytest.raises(CrsError, match=r"is in EPSG:4549, and .*other in EPSG:4550"):
        compare(folders[0], other)


def test_nothing_in_common(folders, tmp_path):
    summary = json.loads(json.dumps(BEFORE.summary()).replace('"p60"', '"p65"'))
    other = write_results(tmp_path / "other", BEFORE)
    (other / "summary.json").write_text(json.dumps(summary), "utf-8")
    with pytest.raises(InputDataError, match="has no column 'p65'"):
        compare(folders[0], other)
    table = BEFORE.coverage().assign(category="care_home")
    table.to_parquet(other / "coverage.parquet")
    (other / "summary.json").write_text(json.dumps(BEFORE.summary()), "utf-8")
    with pytest.raises(InputDataError, match="has no category, group and cutoff in common"):
        compare(folders[0], other)


def test_a_summary_of_other_numbers(folders, tmp_path):
    other = write_results(tmp_path / "other", BEFORE)
    text = (other / "summary.json").read_text("utf-8")
    assert text.count("67.5") == 1
    (other / "summary.json").write_text(text.replace("67.5", "67.6"), "utf-8")
    with pytest.raises(InputDataError, match=r"states 67\.6 people covered .*, and .* 67\.5\."):
        compare(folders[0], other)


def test_streets_that_one_result_lacks(folders, tmp_path):
    other = write_results(tmp_path / "other", replace(BEFORE, streets={}))
    found = compare(other, folders[1])
    assert found["street_km"] is None
    assert found["not_compared"] == [
        {"what": "walk_network", "name": "results.gpkg", "only_in": "b"}
    ]
    lines = comparison_lines(found, "en")
    assert lines[-1] == "Only in B, not compared: results.gpkg (layer of streets)."


def test_a_folder_without_results(tmp_path, folders):
    with pytest.raises(MissingFileError, match=r"is not a folder: it has no summary\.json and no"):
        compare(tmp_path / "none", folders[0])
    (tmp_path / "summary.json").write_text("{}", "utf-8")
    with pytest.raises(
        MissingFileError,
        match=r"is not a results folder: it has no coverage\.parquet and no results\.gpkg",
    ):
        compare(tmp_path, folders[0])
    with pytest.raises(MissingFileError, match=r"is not a results folder: it has no run\.json"):
        last_two(tmp_path)


def test_the_last_two_runs_must_be_unaltered(tmp_path):
    folder = write_results(tmp_path / "out", AFTER)
    seal_results(folder, finished="2026-02-02T03:04:05.678+00:00")
    with pytest.raises(MissingFileError, match="keeps no earlier run to compare with"):
        last_two(folder)
    earlier = write_results(folder / "history" / "2026-01-02T030405.678Z-0123abcd", BEFORE)
    seal_results(earlier, finished=FINISHED)
    assert last_two(folder) == (earlier, folder)
    (folder / "summary.json").write_text("{}", "utf-8")
    with pytest.raises(InputDataError, match="out: has been altered since its run"):
        last_two(folder)


def test_a_site_whose_position_becomes_known(tmp_path):
    """It is moved, but by no distance."""
    before = Town({"h1": (4, "W", None)}, {"f1": Site(None)})
    after = replace(before, sites={"f1": Site(7)})
    sides = [write_results(tmp_path / k, one) for k, one in (("a", before), ("b", after))]
    (site,) = compare(*sides)["sites"]
    assert (site["change"], site["moved_m"]) == ("moved", None)
    assert site["fields"] == [{"field": "position", "a": None, "b": [7, 0]}]


def test_the_schema_knows_what_is_written(found):
    jsonschema.validate(found, SCHEMAS["compare"]("en"))
