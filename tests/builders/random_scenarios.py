"""Scenarios of random changes of the sites of any study, each judged in two ways."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import circle15
from circle15.study.vocabulary import columns as c
from tests.builders.scenario_study import all_numbers

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.results.records import StudyResult


def compare_random_scenarios(path: Path, count: int, *, seed: int = 15) -> None:
    """
    Add scenarios to a study; judged from the study they must be those of runs of their own.

    Questions on new sites, which take long, are left out.
    """
    path.write_text(f"{path.read_text('utf-8')}\n", "utf-8")
    result = circle15.run(replace(circle15.load_study(path), siting={})).result
    chance = random.Random(seed)
    for k in range(count):
        with path.open("a", encoding="utf-8") as file:
            file.write(_scenario(path.parent, result, k, chance))
    study = replace(circle15.load_study(path), siting={})
    outcome = circle15.run(study)
    for k in range(count):
        name = f"random{k}"
        anew = circle15.run(study.with_changes(name))
        assert all_numbers(outcome.scenario(name)) == all_numbers(anew), name


def _scenario(folder: Path, result: StudyResult, k: int, chance: random.Random) -> str:
    """Write the tables of a scenario that adds, closes and moves one to three sites each."""
    sites, homes = result.facilities, result.demand
    crs = result.crs.to_string()
    text = f'[scenarios.random{k}]\ncrs = "{crs}"\n'
    ids = sorted(set(sites.loc[sites[c.OPEN], c.FACILITY_ID]))
    some = chance.sample(ids, 6)
    kinds = [one for one in ("add", "close", "change") if chance.random() < 0.6] or ["close"]

    def place() -> str:
        home = homes.iloc[chance.randrange(len(homes))]
        return f"{home[c.X_M] + chance.uniform(-40, 40):.2f},{home[c.Y_M]:.2f}"

    if "close" in kinds:
        closed = ", ".join(f'"{one}"' for one in some[: chance.randint(1, 3)])
        text += f"close = [{closed}]\n"
    if "change" in kinds:
        rows = [f"{one},{place()}" for one in some[3 : 3 + chance.randint(1, 3)]]
        _write(folder / f"change{k}.csv", "facility_id,x_m,y_m", rows)
        text += f'change = "change{k}.csv"\n'
    if "add" in kinds:
        categories = sorted(set(sites[c.CATEGORY]))
        rows = [
            f"new{i},new {i},{chance.choice(categories)},{place()}"
            for i in range(chance.randint(1, 3))
        ]
        _write(folder / f"add{k}.csv", "facility_id,name,category,x_m,y_m", rows)
        text += f'add = "add{k}.csv"\n'
    return f"{text}\n"


def _write(path: Path, headings: str, rows: list[str]) -> None:
    path.write_text("\n".join([headings, *rows]) + "\n", encoding="utf-8")
