"""Names and units of the columns that pass between the stages.

Units are in the names. Positions are in the study CRS, rounded to the millimetre. Weights of
people are int64 micro-persons (10⁻⁶ persons), so that sums are exact in any order.
"""

from __future__ import annotations

from typing import Final

# Keys
DEMAND_ID: Final = "demand_id"
FACILITY_ID: Final = "facility_id"
ZONE_ID: Final = "zone_id"
EDGE_ID: Final = "edge_id"
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
"""Id of the first of the facilities that are one building; its own where it stands alone."""
DUPLICATE_OF: Final = "duplicate_of"
APPROXIMATE: Final = "approximate"
"""Fields of a facility whose cells say that they are not exact."""
CAPACITIES: Final = ("beds", "nursing_beds", "meals_per_day", "places")
"""Capacity fields of a facility; null is unknown, never 0."""

# Times and states
SPEED_M_S: Final = "speed_m_s"
FACTOR: Final = "factor"
TIME_MS: Final = "time_ms"
CUTOFF_MIN: Final = "cutoff_min"
STATE: Final = "state"
UNKNOWN_REASON: Final = "unknown_reason"

MICRO: Final = 1_000_000
"""Micro-persons per person."""


def weight_column(group: str) -> str:
    """
    Name of the demand column that holds the micro-persons of a group.

    Examples
    --------
    >>> weight_column("p60")
    'p60_micro'
    """
    return f"{group}_micro"
