"""People of real censuses and rasters."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from tests.streets import METRIC, write_layer

from circle15.inputs.area.study_area import read_area
from circle15.inputs.demand.population import read_population
from circle15.inputs.table_sources import read_table
from circle15.study.settings.records import Area, Demand, DemandLayer
from circle15.study.vocabulary import columns as c

DATA = Path(os.environ.get("CIRCLE15_REAL_DATA", "absent"))
CENSUS = DATA / "census_2020" / "census_county_2020_v1.xlsx"
BANDS = ("60到64岁", "65到69岁", "70到74岁", "75到79岁", "80到84岁", "85岁以上")
OVER_60 = tuple(f"{sex}_{band}" for sex in "男女" for band in BANDS)
OVER_65 = tuple(name for name in OVER_60 if "60到64" not in name)


def counties(tmp_path, *named):
    """Boxes that stand for counties; only codes and names are joined."""
    rows = [
        (shapely.box(1000 * k, 0, 1000 * k + 900, 900), {"code": code, "name": name})
        for k, (code, name) in enumerate(named)
    ]
    return write_layer(tmp_path / "counties.geojson", rows)


def read(tmp_path, layers, area=None):
    return read_population(Demand(layers), read_area(area or Area(), METRIC), METRIC)


@pytest.mark.parametrize("by", ["code", "name"])
def test_the_census_by_county_never_sums_levels(tmp_path, by):
    """
    Liangxi 985,465 residents, 230,253 of 60 and over, 166,874 of 65; and Jing'an in Shanghai.

    The table holds the country, provinces, cities and counties: 3,358 rows of four levels.
    """
    named = [("320213", "梁溪区"), ("310106", "静安区")]
    if by == "name":
        named = [("L", "梁溪区"), ("J", "静安区")]
    shared = {
        "zones": counties(tmp_path, *named),
        "table": CENSUS,
        "code": "区划代码",
        "name": "区县",
    }
    layers = (
        DemandLayer("total", value=("人口数_合计",), **shared),
        DemandLayer("p60", value=OVER_60, **shared),
        DemandLayer("p65", value=OVER_65, **shared),
    )
    found = read(tmp_path, layers)
    names = [zone_id.split("#")[0] for zone_id in found.demand[c.DEMAND_ID]]
    sums = {
        group: dict(zip(names, found.demand[c.weight_column(group)] // c.MICRO, strict=True))
        for group in ("total", "p60", "p65")
    }
    liangxi, jingan = (code for code, _ in named)
    assert sums["total"] == {liangxi: 985_465, jingan: 975_707}
    assert (sums["p60"][liangxi], sums["p60"][jingan]) == (230_253, 307_991)
    assert sums["p65"][liangxi] == 166_874
    assert found.files[str(CENSUS)] == 3358


def test_counties_of_the_same_city_are_listed_with_their_people(tmp_path):
    """Six other counties of Wuxi are no zones here; the other 3,351 rows are of elsewhere."""
    layer = DemandLayer(
        "total",
        zones=counties(tmp_path, ("320213", "梁溪区")),
        table=CENSUS,
        value=("人口数_合计",),
        code="区划代码",
        name="区县",
    )
    found = read(tmp_path, (layer,))
    others = [i for i in found.findings if i.code == "COUNTS_WITHOUT_ZONE"]
    assert {i.detail["name"] for i in others} >= {"锡山区", "惠山区", "滨湖区", "新吴区"}
    assert sum(i.persons_micro or 0 for i in others) == found.balances[0].beyond
    (elsewhere,) = [i for i in found.findings if i.code == "ROWS_OF_OTHER_LEVELS"]
    assert int(elsewhere.detail["rows"]) + len(others) + 1 == len(read_table(CENSUS).rows)


def test_ten_age_bands_of_wuhan_are_added_up_cell_by_cell(tmp_path):
    """WorldPop's 60+ of Wuhan: 1,942,653 people in the ten files, conserved to the micro-person."""
    files = tuple(
        DATA / "wuhan" / f"pop_{age}_{sex}.tif" for age in range(60, 85, 5) for sex in "fm"
    )
    area = Area(DATA / "wuhan" / "wuhan-boundary.shp")
    (balance,) = read(tmp_path, (DemandLayer("p60", files),), area).balances
    truth = 0.0
    for path in files:
        with rasterio.open(path) as source:
            band = source.read(1, masked=True)
            truth += float(np.sum(band.filled(0), dtype=np.float64))
    assert round(truth) == 1_942_653
    assert balance.total / c.MICRO == pytest.approx(truth, abs=1e-3)
    assert 0 < balance.inside <= balance.total
