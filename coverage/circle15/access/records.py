"""What judging has found, as records: people by state, by zone and by the rule for gates."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from circle15.access.counting import NOBODY, Claimed, Counts

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
    claimed: Counts = NOBODY
    """Of the people those whom straight-line circles would claim, by the state of walking."""
    walkers: tuple[Walker, ...] = ()
    """How the people walk, if not all people of the study walk alike: `speed_m_s`, the judged one
    or one of the sensitivity, then says how much faster than usual everybody is."""

    @property
    def own_speed(self) -> Decimal | Fraction | None:
        """The speed of all people of the row; None where they walk at several."""
        return _own_speed(self.speed_m_s, self.walkers)

    @property
    def circles(self) -> Claimed:
        """What straight-line circles would claim beside what walking gives."""
        return Claimed(self.counts, self.claimed)


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """The same for one street or community, at the judged speed and for the judged group."""

    level: Level
    zone_id: str
    name: str
    category: str
    group: str
    cutoff_min: int
    speed_m_s: Decimal
    counts: Counts
    claimed: Counts = NOBODY
    """Of the people those whom straight-line circles would claim, by the state of walking."""
    walkers: tuple[Walker, ...] = ()

    @property
    def own_speed(self) -> Decimal | Fraction | None:
        """The speed of all people of the row; None where they walk at several."""
        return _own_speed(self.speed_m_s, self.walkers)

    @property
    def circles(self) -> Claimed:
        """What straight-line circles would claim beside what walking gives."""
        return Claimed(self.counts, self.claimed)


def _own_speed(speed_m_s: Decimal, walkers: Sequence[Walker]) -> Decimal | Fraction | None:
    if not walkers:
        return speed_m_s
    speeds = {walker.speed_m_s for walker in walkers}
    return speeds.pop() if len(speeds) == 1 else None


@dataclass(frozen=True, slots=True)
class GatedRow:
    """
    How the judged group's result for a category (or `any`, `all`) depends on `[network] gated`.

    Attributes
    ----------
    covered
        Rule to the people covered under it.
    differs
        Rule to the people whose state under it is another one than under `open`.
    """

    category: str
    covered: Mapping[str, int]
    differs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GatedFigures:
    """
    What there is to be closed, and who depends on it; in the circle and at the judged speed.

    Attributes
    ----------
    compounds, inside_m
        Compounds and the length of their ways, private ones and those that these enclose.
    gates
        Locked gates on walkable ways.
    rows
        For each category, and `any` and `all` of the required ones; empty where nothing can be
        closed, for then nobody depends on it.
    """

    compounds: int
    inside_m: float
    gates: int
    rows: Sequence[GatedRow]


@dataclass(frozen=True, slots=True)
class SiteAreas:
    """
    Areas from which single facilities are reached, by the cutoffs of the study; never counted.

    Attributes
    ----------
    place
        Row of `facilities` to the place whose areas are its own. Services at one place share
        them; a facility that was not judged or has not joined the streets is left out.
    areas
        Place to its area for each cutoff, in the study CRS; empty where nothing is in reach.
    """

    place: Mapping[int, int] = field(default_factory=dict)
    areas: Mapping[int, tuple[BaseGeometry, ...]] = field(default_factory=dict)
