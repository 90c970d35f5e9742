"""Slopes from study.toml to the results: every format of a network, every gap of the DEM."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import numpy as np
import pyogrio
import pytest
from tests.builders.routes_of_a_run import at
from tests.commands import call
from tests.streets import METRIC, OsmWay, write_dem, write_osm, write_study

import circle15
from circle15.network.sources.exchange import network_from_graph
from circle15.network.sources.network_source import open_network
from circle15.network.sources.study_network import read_network
from circle15.results.summary.building import build_summary
from circle15.results.summary.schema import summary_schema
from circle15.study.settings.reading import load_study
from circle15.study.settings.records import NetworkSource
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.streets import XY

    from circle15.network.relief import Relief
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.vocabulary.finding import Finding

    Height = Callable[[np.ndarray, np.ndarray], np.ndarray]

NODES = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0), "D": (300.0, 0.0)}
"""A street of 300 m to the east, 10 % up all the way."""
HOMES = {"low": (100, 0, 100), "high": (200, 0, 50)}
SITES = {"foot": (100.0, 0.0), "top": (200.0, 0.0)}
CORNER = (-450.0, 450.0)
"""Where the models of 1,200 m begin, in the north-west."""


def ramp(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return 50 + 0.1 * x


def hilly_study(
    folder: Path,
    height: Height = ramp,
    ways: Sequence[str | OsmWay] = ("ABCD",),
    *,
    west_north: XY = CORNER,
    cell_m: float = 30.0,
) -> Path:
    study = write_study(folder, NODES, ways, HOMES, SITES)
    write_dem(folder / "dem.tif", height, west_north=west_north, cell_m=cell_m)
    text = study.read_text("utf-8")
    study.write_text(text.replace("extent =", 'dem = "dem.tif"\nextent ='), encoding="utf-8")
    return study


def relief_of(network: WalkNetwork) -> Relief:
    assert network.relief is not None
    return network.relief


def finding_codes(findings: Sequence[Finding]) -> set[str]:
    return {finding.code for finding in findings if finding.code.startswith("DEM_")}


def test_case_t05_through_the_command(tmp_path, capfd):
    """100 m at +10 % and -10 %, 1.0 m/s: 141.91 s up, 100.00 s down."""
    study = hilly_study(tmp_path)
    times = {}
    for way, start, end in (("up", 100, "top"), ("down", 200, "foot")):
        assert call("route", study, "--from", at(start, 0), "--to", end, "--json") == 0
        times[way] = json.loads(capfd.readouterr().out)
    assert times["up"]["time_s"] == pytest.approx(141.91, abs=0.005)
    assert times["down"]["time_s"] == pytest.approx(100.00, abs=0.005)
    (up,) = (step for step in times["up"]["steps"] if step["part"] == "way")
    assert (up["ascent_m"], up["descent_m"]) == pytest.approx((10, 0), abs=0.01)
    assert up["slope_s"] == pytest.approx(41.91, abs=0.01)
    assert up["flat_m"] == pytest.approx(141.91, abs=0.01)
    assert times["up"]["length_m"] == pytest.approx(100, abs=0.01)


def test_streets_of_the_results_have_their_slopes(tmp_path):
    """Edges of 100 m that climb 10 m: e^0.35 up, and down at -10 % as on the flat."""
    target = tmp_path / "out"
    assert call("run", hilly_study(tmp_path), "--out", target) == 0
    table = pyogrio.read_dataframe(target / "results.gpkg", layer="walk_network")
    assert table["ascent_m"].tolist() == pytest.approx([10] * 3, rel=1e-3)
    assert table["descent_m"].tolist() == pytest.approx([0] * 3, abs=1e-3)
    assert table["slope_ratio_fwd"].tolist() == pytest.approx([1.419068] * 3, rel=1e-3)
    assert table["slope_ratio_bwd"].tolist() == pytest.approx([1] * 3, rel=1e-3)
    assert table["base_mm_fwd"].tolist() == pytest.approx([141_907] * 3, rel=1e-3)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "10 m up, 0 m down: +41.9 s"), ("zh", "上升 10 米")]
)
def test_a_route_tells_its_climb(tmp_path, language, words, capfd):
    study = hilly_study(tmp_path)
    assert call("route", study, "--from", at(100, 0), "--to", "top", "--lang", language) == 0
    assert words in capfd.readouterr().out


def test_a_round_trip_is_judged_up_and_down(tmp_path):
    study = hilly_study(tmp_path)
    text = study.read_text("utf-8").replace("[walk]", '[walk]\njudge = "round_trip"')
    study.write_text(text, encoding="utf-8")
    route = circle15.route(study, at(100, 0), "top")
    there, back = (sum(s.time_ms for s in steps) for steps in (route.steps, route.steps_back))
    assert (there / 1000, back / 1000) == pytest.approx((141.91, 100.0), abs=0.005)


def test_a_flat_model_changes_nothing(tmp_path):
    hilly = read_network(load_study(hilly_study(tmp_path, lambda x, y: 0 * x + 73.5)), print)[0]
    bare = tmp_path / "bare"
    bare.mkdir()
    flat = read_network(load_study(write_study(bare, NODES, ["ABCD"], HOMES, SITES)), print)[0]
    assert hilly.base_mm_fwd.tolist() == flat.base_mm_fwd.tolist()
    assert hilly.base_mm_bwd.tolist() == flat.base_mm_bwd.tolist()
    assert flat.relief is None


def test_the_results_name_the_model(tmp_path):
    result = run_study(load_study(hilly_study(tmp_path)))
    summary = build_summary(result)
    jsonschema.validate(summary, summary_schema())
    dem = summary["quality"]["dem"]
    assert dem is not None
    assert dem["file"] == summary["parameters"]["dem"] == "dem.tif"
    assert (dem["known_share"], dem["flat_km"], dem["filled_km"]) == (1.0, 0.0, 0.0)
    assert dem["measured_km"] == pytest.approx(0.3, rel=1e-4)
    assert dem["steepest"] == pytest.approx(0.1, rel=1e-4)
    (entry,) = (one for one in summary["provenance"]["inputs"] if one["path"] == "dem.tif")
    assert len(entry["sha256"]) == 64
    assert finding_codes(result.findings) == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_says_how_slopes_count(tmp_path, language):
    study = hilly_study(tmp_path, lambda x, y: np.where(x < 150, ramp(x, y), np.nan))
    assert call("run", study, "--out", tmp_path / "out", "--lang", language) == 0
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    for words in {
        "en": ("Tobler", "Elevation model", "taken as flat (km)"),
        "zh": ("Tobler", "高程数据", "没有高程，按平路计"),
    }[language]:
        assert words in report
    listed = (tmp_path / "out" / "issues.csv").read_text("utf-8-sig")
    assert {"en": "33.3 % of the streets' length", "zh": "总长的 33.3%"}[language] in listed


def test_what_the_model_lacks_is_listed(tmp_path):
    """Three edges of 100 m; what each model knows of them, and what it is called."""
    cases = {
        "beyond": (
            lambda x, y: np.where(x < 150, ramp(x, y), np.nan),
            {"DEM_PARTIAL"},
            (0.1, 0, 0.2),
        ),
        "hole": (
            lambda x, y: np.where(abs(x - 150) > 20, ramp(x, y), np.nan),
            {"DEM_HOLES"},
            (0.2, 0.1, 0),
        ),
        "empty": (lambda x, y: np.nan * x, {"DEM_ELSEWHERE"}, (0, 0, 0.3)),
    }
    for name, (height, codes, km) in cases.items():
        folder = tmp_path / name
        folder.mkdir()
        network, findings = read_network(load_study(hilly_study(folder, height)), print)
        relief = relief_of(network)
        found = (relief.measured_m, relief.filled_m, relief.flat_m)
        assert found == pytest.approx([1000 * one for one in km], rel=1e-3, abs=1e-9), name
        assert finding_codes(findings) == codes


def test_a_model_of_another_place_is_listed(tmp_path):
    study = load_study(hilly_study(tmp_path, west_north=(90_000.0, 450.0)))
    network, findings = read_network(study, print)
    assert finding_codes(findings) == {"DEM_ELSEWHERE"}
    assert (network.base_mm_fwd == network.base_mm_bwd).all()


@pytest.mark.parametrize(("cell_m", "codes"), [(90.0, set()), (110.0, {"DEM_COARSE"})])
def test_a_model_that_hides_the_hills_is_listed(tmp_path, cell_m, codes):
    study = load_study(hilly_study(tmp_path, west_north=(-600.0, 600.0), cell_m=cell_m))
    _, findings = read_network(study, print)
    assert finding_codes(findings) == codes


def test_a_hole_on_a_ramp_costs_what_the_ramp_costs(tmp_path):
    """The rims of the hole are 100 m and 200 m, so the ramp goes on between them."""
    (tmp_path / "whole").mkdir()
    (tmp_path / "holed").mkdir()
    whole = read_network(load_study(hilly_study(tmp_path / "whole")), print)[0]
    holed = hilly_study(
        tmp_path / "holed", lambda x, y: np.where(abs(x - 150) > 20, ramp(x, y), np.nan)
    )
    network = read_network(load_study(holed), print)[0]
    assert relief_of(network).filled_m == pytest.approx(100, rel=1e-3)
    assert network.base_mm_fwd == pytest.approx(whole.base_mm_fwd, abs=30)


def test_formats_of_a_network_have_the_same_slopes(tmp_path):
    """An OSM file, its graph without costs, and a layer of lines: equal but for the rounding."""
    write_dem(tmp_path / "dem.tif", ramp, west_north=CORNER)
    osm = write_osm(tmp_path / "n.osm", NODES, "ABCD")
    lines = write_study(tmp_path, NODES, ["ABCD"], HOMES, SITES).with_name("streets.geojson")
    flat = open_network(NetworkSource(osm)).build(METRIC)[0]
    graph = flat.to_graph()
    for *_, data in graph.edges(data=True):
        del data["base_mm"], data["delay_ms"]
    circle15_graph = tmp_path / "n.graphml"
    write_graphml(graph, circle15_graph)
    for path in (osm, lines, circle15_graph):
        network = open_network(NetworkSource(path, dem=tmp_path / "dem.tif")).build(METRIC)[0]
        costs = sorted([*network.base_mm_fwd, *network.base_mm_bwd])
        assert costs == pytest.approx([100_000] * 3 + [141_907] * 3, abs=60), path.name


def write_graphml(graph, path: Path) -> None:
    import networkx as nx

    nx.write_graphml(graph, path)


def test_costs_that_a_graph_brings_stay_as_they_are(tmp_path):
    """A graph written with slopes is read with them, and no model counts them twice."""
    write_dem(tmp_path / "dem.tif", ramp, west_north=CORNER)
    osm = write_osm(tmp_path / "n.osm", NODES, "ABCD")
    hilly = open_network(NetworkSource(osm, dem=tmp_path / "dem.tif")).build(METRIC)[0]
    again = network_from_graph(hilly.to_graph(), crs="EPSG:4549", min_component_m=0)
    assert sorted(again.base_mm_fwd) == sorted(hilly.base_mm_fwd)
    write_graphml(hilly.to_graph(), tmp_path / "n.graphml")
    source = NetworkSource(tmp_path / "n.graphml", dem=tmp_path / "dem.tif")
    twice, findings = open_network(source).build(METRIC)
    assert sorted(twice.base_mm_fwd) == sorted(hilly.base_mm_fwd)
    assert finding_codes(findings) == {"DEM_COSTS_GIVEN"}
    assert set(relief_of(twice).ratio_fwd) == {1.0}


def test_a_bridge_over_a_valley_is_level(tmp_path):
    """A valley of 30 m under the middle third: on a bridge flat, on a street down and up."""

    def valley(x, y):
        return np.where(abs(x - 150) < 35, 20.0, 50.0)

    walks = {}
    for name, tags in (("bridge", {"bridge": "yes"}), ("street", {})):
        (tmp_path / name).mkdir()
        ways: list[str | OsmWay] = ["AB", OsmWay("BC", {"highway": "footway", **tags}), "CD"]
        study = load_study(hilly_study(tmp_path / name, valley, ways, cell_m=10.0))
        walks[name] = relief_of(read_network(study, print)[0])
    assert walks["bridge"].ascent_m[1] == pytest.approx(0, abs=0.01)
    assert walks["street"].ascent_m[1] > 20
    assert walks["bridge"].spanned_m == pytest.approx(100, rel=1e-3)
