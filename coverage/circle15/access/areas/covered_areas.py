"""Covered shares of residential land and buildings, by walking and by straight-line circles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.access.counting import Claimed, count_states, straight_line_ms
from circle15.access.coverage_counts import straight_lines_of
from circle15.access.walks import states_by_category
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from circle15.access.areas.joined_areas import JoinedAreas
    from circle15.access.study_inputs import StudyInputs
    from circle15.access.walks import Walks

LAND: Final = "land"
FOOTPRINT: Final = "footprint"
FLOOR_AREA: Final = "floor_area"
BASES: Final = (LAND, FOOTPRINT, FLOOR_AREA)
"""What may be counted beside people, in the order in which it is shown."""


@dataclass(frozen=True)
class AreaRow:
    """
    Areas by state for one category and cutoff, as people are counted in a `CoverageRow`.

    Attributes
    ----------
    areas
        By `LAND`, `FOOTPRINT` and `FLOOR_AREA`, of those that the study has. All counts are in
        millionths of a square metre; those within straight-line circles are at the speed of
        `[walk]`.
    """

    category: str
    cutoff_min: int
    areas: Mapping[str, Claimed]


def area_rows(inputs: StudyInputs, walks: Walks) -> list[AreaRow]:
    """
    Sum residential land and buildings by state, for every category and cutoff.

    They are judged like homes, at the speed and with the profile of `[walk]`: each building, and
    each piece of land, at a point in it. Empty where the study has neither.
    """
    found: dict[tuple[str, int], dict[str, Claimed]] = {}
    for joined in (inputs.living.land, inputs.living.buildings):
        if joined is not None:
            for key, areas in _of_layer(inputs, walks, joined):
                found[key] = found.get(key, {}) | areas
    return [AreaRow(*key, areas) for key, areas in found.items()]


def _of_layer(
    inputs: StudyInputs, walks: Walks, joined: JoinedAreas
) -> Iterator[tuple[tuple[str, int], dict[str, Claimed]]]:
    areas, walker = joined.areas, walks.usual
    judged = walks.judge(walker).judge(
        joined.snaps, inputs.categories, x_m=areas.x_m, y_m=areas.y_m
    )
    distance_m = straight_lines_of(inputs, areas.x_m, areas.y_m)
    line_ms = {key: straight_line_ms(one, walker.speed_m_s) for key, one in distance_m.items()}
    for (category, cutoff), state in states_by_category(inputs.study, judged).items():
        near = line_ms[category] <= cutoff * c.MS_PER_MIN
        yield (
            (category, cutoff),
            {
                key: Claimed(count_states(state, of), count_states(state, np.where(near, of, 0)))
                for key, of in areas.micro_m2.items()
            },
        )
