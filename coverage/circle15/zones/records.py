"""All that the one-page sheets of residential zones show."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from circle15.access.zone_circle import ZoneCircle
    from circle15.rules.floor_area.sharing import Sharing
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.rules.packs.load import RulePack
    from circle15.study.settings.records import Study
    from circle15.travel.paths.records import Route


@dataclass(frozen=True)
class Reached:
    """
    One category of a zone's circle, and the site that its farthest home walks to.

    Attributes
    ----------
    facility_id, name, origin
        The site and the row (`file:row`) that lists it; empty where there is none.
    capacities
        What the site states, by capacity field; empty where it states nothing.
    left
        Of each stated capacity what the expected people of the zone leave, below zero where it is
        too little for them; empty where it is not known how many they are.
    others_micro
        People of the judged group (micro-persons) whose nearest site within the circle it is.
    route
        The way from the zone to the site; None where there is no site or no home.
    from_entrance
        Whether the way begins at an entrance of the zone, else at its farthest home.
    """

    circle: ZoneCircle
    facility_id: str = ""
    name: str = ""
    origin: str = ""
    capacities: Mapping[str, Decimal] | None = None
    left: Mapping[str, Fraction] = field(default_factory=dict)
    others_micro: int = 0
    route: Route | None = None
    from_entrance: bool = False


@dataclass(frozen=True)
class ExpectedPeople:
    """
    People of the judged group who are expected in a zone: `households · size · group / total`.

    `group_persons` and `total_persons` live in the study's area; the same for the group `total`.
    """

    households: Fraction
    household_size: Fraction
    group_persons: Fraction
    total_persons: Fraction

    @property
    def persons(self) -> Fraction:
        """How many they are."""
        share = self.group_persons / self.total_persons
        return self.households * self.household_size * share


@dataclass(frozen=True)
class ZoneDossier:
    """
    One zone, judged, with what stands behind the verdict.

    Attributes
    ----------
    pool
        The checks of the zones that are judged with it, itself included, in their order.
    neighbours
        Those of the zones within the radius of the law, itself included, where they do not meet
        it together; else empty.
    reached
        An entry per required category.
    people
        Expected people of the judged group; None while `people_missing` names what is missing:
        `households`, `household_size` or `total`.
    homes
        How many homes (or entrances) stand for the zone.
    sharing
        Zones nearby with which this zone would meet the law, nearest first.
    """

    check: ZoneCheck
    pool: tuple[ZoneCheck, ...]
    reached: tuple[Reached, ...]
    people: ExpectedPeople | None
    people_missing: str
    sharing: tuple[Sharing, ...]
    neighbours: tuple[ZoneCheck, ...] = ()
    homes: int = 0


@dataclass(frozen=True)
class ZonePapers:
    """
    The sheets of all zones of one command.

    `pack` is the rule pack by whose floor-area law the zones are judged; None without one.
    `provenance` has the hashes of the inputs as `summary.json` has them. `in_china`: whether the
    study may lie there, where papers are stamped.
    """

    study: Study
    pack: RulePack | None
    dossiers: Sequence[ZoneDossier]
    provenance: Mapping[str, Any]
    in_china: bool = True
