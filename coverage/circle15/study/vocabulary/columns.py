"""Names and dtypes of the columns of tables between the stages.

Units are in the names. Positions are in the study CRS, rounded to the millimetre. Weights of
people are int64 micro-persons (10⁻⁶ persons), so that sums are exact in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

# Keys
DEMAND_ID: Final = "demand_id"
FACILITY_ID: Final = "facility_id"
ZONE_ID: Final = "zone_id"
EDGE_ID: Final = "edge_id"
CANDIDATE_ID: Final = "candidate_id"
CATEGORY: Final = "category"
GROUP: Final = "group"
NAME: Final = "name"

# Positions and snapping
X_M: Final = "x_m"
Y_M: Final = "y_m"
FRACTION: Final = "fraction"
ACCESS_M: Final = "access_m"
SNAP_CODE: Final = "snap_code"
BARRIER: Final = "barrier"
BARRIER_KIND: Final = "barrier_kind"

# Zones of a demand point
IN_AREA: Final = "in_area"
STREET_ID: Final = "street_id"
COMMUNITY_ID: Final = "community_id"

# Facilities
STATUS: Final = "status"
OPEN: Final = "open"
OPEN_AT_PLAN: Final = "open_at_plan"
OPENED: Final = "opened"
POSITION_UNSURE: Final = "position_unsure"
FLOOR_AREA_M2: Final = "floor_area_m2"
SITE_ID: Final = "site_id"
"""Id of the first facility in the same building; its own id if it is the only one."""
DUPLICATE_OF: Final = "duplicate_of"
APPROXIMATE: Final = "approximate"
"""Fields of a facility whose values are marked as approximate."""
CAPACITIES: Final = ("beds", "nursing_beds", "meals_per_day", "places")
"""Capacity fields of a facility; null is unknown, never 0."""

# Candidates for new sites
COST: Final = "cost"

# Times and states
SPEED_M_S: Final = "speed_m_s"
FACTOR: Final = "factor"
TIME_MS: Final = "time_ms"
CUTOFF_MIN: Final = "cutoff_min"
STATE: Final = "state"
UNKNOWN_REASON: Final = "unknown_reason"

TIME_S: Final = "time_s"

# People
PERSONS: Final = "persons"
COVERED: Final = "covered"
GAP: Final = "gap"
UNKNOWN: Final = "unknown"
SHARE_COVERED: Final = "share_covered"

# Supply and capacity
SUPPLY_PER_PERSON: Final = "supply_per_person"
AT_LEAST: Final = "at_least"
SECOND_MS: Final = "second_ms"
SERVED: Final = "served"
TURNED_AWAY: Final = "turned_away"

# Residential zones
VERDICT: Final = "verdict"
REASON: Final = "reason"
REQUIRED_M2: Final = "required_m2"
COUNTED_M2: Final = "counted_m2"
PLAIN_SUM_M2: Final = "plain_sum_m2"
PLAIN_GAP_M2: Final = "plain_gap_m2"
SHORTFALL_M2: Final = "shortfall_m2"
READING_DEPENDENT: Final = "reading_dependent"

# Gap areas
RANK: Final = "rank"
HOMES: Final = "homes"

Kind = Literal["text", "number", "whole", "flag", "decimal", "date", "words", "shape"]
"""
The kind of values of a column, which determines its dtype.

`text` is object: str, or None for null. `number` is float64, NaN for null. `whole` is int64 and
`flag` bool, never null. `decimal` and `date` are objects: Decimal or `datetime.date`, or None.
`words` are tuples of str. `shape` is geometry.
"""

KINDS: Final[Mapping[str, Kind]] = {
    DEMAND_ID: "text",
    FACILITY_ID: "text",
    ZONE_ID: "text",
    EDGE_ID: "text",
    CANDIDATE_ID: "text",
    CATEGORY: "text",
    GROUP: "text",
    NAME: "text",
    X_M: "number",
    Y_M: "number",
    FRACTION: "number",
    ACCESS_M: "number",
    SNAP_CODE: "text",
    BARRIER: "text",
    BARRIER_KIND: "text",
    IN_AREA: "flag",
    STREET_ID: "text",
    COMMUNITY_ID: "text",
    STATUS: "text",
    OPEN: "flag",
    OPEN_AT_PLAN: "flag",
    OPENED: "date",
    POSITION_UNSURE: "flag",
    FLOOR_AREA_M2: "decimal",
    **dict.fromkeys(CAPACITIES, "decimal"),
    COST: "decimal",
    SITE_ID: "text",
    DUPLICATE_OF: "text",
    APPROXIMATE: "words",
    "households": "decimal",
    "file": "text",
    "row": "whole",
    SPEED_M_S: "number",
    TIME_S: "number",
    CUTOFF_MIN: "whole",
    STATE: "text",
    UNKNOWN_REASON: "text",
    PERSONS: "number",
    COVERED: "number",
    GAP: "number",
    UNKNOWN: "number",
    SHARE_COVERED: "number",
    **dict.fromkeys((SUPPLY_PER_PERSON, AT_LEAST, SERVED, TURNED_AWAY), "number"),
    VERDICT: "text",
    REASON: "text",
    **dict.fromkeys((REQUIRED_M2, COUNTED_M2, PLAIN_SUM_M2, PLAIN_GAP_M2, SHORTFALL_M2), "number"),
    **dict.fromkeys(("R1", "R2", "R3"), "text"),
    READING_DEPENDENT: "flag",
    RANK: "whole",
    HOMES: "whole",
    "geometry": "shape",
}
"""The kind of every column returned by a reader or a public function."""

MICRO: Final = 1_000_000
"""Micro-persons per person."""
MS_PER_MIN: Final = 60_000
"""Milliseconds per minute."""


def weight_column(group: str) -> str:
    """
    Return the name of the demand column with the micro-persons of a group.

    Examples
    --------
    >>> weight_column("p60")
    'p60_micro'
    """
    return f"{group}_micro"


def kind_of(column: str) -> Kind:
    """
    Return the kind of a column.

    Raises
    ------
    KeyError
        If it is not declared.

    Examples
    --------
    >>> kind_of("time_s"), kind_of("p60_micro")
    ('number', 'whole')
    """
    return "whole" if column.endswith("_micro") else KINDS[column]
