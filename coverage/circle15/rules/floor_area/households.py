"""Households of a residential zone by kind, and the floor area that they require."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.errors import InputDataError
from circle15.rules.comparing import doubt_of
from circle15.rules.packs.floor_area_law import Basis, FloorAreaLaw, MixedRule, PureKind, ZoneKind

if TYPE_CHECKING:
    from collections.abc import Mapping


class Reason(StrEnum):
    """Why a zone has no verdict of met or not_met."""

    NO_HOUSEHOLDS = "NO_HOUSEHOLDS"
    OTHER_KIND_OF_ZONE = "OTHER_KIND_OF_ZONE"
    HOUSEHOLDS_MISSING = "HOUSEHOLDS_MISSING"
    DWELLINGS_MISSING = "DWELLINGS_MISSING"
    HOUSEHOLD_SPLIT_MISSING = "HOUSEHOLD_SPLIT_MISSING"
    DWELLING_SPLIT_MISSING = "DWELLING_SPLIT_MISSING"
    KIND_MISSING = "KIND_MISSING"
    ROOM_AREA_MISSING = "ROOM_AREA_MISSING"
    ROOM_SHARE_MISSING = "ROOM_SHARE_MISSING"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneHouseholds:
    """
    A residential zone and its counts; null is unknown, 0 is none.

    `approximate` names the approximate counts, which are taken as written.

    Raises
    ------
    InputDataError
        If a count is negative or not a whole number, or the counts contradict each other or the
        kind.
    """

    zone_id: str
    name: str = ""
    kind: ZoneKind = "unknown"
    households: Decimal | None = None
    households_new: Decimal | None = None
    households_existing: Decimal | None = None
    dwellings: Decimal | None = None
    approximate: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for column in ("households", "households_new", "households_existing", "dwellings"):
            value: Decimal | None = getattr(self, column)
            if value is not None and not _is_whole(value):
                raise InputDataError(
                    f"zone '{self.zone_id}' has {value} {column}; a count must be a whole number, "
                    "0 or more.",
                    column=column,
                    mend="Correct the count, or leave it empty if it is unknown.",
                )
        self._refuse_contradictions()

    def _refuse_contradictions(self) -> None:
        other = {"new": self.households_existing, "existing": self.households_new}.get(self.kind)
        if other:
            raise InputDataError(
                f"zone '{self.zone_id}' is of kind '{self.kind}' but has {other} households of "
                "the other kind.",
                column="kind",
                mend="Set the kind to mixed (混合), or clear that count.",
            )
        parts = [n for n in (self.households_new, self.households_existing) if n is not None]
        complete = len(parts) == 2 or (len(parts) == 1 and self.kind in {"new", "existing"})
        total = sum(parts, Decimal(0))
        if self.households is not None and (
            total > self.households or (complete and total != self.households)
        ):
            raise InputDataError(
                f"zone '{self.zone_id}' has {self.households} households, but its new and "
                f"existing ones add up to {total}.",
                column="households",
                mend="Make the total equal to its parts.",
            )


def _is_whole(value: Decimal) -> bool:
    return value.is_finite() and value >= 0 and value == value.to_integral_value()


def households_by_kind(
    zone: ZoneHouseholds, basis: Basis, *, off: int = 0
) -> Mapping[ZoneKind, Fraction] | Reason:
    """
    Return the households (or dwellings) of a zone by kind, or the reason why they are unknown.

    Both counts by kind, where given, are used whatever the kind of the zone. Dwellings are not
    given by kind, so a mixed zone cannot be judged by them. Approximate counts are raised by `off`
    times their uncertainty (`doubt_of`).

    Examples
    --------
    >>> households_by_kind(ZoneHouseholds(zone_id="z", kind="mixed"), "households")
    <Reason.HOUSEHOLD_SPLIT_MISSING: 'HOUSEHOLD_SPLIT_MISSING'>
    """
    new, existing = (_taken(zone, f"households_{kind}", off) for kind in ("new", "existing"))
    if basis == "dwellings":
        total = _taken(zone, "dwellings", off)
        missing, split_missing = Reason.DWELLINGS_MISSING, Reason.DWELLING_SPLIT_MISSING
    elif new is not None and existing is not None:
        return {"new": Fraction(new), "existing": Fraction(existing)}
    else:
        own = {"new": new, "existing": existing}.get(zone.kind)
        total = own if zone.households is None else _taken(zone, "households", off)
        missing, split_missing = Reason.HOUSEHOLDS_MISSING, Reason.HOUSEHOLD_SPLIT_MISSING
    if total is not None and total == 0:
        return {}
    if zone.kind == "mixed":
        return split_missing
    return missing if total is None else {zone.kind: Fraction(total)}


def _taken(zone: ZoneHouseholds, column: str, off: int) -> Decimal | None:
    value: Decimal | None = getattr(zone, column)
    if value is None or not off or column not in zone.approximate:
        return value
    return max(Decimal(0), value + off * int(doubt_of(value)))


def required_area_m2(
    zone: ZoneHouseholds,
    law: FloorAreaLaw,
    *,
    basis: Basis = "households",
    mixed: MixedRule = "pooled",
    unknown_as: PureKind | None = None,
    off: int = 0,
) -> Fraction | Reason:
    """
    Return the floor area (m²) that a zone must have, linear in its households, or a reason.

    Households of a kind for which the law has no rate require nothing.

    Parameters
    ----------
    zone, law
        The zone, and the rates per 100 households.
    basis
        Whether households or dwellings are counted.
    mixed
        `pooled` adds the areas of the new and the existing part; `split` requires, where both have
        households, at least the area of one site for each.
    unknown_as
        Kind assumed for households of unknown kind. Without it they give `KIND_MISSING`.
    off
        Factor of the uncertainty by which approximate counts are raised.

    Examples
    --------
    >>> law = FloorAreaLaw(Decimal(30), Decimal(20), Decimal(300), ())
    >>> part = ZoneHouseholds(zone_id="z", kind="new", households=Decimal(1249))
    >>> required_area_m2(part, law)
    Fraction(3747, 10)
    """
    counts = households_by_kind(zone, basis, off=off)
    if isinstance(counts, Reason):
        return counts
    areas: dict[str, Fraction] = {}
    for kind, count in counts.items():
        judged = unknown_as or kind if kind == "unknown" else kind
        if judged not in law.rates:
            return Reason.KIND_MISSING
        rate = law.rates[judged]
        if rate is not None:
            areas[judged] = areas.get(judged, Fraction(0)) + count * Fraction(rate) / 100
    parts = {kind: area for kind, area in areas.items() if area}
    if mixed == "split" and len(parts) > 1:
        return sum((max(area, law.least_site_m2({k})) for k, area in parts.items()), Fraction(0))
    return sum(areas.values(), Fraction(0))
