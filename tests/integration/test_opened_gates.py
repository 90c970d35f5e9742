"""Gates opened by a scenario, and links that are taken out again.

.   M-----------L     y = 300
.               |
.               K     y = 280, a gate
.               H     y = 150, private from G to K
.               G     y = 20, a gate
.   A-----------B----------C
"""

from __future__ import annotations

from dataclasses import replace

import shapely
from tests.builders.gap_study import walked, write_gaps
from tests.builders.scenario_study import all_numbers
from tests.streets import OsmWay, write_layer, write_points

import circle15
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study

GATED = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "G": (300.0, 20.0)}
INSIDE = {"H": (300.0, 150.0), "K": (300.0, 280.0), "L": (300.0, 300.0), "M": (0.0, 300.0)}


def gated(folder, more=""):
    gate = {"barrier": "gate", "access": "private"}
    drive = {"highway": "service", "access": "private"}
    ways = [OsmWay("ABC"), OsmWay("BG"), OsmWay("KLM"), OsmWay("GHK", drive)]
    ways.append(OsmWay("MA"))
    return write_gaps(
        folder,
        GATED | INSIDE,
        ways,
        {"up": (300, 301, 5), "in": (300, 160, 7)},
        {"f": (310.0, 1.0)},
        node_tags={"G": gate, "K": gate},
        network='gated = "residents"\n',
        walk="max_snap_m = 50",
        more=more,
    )


def times(study):
    result = run_study(study)
    table = result.coverage
    table = table[(table["category"] == "meal_point")]
    return {row.demand_id: row.time_ms for row in table.itertuples()}


def test_opened_gates_let_walks_pass(tmp_path):
    """Up to now the way from `up` leads round by M and A: 300 + 300 + 310 m; through it 300 m."""
    study = load_study(gated(tmp_path))
    base = times(study)
    one = times(study.with_changes("one", open_gates=[ord("K")]))
    both = times(study.with_changes("both", open_gates=[ord("G"), ord("K")]))
    every = times(study.with_changes("all", open_gates="all"))
    assert base["up"] > 800_000
    assert one["up"] < 400_000  # in at K, out by G as residents go
    assert both["up"] == every["up"] == one["up"]
    assert both["in"] == base["in"]


def test_a_scenario_of_all_gates_is_the_study_with_open_gates(tmp_path):
    study = load_study(gated(tmp_path))
    changed = study.with_changes("all", open_gates="all")
    assert changed.network.gated == "open"
    assert times(changed) == times(replace(study, network=replace(study.network, gated="open")))


def test_judged_from_the_study_it_has_every_number_of_its_own_run(tmp_path):
    """Homes and sites join the streets where they did; a new home beside an opened gate too."""
    write_points(tmp_path / "new.csv", "demand_id,p60", [(290, 160, "new", 3)])
    tables = f"[scenarios.one]\nopen_gates = [{ord('K')}]\n"
    tables += f'[scenarios.two]\nopen_gates = [{ord("G")}]\nhomes = "new.csv"\n'
    path = gated(tmp_path, f'{tables}crs = "EPSG:4549"\n')
    study = load_study(path)
    outcome = circle15.run(study)
    for name in ("one", "two"):
        found = outcome.scenario(name)
        assert all_numbers(found) == all_numbers(circle15.run(study.with_changes(name)))
        assert all_numbers(found)[1] != all_numbers(outcome)[1]


def test_a_removed_link_gives_the_old_numbers(tmp_path):
    study = load_study(gated(tmp_path))
    write_layer(tmp_path / "l.geojson", [(shapely.LineString([(200, 5), (200, 297)]), {})])
    before = walked(study).homes.snaps.edge.tolist()
    linked_times = times(study.with_changes("link", links=tmp_path / "l.geojson"))
    assert linked_times["up"] < times(study)["up"]
    assert walked(study).homes.snaps.edge.tolist() == before
