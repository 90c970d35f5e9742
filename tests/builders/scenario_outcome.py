"""What a scenario changes of the result in `report_result`, written by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle15.access.counting import Counts
from circle15.access.states import State
from circle15.planning.scenarios.differences import (
    CatchmentShift,
    Flip,
    ScenarioOutcome,
    Shift,
    ZoneShift,
)
from circle15.planning.scenarios.home_changes import NEW, HomeChanges, ScenarioHomes
from circle15.planning.scenarios.place_changes import NewLink, SiteChange
from circle15.rules.verdicts import Verdict
from circle15.study.settings.scenarios.tables import Changes, Scenario
from tests.builders.report_result import STATION, make_result

if TYPE_CHECKING:
    from circle15.results.records import StudyResult

BEFORE = Counts(5_000_000, 2_500_000, 1_500_000, 1_000_000)
AFTER = Counts(9_000_000, 4_500_000, 3_500_000, 1_000_000)
SHIFT = Shift(STATION, "p60", 15, BEFORE, AFTER, 1_500_000, 2_500_000)
"""a (2.5 people) loses the station, b (1.5) gains one, and 3 of 4 people at the new home n."""
_WEST = replace(
    SHIFT,
    before=Counts(2_500_000, 2_500_000, 0, 0),
    after=Counts(2_500_000, 0, 2_500_000, 0),
    gained=0,
)
_EAST = replace(
    SHIFT,
    before=Counts(2_500_000, 0, 1_500_000, 1_000_000),
    after=Counts(6_500_000, 4_500_000, 1_000_000, 1_000_000),
    lost=0,
)
SAME = Shift("any", "p60", 15, BEFORE, BEFORE, 0, 0)


def micro(*persons: float) -> Any:
    return np.array([round(one * 1_000_000) for one in persons], np.int64)


def make_homes() -> ScenarioHomes:
    codes = (NEW, State.COVERED, State.GAP)
    new, covered, gap = (np.int8(one) for one in codes)
    changes = HomeChanges(
        home=np.array([0, 1, 3]),
        was=np.array([covered, gap, new]),
        now=np.array([gap, covered, covered]),
        gained=micro(0, 1.5, 0),
        lost=micro(2.5, 0, 0),
        at_new=micro(0, 0, 3),
        gap=micro(2.5, 0, 1),
    )
    return ScenarioHomes(
        ids=np.array(["a", "b", "c", "n"], object),
        x_m=np.array([500100.0, 501100.0, 501900.0, 501500.0]),
        y_m=np.full(4, 3400500.0),
        people=micro(2.5, 1.5, 1, 4),
        row=np.array([0, 1, 2, -1]),
        changes={(STATION, 15): changes},
    )


def make_outcome(name: str = "more", **changed: Any) -> ScenarioOutcome:
    """A scenario that closes T1, adds T3 and homes, and a link."""
    folder = Path("/plan")
    scenario = Scenario(
        add=folder / "new.csv", close=("T1",), links=folder / "l.gpkg", homes=folder / "n.csv"
    )
    line = shapely.LineString([(500000, 3400500), (500000, 3400620.4)])
    outcome = ScenarioOutcome(
        changes=Changes(name, scenario),
        shifts=[SHIFT, SAME, replace(SHIFT, group="p80"), replace(SHIFT, cutoff_min=10)],
        zones=[
            ZoneShift("street", "S2", "", _EAST),
            ZoneShift("street", "S1", "S 1", _WEST),
            ZoneShift("community", "K1", "K 1", SHIFT),
        ],
        catchments=[
            CatchmentShift("T1", STATION, "Station", 2_500_000, None),
            CatchmentShift("T3", STATION, "", None, 4_500_000),
        ],
        flips=[Flip("liangxi-2025", "LX-03", "Z1", Verdict.NOT_MET, Verdict.MET)],
        homes=make_homes(),
        sites=[
            SiteChange(
                "T1", STATION, "Station", "closed", ("status",), (500400.0, 3400500.0), None
            ),
            SiteChange("T3", STATION, "", "added", (), None, None),
        ],
        links=[NewLink("New Bridge", 120.4, line)],
    )
    return replace(outcome, **changed)


def changed_result(*outcomes: ScenarioOutcome) -> StudyResult:
    """The result with these scenarios."""
    return replace(make_result(), scenarios=list(outcomes))
