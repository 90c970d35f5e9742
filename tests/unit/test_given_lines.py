"""Layers of links and barriers as they are read: tags, lines, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from tests.builders.report_result import make_study
from tests.streets import EAST_M, NORTH_M, plane, write_layer

from circle15.errors import InputDataError
from circle15.network.barriers.given_barriers import with_given_barriers
from circle15.network.sources.link_layer import changed_networks, read_links
from circle15.study.settings.records import NetworkSource
from circle15.study.settings.scenarios.tables import Changes, Scenario

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (300.0, 200.0), "D": (0.0, 200.0)}
"""
    D────────C    y = 200
             │
    A────────B    y = 0
"""


def town() -> Any:
    """The streets at the place where small studies stand."""
    found = plane(NODES, "ABCD")
    return replace(found, x_m=found.x_m + EAST_M, y_m=found.y_m + NORTH_M)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


def links(folder, *rows: Any) -> Any:
    path = write_layer(folder / "links.geojson", rows)
    return read_links(Scenario(links=path), town().crs)


def refused(folder, *rows: Any, kind: Any = InputDataError) -> str:
    with pytest.raises(kind) as caught:
        links(folder, *rows)
    return str(caught.value)


# --- links -------------------------------------------------------------------------------------


def test_a_link_without_columns_is_a_footbridge(tmp_path):
    (found,), rows = links(tmp_path, (line((0, 0), (0, 200)), {}))
    assert rows == 1
    assert (found.row, found.tags) == (1, {"highway": "footway", "bridge": "yes"})
    assert found.xy == pytest.approx(
        np.array([[EAST_M, NORTH_M], [EAST_M, NORTH_M + 200]]), abs=0.01
    )


def test_columns_state_what_a_link_is(tmp_path):
    tags = {"highway": "steps", "bridge": "no", "name": "Old Stairs", "width": "2"}
    (found,), _ = links(tmp_path, (line((0, 0), (0, 200)), tags))
    assert found.tags["highway"] == "steps"
    assert "bridge" not in found.tags  # it is said not to be one
    assert found.tags["name"] == "Old Stairs"


def test_each_part_of_a_line_is_a_link(tmp_path):
    parts = shapely.MultiLineString([[(0, 0), (0, 200)], [(50, 0), (50, 100), (50, 200)]])
    found, rows = links(tmp_path, (parts, {}), (line((90, 0), (90, 200)), {}))
    assert rows == 2
    assert [(one.row, len(one.xy)) for one in found] == [(1, 2), (1, 3), (2, 2)]


def test_all_faults_of_a_layer_are_in_one_message(tmp_path):
    said = refused(
        tmp_path,
        (shapely.Point(1, 1), {"highway": None}),
        (line((0, 0), (0, 9)), {"highway": "motorway"}),
        (line((0, 0), (0, 9)), {"highway": "footway"}),
    )
    assert "links.geojson, row 1: is Point, not a line" in said
    assert "row 2" in said
    assert "cannot be walked" in said
    assert "row 3" not in said


def test_links_without_geometry(tmp_path):
    path = tmp_path / "links.csv"
    path.write_text("highway\nfootway\n", "utf-8")
    with pytest.raises(InputDataError, match=r"links\.csv: has no geometry\. Give a layer"):
        read_links(Scenario(links=path), town().crs)


def changed(folder, scenario: Scenario, *, network: Any = None) -> Any:
    study = make_study(changes=Changes("x", scenario), file=folder / "study.toml")
    return changed_networks({"plain": network or town()}, study)


def test_a_scenario_without_links_and_gates_has_the_streets_of_the_study(tmp_path):
    network = town()
    found = changed(tmp_path, Scenario(close=("T1",)), network=network)
    assert found.networks["plain"] is network
    assert found.stays["plain"].tolist() == [0, 1, 2]
    assert found.files == {}
    every = changed(tmp_path, Scenario(open_gates="all"), network=network)
    assert every.networks["plain"] is network  # how gates are judged says what is open


def test_a_link_joins_the_streets_at_its_ends(tmp_path):
    """From the middle of AB to the middle of CD, which it splits; BC stays as it is."""
    path = write_layer(tmp_path / "links.geojson", [(line((150, 0), (150, 200)), {})])
    found = changed(tmp_path, Scenario(links=path))
    network = found.networks["plain"]
    assert found.files == {str(path): 1}
    assert found.stays["plain"].tolist().count(-1) == 2
    (stays,) = [edge for edge in found.stays["plain"].tolist() if edge >= 0]
    assert network.length_m[stays] == pytest.approx(200)
    assert network.length_m.sum() == pytest.approx(800 + 200, rel=1e-3)
    assert len(set(network.component.tolist())) == 1


def test_a_gate_that_is_none(tmp_path):
    with pytest.raises(InputDataError) as caught:
        changed(tmp_path, Scenario(open_gates=(77,)))
    assert "study.toml, column 'scenarios.x.open_gates'" in str(caught.value)
    assert "the network has no locked gate. Only gates on walkable ways" in str(caught.value)


# --- barriers ----------------------------------------------------------------------------------


def barriers(folder, *rows: Any) -> Any:
    path = write_layer(folder / "walls.geojson", rows)
    network = town()
    source = NetworkSource(folder / "streets.geojson", barriers=path)
    return with_given_barriers(network, source)


def test_lines_and_rings_of_polygons_are_barriers(tmp_path):
    """A square of 40 m has a rim of 160 m."""
    network, findings = barriers(
        tmp_path,
        (line((0, 50), (300, 50)), {"waterway": "river"}),
        (shapely.box(10, 100, 50, 140), {"waterway": None}),
    )
    assert findings == []
    lengths = sorted(shapely.length(one) for one in network.barriers)
    assert sum(lengths) == pytest.approx(460, rel=1e-3)
    names = {one for one in network.barrier_names(np.arange(len(network.barriers))) if one}
    assert {name for name, _ in names} == {"walls.geojson:1", "walls.geojson:2"}
    kinds = dict(names)
    assert kinds["walls.geojson:1"] != kinds["walls.geojson:2"]


def test_a_row_without_a_shape_is_listed(tmp_path):
    network, (finding,) = barriers(
        tmp_path, (line((0, 50), (300, 50)), {}), (shapely.LineString(), {})
    )
    assert (finding.code, finding.file, finding.row) == ("NO_POSITION", "walls.geojson", 2)
    assert len(network.barriers) == 1


def test_a_point_is_no_barrier(tmp_path):
    with pytest.raises(InputDataError) as caught:
        barriers(tmp_path, (line((0, 50), (300, 50)), {}), (shapely.Point(0, 50), {}))
    assert "walls.geojson, row 2: holds Point. Give lines or polygons." in str(caught.value)


def test_barriers_without_geometry(tmp_path):
    path = tmp_path / "walls.csv"
    path.write_text("barrier\nwall\n", "utf-8")
    source = NetworkSource(tmp_path / "streets.geojson", barriers=path)
    with pytest.raises(InputDataError, match=r"walls\.csv: has no geometry"):
        with_given_barriers(town(), source)
