"""
A scenario judged from its study has every number of a run of the changed study.

`CIRCLE15_ATTACK=1` tries two hundred random changes on small studies, else a few.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely
from tests.builders.random_scenarios import compare_random_scenarios
from tests.builders.scenario_study import KINDS, all_numbers, write_pair
from tests.builders.siting_study import STEP_M
from tests.builders.small_inputs import CATEGORY
from tests.streets import write_layer, write_points, write_study

import circle15
from circle15.errors import InputDataError

LONG = os.environ.get("CIRCLE15_ATTACK") == "1"
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SITES = ("add", "close", "status", "room", "move")
MORE = {
    "plain": "",
    "round trips": 'judge = "round_trip"\n',
    "slower": "access_speed_factor = 0.5\n",
}


@pytest.mark.parametrize("seed", range(200 if LONG else 12))
def test_random_changes(tmp_path, seed):
    """Mostly of sites; two of three with kinds of all sorts, some walking there and back."""
    chance = random.Random(seed)
    kinds = tuple(kind for kind in (SITES if seed % 3 else KINDS) if chance.random() < 0.5)
    study, _ = write_pair(
        tmp_path, seed=1000 + seed, kinds=kinds or SITES, two_lists=bool(seed % 2)
    )
    walk = MORE[chance.choice(sorted(MORE))]
    text = study.file.read_text("utf-8")
    study.file.write_text(text.replace("[walk]\n", f"[walk]\n{walk}"), "utf-8")
    study = circle15.load_study(study.file)
    outcome = circle15.run(study).scenario("changed")
    anew = circle15.run(study.with_changes("changed"))
    assert all_numbers(outcome) == all_numbers(anew)


def test_it_says_which_scenarios_there_are(tmp_path):
    study, _ = write_pair(tmp_path, seed=1, kinds=("close",))
    outcome = circle15.run(study)
    with pytest.raises(InputDataError, match="chnged"):
        outcome.scenario("chnged")
    with pytest.raises(InputDataError, match="is the scenario 'changed'"):
        outcome.scenario("changed").scenario("changed")


def _later(now, then):
    """Return by how many ms each time is longer than before, and whether any has no time now."""
    found = []
    for walk, before in zip(now.result.judged.walks, then.result.judged.walks, strict=True):
        for category, judged in walk.categories.items():
            was, own = before.categories[category].time_ms, judged.time_ms
            assert not ((own < 0) & (was >= 0)).any()
            found.append((own - was)[(own >= 0) & (was >= 0)])
    return np.concatenate(found)


def test_a_scenario_without_a_change_has_the_numbers_of_its_study(tmp_path):
    study, _ = write_pair(tmp_path, seed=5, kinds=("add",))
    text = study.file.read_text("utf-8")
    study.file.write_text(f'{text}\n[scenarios.same]\nchange = "none.csv"\n', "utf-8")
    (study.file.parent / "none.csv").write_text("facility_id,name\ns1,site 1\n", "utf-8")
    outcome = circle15.run(study.file)
    same, more = outcome.scenario("same"), outcome.scenario("changed")
    assert all_numbers(same)[:2] == all_numbers(outcome)[:2]
    assert _later(more, outcome).min() < 0
    assert _later(more, outcome).max() == 0


@pytest.mark.parametrize("seed", range(2))
def test_a_link_makes_no_way_longer_and_leaves_the_study_as_it_was(tmp_path, seed):
    """Each street that it splits may cost 1 ms: two on the way, and that of the home or site."""
    study, _ = write_pair(tmp_path, seed=seed, kinds=("link",), two_lists=True)
    along = random.Random(seed).uniform(0.2, 0.8)
    line = shapely.LineString([(along * STEP_M, 6 * STEP_M), ((1 + along) * STEP_M, 2 * STEP_M)])
    write_layer(study.file.parent / "links.geojson", [(line, {})])
    outcome = circle15.run(study)
    before = all_numbers(outcome)
    later = _later(outcome.scenario("changed"), outcome)
    assert later.max() <= 4
    assert later.min() < -1000
    text = study.file.read_text("utf-8")
    study.file.write_text(text.split("[scenarios.changed]")[0], "utf-8")
    assert all_numbers(circle15.run(study.file)) == before == all_numbers(outcome)


def test_questions_on_new_sites_are_answered_for_the_scenario(tmp_path):
    study, _ = write_pair(tmp_path, seed=7, kinds=("close",))
    with study.file.open("a", encoding="utf-8") as file:
        file.write('[siting.one]\ncategory = "meal_point"\nadd = 1\nspacing_m = 250\n')
    study = circle15.load_study(study.file)
    outcome = circle15.run(study)
    found, anew = outcome.scenario("changed"), circle15.run(study.with_changes("changed"))
    assert found.summary["siting"]
    assert found.summary["siting"] == anew.summary["siting"] != outcome.summary["siting"]
    assert all_numbers(found) == all_numbers(anew)


@pytest.mark.parametrize(("new", "nearest"), [("a", "a"), ("z", "m")])
def test_of_equal_times_the_smaller_id_counts(tmp_path, new, nearest):
    """
    m --300 m-- home --300 m-- new site, whose id is before or after that of the old one

    Closed again, the time goes back to the old site.
    """
    nodes = {"A": (0.0, 0.0), "B": (600.0, 0.0)}
    path = write_study(tmp_path, nodes, ["AB"], {"h": (300.0, 0.0, 5)}, {"m": (0.0, 0.0)})
    write_points(tmp_path / "add.csv", "facility_id,category", [(600, 0, new, CATEGORY)])
    text = path.read_text("utf-8")
    table = '[scenarios.more]\ncrs = "EPSG:4549"\nadd = "add.csv"\n'
    path.write_text(f"{text}\n{table}", "utf-8")
    found = circle15.run(path).scenario("more").result
    (row,) = found.coverage.query("cutoff_min == 15 and speed_m_s == 1.0").itertuples()
    assert row.facility_id == nearest
    assert row.time_ms == 300_000


@pytest.mark.slow
def test_random_changes_of_the_sample(tmp_path):
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    compare_random_scenarios(folder / "study.toml", 20 if LONG else 2)
