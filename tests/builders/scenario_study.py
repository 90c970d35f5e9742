"""Small studies with a scenario of random changes, and the same changes made by hand in files."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shapely

from circle15.results.summary.building import build_summary
from circle15.results.summary.json_text import to_json
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study
from tests.builders.siting_study import SIZE_M, STEP_M, write_grid
from tests.streets import EAST_M, NORTH_M, write_layer, write_points

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle15.results.records import StudyResult
    from circle15.study.settings.records import Study
    from circle15.workflow.api import RunOutcome

KINDS = ("add", "close", "status", "room", "move", "homes", "link")
"""Kinds of changes."""
PLACED = 'crs = "EPSG:4549"\n'


@dataclass
class Made:
    """A scenario as text of its table, and how each file is changed by hand."""

    table: str = ""
    by_hand: list[Callable[[Path], None]] = field(default_factory=list)


CLINICS = """
[[facilities]]
file = "clinics.csv"
category = "medical"
crs = "EPSG:4549"
[circle]
require = ["meal_point", "medical"]
"""


def write_pair(
    folder: Path, seed: int, kinds: tuple[str, ...], *, two_lists: bool = False
) -> tuple[Study, Study]:
    """
    Write a study with the scenario `changed`, and beside it the study changed by hand.

    Of two lists only one changes.
    """
    own, other = folder / "own", folder / "other"
    made = Made()
    chance = random.Random(seed)
    for place in (own, other):
        place.mkdir(parents=True)
        write_grid(place, homes=40, seed=seed, more=CLINICS if two_lists else "")
        clinics = [(900, 900, "a1", "clinic"), (2600, 1600, "z9", "clinic two")]
        write_points(place / "clinics.csv", "facility_id,name", clinics)
        _more_sites(place / "sites.csv", random.Random(seed + 1))
    for kind in kinds:
        _MAKERS[kind](own, made, chance)
    study = own / "study.toml"
    study.write_text(f"{study.read_text()}\n[scenarios.changed]\n{PLACED}{made.table}", "utf-8")
    for change in made.by_hand:
        change(other)
    return load_study(study), load_study(other / "study.toml")


def numbers(study: Study) -> dict[str, Any]:
    """Return all numbers of a run: its summary without provenance and the names of the study."""
    return _numbers(run_study(study))


def all_numbers(outcome: RunOutcome) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Return the same of results at hand, with those of `coverage.parquet`, and the findings."""
    result = outcome.result
    table = result.coverage
    return (
        _numbers(result),
        {str(name): table[name].map(repr).tolist() for name in table},
        sorted(repr(one) for one in result.findings),
    )


def _numbers(result: StudyResult) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_json(build_summary(result)))
    del found["provenance"], found["study"]["title"]
    found["parameters"].pop("changes", None)
    found["parameters"].pop("scenarios", None)
    found.pop("scenarios")
    return found


def rows_of(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the headings and rows of a csv."""
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        return list(table.fieldnames or ()), list(table)


def _edited(path: Path, edit: Callable[[list[dict[str, str]]], None]) -> None:
    headings, rows = rows_of(path)
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, headings, lineterminator="\n", restval="")
        table.writeheader()
        table.writerows(rows)


def _more_sites(path: Path, chance: random.Random) -> None:
    """Give the study eight sites, with status and beds."""
    rows = [
        (
            chance.uniform(0, SIZE_M),
            chance.uniform(0, SIZE_M),
            f"s{k}",
            f"site {k}",
            chance.randint(100, 500),
            "",
            chance.choice(("", "open", "planned")),
        )
        for k in range(8)
    ]
    write_points(path, "facility_id,name,floor_area_m2,position_unsure,status", rows)


def _place(chance: random.Random) -> tuple[float, float]:
    return round(chance.uniform(0, SIZE_M), 3), round(chance.uniform(0, SIZE_M), 3)


def _text(x: float, y: float) -> dict[str, str]:
    return {"x_m": f"{x + EAST_M:.3f}", "y_m": f"{y + NORTH_M:.3f}"}


def _add(own: Path, made: Made, chance: random.Random) -> None:
    new = [(*_place(chance), f"n{k}", f"new {k}", "meal_point", 210 + k) for k in range(2)]
    write_points(own / "add.csv", "facility_id,name,category,floor_area_m2", new)
    made.table += 'add = "add.csv"\n'

    def edit(rows: list[dict[str, str]]) -> None:
        rows += [
            _text(x, y) | {"facility_id": key, "name": name, "floor_area_m2": str(area)}
            for x, y, key, name, _, area in new
        ]

    made.by_hand.append(lambda place: _edited(place / "sites.csv", edit))


def _close(_own: Path, made: Made, _chance: random.Random) -> None:
    made.table += 'close = ["s0", "s5"]\n'
    made.by_hand.append(lambda place: _set(place, {"s0": "closed", "s5": "closed"}, "status"))


def _set(place: Path, values: dict[str, str], name: str) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row[name] = values.get(row["facility_id"], row[name])

    _edited(place / "sites.csv", edit)


def _change(own: Path, made: Made, key: str, values: dict[str, str]) -> None:
    """Add a row to the table of changes, and the same change by hand."""
    path = own / "changes.csv"
    names = ["facility_id", "status", "floor_area_m2", "x_m", "y_m"]
    if not path.exists():
        path.write_text(",".join(names) + "\n", "utf-8")
        made.table += 'change = "changes.csv"\n'
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join([key, *(values.get(name, "") for name in names[1:])]) + "\n")
    for name, value in values.items():
        made.by_hand.append(
            lambda place, name=name, value=value: _set(place, {key: value}, name)  # type: ignore[misc] # the loop's values
        )


def _status(own: Path, made: Made, chance: random.Random) -> None:
    _change(own, made, "s1", {"status": chance.choice(("planned", "closed", "open"))})


def _room(own: Path, made: Made, chance: random.Random) -> None:
    _change(own, made, "s2", {"floor_area_m2": str(chance.randint(600, 900))})


def _move(own: Path, made: Made, chance: random.Random) -> None:
    _change(own, made, "s3", _text(*_place(chance)))


def _homes(own: Path, made: Made, chance: random.Random) -> None:
    new = [(*_place(chance), f"z{k}", chance.randint(1, 200)) for k in range(3)]
    write_points(own / "new_homes.csv", "demand_id,p60", new)
    made.table += 'homes = "new_homes.csv"\n'

    def edit(rows: list[dict[str, str]]) -> None:
        rows += [_text(x, y) | {"demand_id": key, "p60": str(count)} for x, y, key, count in new]

    made.by_hand.append(lambda place: _edited(place / "homes.csv", edit))


def _link(own: Path, made: Made, chance: random.Random) -> None:
    """Join two crossings by a bridge, whose drawn ends miss them by some metres."""
    i, j = chance.randint(0, 5), chance.randint(0, 5)
    a, b = (i * STEP_M, j * STEP_M), ((i + 2) * STEP_M, (j + 1) * STEP_M)
    bend = ((i + 1) * STEP_M + 70.0, j * STEP_M + 180.0)
    write_layer(own / "links.geojson", [(shapely.LineString([a, bend, b]), {})])
    made.table += 'links = "links.geojson"\n'

    def edit(place: Path) -> None:
        path = place / "streets.geojson"
        layer = json.loads(path.read_text("utf-8"))
        line = shapely.LineString([(x + EAST_M, y + NORTH_M) for x, y in (a, bend, b)])
        tags = {"highway": "footway", "bridge": "yes"}
        shape = json.loads(shapely.to_geojson(line))
        layer["features"].append({"type": "Feature", "properties": tags, "geometry": shape})
        path.write_text(json.dumps(layer), "utf-8")

    made.by_hand.append(edit)


_MAKERS = {
    "add": _add,
    "close": _close,
    "status": _status,
    "room": _room,
    "move": _move,
    "homes": _homes,
    "link": _link,
}
