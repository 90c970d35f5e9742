"""Every damaged file through `check` and `run`: no traceback, right exit code, no people lost."""

from __future__ import annotations

import csv
import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
import shapely

from tests.commands import heard
from tests.spoiled.cases import CASES, Refused
from tests.streets import write_study

if TYPE_CHECKING:
    from pathlib import Path

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that runs, with nothing to list."""
    people = {"h1": (10, 5, 100), "h2": (500, 5, 50)}
    places = {"f1": (300.0, 10.0), "f2": (600.0, 200.0)}
    box = shapely.box(-200, -200, 800, 500)
    folder = tmp_path_factory.mktemp("sound")
    return write_study(folder, NODES, ["ABCD"], people, places, boundary=box).parent


def test_there_are_enough():
    assert len(CASES) >= 40


@pytest.mark.parametrize("name", CASES)
def test_spoiled(name, sound, tmp_path, capfd):
    case = CASES[name]
    folder = tmp_path / "study"
    shutil.copytree(sound, folder)
    case.change(folder)
    checked = heard(capfd, "check", folder / "study.toml", "--json")
    ran = heard(capfd, "run", folder / "study.toml", "--out", tmp_path / "out")
    if isinstance(case, Refused):
        for code, _, said in (checked, ran):
            assert code == 2, said
            assert said.startswith("circle15: ")
            assert said.count("\n") == 1, said
            for words in case.says:
                assert re.search(words, said), said
        assert not (tmp_path / "out").exists()
        return
    assert (checked[0], checked[2], ran[0], ran[2]) == (0, "", 0, "")
    found = [(one["code"], one["row"]) for one in json.loads(checked[1])["issues"]]
    assert sorted(found, key=lambda pair: (pair[0], pair[1] or 0)) == case.listed
    with (tmp_path / "out" / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = {(row["code"], row["row"]) for row in rows}
    assert {(code, str(row or "")) for code, row in case.listed} <= listed
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    people = summary["population"][0]
    assert people["inside"] == case.persons
    assert people["input"] == people["inside"] + people["outside"] == 150
    for row in summary["coverage"]:
        assert row["covered"] + row["gap"] + row["unknown"] == pytest.approx(row["persons"])
