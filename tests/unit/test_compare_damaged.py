"""`circle15 compare` with damaged results: one message, whichever of the two is damaged."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import warnings
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from tests.builders.written_results import BEFORE, write_results

from circle15.errors import InputDataError
from circle15.workflow.comparison.compared_layers import shapes_of
from circle15.workflow.comparison.comparing_folders import compare

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return sound results, written by hand."""
    return write_results(tmp_path_factory.mktemp("sound") / "results", BEFORE)


def test_sound_results_are_compared(results):
    assert compare(results, results)["homes"] == {"a": 6, "b": 6, "both": 6}


def write_schema_two(folder: Path) -> None:
    _edit(folder, lambda summary: summary | {"schema": 2})


def remove_rules(folder: Path) -> None:
    _edit(folder, lambda summary: {k: v for k, v in summary.items() if k != "rules"})


def another_crs(folder: Path) -> None:
    _edit(folder, lambda summary: summary | {"study": summary["study"] | {"crs": "EPSG:4550"}})


def another_number(folder: Path) -> None:
    def change(summary: Any) -> Any:
        rows = [row | {"covered": row["covered"] + 0.000001} for row in summary["coverage"]]
        return summary | {"coverage": rows}

    _edit(folder, change)


def _edit(folder: Path, change: Any) -> None:
    path = folder / "summary.json"
    path.write_text(json.dumps(change(json.loads(path.read_text("utf-8")))), "utf-8")


def cut(name: str) -> Any:
    def spoilt(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return spoilt


def with_parameter(name: str, value: object) -> Any:
    def spoilt(folder: Path) -> None:
        _edit(
            folder, lambda summary: summary | {"parameters": summary["parameters"] | {name: value}}
        )

    return spoilt


def endless_view(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "results.gpkg")) as opened:
        opened.execute("DROP TABLE demand")
        opened.execute(
            "CREATE VIEW demand AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) "
            "SELECT n AS fid, n AS demand_id FROM t WHERE n < 0"
        )
        opened.commit()


def layers(*statements: str) -> Any:
    """Edit layers of the GeoPackage past its triggers, which know shapes."""

    def spoilt(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "results.gpkg")) as opened:
            triggers = opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in triggers.fetchall():
                opened.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                assert opened.execute(statement).rowcount > 0, statement
            opened.commit()

    return spoilt


def with_verdict(rows: str) -> Any:
    """Rows of the summary with a verdict that no version knows."""
    row = {"pack": "p", "id": "r", "value": None, "threshold": None, "scope": "any"}
    row |= {"zone_id": "Z", "name": "Z", "counted_m2": None, "required_m2": None}

    def spoilt(folder: Path) -> None:
        _edit(folder, lambda summary: summary | {rows: [row | {"verdict": "x" * 1000}]})

    return spoilt


def remove_layer(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "results.gpkg")) as opened:
        opened.execute("DELETE FROM gpkg_contents WHERE table_name = 'facilities'")
        opened.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'facilities'")
        opened.execute("DROP TABLE facilities")
        opened.commit()


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        (lambda folder: (folder / "summary.json").unlink(), "it has no summary.json"),
        (shutil.rmtree, "is not a folder"),
        (write_schema_two, "has schema 2, and this version of circle15 reads schema 1"),
        (remove_rules, "summary.json: cannot be used: 'rules': field required"),
        (with_parameter("require", 1), "'parameters.require'"),
        (with_parameter("require", [{}]), "'parameters.require.0'"),
        (with_parameter("speed_m_s", "x"), "'parameters.speed_m_s'"),
        (with_parameter("speed_m_s", 10**400), "beyond the range of numbers"),
        (with_parameter("speed_m_s", float("nan")), "NaN is not a number"),
        (with_parameter("age_speeds", {"p60": 0}), "'parameters.age_speeds.p60'"),
        (with_parameter("profiles", {"p60": 1}), "'parameters.profiles.p60'"),
        (with_parameter("group", "\ud800"), "summary.json: cannot be read"),
        (layers("UPDATE demand SET p60 = NULL"), "people are no number"),
        (endless_view, "results.gpkg: the view 'demand'"),
        (another_crs, "positions cannot be compared"),
        (another_number, "damaged or not of one run"),
        (cut("summary.json"), "summary.json: cannot be read"),
        (cut("coverage.parquet"), "coverage.parquet: cannot be read"),
        (cut("results.gpkg"), "results.gpkg: cannot be read as layer"),
        (remove_layer, "results.gpkg: cannot be read as layer 'facilities'"),
        (with_verdict("rules"), "'rules.0.verdict'"),
        (with_verdict("residential_zones"), "'residential_zones.0.verdict'"),
        (layers("UPDATE facilities SET facility_id = NULL"), "a site without an id"),
        (layers("UPDATE facilities SET category = NULL WHERE fid = 1"), "a site without an id"),
        (layers("UPDATE facilities SET facility_id = 'f1'"), "two sites of one id and category"),
        (layers("UPDATE facilities SET open = NULL WHERE fid = 1"), "whether it is open"),
        (
            layers("UPDATE facilities SET geom = (SELECT geom FROM walk_network LIMIT 1)"),
            "a site that is no point",
        ),
        (layers("UPDATE walk_network SET geom = x'4750' WHERE fid = 1"), "are not straight"),
        (layers("UPDATE walk_network SET edge_id = NULL WHERE fid = 1"), "streets in layer"),
        (layers("UPDATE walk_network SET kind = NULL"), "streets in layer"),
        (layers("UPDATE walk_network SET length_m = NULL WHERE fid = 1"), "streets in layer"),
        (layers("UPDATE walk_network SET length_m = 1e300"), "streets in layer"),
        (layers("UPDATE demand SET p60 = -1"), "people are no number"),
    ],
)
def test_what_is_no_sound_results_folder_gives_one_message(results, tmp_path, spoilt, message):
    bad = tmp_path / "bad"
    shutil.copytree(results, bad)
    spoilt(bad)
    for pair in ((results, bad), (bad, results)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # the message is all that is said
            with pytest.raises(InputDataError, match=re.escape(message)):
                compare(*pair)


def test_shapes_of_a_kept_run_are_shapes_or_none(tmp_path):
    point = shapely.Point(1, 2)
    content = np.array([None, point.wkb], dtype=object)
    assert shapes_of(content, tmp_path, "facilities").tolist() == [None, point]
    content[0] = b"x"
    with pytest.raises(InputDataError, match="broken shapes in layer 'facilities'"):
        shapes_of(content, tmp_path, "facilities")
