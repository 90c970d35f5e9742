"""Supply per person of Belo Horizonte, as the tests of the R package `accessibility` print it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.builders.matrix_search import pair_search

from circle15.access.supply.floating import Walking, floating_catchment

pytestmark = pytest.mark.real

CUTOFF_MIN = 45
HEXAGONS = {
    "89a88cdb57bffff": (0.0152, 0.0094),
    "89a88cdb597ffff": (0.1491, 0.1993),
    "89a88cdb5b3ffff": (0.1491, 0.1993),
    "89a88cdb5cfffff": (0.1068, 0.1147),
    "89a88cd909bffff": (0.0, 0.0),
}
"""Jobs per person of five hexagons among themselves: 2SFCA, BFCA."""


@pytest.fixture(scope="module")
def city(real_data):
    folder = real_data / "siting" / "belo_horizonte"
    land = pd.read_csv(folder / "land_use.csv").set_index("id").sort_index()
    return land, pd.read_parquet(folder / "travel_matrix.parquet")


def jobs_per_person(land, matrix, method):
    row = pd.Series(np.arange(len(land)), index=land.index)
    near = matrix[matrix["travel_time"] <= CUTOFF_MIN]
    near = near[near["from_id"].isin(land.index) & near["to_id"].isin(land.index)]
    pairs = (row[near[key]].to_numpy() for key in ("from_id", "to_id"))
    ms = (near["travel_time"] * 60_000).round().to_numpy(np.int64)
    search = pair_search(len(land), len(land), *pairs, ms)
    persons = land["population"].to_numpy(np.int64) * 1_000_000
    found = floating_catchment(
        [Walking(search, persons)], land["jobs"].to_numpy(float), method=method
    )
    return found, pd.Series(found.access[0], index=land.index)


@pytest.mark.parametrize(("place", "method"), [(0, "2sfca"), (1, "bfca")])
def test_five_hexagons(city, place, method):
    land, matrix = city
    _, access = jobs_per_person(land.loc[list(HEXAGONS)], matrix, method)
    assert access.round(4).to_dict() == {key: both[place] for key, both in HEXAGONS.items()}


def test_the_whole_city(city):
    land, matrix = city
    found, access = jobs_per_person(land, matrix, "2sfca")
    assert len(access) == 898
    assert access.mean() == pytest.approx(0.473908, abs=5e-7)
    assert (access.min(), access.max()) == (0, pytest.approx(0.967084, abs=5e-7))
    assert found.balance.supply_handed_out == pytest.approx(496_088, rel=1e-12)
    assert found.balance.error < 1e-12
