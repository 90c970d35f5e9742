"""Access of people to categories, for results made without a run."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.assignment.classes import ServedCounts
from circle15.access.equity import Equity, equity_of
from circle15.access.supply.floating import Balance
from circle15.access.supply.records import CategoryAccess, Measure, SiteSupply, Supplied, ZoneSupply
from circle15.access.supply.site_worth import Choice, SiteWorth
from circle15.study.settings.capacity import Capacity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.access.counting import CatchmentCount

ONE = 1_000_000
BEDS = Capacity("beds", Decimal("0.5"))


def access_of(
    catchments: Mapping[str, Sequence[CatchmentCount]], *, beds: bool = False, name: str = "S 1"
) -> list[CategoryAccess]:
    """
    Make the access of p60: of 5 people 2 reach no site, 2 one and 1 two; each site is nearest to 1.

    With `beds` each site has one bed, half of it for each person: 2 of 3 covered people are served.
    """
    found = []
    for category, reached in catchments.items():
        choice = Choice(2 * ONE, 2 * ONE, ONE)
        served = ServedCounts(5 * ONE, 2 * ONE, ONE, ONE, ONE)
        more = (4 * ONE, 0.2, served) if beds else (None, None, None)
        equity: dict[Measure, Equity] = {
            "minutes": equity_of(np.array([5.0, 25.0]), np.array([3, 1]) * ONE, worse="high"),
            "coverage": equity_of(np.array([1.0, 0.0]), np.array([3, 1]) * ONE),
        }
        sites = [
            SiteSupply(one.facility, Decimal(1), 0.4, False, 2 * ONE, 2 * ONE) for one in reached
        ]
        found.append(
            CategoryAccess(
                category=category,
                rows=np.array([one.facility for one in reached], np.int64),
                worth=[
                    SiteWorth(
                        one.persons["p60"],
                        one.persons_only_here["p60"],
                        ONE,
                        ONE,
                        ONE * 180_000,
                        180_000,
                    )
                    for one in reached
                ],
                homes=[],
                everybody=ZoneSupply(None, "", "", choice, *more),
                zones=[ZoneSupply("street", "S1", name, choice, *more)],
                supplied=Supplied(BEDS, Balance(1.0, 1.0, 0.0), sites, 600_000 * ONE)
                if beds
                else None,
                equity=equity,
            )
        )
    return found
