"""What `summary.json` says of the network's quality and of gated compounds."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from circle15.network.quality import BandM
from circle15.results.summary.limited import TEN, AboveZero, Count, NotNegative, Positive, Share


class IslandEntry(TypedDict):
    """A part of the network apart from the longest, at one of its places."""

    lon: float | None
    lat: float | None
    length_km: NotNegative
    persons: NotNegative
    facilities: Count


class Islands(TypedDict):
    """All parts of the network apart from the longest, and the ten worst."""

    count: Count
    length_km: NotNegative
    persons: NotNegative
    facilities: Count
    worst: Annotated[list[IslandEntry], TEN]


class HomesInBand(TypedDict):
    """Homes by their distance to the network, metres."""

    band_m: BandM
    points: Count
    persons: NotNegative


class FacilitiesInBand(TypedDict):
    """Facilities by their distance to the network, metres."""

    band_m: BandM
    facilities: Count


class FarPlace(TypedDict):
    """A place far from every street that takes access legs."""

    lon: float | None
    lat: float | None
    distance_m: NotNegative | None
    code: str


class FarHome(FarPlace):
    """A home far from every street that takes access legs."""

    demand_id: str
    persons: NotNegative


class FarFacility(FarPlace):
    """A facility far from every street that takes access legs."""

    facility_id: str


class DividedRoad(TypedDict):
    """A divided road that is mapped without a crossing, at its middle."""

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
    How the streets got their heights, by length; null without an elevation model.

    Measured in the model, evenly over bridges and through tunnels, evenly across its holes, and
    not at all (flat). steepest: rise / run of a street over 10 m or more.
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
    What may be wrong with the network, by the judged group's homes inside the area and all sites.

    Islands are the parts apart from the longest. distance_m: the access leg, else the way to the
    nearest street that takes access legs; null beyond 1 km.
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
    Gated compounds, and how many people's result depends on [network] gated.

    persons_differ: people of the judged group whose state under a rule is another one than under
    'open', homes joined to the network alike. Without private ways and locked gates there are no
    rows.
    """

    compounds: Count
    inside_km: NotNegative
    locked_gates: Count
    coverage: list[GatedCoverage]
