"""
A facility that is reached at its entrances: run, route and check agree.

A street of 600 m along the x axis. The site stands at (300, 10), its entrances at (0, 0) and
(600, 0); home h1 at (10, 5) and h2 at (500, 5).
"""

from __future__ import annotations

import json

import pandas as pd
import pytest
from tests.streets import lon_lat, write_study

from circle15 import check, route, run

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
HOMES = {"h1": (10, 5, 100), "h2": (500, 5, 50)}


def with_doors(folder, rows, *, sites=None):
    """Write the study with entrances: (facility_id, (x, y)) or a text in place of the point."""
    study = write_study(folder, NODES, ["ABC"], HOMES, sites or {"f1": (300, 10)})
    lines = ["facility_id,lon,lat"]
    for facility_id, place in rows:
        at = place if isinstance(place, str) else ",".join(f"{v:.8f}" for v in lon_lat([place])[0])
        lines.append(f"{facility_id},{at}")
    (folder / "doors.csv").write_text("\n".join(lines) + "\n", "utf-8")
    text = study.read_text("utf-8")
    assert text.count('file = "sites.csv"') == 1
    text = text.replace('file = "sites.csv"', 'file = "sites.csv"\nentrances = "doors.csv"')
    study.write_text(text, "utf-8")
    return study


def times(out):
    table = pd.read_parquet(out / "coverage.parquet")
    judged = table[(table["speed_m_s"] == 1.0) & (table["cutoff_min"] == 15)]
    return {row.demand_id: (row.time_ms, row.facility_id) for row in judged.itertuples()}


def test_the_nearest_entrance_counts(tmp_path):
    """h1: 5 m to the street and 10 m to A. h2: 5 m and 100 m to C; from the site 305 and 215 m."""
    study = with_doors(tmp_path, [("f1", (0, 0)), ("f1", (600, 0))])
    run(study, out=tmp_path / "out")
    found = times(tmp_path / "out")
    assert {key: one[1] for key, one in found.items()} == {"h1": "f1", "h2": "f1"}
    assert found["h1"][0] == pytest.approx(15_000, abs=2)
    assert found["h2"][0] == pytest.approx(105_000, abs=2)
    (reach,) = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["catchments"]
    assert (reach["persons"], reach["persons_only_here"]) == (150, 150)


def test_route_takes_the_same_time(tmp_path):
    study = with_doors(tmp_path, [("f1", (0, 0)), ("f1", (600, 0))])
    run(study, out=tmp_path / "out")
    for home, (x, y, _) in HOMES.items():
        way = route(study, tuple(lon_lat([(x, y)])[0]), "f1")
        told = sum(step.time_ms for step in way.steps)
        assert told == pytest.approx(times(tmp_path / "out")[home][0], abs=2)


def test_two_sites_at_the_entrances_give_the_same_times_and_people(tmp_path):
    """A second study lists each entrance as a site of its own: times, states and people agree."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    doors = [(30.0, 12.0), (430.0, -8.0)]
    study = with_doors(tmp_path / "a", [("f1", one) for one in doors])
    run(study, out=tmp_path / "a" / "out")
    other = write_study(
        tmp_path / "b", NODES, ["ABC"], HOMES, dict(zip(("f1", "f2"), doors, strict=True))
    )
    run(other, out=tmp_path / "b" / "out")
    one, two = (
        json.loads((tmp_path / key / "out" / "summary.json").read_text("utf-8")) for key in "ab"
    )
    assert one["coverage"] == [
        row | {key: value for key, value in mine.items() if "by_circles" in key}
        for row, mine in zip(two["coverage"], one["coverage"], strict=True)
    ]
    assert {key: ms for key, (ms, _) in times(tmp_path / "a" / "out").items()} == {
        key: ms for key, (ms, _) in times(tmp_path / "b" / "out").items()
    }


def test_entrances_that_cannot_be_used_are_listed(tmp_path):
    """Of nobody, of an unknown site, twice, and without a place; the site keeps its good one."""
    rows = [("f1", (0, 0)), ("f1", (0, 0)), ("", (1, 0)), ("f9", (2, 0)), ("f1", ",")]
    study = with_doors(tmp_path, rows)
    found = [
        (finding.code, finding.row)
        for finding in check(study).findings
        if finding.file == "doors.csv"
    ]
    assert sorted(found) == [
        ("DATUM_ASSUMED", None),
        ("ENTRANCE_REPEATED", 3),
        ("ENTRANCE_WITHOUT_FACILITY", 4),
        ("ENTRANCE_WITHOUT_FACILITY", 5),
        ("NO_POSITION", 6),
    ]


def test_a_site_that_is_nowhere_stands_at_its_first_entrance(tmp_path):
    """Its own cells are blank: with entrances it is placed, and nothing is amiss."""
    study = with_doors(tmp_path, [("f1", (0, 0))], sites={"f1": (300, 10), "f2": (600, 0)})
    path = tmp_path / "sites.csv"
    table = pd.read_csv(path, dtype=str)
    table.loc[table.iloc[:, 2] == "f1", table.columns[:2]] = ""
    table.to_csv(path, index=False)
    outcome = check(study)
    assert not [finding for finding in outcome.findings if finding.code == "NO_POSITION"]
    run(study, out=tmp_path / "out")
    assert times(tmp_path / "out")["h1"][0] == pytest.approx(15_000, abs=2)


def test_the_file_is_hashed(tmp_path):
    study = with_doors(tmp_path, [("f1", (0, 0))])
    run(study, out=tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert "doors.csv" in [one["path"] for one in summary["provenance"]["inputs"]]


def test_a_table_without_ids_is_refused(tmp_path):
    study = with_doors(tmp_path, [("f1", (0, 0))])
    (tmp_path / "doors.csv").write_text("lon,lat\n120,31\n", "utf-8")
    with pytest.raises(ValueError, match="has no column of facility ids"):
        check(study)


def test_another_layer_of_the_same_file_name_keeps_its_findings(tmp_path):
    """Row 2 of either sites.csv has no position: an entrance places the one of its own layer."""
    study = with_doors(tmp_path, [("f1", (0, 0))], sites={"f1": (300, 10), "f2": (600, 0)})
    path = tmp_path / "sites.csv"
    table = pd.read_csv(path, dtype=str)
    table.loc[0, table.columns[:2]] = ""
    table.to_csv(path, index=False)
    other = tmp_path / "other" / "sites.csv"
    other.parent.mkdir()
    table.assign(facility_id=["g1", "g2"]).to_csv(other, index=False)
    text = study.read_text("utf-8")
    layer = text[text.index("[[facilities]]") :].partition("\n\n")[0]
    plain = layer.replace('entrances = "doors.csv"\n', "").replace("sites.csv", "other/sites.csv")
    study.write_text(text.replace(layer, f"{plain}\n\n{layer}"), "utf-8")
    found = [(one.code, one.row) for one in check(study).findings if one.code == "NO_POSITION"]
    assert found == [("NO_POSITION", 2)]
