"""Records of the contents of the zone sheets of residential zones."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from circle15.inputs.letterheads import Letterhead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from circle15.access.zone_circle import ZoneCircle
    from circle15.network.walk_network import WalkNetwork
    from circle15.rules.floor_area.sharing import Sharing
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.rules.packs.load import RulePack
    from circle15.study.settings.records import Study
    from circle15.travel.paths.records import Route


@dataclass(frozen=True)
class Reached:
    """
    One category of a zone's circle, and the site nearest to its farthest home.

    Attributes
    ----------
    facility_id, name, origin
        The site and the row (`file:row`) that lists it; empty where there is none.
    capacities
        Capacities that the site states, by field; None or empty where it states none.
    left
        Each stated capacity minus the expected people of the zone, negative where it is too small;
        empty where the number of people is not known.
    others_micro
        People of the judged group (micro-persons) for whom it is the nearest site in the circle.
    route
        The route from the zone to the site; None where there is no site or no home.
    from_entrance
        Whether the route begins at an entrance of the zone, else at its farthest home.
    place_m
        Position of the site in the study CRS, metres; None where it has none.
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
    place_m: tuple[float, float] | None = None


@dataclass(frozen=True)
class ExpectedPeople:
    """
    Expected people of the judged group in a zone: `households · size · group / total`.

    `group_persons` and `total_persons` are those of the study area; equal for the group `total`.
    """

    households: Fraction
    household_size: Fraction
    group_persons: Fraction
    total_persons: Fraction

    @property
    def persons(self) -> Fraction:
        """Number of expected people."""
        share = self.group_persons / self.total_persons
        return self.households * self.household_size * share


@dataclass(frozen=True)
class ZoneDossier:
    """
    One judged residential zone, with the evidence for its verdict.

    Attributes
    ----------
    pool
        The checks of the zones judged together with it, itself included, in their order.
    neighbours
        The checks of the zones within the pooling radius of the law, itself included, where they do
        not meet it together; else empty.
    reached
        An entry per required category.
    people
        Expected people of the judged group; None if `people_missing` names a missing input:
        `households`, `household_size` or `total`.
    homes_m
        The points (homes or entrances) that represent the zone, in the study CRS, metres.
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
    homes_m: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class ZonePapers:
    """
    The zone sheets of all zones of one command.

    `pack` is the rule pack by whose floor-area law the zones are judged; None without one.
    `provenance` has the hashes of the inputs as in `summary.json`. `in_china` is whether the study
    may lie in China, where documents are stamped. `letterhead` heads every sheet.
    `network` is drawn on the location maps; without it there are none.
    """

    study: Study
    pack: RulePack | None
    dossiers: Sequence[ZoneDossier]
    provenance: Mapping[str, Any]
    in_china: bool = True
    letterhead: Letterhead = field(default_factory=Letterhead)
    network: WalkNetwork | None = None
