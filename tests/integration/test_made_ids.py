"""Rows without an id get one from their content; results show names, or file and row."""

from __future__ import annotations

import csv
import re

import pytest
import shapely
from tests.commands import heard
from tests.streets import write_study

MADE = re.compile(r"\bh[0-9a-f]{12}\b")
NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}


def without_ids(path, *, names):
    """Take the ids out of a table, and the names where asked."""
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    keep = [
        key
        for key in rows[0]
        if key not in {"facility_id", "demand_id"} and (names or key != "name")
    ]
    lines = [",".join(keep), *(",".join(row[key] for key in keep) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(params=[True, False], ids=["named", "unnamed"])
def study(request, tmp_path):
    """One home and one site are 900 m from any street; two sites are twins."""
    people = {"h1": (10, 5, 100), "h2": (500, 5, 50), "h3": (300, 1200, 40)}
    places = {"f1": (300.0, 10.0), "f2": (600.0, 200.0), "f3": (320.0, 1210.0)}
    box = shapely.box(-200, -200, 800, 1500)
    path = write_study(tmp_path, NODES, ["ABCD"], people, places, boundary=box)
    for name in ("sites.csv", "homes.csv"):
        without_ids(tmp_path / name, names=request.param)
    return path, request.param


def test_no_message_and_no_report_shows_a_made_id(study, tmp_path, capfd):
    path, named = study
    checked = heard(capfd, "check", path, "--lang", "en")
    assert checked.code == 0
    assert not MADE.search(checked.out)
    ran = heard(capfd, "run", path, "--lang", "en", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    with (tmp_path / "out" / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        findings = list(csv.DictReader(file))
    messages = [one["message"] for one in findings]
    assert not [one for one in messages if MADE.search(one)]
    far = {
        (one["file"], one["row"]): one["message"] for one in findings if one["code"] == "TOO_FAR"
    }
    assert far["sites.csv", "4"].startswith("site f3 " if named else "sites.csv:4 ")
    assert far["homes.csv", "4"].startswith("homes.csv:4 ")
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert not MADE.search(report)
