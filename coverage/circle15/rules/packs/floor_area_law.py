"""The floor-area law of a pack, as a record: rates, least site, and pooling."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from collections.abc import Collection

ZoneKind = Literal["new", "existing", "mixed", "unknown"]
PureKind = Literal["new", "existing"]
SiteScope = Literal["all", "new", "existing"]
Basis = Literal["households", "dwellings"]
MixedRule = Literal["pooled", "split"]


@dataclass(frozen=True, slots=True)
class Pooling:
    """
    Distance on foot within which zones may meet a floor-area law together.

    Parameters
    ----------
    within_m
        Metres along the streets, above 0.
    inclusive
        Whether zones at exactly that distance are near enough.
    rule
        Id of the rule that states it; empty where the pack names metres alone.
    """

    within_m: Decimal
    inclusive: bool = True
    rule: str = ""

    def __post_init__(self) -> None:
        if not (self.within_m.is_finite() and self.within_m > 0):
            message = f"the radius within which zones pool is {self.within_m} m."
            raise InputDataError(message, mend="Give metres above 0.")

    def reaches(self, millimetres: int) -> bool:
        """
        Return whether zones at this distance are near enough.

        Examples
        --------
        >>> below = Pooling(Decimal(700), inclusive=False)
        >>> below.reaches(699_999), below.reaches(700_000), Pooling(Decimal(700)).reaches(700_000)
        (True, False, True)
        """
        limit_mm = Fraction(self.within_m) * 1000
        return millimetres <= limit_mm if self.inclusive else millimetres < limit_mm


@dataclass(frozen=True, slots=True)
class FloorAreaLaw:
    """
    The numbers of a floor-area rule, as a rule pack states them.

    Parameters
    ----------
    new_m2_per_100, existing_m2_per_100
        Floor area per 100 households of new and of existing zones, m², above 0; None where the
        document requires nothing of zones of that kind. At least one is given.
    min_site_m2
        Least area of one site, m²; a site of exactly this area is large enough.
    counts
        Categories whose floor area counts. A room without a category always counts.
    pooling
        Radius within which neighbours may meet the law together; None where only a `pool_id` pools.
    min_site_scope
        Kind of zones whose sites must have the least area; sites of others may have any area.
    pooling_quote
        The words that allow neighbours to pool; empty where the pack has none.

    Raises
    ------
    InputDataError
        If there is no rate, a rate is not above 0, or the minimum is negative.
    """

    new_m2_per_100: Decimal | None
    existing_m2_per_100: Decimal | None
    min_site_m2: Decimal
    counts: tuple[str, ...]
    pooling: Pooling | None = None
    min_site_scope: SiteScope = "all"
    pooling_quote: str = ""

    @property
    def rates(self) -> dict[str, Decimal | None]:
        """The rates by kind of zone."""
        return {"new": self.new_m2_per_100, "existing": self.existing_m2_per_100}

    def least_site_m2(self, kinds: Collection[str]) -> Fraction:
        """
        Return the least area (m²) of a site for households of some kinds; 0 for none.

        The minimum also applies to mixed and unknown kinds, which may include the one it is for.
        """
        bound = self.min_site_scope == "all" or {self.min_site_scope, "mixed", "unknown"} & {*kinds}
        return Fraction(self.min_site_m2) if bound else Fraction(0)

    def __post_init__(self) -> None:
        if all(rate is None for rate in self.rates.values()):
            message = "there is a rate neither for new nor for existing zones."
            raise InputDataError(message, mend="Correct the rule pack.")
        for field in fields(self)[:3]:
            value: Decimal | None = getattr(self, field.name)
            if value is None:
                continue
            at_least = "0" if field.name == "min_site_m2" else "more than 0"
            if not value.is_finite() or value < 0 or (value == 0 and at_least != "0"):
                message = f"{field.name} is {value}, and must be {at_least}."
                raise InputDataError(message, mend="Correct the rule pack.")
