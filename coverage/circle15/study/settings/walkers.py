"""Walking speeds by age band and by group with its own profile."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.study.settings.records import GROUPS, speed_ratio
from circle15.study.vocabulary.profiles import known_profile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from circle15.study.settings.records import Study, Walk

    Fault = tuple[str, str, str]

AGES: Final = {"p60": 60, "p65": 65, "p70": 70, "p80": 80}
"""Demand groups of all people from an age on."""

_BAND = re.compile(r"p(\d{2})(?:_(\d{2}))?")
_EXACT: Final = 10**9  # the largest term of a speed with which milliseconds stay in 64 bits
_KEY: Final = "walk.age_speeds"
_EXAMPLE: Final = "Bands begin at 60, 65, 70 or 80, as in p60_69, p70_79, p80."


@dataclass(frozen=True, slots=True)
class Walker:
    """How people walk: the profile that sets edge costs, and the speed on the level."""

    profile: str
    speed_m_s: Fraction

    def times(self, factor: Fraction) -> Walker:
        """Return a walker with the speed multiplied by a factor."""
        return Walker(self.profile, self.speed_m_s * factor)


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Ages from `first` to `beyond` − 1, without an upper limit if `beyond` is None."""

    first: int
    beyond: int | None

    @property
    def name(self) -> str:
        """Return the key of the band, such as `p60_69` or `p80`."""
        return f"p{self.first}" + (f"_{self.beyond - 1}" if self.beyond else "")

    def from_age(self, age: int) -> AgeBand:
        """Return the part of the band from an age on."""
        return AgeBand(max(self.first, age), self.beyond)


@dataclass(frozen=True, slots=True)
class Part:
    """
    The part of a group that walks at one speed with one profile.

    Attributes
    ----------
    name
        The declared age band, or the group with its own profile; empty for people who walk as
        `[walk]` states.
    label
        The band within the group (p65_69 for group p65 and band p60_69), else the group.
    walker
        Profile and speed, without sensitivity factor.
    first
        Lowest age of the part; None if the part is the whole group.
    """

    name: str
    label: str
    walker: Walker
    first: int | None = None


def parse_band(name: str) -> AgeBand | None:
    """
    Parse the name of an age band; None if it is not one.

    Examples
    --------
    >>> parse_band("p60_69"), parse_band("p60_62")
    (AgeBand(first=60, beyond=70), None)
    """
    found = _BAND.fullmatch(name)
    if found is None:
        return None
    band = AgeBand(int(found[1]), int(found[2]) + 1 if found[2] else None)
    known = band.first in AGES.values() and band.beyond in {*AGES.values(), None}
    return band if known and (band.beyond is None or band.first < band.beyond) else None


def bands_of(walk: Walk) -> list[tuple[AgeBand, Decimal]]:
    """Return the age bands of a study with their speeds, youngest first."""
    found = [(parse_band(name), speed) for name, speed in walk.age_speeds.items()]
    return sorted(
        ((band, speed) for band, speed in found if band is not None), key=lambda row: row[0].first
    )


def parts_of(group: str, walk: Walk) -> tuple[Part, ...]:
    """Return the parts of a group, youngest first; a single one if the group walks alike."""
    own = walk.profiles.get(group)
    if own is not None:
        walker = Walker(own, speed_ratio(known_profile(own).speed_m_s))
        return (Part(group, group, walker),)
    parts = []
    if group in AGES:
        for band, speed in bands_of(walk):
            mine = band.from_age(AGES[group])
            if mine.beyond is None or mine.first < mine.beyond:
                walker = Walker(walk.profile, speed_ratio(speed))
                parts.append(Part(band.name, mine.name, walker, mine.first))
    return tuple(parts) or (Part("", group, Walker(walk.profile, speed_ratio(walk.speed_m_s))),)


def slowest(parts: Sequence[Part]) -> Part:
    """Return the slowest part; of equally slow ones the oldest."""
    return min(reversed(parts), key=lambda part: part.walker.speed_m_s)


def fault_of_walkers(study: Study) -> Fault | None:
    """Return which key on walking speeds is wrong, what is wrong, and the fix; None if none is."""
    return _fault_of_bands(study) or _fault_of_profiles(study) or _fault_of_decimals(study.walk)


def _fault_of_bands(study: Study) -> Fault | None:
    walk = study.walk
    if not walk.age_speeds:
        return None
    for name in walk.age_speeds:
        if parse_band(name) is None:
            return f"{_KEY}.{name}", "is not an age band.", _EXAMPLE
    group = study.demand.group
    if group not in AGES:
        found = f"does not go with people judged as '{group}'."
        return _KEY, found, f"Judge one of {', '.join(AGES)}, or remove it."
    bands = [band for band, _ in bands_of(walk)]
    for one, other in itertools.pairwise(bands):
        if one.beyond is None or one.beyond > other.first:
            found = f"overlaps with {one.name}: people would walk at two speeds."
            return f"{_KEY}.{other.name}", found, "Let each band end where the next begins."
        if one.beyond < other.first:
            found = f"leave out the ages {one.beyond}–{other.first - 1}."
            return _KEY, found, f"Add {AgeBand(one.beyond, other.first).name}."
    last = bands[-1].beyond
    if last is not None:
        return _KEY, f"leave out the ages from {last} on.", f"Add {AgeBand(last, None).name}."
    layers = {layer.group for layer in study.demand.layers}
    youngest = min(AGES[group] for group in layers & AGES.keys())
    if bands[0].first > youngest:
        found = f"leave out the ages {youngest}–{bands[0].first - 1} of 'p{youngest}'."
        return _KEY, found, f"Add {AgeBand(youngest, bands[0].first).name}."
    needed = [f"p{band.first}" for band in bands if band.first > youngest]
    missing = [name for name in needed if name not in layers]
    if missing:
        named = " and ".join(f"'{name}'" for name in missing)
        found = f"need the people of {named}, and no layer has them."
        return _KEY, found, f"Add {named} to demand.layers, or join the bands."
    return None


def _fault_of_profiles(study: Study) -> Fault | None:
    for group in study.walk.profiles:
        key = f"walk.profiles.{group}"
        if group not in GROUPS:
            return key, "is not a group.", f"Known groups: {', '.join(GROUPS)}."
        if group not in {layer.group for layer in study.demand.layers}:
            return key, "is a group without people.", "Add its layer to demand.layers."
        if group in AGES and study.walk.age_speeds:
            return key, "is of people whose speeds are those of age_speeds.", "Keep one of both."
    return None


def _fault_of_decimals(walk: Walk) -> Fault | None:
    """Return the fault of a speed with too many digits for exact 64-bit milliseconds."""
    own = {f"walk.profiles.{k}": known_profile(p).speed_m_s for k, p in walk.profiles.items()}
    own |= {f"{_KEY}.{band}": speed for band, speed in walk.age_speeds.items()}
    for speed in walk.speeds:
        for key, level in ({"walk.speed_m_s": walk.speed_m_s} | own).items():
            walked = speed_ratio(level) * walk.factor(speed)
            with_leg = walked * speed_ratio(walk.access_speed_factor)
            if max(*walked.as_integer_ratio(), *with_leg.as_integer_ratio()) > _EXACT:
                given = [
                    (key, level),
                    ("walk.sensitivity_m_s", speed),
                    ("walk.access_speed_factor", walk.access_speed_factor),
                ]
                alone = [one for one in given if max(one[1].as_integer_ratio()) > _EXACT]
                # The first value that is too long itself, else the longest of the factors.
                where, number = (
                    alone[0]
                    if alone
                    else max(given, key=lambda one: max(one[1].as_integer_ratio()))
                )
                return where, f"{number} has too many decimals.", "Use four at most."
    return None
