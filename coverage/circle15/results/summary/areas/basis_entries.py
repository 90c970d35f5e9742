"""The structure of `coverage_basis` in `summary.json`."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from circle15.results.summary.limited import NotNegative, Share


class BasisShares(TypedDict):
    """Covered shares by walking and by straight-line circles; null of nothing."""

    share_covered: Share | None
    share_by_circles: Share | None
    """Share within straight-line circles of the cutoff at the walking speed, for comparison."""
    share_covered_of_judged: Share | None
    """Covered ÷ (covered + gap)."""
    share_by_circles_of_judged: Share | None
    """Share within circles of what is known to be covered or in a gap."""


class PeopleBasis(BasisShares):
    """Shares of the judged group; their counts are in `coverage`."""

    group: str


class AreaBasis(BasisShares):
    """Residential area within the boundary by state: the three parts sum to the total."""

    total_m2: NotNegative
    covered_m2: NotNegative
    gap_m2: NotNegative
    unknown_m2: NotNegative
    outside_m2: NotNegative
    """Area outside the boundary, which does not count."""


class BuildingsBasis(TypedDict):
    """Residential buildings, each whole by a point in it."""

    footprint: AreaBasis
    floor_area: AreaBasis


class BasisEntry(TypedDict):
    """
    Coverage of one category by people, residential land and residential buildings.

    Land and buildings are judged at the walking speed and with the profile of the study; null where
    the study has none. The list is empty where it has neither.
    """

    category: str
    cutoff_min: int
    people: PeopleBasis
    residential_land: AreaBasis | None
    buildings: BuildingsBasis | None


class LandParameters(TypedDict):
    """The layer of residential land, and which of its polygons count."""

    file: str
    where: str | None


class BuildingsParameters(TypedDict):
    """The layer of buildings, and how uses were interpreted."""

    file: str
    unknown_use: Literal["lived_in", "left_out"]
    residential: list[str]


class BasisParameters(TypedDict):
    """`[coverage_basis]`; without buildings those of the layers of people count."""

    land: LandParameters | None
    buildings: BuildingsParameters | None


class SomeBasis(TypedDict):
    """Only if the study has `[coverage_basis]`."""

    coverage_basis: NotRequired[BasisParameters]
