"""Sites tried on the page of a study, and the scenarios of the same sites."""

from __future__ import annotations

import json
import random
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import circle15
from circle15.output.map.trials.block import trial_block
from circle15.results.drawn_places import find_places
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.results.records import StudyResult
    from circle15.study.settings.records import Study

SCRIPT = Path(__file__).parents[1] / "scripts" / "edits.js"


def counted_on_the_page(
    result: StudyResult, edits: list[dict[str, Any]], folder: Path
) -> list[dict[str, Any]]:
    """
    Try edits with the scripts of the page, in node.

    An edit has `category`, `cutoff`, `add` (positions in the study CRS) and `close` (rows of the
    facility table); some add a site at a street corner, `corner` from 0 to 1.

    Returns
    -------
    Of each edit `counts`: micro-persons by state, `all` and by zone; `lonlat`, `codes` and `legs`
    of the sites; whether the page `agrees` with the run before, everything was `undone` and the
    order of the changes did not matter (`ordered`); and the `gain` of a corner, micro-persons.
    """
    block = trial_block(result)
    assert block is not None
    files = [folder / name for name in ("layout.json", "columns.bin", "edits.json")]
    places = find_places(result)
    people = {
        "parts": [] if places is None else places.parts.tolist(),
        "micro": [] if places is None else places.micro.tolist(),
    }
    files[0].write_text(json.dumps({"meta": block[0], "people": people}), "utf-8")
    files[1].write_bytes(block[1])
    files[2].write_text(json.dumps(edits), "utf-8")
    done = subprocess.run(
        ["node", str(SCRIPT), *map(str, files)], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def random_edits(result: StudyResult, count: int, seed: int) -> list[dict[str, Any]]:
    """Return random sites added near homes and closed, mostly one or two."""
    chance = random.Random(seed)
    homes, sites = result.demand, result.facilities
    edits = []
    for _ in range(count):
        category = chance.choice(list(result.categories))
        mine = sites.index[(sites[c.CATEGORY] == category) & sites[c.OPEN]].tolist()
        add, close = [], []
        kinds = chance.choice(["add", "close", "move", "many", "corner"])
        new = {"corner": 0, "many": 3, "close": 0 if mine else 1}.get(kinds, 1)
        for _ in range(new):
            home = homes.iloc[chance.randrange(len(homes))]
            far = chance.choice([0, 30, 300])
            add.append([float(home[k]) + chance.uniform(-far, far) for k in (c.X_M, c.Y_M)])
        if kinds not in {"add", "corner"} and mine:
            close = chance.sample(mine, min(len(mine), 3 if kinds == "many" else 1))
        cutoff = chance.choice(list(result.study.walk.cutoffs_min))
        edit = {"category": category, "cutoff": cutoff, "add": add, "close": close}
        edits.append(edit | ({"corner": chance.random()} if kinds == "corner" else {}))
    return edits


def compare_tried_sites(path: Path, folder: Path, count: int, *, seed: int = 15) -> list[int]:
    """
    Try random sites on the page of a study; scenarios of the same sites must count the same.

    Questions on new sites, which take long, are left out.

    Returns
    -------
    Of each trial the micro-persons whose state changes from that of the study.
    """
    result = circle15.run(_unasked(path)).result
    edits = random_edits(result, count, seed)
    answers = counted_on_the_page(result, edits, folder)
    with path.open("a", encoding="utf-8") as file:
        for k, (edit, answer) in enumerate(zip(edits, answers, strict=True)):
            file.write(_scenario(path.parent, result, k, edit, answer))
    outcome = circle15.run(_unasked(path))
    changed = []
    for k, (edit, answer) in enumerate(zip(edits, answers, strict=True)):
        assert answer["agrees"], edit
        assert answer["undone"], edit
        assert answer["ordered"], edit
        found = outcome.scenario(f"tried{k}").result
        assert answer["counts"] == _counts(found, edit), (k, edit, answer)
        code = dict(
            zip(found.facilities[c.FACILITY_ID], found.facilities[c.SNAP_CODE], strict=True)
        )
        for i, codes in enumerate(answer["codes"]):
            assert codes[0] == code[f"t{i}"], (k, edit)
        before, after = _counts(result, edit)["all"], answer["counts"]["all"]
        assert edit["close"] or after[0] >= before[0], (k, edit)
        assert answer["gain"] in {None, after[0] - before[0]}, (k, edit)
        changed.append(abs(after[0] - before[0]) + abs(after[2] - before[2]))
    return changed


def _unasked(path: Path) -> Study:
    return replace(circle15.load_study(path), siting={})


def _counts(result: StudyResult, edit: dict[str, Any]) -> dict[str, Any]:
    """Return the counts of a run in the form of the page."""
    study = result.study
    (row,) = [
        one
        for one in result.coverage_rows
        if (one.category, one.cutoff_min) == (edit["category"], edit["cutoff"])
        and one.group == study.demand.group
        and one.speed_m_s == study.walk.speed_m_s
    ]
    every = [row.counts.covered, row.counts.gap, row.counts.unknown]
    zones = []
    for level in ("street", "community"):
        own = [
            one.counts
            for one in result.zone_rows
            if one.level == level
            and (one.category, one.cutoff_min) == (edit["category"], edit["cutoff"])
        ]
        states = [[getattr(one, state) for one in own] for state in ("covered", "gap", "unknown")]
        zones.append([[total - sum(of), *of] for total, of in zip(every, states, strict=True)])
    return {"all": every, "zones": zones}


def _scenario(
    folder: Path, result: StudyResult, k: int, edit: dict[str, Any], answer: dict[str, Any]
) -> str:
    closed = ", ".join(f'"{result.facilities.loc[row, c.FACILITY_ID]}"' for row in edit["close"])
    text = f"\n[scenarios.tried{k}]\n"
    if closed:
        text += f"close = [{closed}]\n"
    if answer["lonlat"]:
        rows = [
            f"t{i},{edit['category']},{lon!r},{lat!r}"
            for i, (lon, lat) in enumerate(answer["lonlat"])
        ]
        name = f"tried{k}.csv"
        (folder / name).write_text("\n".join(["facility_id,category,lon,lat", *rows]), "utf-8")
        text += f'add = "{name}"\n'
    return text
