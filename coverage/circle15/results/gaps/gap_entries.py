"""The structure of gap areas in `summary.json`."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from circle15.results.summary.limited import NotNegative, Positive

ReasonWord = Literal["no_site", "gate", "wall", "barrier", "climb", "detour", "capacity"]


class CoveredIf(TypedDict):
    """
    Persons of a gap area who would reach every service they lack after one change.

    A change that the study cannot make is left out.
    """

    gate: NotRequired[NotNegative]
    """Everybody may use private ways and locked gates."""
    wall: NotRequired[NotNegative]
    """Access legs may pass walls, fences and hedges."""
    barrier: NotRequired[NotNegative]
    """Access legs may pass water, railways and motorways."""
    climb: NotRequired[NotNegative]
    """All streets are level."""


class PersonsByReason(TypedDict):
    """Persons of a gap area by reason; each has the first that holds, so they sum to all."""

    no_site: NotNegative
    """No open site within cutoff × speed in a straight line."""
    gate: NotNegative
    wall: NotNegative
    barrier: NotNegative
    climb: NotNegative
    detour: NotNegative
    """None of the others: the way along the streets is too long."""
    capacity: NotNegative
    """Covered, but every site in reach is full."""


class GapAreaEntry(TypedDict):
    """
    Touching cells that streets connect, no larger than a service circle, with people in the gap.

    Areas with the reason `capacity` hold the people whom full sites turn away.
    """

    id: str
    category: str
    """A category, or `all` for all required ones."""
    group: str
    cutoff_min: int
    rank: Positive
    """1 for most people, among the gap areas of the category, or among those of full sites."""
    persons: NotNegative
    """Persons of the judged group in the gap; in areas of full sites, persons turned away."""
    persons_by_group: dict[str, NotNegative]
    """Persons of every group in the gap; of full sites only of the judged group."""
    cells: Positive
    lon: float
    lat: float
    """A home in the cell nearest to the weighted centre of its people, degrees (WGS 84)."""
    street_id: str | None
    street: str | None
    """Subdistrict of that home."""
    community_id: str | None
    community: str | None
    facility_id: str | None
    """Site to which most of them would walk for the farthest service that they lack; null if none
    is within 60 minutes."""
    median_s: NotNegative | None
    """Shortest time within which half of them reach that service; null beyond 60 minutes."""
    lacking: dict[str, NotNegative]
    """Persons who lack each required service."""
    reason: ReasonWord | None
    """Reason of most of its people."""
    persons_by_reason: PersonsByReason | None
    covered_if: CoveredIf
