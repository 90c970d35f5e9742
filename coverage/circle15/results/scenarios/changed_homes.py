"""Homes that scenarios change: as rows of a table, and at the places drawn on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.access.states import STATE_WORDS
from circle15.inputs.crs.degrees import lon_lat
from circle15.planning.scenarios.home_changes import CHANGE_WORDS
from circle15.results.drawn_places import find_places
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.arrays import Codes, Floats, Ints
    from circle15.planning.scenarios.differences import ScenarioOutcome
    from circle15.planning.scenarios.home_changes import HomeChanges
    from circle15.results.records import StudyResult

DIFFERENCE_TEXTS = ("scenario", c.CATEGORY, c.DEMAND_ID, "state_today", "state", "change")
DIFFERENCE_PEOPLE = {
    "persons_gained": "gained",
    "persons_lost": "lost",
    "persons_at_new_homes": "at_new",
    "persons_gap": "gap",
}


def difference_table(result: StudyResult) -> pd.DataFrame:
    """
    Return the homes whose access scenarios change in the circle, or leave in a gap.

    Returns
    -------
    By scenario and category (or `all`), for the judged group: `scenario`, `category`,
    `cutoff_min`, `demand_id`, `x_m`, `y_m` (study CRS), `state_today` (null for a new home) and
    `state` in the scenario, both of the slowest people, `change` (a word of `CHANGE_WORDS`),
    `persons` of the home, and of these `persons_gained`, `persons_lost`, `persons_at_new_homes`
    (covered there) and `persons_gap` (in a gap in the scenario). Each sums to the number of
    `summary.json` (`scenarios`). A category in which no home changes has no rows.
    """
    parts = [
        _rows(outcome, category, cutoff, found)
        for outcome in result.scenarios
        for (category, cutoff), found in outcome.homes.changes.items()
        if cutoff == result.study.walk.circle_min
    ]
    if parts:
        return pd.concat(parts, ignore_index=True)
    names = (*DIFFERENCE_TEXTS, c.X_M, c.Y_M, c.CUTOFF_MIN, "persons", *DIFFERENCE_PEOPLE)
    return pd.DataFrame({name: [] for name in names})


def _rows(outcome: ScenarioOutcome, category: str, cutoff: int, found: HomeChanges) -> pd.DataFrame:
    homes, own = outcome.homes, found.home
    states = np.array([*STATE_WORDS, None], object)
    return pd.DataFrame(
        {
            "scenario": outcome.changes.name,
            c.CATEGORY: category,
            c.CUTOFF_MIN: np.full(len(own), cutoff, np.int64),
            c.DEMAND_ID: homes.ids[own],
            c.X_M: homes.x_m[own],
            c.Y_M: homes.y_m[own],
            "state_today": states[found.was],
            "state": states[found.now],
            "change": np.array(CHANGE_WORDS, object)[found.change],
            "persons": homes.people[own] / c.MICRO,
            **{name: getattr(found, key) / c.MICRO for name, key in DIFFERENCE_PEOPLE.items()},
        }
    )


@dataclass(frozen=True)
class ChangedPlaces:
    """
    The places drawn on maps that one scenario changes.

    Attributes
    ----------
    places
        By choice and cutoff, indices in `Places`, ascending, and the index in `CHANGE_WORDS` of
        each. Places that stay in a gap are left out.
    lon, lat, people
        New homes with people: degrees and micro-persons.
    new
        By choice and cutoff, the index in `CHANGE_WORDS` of each new home.
    """

    places: Mapping[tuple[str, int], tuple[Ints, Codes]]
    lon: Floats
    lat: Floats
    people: Ints
    new: Mapping[tuple[str, int], Codes]


def changed_places(result: StudyResult) -> Sequence[ChangedPlaces]:
    """Return what each scenario changes at the places of `find_places`."""
    drawn = find_places(result)
    place_of = np.full(len(result.demand) + 1, -1, np.int64)  # the last is of new homes
    if drawn is not None:
        place_of[drawn.row] = np.repeat(np.arange(len(drawn.lon)), drawn.parts)
    return [_at_places(one, place_of, result) for one in result.scenarios]


def _at_places(outcome: ScenarioOutcome, place_of: Ints, result: StudyResult) -> ChangedPlaces:
    homes = outcome.homes
    added = np.flatnonzero((homes.row < 0) & (homes.people > 0) & np.isfinite(homes.x_m))
    places: dict[tuple[str, int], tuple[Ints, Codes]] = {}
    new: dict[tuple[str, int], Codes] = {}
    for key, found in homes.changes.items():
        place, code = place_of[homes.row[found.home]], found.change
        some = np.flatnonzero((place >= 0) & (found.was != found.now))
        # Of the parts of a place the one with most people is the last, and so the one drawn.
        some = some[np.argsort(homes.people[found.home[some]], kind="stable")]
        of_place = np.full(len(place_of), -1, np.int8)
        of_place[place[some]] = code[some]
        shown = np.flatnonzero(of_place >= 0)
        places[key] = shown, of_place[shown]
        new[key] = code[np.searchsorted(found.home, added)]
    lon, lat = lon_lat(homes.x_m[added], homes.y_m[added], result.crs)
    return ChangedPlaces(places, lon, lat, homes.people[added], new)
