"""Inputs of a study made by hand, read from no file: streets on a plane, homes, sites and zones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import shapely

from circle15.access.cohorts import Homes
from circle15.access.joining.sites import Sites
from circle15.access.study_inputs import StudyInputs
from circle15.access.walks import Walks
from circle15.inputs.demand.balance import Balance
from circle15.inputs.demand.population import Population
from circle15.inputs.residential import ResidentialZone
from circle15.network.snapping import snap_to_network
from circle15.study.settings.rules.requirements import Circle
from circle15.study.vocabulary import columns as c
from tests.builders.report_result import make_area, make_facilities, make_study
from tests.streets import EAST_M, METRIC, NORTH_M, plane

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study
    from tests.streets import XY, Nodes, Way

MICRO = 1_000_000
CATEGORY = "meal_point"


def streets(nodes: Nodes, *ways: str | Way, private: Sequence[int] = ()) -> WalkNetwork:
    """Draw streets near 120° E; `private` are the numbers of ways that are private."""
    placed = {name: (x + EAST_M, y + NORTH_M) for name, (x, y) in nodes.items()}
    network = plane(placed, *ways, extent=_around(9e3))
    return replace(network, private=np.isin(network.way_id, private))


def _around(half_m: float) -> shapely.Polygon:
    return shapely.box(EAST_M - half_m, NORTH_M - half_m, EAST_M + half_m, NORTH_M + half_m)


def zone(zone_id: str, left: float, right: float, *, households: Decimal | None) -> ResidentialZone:
    """Make an existing zone that reaches 20 m to both sides of the street y = 0."""
    box = shapely.box(EAST_M + left, NORTH_M - 20, EAST_M + right, NORTH_M + 20)
    counts = (households, None, None, None)
    return ResidentialZone(
        zone_id, f"name {zone_id}", "existing", *counts, (), None, box, "zones.csv", 2
    )


def inputs_of(
    network: WalkNetwork,
    homes: Mapping[str, tuple[float, float, int]],
    sites: Mapping[str, XY],
    *,
    zones: Sequence[ResidentialZone] = (),
    study: Study | None = None,
    **site_columns: Any,
) -> StudyInputs:
    """Join homes (x, y, persons of `p60`) and open meal points to the streets."""
    settings = replace(study or make_study(), circle=Circle((CATEGORY,)))
    limit_m = float(settings.walk.max_snap_m)

    def snapped(points: Sequence[Sequence[float]]) -> Any:
        x, y = np.array([(p[0] + EAST_M, p[1] + NORTH_M) for p in points]).reshape(-1, 2).T
        return x, y, snap_to_network(x, y, network, max_snap_m=limit_m)

    x, y, snaps = snapped(list(homes.values()))
    demand = pd.DataFrame(
        {
            c.DEMAND_ID: list(homes),
            c.X_M: x,
            c.Y_M: y,
            c.IN_AREA: True,
            c.weight_column("p60"): np.array([one[2] * MICRO for one in homes.values()], np.int64),
        }
    )
    everybody = int(demand[c.weight_column("p60")].sum())
    balance = Balance("p60", everybody, 0, everybody, 0, 0, 0, 1.0, "", 2020)
    x, y, site_snaps = snapped(list(sites.values()))
    pattern = make_facilities("").iloc[:1]
    table = pd.concat([pattern] * len(sites), ignore_index=True).assign(
        **{
            c.FACILITY_ID: list(sites),
            c.NAME: [f"site {key}" for key in sites],
            c.CATEGORY: CATEGORY,
            c.X_M: x,
            c.Y_M: y,
            "floor_area_m2": None,
            "row": np.arange(2, len(sites) + 2),
            **site_columns,
        }
    )
    return StudyInputs(
        study=settings,
        sources=cast("Any", None),
        crs=METRIC,
        area=make_area(""),
        population=Population(demand, [balance], [], None, {}),
        demand_snaps=snaps,
        sites=Sites(table, site_snaps, {CATEGORY: _around(1e6)}),
        network=network,
        residential=list(zones),
        categories=[CATEGORY],
        findings=[],
        files={},
        given=[],
        datums=[],
    )


def in_subdistricts(inputs: StudyInputs, ids: Sequence[str | None]) -> StudyInputs:
    """Say in which subdistrict each home lies (S1, S2 or None); none is in a community."""
    table = inputs.population.demand.assign(
        **{
            c.STREET_ID: pd.Series(list(ids), dtype=object),
            c.COMMUNITY_ID: pd.Series([None] * len(ids), dtype=object),
        }
    )
    return replace(inputs, population=replace(inputs.population, demand=table))


def walks_of(inputs: StudyInputs) -> Walks:
    """Make what judges the homes of the inputs."""
    return Walks(inputs, Homes(inputs))
