"""Scenarios as data for the map's script: people, sites and links that change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from circle15.inputs.crs.degrees import SCALE, lon_lat
from circle15.output.map.geometry import encode_lines
from circle15.output.map.packed_columns import Column
from circle15.output.text.numbers import count, moved, people, rounded, whole_persons
from circle15.output.text.study_parameters import changes_text
from circle15.output.text.wording import printable, shortened
from circle15.results.scenarios.changed_homes import changed_places
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyproj import CRS

    from circle15.arrays import Floats
    from circle15.output.text.wording import Words
    from circle15.planning.scenarios.differences import ScenarioOutcome
    from circle15.planning.scenarios.place_changes import Spot
    from circle15.results.records import StudyResult
    from circle15.results.scenarios.changed_homes import ChangedPlaces

_OWN_WORDS: Final = (c.OPENED, "position")


def changed_columns(result: StudyResult) -> list[Column]:
    """
    Return packed columns of the places of the people layer that scenarios change.

    By number of the scenario, choice and cutoff: `changed:<n>:<choice>:<cutoff>` (index of each
    place, ascending) and `change:<n>:<choice>:<cutoff>` (index in `CHANGE_WORDS`). Places that
    stay in a gap are not among them.
    """
    return [
        column
        for k, found in enumerate(changed_places(result))
        for (choice, cutoff), (place, code) in found.places.items()
        for column in (
            Column(f"changed:{k}:{choice}:{cutoff}", place, steps=True),
            Column(f"change:{k}:{choice}:{cutoff}", code),
        )
    ]


def scenario_layers(result: StudyResult, words: Words) -> list[dict[str, Any]]:
    """
    Return the scenarios, in the order of the study.

    Returns
    -------
    Of each `name`, `what` (its changes in words), `figures` (by choice and cutoff of the judged
    group, as printed in the report: `today`, `gain`, `lose`, `new` (at new homes; null where the
    scenario has none), `then`), `homes` (new ones: `at`, `persons`, and `change` by choice and
    cutoff), `sites` (`id`, `name`, `category`, `change`, `fields` in words, `at`, `before` (null
    where it has not moved), and printed people in its circle `today` and `then`, null where that
    stays the same) and `links` (`name`, `length` in metres, `shape`).
    """
    pairs = zip(result.scenarios, changed_places(result), strict=True)
    return [
        {
            "name": shortened(outcome.changes.name),
            "what": changes_text(outcome.changes.scenario, words),
            "figures": _figures(outcome, words),
            "homes": _new_homes(places),
            "sites": _sites(outcome, result, words),
            "links": _links(outcome, result),
        }
        for outcome, places in pairs
    ]


def _figures(outcome: ScenarioOutcome, words: Words) -> dict[str, dict[str, dict[str, Any]]]:
    homes = outcome.changes.scenario.homes is not None
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for shift in outcome.shifts:
        if shift.group == words.study.demand.group and shift.category != ANY:
            today, gain, lose, *new, then = moved(shift, homes=homes)
            found.setdefault(shift.category, {})[str(shift.cutoff_min)] = {
                "today": today,
                "gain": gain,
                "lose": lose,
                "new": new[0] if new else None,
                "then": then,
            }
    return found


def _new_homes(places: ChangedPlaces) -> list[dict[str, Any]]:
    micro: list[int] = places.people.tolist()
    return [
        {
            "at": at,
            "persons": whole_persons(one),
            "change": {
                f"{choice}:{cutoff}": int(codes[k])
                for (choice, cutoff), codes in places.new.items()
            },
        }
        for k, (at, one) in enumerate(zip(_degrees(places.lon, places.lat), micro, strict=True))
    ]


def _degrees(lon: Floats, lat: Floats) -> list[list[int] | None]:
    return [
        [round(x * SCALE), round(y * SCALE)] if np.isfinite([x, y]).all() else None
        for x, y in zip(lon.tolist(), lat.tolist(), strict=True)
    ]


def _places(spots: Sequence[Spot | None], crs: CRS) -> list[list[int] | None]:
    x, y = np.array([one or (np.nan, np.nan) for one in spots], np.float64).reshape(-1, 2).T
    return _degrees(*lon_lat(x, y, crs))


def _sites(outcome: ScenarioOutcome, result: StudyResult, words: Words) -> list[dict[str, Any]]:
    caught = {(one.facility_id, one.category): one for one in outcome.catchments}
    now = _places([one.at for one in outcome.sites], result.crs)
    before = _places([one.before for one in outcome.sites], result.crs)
    found = []
    for k, one in enumerate(outcome.sites):
        reach = caught.get((one.facility_id, one.category))
        found.append(
            {
                "id": one.facility_id,
                "name": result.site_in_words(one.facility_id, one.name),
                "category": one.category,
                "change": one.change,
                "fields": words.list([_field(name, words) for name in one.fields]),
                "at": now[k],
                "before": before[k] if "position" in one.fields else None,
                "today": None if reach is None else people(reach.before),
                "then": None if reach is None else people(reach.after),
            }
        )
    return found


def _field(name: str, words: Words) -> str:
    return words.say(f"scenarios.field_{name}" if name in _OWN_WORDS else f"columns.{name}")


def _links(outcome: ScenarioOutcome, result: StudyResult) -> list[dict[str, Any]]:
    shapes = encode_lines([one.line for one in outcome.links], result.crs)
    return [
        {
            "name": shortened(printable(one.name)),
            "length": count(rounded(one.length_m)),
            "shape": shape,
        }
        for one, shape in zip(outcome.links, shapes, strict=True)
    ]
