"""Records of the counts: people by state, by zone, and by the rule for gated compounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from circle15.access.counting import NO_PEOPLE, Claimed, Counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from shapely.geometry.base import BaseGeometry

    from circle15.study.settings.walkers import Walker

Level = Literal["street", "community"]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """People of a group by state, for a category (or `any`, `all`), cutoff and speed."""

    category: str
    group: str
    cutoff_min: int
    speed_m_s: Decimal
    counts: Counts
    claimed: Counts = NO_PEOPLE
    """The people within straight-line circles, by their state on foot."""
    walkers: tuple[Walker, ...] = ()
    """How the people walk, if the study has several ways of walking; `speed_m_s` is then the judged
    or sensitivity speed that sets by how much all of them are faster or slower than usual."""

    @property
    def own_speed(self) -> Decimal | Fraction | None:
        """The speed of all people of the row; None where they walk at several speeds."""
        return _own_speed(self.speed_m_s, self.walkers)

    @property
    def circles(self) -> Claimed:
        """The counts with those of straight-line circles."""
        return Claimed(self.counts, self.claimed)


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """People by state in one subdistrict or community, for the judged group and speed."""

    level: Level
    zone_id: str
    name: str
    category: str
    group: str
    cutoff_min: int
    speed_m_s: Decimal
    counts: Counts
    claimed: Counts = NO_PEOPLE
    """The people within straight-line circles, by their state on foot."""
    walkers: tuple[Walker, ...] = ()

    @property
    def own_speed(self) -> Decimal | Fraction | None:
        """The speed of all people of the row; None where they walk at several speeds."""
        return _own_speed(self.speed_m_s, self.walkers)

    @property
    def circles(self) -> Claimed:
        """The counts with those of straight-line circles."""
        return Claimed(self.counts, self.claimed)


def _own_speed(speed_m_s: Decimal, walkers: Sequence[Walker]) -> Decimal | Fraction | None:
    if not walkers:
        return speed_m_s
    speeds = {walker.speed_m_s for walker in walkers}
    return speeds.pop() if len(speeds) == 1 else None


@dataclass(frozen=True, slots=True)
class GatedRow:
    """
    Dependence of the judged group's result for a category (or `any`, `all`) on `[network] gated`.

    Attributes
    ----------
    covered
        People covered under each rule, micro-persons.
    differs
        People whose state under each rule differs from that under `open`, micro-persons.
    """

    category: str
    covered: Mapping[str, int]
    differs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GatedFigures:
    """
    Gated compounds and the people whose state depends on them, in the circle and judged speed.

    Attributes
    ----------
    compounds, inside_m
        Number of compounds, and the length of their ways in metres, private or enclosed.
    gates
        Number of locked gates on walkable ways.
    rows
        A row for each category, and for `any` and `all` of the required ones; empty where no rule
        closes anything.
    """

    compounds: int
    inside_m: float
    gates: int
    rows: Sequence[GatedRow]


@dataclass(frozen=True, slots=True)
class SiteAreas:
    """
    Areas from which single facilities are reached, by cutoff; for drawing only, never counted.

    Attributes
    ----------
    place
        Number of the place of each row of `facilities`. Services at one place share their areas; a
        facility that was not judged or has not joined the streets is left out.
    areas
        Areas of each place by cutoff, in the study CRS; empty where nothing is in reach.
    left_out
        Number of places that were not drawn because there are too many.
    """

    place: Mapping[int, int] = field(default_factory=dict)
    areas: Mapping[int, tuple[BaseGeometry, ...]] = field(default_factory=dict)
    left_out: int = 0
