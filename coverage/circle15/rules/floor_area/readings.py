"""
The three readings of "each site at least 300 m²", and the ways to meet them with least area.

R1: the areas reach the requirement and one site reaches the minimum. R2: the areas reach it and
every site reaches the minimum. R3: only sites that reach the minimum count. Arithmetic is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle15.study.settings.rules.requirements import Reading

READINGS: Final[tuple[Reading, ...]] = ("R1", "R2", "R3")


@dataclass(frozen=True, slots=True)
class Site:
    """
    An open room of known area, for one zone.

    `whole_m2` is tested against the minimum, `part_m2` counts for the zone; they differ where
    zones share the room.
    """

    room_id: str
    whole_m2: Fraction
    part_m2: Fraction


@dataclass(frozen=True, slots=True)
class MendStep:
    """Enlarge the room `room_id` by `m2`, or build one new site of `m2` (no `room_id`)."""

    kind: Literal["expand", "new_site"]
    m2: Fraction
    room_id: str | None = None


@dataclass(frozen=True, slots=True)
class Mend:
    """One way to meet a reading; all of its steps are needed."""

    steps: tuple[MendStep, ...]

    @property
    def m2(self) -> Fraction:
        """Floor area that this way adds, m²."""
        return sum((step.m2 for step in self.steps), Fraction(0))


def counted_area_m2(reading: Reading, sites: Iterable[Site], minimum_m2: Fraction) -> Fraction:
    """Return the area (m²) that counts under a reading: under R3 only that of large sites."""
    counted = (s.part_m2 for s in sites if reading != "R3" or s.whole_m2 >= minimum_m2)
    return sum(counted, Fraction(0))


def is_met(
    reading: Reading, sites: Sequence[Site], required_m2: Fraction, minimum_m2: Fraction
) -> bool:
    """
    Return whether the sites of a zone with households meet a reading.

    Equal to the requirement or to the minimum is enough (不低于). Without a site it is not met.

    Examples
    --------
    >>> sites = [Site("a", Fraction(300), Fraction(300)), Site("b", Fraction(100), Fraction(100))]
    >>> [is_met(r, sites, Fraction(400), Fraction(300)) for r in READINGS]
    [True, False, False]
    """
    large = [site.whole_m2 >= minimum_m2 for site in sites]
    enough = counted_area_m2(reading, sites, minimum_m2) >= required_m2
    return enough and (all(large) if reading == "R2" else any(large)) and bool(sites)


def ways_to_meet(
    reading: Reading, sites: Sequence[Site], required_m2: Fraction, minimum_m2: Fraction
) -> tuple[Mend, ...]:
    """
    Return the ways to meet a reading, the one that adds the least area first.

    They are: each single room that can be enlarged to meet it, the best set of rooms where several
    together need less (or all must grow), and one new site. Area added to a shared room counts for
    the zone that adds it. Empty if the reading is met. The area of the first way is the minimum
    over all expansions and new sites: a new site only brings its own area, an enlarged room its old
    area as well, so a new site is best only where there is no room.

    Parameters
    ----------
    reading
        R1, R2 or R3.
    sites
        Open rooms of known area, in any order.
    required_m2, minimum_m2
        Area required of the zone, and least area of a site.

    Returns
    -------
    tuple of Mend
        By area, then number of steps, then room ids.
    """
    if is_met(reading, sites, required_m2, minimum_m2):
        return ()
    ordered = sorted(sites, key=lambda s: (-s.whole_m2, -s.part_m2, s.room_id))
    small = tuple(s for s in ordered if s.whole_m2 < minimum_m2)
    gap_m2 = required_m2 - counted_area_m2(reading, ordered, minimum_m2)
    all_must_grow = reading == "R2" and len(small) > 0
    # Under R1 one large site is enough: the others may be enlarged by any amount.
    lift_to_m2 = Fraction(0) if reading == "R1" and len(small) < len(ordered) else minimum_m2

    if all_must_grow:
        chosen = [small]
        new_sites = []
    else:
        chosen = [(site,) for site in ordered]
        new_sites = [Mend((MendStep("new_site", max(minimum_m2, gap_m2)),))]
    if reading == "R3":
        chosen.append(_best_to_lift(small, gap_m2, minimum_m2))
    ways = {_expansion(reading, rooms, gap_m2, lift_to_m2) for rooms in chosen if rooms}
    return tuple(sorted([*ways, *new_sites], key=_cheapest_first))


def _expansion(
    reading: Reading, rooms: tuple[Site, ...], gap_m2: Fraction, lift_to_m2: Fraction
) -> Mend:
    """Return a way that enlarges each room to `lift_to_m2`, and the first by the remaining gap."""
    lifts = [max(Fraction(0), lift_to_m2 - room.whole_m2) for room in rooms]
    gained = (r.part_m2 for r, lift in zip(rooms, lifts, strict=True) if reading == "R3" and lift)
    rest_m2 = gap_m2 - sum(lifts) - sum(gained)
    lifts[0] += max(Fraction(0), rest_m2)
    return Mend(
        tuple(
            MendStep("expand", lift, room.room_id) for room, lift in zip(rooms, lifts, strict=True)
        )
    )


def _best_to_lift(
    small: tuple[Site, ...], gap_m2: Fraction, minimum_m2: Fraction
) -> tuple[Site, ...]:
    """
    Choose the too-small sites whose enlargement to the minimum closes an R3 gap with least area.

    A set costs the larger of the area that brings each site to the minimum, and the gap left once
    their old area counts. Only sets that are not dominated in both are kept: without shared rooms
    these are the k largest sites for each k, so the list stays short.
    """
    front: list[tuple[Fraction, Fraction, tuple[Site, ...]]] = [(Fraction(0), Fraction(0), ())]
    for site in small:
        lift_m2 = minimum_m2 - site.whole_m2
        grown = [(lift + lift_m2, gain + site.part_m2, (*s, site)) for lift, gain, s in front]
        front = _unbeaten([*front, *grown])
    candidates = [entry for entry in front if entry[2]]
    if not candidates:
        return ()
    return min(candidates, key=lambda e: (max(e[0], gap_m2 - e[1]), len(e[2])))[2]


def _unbeaten(
    entries: list[tuple[Fraction, Fraction, tuple[Site, ...]]],
) -> list[tuple[Fraction, Fraction, tuple[Site, ...]]]:
    """Return the entries (cost, gain, sites) that are not dominated in cost and gain."""
    kept: list[tuple[Fraction, Fraction, tuple[Site, ...]]] = []
    for entry in sorted(entries, key=lambda e: (e[0], -e[1], len(e[2]))):
        if not kept or entry[1] > kept[-1][1]:
            kept.append(entry)
    return kept


def _cheapest_first(way: Mend) -> tuple[Fraction, int, list[tuple[str, str]]]:
    return way.m2, len(way.steps), [(step.kind, step.room_id or "") for step in way.steps]
