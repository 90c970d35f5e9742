"""Columns of the map's people layer: people, states, walking times and zones of each place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.access.states import State
from circle15.inputs.demand.population import layers_by_source
from circle15.inputs.tables.shown_ids import home_in_words
from circle15.output.map.packed_columns import Column
from circle15.results.drawn_places import source_of_homes
from circle15.results.reasons import TOLD_REASONS, ToldReasons
from circle15.results.room import served_at_places
from circle15.results.states_by_choice import NOT_JUDGED
from circle15.results.supply_classes import supply_classes
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.arrays import Codes, Floats, Ints
    from circle15.results.drawn_places import Places
    from circle15.results.records import StudyResult

    States = Mapping[tuple[str, int], Codes]

CODE_WORDS = ("covered", "gap", *TOLD_REASONS)
"""Meaning of each code: covered, gap, or unknown with its reason (the first one has no reason)."""

NO_CODE = 255
_MS_PER_S = 1000
_HUNDREDTHS = 100


def value_columns(result: StudyResult, places: Places, states: States) -> list[Column]:
    """
    Return the columns of the people layer, for each place and each of its parts.

    Parameters
    ----------
    states
        Result of `states_by_choice`.

    Returns
    -------
    `parts` (number of parts of each place); for each part `micro` (micro-persons), `street` and
    `community` (index in the zone layer, its length if none) and `source`; for each place
    `code:<choice>:<cutoff>` (index in `CODE_WORDS`, 255 if not judged), `seconds:<category>`
    (rounded up, plus 1; 0 if no site is within the search horizon) and `site:<category>` (row of
    the facility table, its length if none); of categories with `[capacity]` also
    `supply:<category>` (code of `SupplyClasses`) and `amount:<category>` (supply in hundredths of a
    unit, rounded down; 0 where it is unknown), with `per_person` also `served:<category>` and
    `away:<category>` (micro-persons who are served, and who are covered and not served).
    """
    area, demand = result.area, result.demand
    zones = ((c.STREET_ID, area.streets, "street"), (c.COMMUNITY_ID, area.communities, "community"))
    found = [Column("parts", places.parts), Column("micro", places.micro)]
    for key, layer, name in zones:
        theirs = demand[key].to_numpy(dtype=object)[places.row]
        number = pd.Index(layer[c.ZONE_ID], dtype=object).get_indexer(theirs)
        found.append(Column(name, np.where(number < 0, len(layer), number)))
    found.append(Column("source", source_of_homes(result)[places.row]))
    home = places.row[places.first]
    judged, told, nowhere = (
        result.judged_as(result.drawn),
        ToldReasons(result),
        len(result.facilities),
    )
    for (choice, cutoff), state in states.items():
        reason = None
        if choice in judged:
            reason = result.of_demand(told.of(judged[choice].reasons[cutoff]), 0)[home]
        found.append(Column(f"code:{choice}:{cutoff}", _code(state[home], reason)))
    nowhere = len(result.facilities)
    for category, one in judged.items():
        seconds = result.of_demand(_seconds(one.time_ms), 0)
        site = np.where(one.facility < 0, nowhere, one.facility)
        found.append(Column(f"seconds:{category}", seconds[home], steps=True))
        found.append(Column(f"site:{category}", result.of_demand(site, nowhere)[home]))
    for category, classes in supply_classes(result).items():
        found.append(Column(f"supply:{category}", classes.codes[home]))
        found.append(Column(f"amount:{category}", _hundredths(classes.amount[home])))
    for category, people in served_at_places(result, places).items():
        found.append(Column(f"served:{category}", people.served))
        found.append(Column(f"away:{category}", people.turned_away))
    return found


def place_ids(result: StudyResult, places: Places) -> list[str]:
    """Return the id of each part's demand point; `:` and the row number if the id was generated."""
    ids: list[str] = result.demand[c.DEMAND_ID].iloc[places.row].tolist()
    return [home_in_words(one, "", result.population.made) for one in ids]


def source_names(result: StudyResult) -> list[str]:
    """Return the file names of the judged group's demand layers, in the order of `source`."""
    groups = {result.study.demand.group, result.drawn.label}
    found = []
    for layers in layers_by_source(result.study.demand.layers).values():
        # A source without the judged group names all its layers, as its homes are drawn too.
        own = [one for one in layers if one.group in groups] or layers
        names = list(
            dict.fromkeys(
                name
                for one in own
                for name in ([path.name for path in one.raster] or [one.file_name])
            )
        )
        found.append(names[0] + (f" + {len(names) - 1}" if len(names) > 1 else ""))
    return found


def _code(state: Codes, told: Ints | None) -> Ints:
    """Return the index in `CODE_WORDS` of each state; without reasons, unknown has no reason."""
    reason = np.zeros(len(state), np.int64) if told is None else told
    code = np.where(state == State.UNKNOWN, State.UNKNOWN + reason, state)
    return np.where(state == NOT_JUDGED, NO_CODE, code)


def _hundredths(amount: Floats) -> Ints:
    """Round down to hundredths, so that a supply just below what is needed does not seem enough."""
    # A millionth of a hundredth more, since 0.06 × 100 can be 5.999… in floats.
    return np.floor(np.nan_to_num(amount) * _HUNDREDTHS + 1e-6).astype(np.int64)


def _seconds(time_ms: Ints) -> Ints:
    """Return whole seconds, rounded up, plus 1; 0 if no site is within the search horizon."""
    # Rounded up, so that a time just beyond a cutoff does not appear to be within it.
    return np.where(time_ms < 0, 0, -(-time_ms // _MS_PER_S) + 1)
