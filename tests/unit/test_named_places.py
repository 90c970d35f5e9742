"""Where a facility without a position may be: the subdistrict and community in its row."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from tests.streets import METRIC

from circle15.inputs.area.named_places import whereabouts
from circle15.inputs.area.study_area import StudyArea
from circle15.study.vocabulary import columns as c


def layer(rows):
    """Squares of 100 m in a row: (id, name, street)."""
    shapes = [shapely.box(100 * k, 0, 100 * k + 100, 100) for k in range(len(rows))]
    columns = dict(zip((c.ZONE_ID, c.NAME, c.STREET_ID), zip(*rows, strict=True), strict=True))
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=METRIC)


STREETS = layer([("320213001", "广益街道", None), ("320213002", "Hill", None)])
COMMUNITIES = layer(
    [
        ("320213001001", "幸福社区", "320213001"),
        ("320213001002", "Church", "320213001"),
        ("320213002001", "幸福社区", "320213002"),
    ]
)
PARTS = STREETS.iloc[:0]


def place(street, community, *, area=None, is_open=True):
    """X range of the place, None for anywhere, the finding's code where nothing is known."""
    frame = pd.DataFrame(
        {
            c.FACILITY_ID: ["f"],
            c.OPEN: [is_open],
            c.X_M: [np.nan],
            "file": ["sites.csv"],
            "row": [2],
            "street": [street],
            "community": [community],
        }
    )
    found, findings = whereabouts(frame, area or StudyArea(None, STREETS, COMMUNITIES, PARTS, []))
    if findings:
        return findings[0].code
    if not found:
        return ()
    shape = found[0]
    return None if shape is None else (shape.bounds[0], shape.bounds[2])


@pytest.mark.parametrize(
    "said",
    ["广益街道", "广益", "广益街道办事处", "320213001", "320213001000", "无锡市梁溪区广益街道"],
)
def test_a_street_by_its_name_or_code(said):
    assert place(said, None) == (0, 100)


@pytest.mark.parametrize("said", ["12 Church Hill", "Hilltop", "益街道"])
def test_an_address_or_part_of_a_name_is_no_street(said):
    assert place(said, None) == "SITE_PLACE_UNKNOWN"


def test_a_community_goes_before_its_street():
    assert place("广益街道", "Church") == (100, 200)
    assert place("Hill", "幸福社区") == (200, 300)
    assert place(None, "幸福社区居委会") == (0, 300)  # two of one name: in either
    assert place("广益街道", "unheard of") == (0, 100)
    assert place("unheard of", "Church") == (100, 200)


def test_nothing_named_is_told():
    assert place(None, None) == "SITE_PLACE_MISSING"


def test_communities_alone_know_the_code_of_their_street():
    area = StudyArea(None, STREETS.iloc[:0], COMMUNITIES, PARTS, [])
    assert place("320213001", None, area=area) == (0, 200)
    assert place("广益街道", None, area=area) == "SITE_PLACE_UNKNOWN"


def test_without_layers_it_may_be_anywhere_and_closed_sites_do_not_matter():
    none = StudyArea(None, STREETS.iloc[:0], COMMUNITIES.iloc[:0], PARTS, [])
    assert place("广益街道", None, area=none) is None
    assert place("广益街道", None, is_open=False) == ()
