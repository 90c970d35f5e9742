"""Small inputs that were once read wrongly, from their folder beside the real extracts."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from circle15.results.summary.building import build_summary
from circle15.study.settings.reading import load_study
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from pathlib import Path


def test_walled_gardens_of_las_palmas_are_joined(shared_cases: Path) -> None:
    """
    Of 1,097 homes 945 were cut off; walls hide most, and some 76 % reach the site in 15 min.

    The extract ends 330 to 930 m from the homes: those who are not covered and could walk out of
    it are unknown, whatever stands in their way.
    """
    result = run_study(load_study(shared_cases / "70-walls" / "study.toml"))
    summary = build_summary(result)
    snapping = summary["snapping"]
    joined, lost = snapping["demand_snapped"], snapping["demand_unsnapped"]
    assert lost <= 0.06 * (joined + lost)
    table = result.coverage
    table = table[(table[c.CUTOFF_MIN] == 15) & (table[c.SPEED_M_S] == 1.0)]
    assert 0.70 <= (table[c.STATE] == "covered").sum() / joined <= 0.82
    assert set(table[c.UNKNOWN_REASON]) == {"", "NETWORK_ENDS"}
    through = [one for one in result.findings if one.code == "THROUGH_WALL"]
    assert 800 < len(through) < 1000
    assert all(one.detail["barrier"].startswith("way/") for one in through)


@pytest.mark.parametrize(("study", "seconds"), [("study", 320), ("study_noent", 400)])
def test_a_site_behind_a_gate(shared_cases: Path, study: str, seconds: int) -> None:
    """300 m along the street and 20 m to the gate, where its door is; else 80 m more."""
    table = run_study(load_study(shared_cases / "70-gate" / f"{study}.toml")).coverage
    table = table[(table[c.CUTOFF_MIN] == 15) & (table[c.SPEED_M_S] == 1.0)]
    (row,) = table.itertuples()
    assert row.state == "covered"
    assert row.time_ms == pytest.approx(seconds * 1000, abs=500)


def reasons_at_15_min(study: Path) -> Counter[tuple[str, str]]:
    """Homes by state and reason."""
    table = run_study(load_study(study)).coverage
    table = table[(table[c.CUTOFF_MIN] == 15) & (table[c.SPEED_M_S] == 1.0)]
    return Counter(zip(table[c.STATE], table[c.UNKNOWN_REASON], strict=True))


def test_homes_on_an_island_of_streets_are_unknown(shared_cases: Path) -> None:
    """The squares, 514 m of them, lie 3 m beside the network."""
    found = reasons_at_15_min(shared_cases / "70-island" / "study.toml")
    assert found == {("unknown", "NOT_CONNECTED"): 19}


def test_a_site_without_a_position_makes_nobody_a_gap(shared_cases: Path) -> None:
    """The study has neither streets nor communities, and the row names none."""
    found = reasons_at_15_min(shared_cases / "70-unjoined_site" / "study_nopos.toml")
    assert {state for state, _ in found} == {"unknown"}
    assert ("unknown", "SITE_UNPLACED") in found


def test_a_clinic_in_a_walled_garden(shared_cases: Path, tmp_path: Path) -> None:
    """
    Where walls stop legs, its neighbours are unknown; where they do not, covered.

    Five homes are gaps: over the street before the wall they walk 1,022 to 1,119 s, as a search
    of networkx told, and they cannot walk out of the extract before.
    """
    case = shared_cases / "70-unjoined_site"
    text = (case / "study.toml").read_text("utf-8").replace("../", f"{shared_cases}/")
    for name in ("fac_in_garden.csv", "homes.csv"):
        shutil.copy(case / name, tmp_path)
    path = tmp_path / "study.toml"
    path.write_text(text.replace("[demand]", 'walls = "stop"\n[demand]'), "utf-8")
    found = reasons_at_15_min(path)
    assert found["gap", ""] == 5
    assert found["unknown", "SITE_UNJOINED"] == 165
    assert reasons_at_15_min(case / "study.toml")["covered", ""] > 800
