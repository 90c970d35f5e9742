"""The structure of the entries `quality` and `gated` of `summary.json`."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from circle15.network.quality import BandM
from circle15.results.summary.limited import TEN, AboveZero, Count, NotNegative, Positive, Share


class IslandEntry(TypedDict):
    """A component of the network other than the longest, and a position on it."""

    lon: float | None
    lat: float | None
    length_km: NotNegative
    persons: NotNegative
    facilities: Count


class Islands(TypedDict):
    """All components of the network but the longest, and the ten worst."""

    count: Count
    length_km: NotNegative
    persons: NotNegative
    facilities: Count
    worst: Annotated[list[IslandEntry], TEN]


class HomesInBand(TypedDict):
    """Homes by distance to the network, metres."""

    band_m: BandM
    points: Count
    persons: NotNegative


class FacilitiesInBand(TypedDict):
    """Facilities by distance to the network, metres."""

    band_m: BandM
    facilities: Count


class FarPlace(TypedDict):
    """A position far from all streets that take access legs."""

    lon: float | None
    lat: float | None
    distance_m: NotNegative | None
    code: str


class FarHome(FarPlace):
    """A home far from all streets that take access legs."""

    demand_id: str
    persons: NotNegative


class FarFacility(FarPlace):
    """A facility far from all streets that take access legs."""

    facility_id: str


class DividedRoad(TypedDict):
    """A divided road without a mapped crossing, and its midpoint."""

    lon: float | None
    lat: float | None
    name: str
    length_km: NotNegative


class DividedRoads(TypedDict):
    """Divided roads without a mapped crossing within `around_m`."""

    carriageway_km: NotNegative
    around_m: float
    without_crossing_km: NotNegative
    worst: Annotated[list[DividedRoad], TEN]


class DemHeights(TypedDict):
    """
    How heights were assigned to streets, by length; null without an elevation model.

    Read from the model; interpolated over bridges and through tunnels; interpolated across nodata
    (filled); or unknown (flat). steepest: rise / run of a street over 10 m or more.
    """

    file: str
    known_share: Share | None
    measured_km: NotNegative
    bridges_and_tunnels_km: NotNegative
    filled_km: NotNegative
    flat_km: NotNegative
    steepest: NotNegative


class Quality(TypedDict):
    """
    Quality of the network, with the judged group's homes inside the area and all sites.

    Islands are all components but the longest. distance_m: length of the access leg, or, if
    unsnapped, the distance to the nearest street that takes access legs; null beyond 1 km.
    """

    components: Count
    islands: Islands
    dead_ends: Count
    dead_end_share: Share | None
    private_km: NotNegative
    private_share: Share | None
    homes: list[HomesInBand]
    facilities: list[FacilitiesInBand]
    farthest_homes: Annotated[list[FarHome], TEN]
    farthest_facilities: Annotated[list[FarFacility], TEN]
    data_date: str | None
    attribution: str | None
    divided_roads: DividedRoads | None
    dem: DemHeights | None


class CoveredByRule(TypedDict):
    """Persons covered under each rule for gated compounds."""

    open: NotNegative
    residents: NotNegative
    closed: NotNegative


class PersonsDiffer(TypedDict):
    """Persons whose state differs from that under 'open'."""

    residents: NotNegative
    closed: NotNegative


class GatedCoverage(TypedDict):
    """Coverage of one category under each rule for gated compounds."""

    category: str
    group: str
    cutoff_min: Positive
    speed_m_s: AboveZero | None
    covered: CoveredByRule
    persons_differ: PersonsDiffer


class Gated(TypedDict):
    """
    Gated compounds, and the people whose result depends on [network] gated.

    persons_differ: people of the judged group whose state under a rule differs from that under
    'open', with homes snapped alike. There are no rows without private ways or locked gates.
    """

    compounds: Count
    inside_km: NotNegative
    locked_gates: Count
    coverage: list[GatedCoverage]
