"""`circle15 route`: the path of one time, its exit codes, its JSON and its drawing."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.builders.routes_of_a_run import assert_paths_have_the_times_of_the_run, at
from tests.commands import call
from tests.streets import OsmWay, write_osm, write_study

import circle15
from circle15.errors import InputDataError
from circle15.output.route.map import build_route_map
from circle15.output.route.texts import route_entry, route_lines
from circle15.study.messages import messages
from circle15.travel.paths.records import NoRoute
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from pathlib import Path


NODES = {
    "A": (0.0, 0.0),
    "B": (100.0, 0.0),
    "C": (200.0, 0.0),
    "D": (200.0, 100.0),
    "P": (0.0, 1000.0),
    "Q": (300.0, 1000.0),
    "X": (0.0, -2000.0),
    "Y": (9000.0, -2000.0),
    "M": (-100.0, 500.0),
    "N": (400.0, 500.0),
}
EVIL = 'Lake <script>alert(1)</script> "Road"'
WAYS = [
    OsmWay("ABC", {"highway": "residential", "name": EVIL}),
    OsmWay("CD", {"highway": "steps"}),
    OsmWay("PQ", {"highway": "footway", "access": "private"}),
    OsmWay("XY"),
    OsmWay("MN", {"highway": "motorway"}),
]
SITES = {"f1": (190.0, 40.0), "f2": (150.0, 1005.0), "f3": (8000.0, -2000.0), "far": (0.0, 9000.0)}
"""
    P───────Q  f2       private, its own part
    ═══M════N═══        motorway: a barrier

            D
            │ stairs
    A───B───C  f1       Lake … Road

    X─────────────── Y  f3 at 8 km
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written: Path = write_study(
        tmp_path_factory.mktemp("route"), NODES, WAYS, {"h1": (10, 5, 100)}, SITES
    )
    return written


def test_json_explains_the_time_step_by_step(study, capfd):
    """From (30, 10) to f1: 170 m of street, 40 m of stairs and two legs of 10 m, at 1 m/s.

    Stairs of which no end is said to be up cost the mean of 1 / 0.35 and 1 / 0.5: 97.143 s.
    """
    assert call("route", study, "--from", at(30, 10), "--to", "f1", "--json") == 0
    answer = capfd.readouterr()
    assert answer.err == ""
    found = json.loads(answer.out)
    assert found["time_s"] == pytest.approx(287.143, abs=0.003)
    assert found["length_m"] == pytest.approx(210, abs=0.01)
    assert (found["access_m"], found["egress_m"]) == pytest.approx((10, 10), abs=0.002)
    assert [step["part"] for step in found["steps"]] == ["access", "way", "way", "egress"]
    road, stairs = found["steps"][1:3]
    assert (road["name"], road["kind"], road["stairs"]) == (EVIL, "residential", False)
    assert (stairs["name"], stairs["kind"], stairs["stairs"]) == (None, "steps", True)
    assert (stairs["flat_m"], stairs["time_s"]) == pytest.approx((97.143, 97.143), abs=0.003)
    assert sum(step["time_s"] for step in found["steps"]) == pytest.approx(found["time_s"])
    assert found["to"]["facility_id"] == "f1"
    assert (found["reason"], found["back"], found["round_trip_s"]) == (None, None, None)


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ((5000, 5000), "f1", "ORIGIN_TOO_FAR"),
        ((0, 5), "far", "DESTINATION_TOO_FAR"),
        ((100, 510), "f1", "ORIGIN_TOO_FAR"),
        ((0, 5), "f2", "NOT_CONNECTED"),
        ((0, -2000), "f3", "BEYOND_HORIZON"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_way_is_exit_one_with_the_reason(study, start, end, reason, language, capfd):
    arguments = ("route", study, "--from", at(*start), "--to", end, "--lang", language)
    assert call(*arguments, "--json") == 1
    found = json.loads(capfd.readouterr().out)
    assert (found["reason"], found["time_s"], found["steps"]) == (reason, None, [])
    assert call(*arguments) == 1
    shown = capfd.readouterr()
    assert shown.out.splitlines()[1] == found["message"]
    assert shown.err == ""


def test_a_barrier_between_point_and_street_is_said(tmp_path):
    """A motorway runs 20 m north of A–C; a home 40 m north of the street is cut off by it."""
    nodes = {**NODES, "M": (-500.0, 20.0), "N": (700.0, 20.0)}
    ways = [WAYS[0], WAYS[4]]
    study = write_study(tmp_path, nodes, ways, {"h": (10, 5, 1)}, {"f1": (190, 0), "b": (50, 40)})
    assert circle15.route(study, at(100, 40), "f1").reason == NoRoute.ORIGIN_ACCESS_BARRIER
    assert circle15.route(study, at(100, 0), "b").reason == NoRoute.DESTINATION_ACCESS_BARRIER


def test_every_reason_has_words():
    for language in ("zh", "en"):
        assert {r for r in NoRoute if f"route.{r}" not in messages(language)} == set()


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("120.3", "f1", "'120.3' is not LON,LAT"),
        ("a,b", "f1", "'a,b' is not LON,LAT"),
        ("31.5,120.3", "f1", "longitude 31.5, latitude 120.3"),
        ("nan,nan", "f1", "longitude nan"),
        (at(0, 5), "f11", "'f11' is neither a facility of the study nor LON,LAT. Did you mean f1"),
        (at(0, 5), "nothing", "'nothing' is neither a facility"),
        (at(0, 5), "1,2,3", "'1,2,3' is neither a facility"),
        (at(0, 5), "200,2", "longitude 200"),
    ],
)
def test_a_malformed_end_is_bad_input(study, start, end, says, capfd):
    assert call("route", study, "--from", start, "--to", end) == 2
    answer = capfd.readouterr()
    assert says in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "Street data: not before 2024-05-06"), ("zh", "道路数据日期：不早于 2024-05-06")],
)
def test_a_route_says_of_when_its_streets_are(tmp_path, language, says):
    study = write_study(tmp_path, NODES, ["AB"], {"h": (10, 5, 1)}, {"f1": (90, 0)})
    without = circle15.route(study, at(0, 0), "f1")
    assert route_entry(without, language)["data_date"] is None
    assert not any(says[:4] in line for line in route_lines(without, language))
    path = write_osm(tmp_path / "n.osm", NODES, "ABC")
    text = path.read_text("utf-8").replace("<way ", '<way timestamp="2024-05-06T07:08:09Z" ')
    path.write_text(text, encoding="utf-8")
    toml = study.read_text("utf-8").replace("streets.geojson", "n.osm")
    study.write_text(toml, encoding="utf-8")
    found = circle15.route(study, at(0, 0), "f1")
    entry = route_entry(found, language)
    assert entry["data_date"].startswith("2024-05-06")
    assert entry["data_date_source"] == "newest_edit"
    assert list(route_lines(found, language))[-1].startswith(says)
    assert says in build_route_map(found, language)


def test_both_ends_must_be_given(study, capfd):
    assert call("route", study, "--from", at(0, 5)) == 2
    assert "--to" in capfd.readouterr().err


def test_a_round_trip_shows_both_ways(tmp_path):
    """Judged there and back: A → C and C → A, 200 s each."""
    walk = 'judge = "round_trip"'
    path = write_study(tmp_path, NODES, WAYS, {"h": (10, 5, 1)}, SITES, walk=walk)
    found = circle15.route(path, at(0, 0), at(200, 0))
    entry = route_entry(found, "en")
    assert entry["back"]["time_s"] == pytest.approx(200, abs=0.002)
    assert entry["round_trip_s"] == pytest.approx(entry["time_s"] + entry["back"]["time_s"])
    assert list(route_lines(found, "en"))[-1] == "There and back: 6:40 min"
    assert "stroke-dasharray" in build_route_map(found, "en")


def test_the_map_is_one_closed_file_and_names_are_escaped(study, tmp_path, capfd):
    target = tmp_path / "way.html"
    assert call("route", study, "--from", at(30, 10), "--to", "f1", "--map", target) == 0
    assert capfd.readouterr().err.strip() == str(target)
    page = target.read_text("utf-8")
    assert "Content-Security-Policy" in page
    assert "script-src 'none'" in html.unescape(page)
    assert "alert(1)&lt;/script&gt;" in page.replace("<wbr/>", "")
    assert not re.search(r"<script|https?://|<link|src=", page)
    found = circle15.route(study, at(30, 10), "f1")
    assert build_route_map(found, "zh") == page


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(study, tmp_path):
    """Other hash seeds: the same JSON on stdout and the same drawing."""
    found = []
    for seed in ("1", "2"):
        target = tmp_path / f"way{seed}.html"
        answer = subprocess.run(
            [
                sys.executable,
                "-m",
                "circle15",
                "route",
                str(study),
                "--from",
                at(30, 10),
                "--to",
                "f1",
                "--json",
                "--map",
                str(target),
            ],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONSAFEPATH": "1"},
            capture_output=True,
            check=True,
            timeout=120,
        )
        found.append((answer.stdout, target.read_bytes()))
    assert found[0] == found[1]


def test_without_a_way_no_map_is_written(study, tmp_path, capfd):
    target = tmp_path / "way.html"
    assert call("route", study, "--from", at(0, 5), "--to", "f2", "--map", target) == 1
    assert not target.exists()


def test_wrong_types_are_named():
    with pytest.raises(InputDataError, match="no place"):
        circle15.route("data/sample/study.toml", (500.0, 0.0), "S-004")


@pytest.mark.slow
def test_paths_on_the_sample_have_the_times_of_the_run(sample_study):
    assert_paths_have_the_times_of_the_run(run_study(circle15.load_study(sample_study)), 150)


@pytest.mark.slow
def test_the_sample_route_is_that_of_its_page(sample_study, repository):
    """The examples of docs/route.md, line by line."""
    page = (repository / "docs" / "route.md").read_text("utf-8")
    over_the_bridge = circle15.route(sample_study, "120.29165,31.5968", "S-071")
    assert "\n".join(route_lines(over_the_bridge, "en")) in page
    out_of_a_compound = circle15.route(sample_study, "120.27817,31.58643", "S-037")
    assert "\n".join(route_lines(out_of_a_compound, "en")) in page
    into_a_compound = circle15.route(sample_study, "120.27125,31.5655", "S-004")
    assert into_a_compound.reason == "GATED"
