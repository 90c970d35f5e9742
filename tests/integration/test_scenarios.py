"""A scenario gives the numbers of a run of the study changed by hand in its files."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from tests.builders.scenario_study import KINDS, numbers, write_pair
from tests.builders.siting_study import write_grid

import circle15
from circle15.access.cohorts import Homes
from circle15.access.coverage_counts import facility_catchments
from circle15.access.walks import Walks
from circle15.results.summary.building import build_summary
from circle15.results.summary.json_text import to_json
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study
from circle15.workflow.reading import read_inputs, silent


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_change_alone(tmp_path, kind):
    study, by_hand = write_pair(tmp_path, seed=KINDS.index(kind), kinds=(kind,))
    assert numbers(study.with_changes("changed")) == numbers(by_hand)
    assert numbers(study) != numbers(by_hand)


@pytest.mark.parametrize("seed", range(6))
def test_random_changes_together(tmp_path, seed):
    chance = random.Random(seed)
    kinds = tuple(kind for kind in KINDS if chance.random() < 0.6) or KINDS
    study, by_hand = write_pair(tmp_path, seed=100 + seed, kinds=kinds)
    assert numbers(study.with_changes("changed")) == numbers(by_hand)


def by_key(summary: dict[str, Any], *names: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return the rows of coverage or zones in the circle of the judged speed."""
    rows = summary[names[0]]
    return {tuple(row[name] for name in names[1:]): row for row in rows if row["speed_m_s"] == 1.0}


@pytest.mark.parametrize("seed", range(6))
def test_side_by_side_are_the_numbers_of_both_runs(tmp_path, seed):
    """What a run keeps from the study for a scenario is what the scenario itself would have."""
    chance = random.Random(50 + seed)
    kinds = tuple(kind for kind in KINDS if chance.random() < 0.5) or KINDS[:2]
    study, _ = write_pair(tmp_path, seed=200 + seed, kinds=kinds, two_lists=True)
    before = json.loads(to_json(build_summary(run_study(study))))
    after = json.loads(to_json(build_summary(run_study(study.with_changes("changed")))))
    (entry,) = before["scenarios"]
    assert entry["name"] == "changed"
    states = ("persons", "covered", "gap", "unknown")
    names: tuple[str, ...] = ("category", "group", "cutoff_min")
    old, new = (by_key(one, "coverage", *names) for one in (before, after))
    assert len(entry["coverage"]) == len(new)
    for row in entry["coverage"]:
        key = tuple(row[name] for name in names)
        assert [row[f"{one}_a"] for one in states] == [old[key][one] for one in states]
        assert [row[f"{one}_b"] for one in states] == [new[key][one] for one in states]
        if "homes" not in kinds:
            found = row["covered_a"] + row["gained"] - row["lost"]
            assert found == pytest.approx(row["covered_b"], abs=1e-9)
    names = ("level", "id", *names)
    old, new = (by_key(one, "zones", *names) for one in (before, after))
    listed = {tuple(row[name] for name in names): row for row in entry["zones"]}
    for key, row in new.items():
        if key in listed:
            assert [listed[key][f"{one}_a"] for one in states] == [old[key][k] for k in states]
            assert [listed[key][f"{one}_b"] for one in states] == [row[one] for one in states]
        else:
            assert [old[key][one] for one in states] == [row[one] for one in states]
    caught = [
        {(row["facility_id"], row["category"]): row["persons"] for row in one["catchments"]}
        for one in (before, after)
    ]
    changed = {
        key: (caught[0].get(key), caught[1].get(key))
        for key in {*caught[0], *caught[1]}
        if caught[0].get(key) != caught[1].get(key)
    }
    assert changed == {
        (row["facility_id"], row["category"]): (row["persons_a"], row["persons_b"])
        for row in entry["catchments"]
    }


def test_more_sites_and_links_never_lower_coverage_and_closures_never_raise_it(tmp_path):
    study, _ = write_pair(tmp_path, seed=9, kinds=("add", "link"))
    more = run_study(study).scenarios[0]
    assert all(one.before.covered <= one.after.covered for one in more.shifts)
    assert any(one.gained for one in more.shifts)
    assert not any(one.lost for one in more.shifts)
    table = study.file.read_text("utf-8")
    study.file.write_text(table.split("[scenarios.changed]")[0], "utf-8")
    fewer = load_study(study.file).with_changes("fewer", close=["s0", "s1", "s2", "s5"])
    lost = build_summary(run_study(fewer))["coverage"]
    base = build_summary(run_study(load_study(study.file)))["coverage"]
    assert all(a["covered"] >= b["covered"] for a, b in zip(base, lost, strict=True))
    assert any(a["covered"] > b["covered"] for a, b in zip(base, lost, strict=True))


def test_the_file_that_site_writes_is_taken_as_it_is(tmp_path):
    """The people whom the proposed sites newly reach are those whom the scenario gains."""
    study = write_grid(tmp_path, homes=60)
    found = circle15.propose_sites(study, category="meal_point", add=2, out=tmp_path / "p.csv")
    text = study.read_text("utf-8")
    study.write_text(f'{text}[scenarios.both]\nadd = "p.csv"\ndatum = "wgs84"\n', "utf-8")
    (both,) = run_study(load_study(study)).scenarios
    (circle,) = [one for one in both.shifts if one.cutoff_min == 15]
    newly = sum(site["persons_newly"] for site in found.entry["sites"])
    assert circle.gained / 1_000_000 == newly > 0
    assert circle.lost == 0


@pytest.mark.parametrize("kind", ["add", "close", "move", "status", "room"])
def test_what_is_kept_of_the_study_is_that_of_the_scenario_itself(tmp_path, kind):
    """Also which site is nearest, whose row moves with the sites before it, and who is in reach."""
    study, _ = write_pair(tmp_path, seed=31, kinds=(kind,), two_lists=True)
    inputs = read_inputs(study, silent)
    own = inputs.scenarios["changed"]
    base = Walks(inputs, Homes(inputs))
    kept = Walks(own, Homes(own), like=base)
    anew = Walks(own, Homes(own))
    for walker, judged in anew.judged.items():
        for category, one in judged.items():
            other = kept.judged[walker][category]
            assert one.time_ms.tolist() == other.time_ms.tolist()
            assert one.facility.tolist() == other.facility.tolist()
            for cutoff in one.states:
                assert one.states[cutoff].tolist() == other.states[cutoff].tolist()
                assert one.reasons[cutoff].tolist() == other.reasons[cutoff].tolist()
    base.keeps = True
    assert facility_catchments(own, kept) == facility_catchments(own, anew)
    taken, before = kept._from_study(kept.usual)
    assert list(taken) == (["meal_point", "medical"] if kind == "room" else ["medical"])
    assert list(before) == ["meal_point", "medical"]
    assert kept._travel is base._travel
