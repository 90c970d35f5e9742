"""`circle15 compare`: two results folders, from the folders alone."""

from __future__ import annotations

import html
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import shapely
from python_calamine import CalamineWorkbook
from tests.builders.kept_folder import keep_results
from tests.streets import OsmWay, straight, write_study
from typer.testing import CliRunner

from circle15.cli import app
from circle15.errors import InputDataError
from circle15.workflow.comparison import comparing_folders
from circle15.workflow.comparison.comparing_folders import FILES
from circle15.workflow.schemas import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

TOWN = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (300.0, 400.0)}
MAIN, LANE = ({"highway": "residential", "name": name} for name in ("Main Street", "Old Lane"))
STEEP = {"highway": "steps", "name": "Main Street"}
PARTS = ("people", "closed", "opened", "moved", "walking")
HOMES = {
    "h0": (1000, 5, 20),
    "h1": (10, 5, 100.25),
    "h2": (1500, 5, 50.5),
    "h3": (2900, 5, 30),
}
SITES = {"f1": (300.0, 10.0), "f2": (1700.0, 10.0), "f3": (2950.0, 10.0)}
BOX = shapely.box(-200, -500, 3200, 500)
WARDS = {"W": shapely.box(-200, -500, 1600, 500), "E": shapely.box(1600, -500, 3200, 500)}
STUDIES: dict[str, dict[str, Any]] = {
    "base": {},
    "people": {"homes": {"h1": (10, 5, 90), "h2": (1500, 5, 60.5), "h4": (2000, 5, 7)}},
    "closed": {"sites": {"f1": SITES["f1"], "f3": SITES["f3"]}},
    "opened": {"sites": SITES | {"f4": (900.0, 10.0)}},
    "moved": {"sites": SITES | {"f3": (1600.0, 10.0)}},
    "walking": {"walk": "speed_m_s = 0.5\ncutoffs_min = [5, 15]"},
    "all": {
        "homes": {
            "h0": (1000, 5, 20),
            "h1": (10, 5, 80),
            "h2": (1500, 5, 55.5),
            "h5": (2000, 5, 9),
        },
        "sites": {"f2": (2500.0, 10.0), "f3": SITES["f3"], "f4": (900.0, 10.0)},
        "walk": "speed_m_s = 0.8\ncutoffs_min = [5, 15]",
    },
}
"""A street of 3 km; f1, f2, f3 each serve a home near them. What differs from that."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    nodes, way = straight(3000)
    found = {}
    for name, own in STUDIES.items():
        folder = tmp_path_factory.mktemp(name)
        given: dict[str, Any] = {
            "homes": HOMES,
            "sites": SITES,
            "walk": "cutoffs_min = [5, 15]",
        } | own
        study = write_study(
            folder,
            nodes,
            [way],
            given["homes"],
            given["sites"],
            boundary=BOX,
            streets=WARDS,
            walk=given["walk"],
        )
        found[name] = keep_results(study, folder / "results")
    return found


def compare(a: Path | str, b: Path | str) -> Any:
    """Keys are looked up by variables here."""
    return comparing_folders.compare(a, b)


def micro(persons: float) -> int:
    return round(persons * 1_000_000)


def adds_up(row: dict[str, Any]) -> bool:
    return micro(row["b"]) - micro(row["a"]) == sum(micro(row[part]) for part in PARTS)


@pytest.mark.parametrize("kind", [name for name in STUDIES if name != "base"])
def test_the_parts_of_every_table_add_up_to_the_summaries(results, kind):
    a, b = results["base"], results[kind]
    found = compare(a, b)
    jsonschema.validate(found, SCHEMAS["compare"]("en"))
    stated = [
        {
            (row["category"], row["group"], row["cutoff_min"]): row["covered"]
            for row in json.loads((folder / "summary.json").read_text("utf-8"))["coverage"]
            if row["speed_m_s"] == speed
        }
        for folder, speed in ((a, 1.0), (b, {"walking": 0.5, "all": 0.8}.get(kind, 1.0)))
    ]
    assert len(found["coverage"]) == len(stated[0]) > 0
    for row in found["coverage"]:
        key = (row["category"], row["group"], row["cutoff_min"])
        assert (row["a"], row["b"]) == (stated[0][key], stated[1][key])
        assert adds_up(row)
        zones = [
            z
            for z in found["zones"]
            if z["level"] == "street" and (z["category"], z["group"], z["cutoff_min"]) == key
        ]
        assert all(map(adds_up, zones))
        for part in PARTS:
            assert sum(micro(z[part]) for z in zones) == micro(row[part])
    if kind != "all":
        shown = {part for row in found["coverage"] for part in PARTS if row[part]}
        assert shown == {kind}
    else:
        shown = {part for row in found["coverage"] for part in PARTS if row[part]}
        assert {"people", "closed", "opened", "moved"} <= shown


def test_it_loads_no_compiler():
    """Which takes half of a second, and nothing of a comparison is compiled."""
    program = (
        "import circle15.cli.tools, circle15.output.comparison.terminal, sys\n"
        "import circle15.workflow.comparison.comparing_folders\n"
        "sys.exit('numba' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_else_differs_is_listed(results):
    found = compare(results["base"], results["all"])
    assert {(one["facility_id"], one["change"]) for one in found["sites"]} == {
        ("f1", "gone"),
        ("f2", "moved"),
        ("f4", "new"),
    }
    (moved,) = (one["moved_m"] for one in found["sites"] if one["moved_m"] is not None)
    assert moved == pytest.approx(800, abs=0.01)
    assert {"field": "speed_m_s", "a": 1.0, "b": 0.8} in found["parameters"]
    assert {one["field"] for one in found["inputs"]} == {
        "homes.csv",
        "sites.csv",
        "study.toml",
    }
    assert found["homes"] == {"a": 4, "b": 4, "both": 3}
    (people,) = found["population"]
    keys = ("a", "b", "gone", "new", "fewer", "more")
    assert [people[key] for key in keys] == [200.75, 164.5, 30.0, 9.0, 20.25, 5.0]
    assert found["streets"] == found["network"] == found["versions"] == []


def test_the_other_way_round_is_the_negative_and_the_same_is_zero(results):
    opposite = {"closed": "opened", "opened": "closed"}
    for kind in ("closed", "opened", "moved", "walking"):
        there = compare(results["base"], results[kind])["coverage"]
        back = compare(results[kind], results["base"])["coverage"]
        for one, other in zip(there, back, strict=True):
            assert all(one[part] == -other[opposite.get(part, part)] for part in PARTS)
    same = compare(results["all"], results["all"])
    assert all(row[part] == 0 for row in same["coverage"] for part in PARTS)
    lists = (
        *("zones", "sites", "parameters", "inputs", "versions", "packs"),
        *("network", "streets", "verdicts"),
    )
    assert all(same[key] == [] for key in lists)


def test_every_pair_adds_up_and_the_total_of_the_other_way_round_is_the_negative(results):
    """
    The 21 pairs of folders, either way.

    The total always; the parts need not be: there w_a · Δs stands for w_b · Δs (DESIGN §9.7), so
    that those of access and of people change by the same amount.
    """
    for k, one in enumerate(STUDIES):
        for other in list(STUDIES)[k + 1 :]:
            there = compare(results[one], results[other])["coverage"]
            back = compare(results[other], results[one])["coverage"]
            assert len(there) == len(back) > 0
            for row, turned in zip(there, back, strict=True):
                assert adds_up(row)
                assert adds_up(turned)
                assert (row["a"], row["b"]) == (turned["b"], turned["a"])
                moved = micro(row["people"]) + micro(turned["people"])
                access = sum(micro(row[p]) + micro(turned[p]) for p in PARTS if p != "people")
                assert moved == -access, (one, other)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_prints_and_writes(results, tmp_path, language):
    a, b = (str(results[name]) for name in ("base", "all"))
    out = tmp_path / "change"
    told = CliRunner().invoke(app, ["compare", a, b, "--lang", language, "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert re.search(r"f1 .*(gone|取消)", told.stdout)
    assert sorted(one.name for one in out.iterdir()) == sorted(FILES)
    found = json.loads((out / "compare.json").read_text("utf-8"))
    page = (out / "compare.html").read_text("utf-8")
    first, second, third = told.stdout.splitlines()[:3]
    assert all(html.escape(line, quote=False) in page for line in (first, second, third))
    assert page.count("<svg") == 1
    assert not re.search(r"""(src|href)=["']?(http|//)""", page)
    sheets = CalamineWorkbook.from_path(out / "compare.xlsx")
    rows = sheets.get_sheet_by_name(sheets.sheet_names[1]).to_python()
    assert [row[3:] for row in rows[1:]] == [
        [row[key] for key in ("a", *PARTS, "b")] for row in found["coverage"]
    ]
    again = CliRunner().invoke(app, ["compare", a, b, "--json", "--out", str(out)])
    assert json.loads(again.stdout) == found == compare(a, b)


def test_tables_of_another_run_are_found(results, tmp_path):
    mixed = tmp_path / "mixed"
    shutil.copytree(results["base"], mixed)
    shutil.copy(results["people"] / "coverage.parquet", mixed)
    with pytest.raises(InputDataError, match="not of one run"):
        compare(mixed, results["base"])


def test_a_file_of_that_name_is_not_replaced(results, tmp_path):
    (tmp_path / "compare.json").write_text("{}", "utf-8")
    answer = CliRunner().invoke(
        app, ["compare", str(results["base"]), str(results["all"]), "--out", str(tmp_path)]
    )
    assert isinstance(answer.exception, InputDataError)
    assert (tmp_path / "compare.json").read_text("utf-8") == "{}"


def test_what_only_one_result_has_is_listed(results, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(results["base"], other)
    with closing(sqlite3.connect(other / "results.gpkg")) as opened:
        opened.execute("DELETE FROM gpkg_contents WHERE table_name = 'walk_network'")
        opened.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'walk_network'")
        opened.commit()
    found = compare(results["base"], other)
    assert found["not_compared"] == [
        {"what": "walk_network", "name": "results.gpkg", "only_in": "a"}
    ]


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Main Street A-B-C: B-C becomes steps; Old Lane B-D goes, and a path from A to D comes."""
    found = []
    for ways in (
        [OsmWay("AB", MAIN), OsmWay("BC", MAIN), OsmWay("BD", LANE)],
        [OsmWay("AB", MAIN), OsmWay("BC", STEEP), OsmWay("AD", {"highway": "path"})],
    ):
        folder = tmp_path_factory.mktemp("streets")
        homes = {"h0": (590, 5, 100), "h1": (300, 390, 10)}
        study = write_study(folder, TOWN, ways, homes, {"f1": (10, 5)}, walk="cutoffs_min = [10]")
        found.append(keep_results(study, folder / "results"))
    return found[0], found[1]


def remove_names(folder: Path, target: Path) -> Path:
    """Make a folder as versions wrote it that kept no names of streets."""
    shutil.copytree(folder, target)
    with closing(sqlite3.connect(target / "results.gpkg")) as opened:
        opened.execute("ALTER TABLE walk_network DROP COLUMN name")
        opened.commit()
    return target


def test_streets_are_listed_by_name_and_the_cause_points_to_them(streets, tmp_path):
    found = compare(*streets)
    jsonschema.validate(found, SCHEMAS["compare"]("en"))
    told = [(row["name"], row["change"]) for row in found["ways"]]
    assert told == [(None, "new"), ("Old Lane", "gone"), ("Main Street", "changed")]
    km = {row["name"]: [row[f"{k}_km"] for k in ("a", "gone", "added", "changed", "b")]
          for row in found["ways"]}  # fmt: skip
    assert km["Old Lane"] == pytest.approx([0.4, 0.4, 0, 0, 0], abs=1e-3)
    assert km["Main Street"] == pytest.approx([0.6, 0, 0, 0.3, 0.6], abs=1e-3)
    assert km[None] == pytest.approx([0, 0, 0.5, 0, 0.5], abs=1e-3)
    assert found["not_compared"] == []
    (row,) = (one for one in found["coverage"] if one["category"] == "meal_point")
    assert [row[part] for part in PARTS] == [0, 0, 0, 0, -90]
    out = tmp_path / "change"
    answer = CliRunner().invoke(
        app, ["compare", *map(str, streets), "--lang", "en", "--out", str(out)]
    )
    page = (out / "compare.html").read_text("utf-8")
    pointer = answer.stdout.splitlines()[3]
    assert pointer.startswith("Behind 'streets, walking, parameters': streets 0.50 km new, 0.40 km")
    assert "Old Lane" in pointer
    assert pointer in html.unescape(page)
    for heading in ("Streets by name, km", "Streets by kind, km"):
        assert f">{heading}</h2>" in page
    sheets = CalamineWorkbook.from_path(out / "compare.xlsx")
    rows = sheets.get_sheet_by_name("Streets by name, km").to_python()
    assert [one[0] for one in rows[1:]] == [
        f"way {found['ways'][0]['ways'][0]}",
        "Old Lane",
        "Main Street",
    ]


@pytest.mark.parametrize(("older", "says"), [
    ("a", "Result A is of an older version, which kept no names"),
    ("b", "Result B is of an older version, which kept no names"),
    ("ab", "Both results are of an older version, which kept no names"),
])  # fmt: skip
def test_results_of_an_older_version_have_no_names_of_streets(streets, tmp_path, older, says):
    pair = [
        remove_names(folder, tmp_path / side) if side in older else folder
        for side, folder in zip("ab", streets, strict=True)
    ]
    found = compare(*pair)
    jsonschema.validate(found, SCHEMAS["compare"]("en"))
    only = {"a": "b", "b": "a", "ab": "none"}[older]
    note = {"what": "street_names", "name": "results.gpkg", "only_in": only}
    assert found["not_compared"] == [note]
    assert found["street_km"] == compare(*streets)["street_km"]
    out = tmp_path / "change"
    for language, words in (("zh", "旧版本"), ("en", says)):
        command = ["compare", *map(str, pair), "--lang", language, "--out", str(out)]
        assert CliRunner().invoke(app, command).exit_code == 0
        assert words in (out / "compare.html").read_text("utf-8")


def test_results_without_the_layer_of_streets_say_so(streets, tmp_path):
    pair = []
    for k, folder in enumerate(streets):
        pair.append(shutil.copytree(folder, tmp_path / f"{k}"))
        with closing(sqlite3.connect(pair[k] / "results.gpkg")) as opened:
            opened.execute("DELETE FROM gpkg_contents WHERE table_name = 'walk_network'")
            opened.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'walk_network'")
            opened.commit()
    found = compare(*pair)
    assert (found["street_km"], found["ways"], found["streets"]) == (None, [], [])
    answer = CliRunner().invoke(app, ["compare", *map(str, pair), "--lang", "en"])
    assert "Neither result has the layer of streets" in answer.stdout
    assert "streets cannot be compared" in answer.stdout
