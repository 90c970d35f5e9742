"""Supply, assignment, choice and equity of a study, as records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from circle15.access.assignment.classes import NOT_ANYONE, ServedCounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from circle15.access.equity import Equity
    from circle15.access.records import Level
    from circle15.access.supply.floating import Balance
    from circle15.access.supply.site_worth import Choice, SiteWorth
    from circle15.arrays import Bools, Floats, Ints
    from circle15.study.settings.capacity import Capacity

Measure = Literal["minutes", "coverage", "supply"]


@dataclass(frozen=True)
class HomesOfPart:
    """
    What the people of one way of walking have, a value for each judged home.

    Attributes
    ----------
    name
        `Part.name`; empty for those who walk as `[walk]` states.
    persons : int64
        Micro-persons of the judged group.
    second_ms : int64
        Milliseconds to the second nearest site with a sure position within the circle; -1 if none.
    supply_per_person : float64
        In units of the supply; NaN where it is unknown. Empty without `[capacity]`.
    at_least : bool
        A site of unknown supply is within the circle: `supply_per_person` is NaN. Empty without.
    served : int64
        Micro-persons who find room. Empty without `per_person`.
    unserved : int64
        Micro-persons who find none whatever the unknown capacities are. Empty likewise.
    worst : int64
        Micro-persons who are among the tenth of all people with the longest walk to the nearest
        site. Empty with round trips, whose times end at the circle.
    """

    name: str
    persons: Ints
    second_ms: Ints
    supply_per_person: Floats | None = None
    at_least: Bools | None = None
    served: Ints | None = None
    unserved: Ints | None = None
    worst: Ints | None = None


@dataclass(frozen=True)
class ZoneSupply:
    """
    One subdistrict or community, or all of the area.

    Attributes
    ----------
    choice
        People by the number of sites within the circle.
    persons_known
        Micro-persons whose supply per person is known; None without `[capacity]`.
    supply_per_person
        Their mean; None where there are none.
    served
        People by class; None without `per_person`.
    mean_min
        Mean walk to the nearest site of the people whose walk is known, minutes; None where there
        are none, and with round trips.
    worst
        Micro-persons of the tenth of all people with the longest walk; None with round trips.
    """

    level: Level | None
    zone_id: str
    name: str
    choice: Choice
    persons_known: int | None = None
    supply_per_person: float | None = None
    served: ServedCounts | None = None
    mean_min: float | None = None
    worst: int | None = None


@dataclass(frozen=True)
class SiteSupply:
    """
    One open site under `[capacity]`.

    Attributes
    ----------
    supply
        As stated; None where it is unknown, or the position is not sure.
    per_person
        Supply per person within the circle, people weighted as the method says; None where the
        supply is unknown, or no people are within the circle.
    idle
        The site has supply, and no people are within its circle: also one that is not joined.
    assigned
        Micro-persons served there; None without `per_person` or where the supply is unknown.
    room
        Micro-persons whom it could serve; None likewise.
    """

    facility: int
    supply: Decimal | None
    per_person: float | None
    idle: bool
    assigned: int | None = None
    room: int | None = None

    @property
    def left(self) -> int | None:
        """Micro-persons for whom there is still room; None where room is not known."""
        return None if self.room is None or self.assigned is None else self.room - self.assigned

    @property
    def full(self) -> bool:
        """Whether the site surely has no room left."""
        return self.left == 0


@dataclass(frozen=True)
class Supplied:
    """What `[capacity]` finds for one category: the check of its sums, and how far people walk."""

    settings: Capacity
    balance: Balance
    sites: Sequence[SiteSupply]
    person_ms: int | None = None
    least_person_ms: float | None = None

    @property
    def supply(self) -> Decimal | None:
        """What the sites of known supply offer together; None where none is known."""
        known = [one.supply for one in self.sites if one.supply is not None]
        return sum(known[1:], known[0]) if known else None

    @property
    def unknown(self) -> int:
        """Sites of unknown supply."""
        return sum(one.supply is None for one in self.sites)

    @property
    def idle(self) -> int:
        """Number of sites that have supply and no people in their catchment."""
        return sum(one.idle for one in self.sites)


@dataclass(frozen=True)
class CategoryAccess:
    """
    What the people of the judged group have of one category within the circle.

    Attributes
    ----------
    rows : int64, shape (sites,)
        Rows of the open sites in the facility table.
    worth
        What each of them is worth.
    homes
        One for each way of walking, in the order of the study.
    everybody
        All people inside the area.
    zones
        Subdistricts, then communities.
    supplied
        None where `[capacity]` does not name the category.
    equity
        Of minutes, coverage and, with `[capacity]`, supply.
    """

    category: str
    rows: Ints
    worth: Sequence[SiteWorth]
    homes: Sequence[HomesOfPart]
    everybody: ZoneSupply
    zones: Sequence[ZoneSupply]
    supplied: Supplied | None = None
    equity: Mapping[Measure, Equity] = field(default_factory=dict)

    @property
    def served(self) -> ServedCounts:
        """People by class; none without `per_person`."""
        return self.everybody.served or NOT_ANYONE
