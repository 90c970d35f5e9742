"""Homes and sites on one straight street, judged by distance, and random changes to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.results.difference.matched_homes import Band, JudgedHomes, SiteState

if TYPE_CHECKING:
    import random

CATEGORIES: Final = ("day_care", "meal_point")
CUTOFFS: Final = (5, 15)
KINDS: Final = ("people", "closed", "opened", "moved", "walking")
_LONG: Final = 6000


@dataclass(frozen=True)
class Town:
    """Homes (metre, zone, people of p60 and p80) and sites (metre, category, open, unsure)."""

    homes: dict[str, tuple[int, int, int, int]]
    sites: dict[str, tuple[int, str, bool, bool]]
    speed_m_s: float = 1.0
    speed_of_80: float | None = None

    def speed(self, part: str) -> float:
        own = self.speed_of_80 if part == "p80" else None
        return self.speed_m_s if own is None else own

    def nearest(self, home: str, category: str) -> tuple[int, str] | None:
        """Metres and id of the nearest open site with a sure position."""
        found = [
            (abs(metre - self.homes[home][0]), site)
            for site, (metre, of, is_open, unsure) in self.sites.items()
            if of == category and is_open and not unsure
        ]
        return min(found, default=None)

    def covers(self, home: str, category: str, cutoff_min: int, part: str = "") -> bool:
        one = self.nearest(home, category)
        return one is not None and one[0] <= cutoff_min * 60 * self.speed(part)

    def judged(self) -> JudgedHomes:
        """What a run would have found."""
        ids = list(self.homes)
        parts = [""] if self.speed_of_80 is None else ["p60_79", "p80"]
        p60, p80 = (np.array([self.homes[h][k] for h in ids], np.int64) for k in (2, 3))
        whole = [Band(60, "", p60)]
        groups = {"p60": whole, "p80": [Band(80, parts[-1], p80)]}
        if self.speed_of_80 is not None:
            groups["p60"] = [Band(60, "p60_79", p60 - p80), Band(80, "p80", p80)]
        nearest = {
            (part, k): np.array([(self.nearest(h, k) or (0, None))[1] for h in ids], object)
            for part in parts
            for k in CATEGORIES
        }
        covered = {
            (part, k, t): np.array([self.covers(h, k, t, part) for h in ids], bool)
            for part in parts
            for k in CATEGORIES
            for t in CUTOFFS
        }
        sites = {
            (site, of): SiteState(is_open, (float(metre), 0.0), unsure)
            for site, (metre, of, is_open, unsure) in self.sites.items()
        }
        return JudgedHomes(np.array(ids, object), groups, covered, nearest, sites, CATEGORIES)

    def zones(self) -> np.ndarray:
        return np.array([zone for _, zone, _, _ in self.homes.values()], np.int64)


def random_town(seeded: random.Random) -> Town:
    """Twenty to forty homes and eight sites, some closed or of unsure position."""
    homes = {f"h{k:02d}": _home(seeded) for k in range(seeded.randint(20, 40))}
    sites = {
        f"s{k}": (
            seeded.randrange(_LONG),
            CATEGORIES[k % 2],
            seeded.random() < 0.8,
            seeded.random() < 0.1,
        )
        for k in range(8)
    }
    return Town(homes, sites)


def changed(town: Town, kind: str, seeded: random.Random) -> Town:
    """Return the town after a change of one kind."""
    sites, homes = dict(town.sites), dict(town.homes)
    if kind == "people":
        for home in seeded.sample(sorted(homes), 6):
            del homes[home]
        for home in seeded.sample(sorted(homes), 6):
            metre, zone, p60, p80 = homes[home]
            homes[home] = (metre, zone, p60 + seeded.randrange(9**9), p80)
        return replace(town, homes={f"n{k}": _home(seeded) for k in range(5)} | homes)
    if kind == "closed":
        gone, shut = seeded.sample(sorted(sites), 2)
        del sites[gone]
        sites[shut] = (*sites[shut][:2], False, sites[shut][3])
        return replace(town, sites=sites)
    if kind == "opened":
        sites["t9"] = (seeded.randrange(_LONG), seeded.choice(CATEGORIES), True, False)
        for site, (metre, of, _, unsure) in list(sites.items())[:3]:
            sites[site] = (metre, of, True, unsure)
        return replace(town, sites=sites)
    if kind == "moved":
        for site in seeded.sample(sorted(sites), 4):
            sites[site] = (seeded.randrange(_LONG), *sites[site][1:])
        return replace(town, sites=sites)
    return replace(
        town,
        speed_m_s=seeded.choice([0.5, 0.8, 1.2, 1.7]),
        speed_of_80=seeded.choice([None, 0.4, 2.0]),
    )


def _home(seeded: random.Random) -> tuple[int, int, int, int]:
    p60 = seeded.randrange(1, 10**9)
    return seeded.randrange(_LONG), seeded.randint(-1, 2), p60, seeded.randrange(p60)
