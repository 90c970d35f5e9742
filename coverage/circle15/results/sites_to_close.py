"""Effect of closing each site, the sites that most people would lose first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.access.supply.site_worth import SiteWorth
    from circle15.results.records import StudyResult


@dataclass(frozen=True)
class Closing:
    """One site: its row in the facility table, and the effect of closing it."""

    facility: int
    name: str
    category: str
    worth: SiteWorth


def closings(result: StudyResult) -> list[Closing]:
    """List open sites by the people who would lose them, then by those who would walk further."""
    ids = result.facilities[c.FACILITY_ID].tolist()
    names = result.facilities[c.NAME].tolist()
    found = [
        Closing(row, result.site_in_words(ids[row], names[row]), one.category, worth)
        for one in result.access
        for row, worth in zip(one.rows.tolist(), one.worth, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.worth.only_here, -one.worth.further, one.name))
