"""Limits of sites, zones, own areas and pairs in reach, each just met and passed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.builders.small_study import write_small

from circle15.errors import InputDataError
from circle15.inputs import residential
from circle15.inputs.area import study_area
from circle15.inputs.facilities import facility_table
from circle15.study.limits import AREA_ZONES, IN_REACH, OWN_AREAS, SITES, ZONES
from circle15.study.settings.reading import load_study
from circle15.travel.engine import catchments
from circle15.workflow import pipeline
from circle15.workflow.pipeline import run_study
from circle15.workflow.reading import read_inputs

pytestmark = pytest.mark.whole_study

TWO_ZONES = """
[[residential_zones]]
file = "zones.csv"
crs = "EPSG:4549"
"""


def read(file):
    return read_inputs(load_study(file), lambda stage: None)


def test_more_sites_than_the_limit_are_refused(tmp_path, monkeypatch):
    file = write_small(tmp_path)
    size = (tmp_path / "sites.csv").stat().st_size
    monkeypatch.setattr(facility_table, "SITES", replace(SITES, most=1, per_byte=1 / size))
    assert len(read(file).sites.table) == 2
    monkeypatch.setattr(facility_table, "SITES", replace(SITES, most=1, per_byte=0))
    with pytest.raises(InputDataError, match=r"sites.csv: makes 2 sites; the limit is 1 sites"):
        read(file)


def test_more_residential_zones_than_the_limit_are_refused(tmp_path, monkeypatch):
    file = write_small(tmp_path)
    file.write_text(file.read_text("utf-8") + TWO_ZONES, encoding="utf-8")
    rows = "".join(f"500000,3490000,Z{k},existing,9\n" for k in range(2))
    (tmp_path / "zones.csv").write_text("x_m,y_m,zone_id,kind,households\n" + rows, "utf-8")
    monkeypatch.setattr(residential, "ZONES", replace(ZONES, most=2))
    assert len(read(file).residential) == 2
    monkeypatch.setattr(residential, "ZONES", replace(ZONES, most=1))
    with pytest.raises(InputDataError, match=r"zones.csv: makes 2 residential zones; the limit"):
        read(file)


def test_more_subdistricts_and_communities_than_the_limit_are_refused(tmp_path, monkeypatch):
    file = write_small(tmp_path)
    text, layer = file.read_text("utf-8"), '{ file = "c.geojson", id = "code", name = "label" }'
    file.write_text(text.replace("[network]", f"communities = {layer}\n[network]"), "utf-8")
    (tmp_path / "c.geojson").write_bytes((tmp_path / "wards.geojson").read_bytes())
    size = 2 * (tmp_path / "c.geojson").stat().st_size
    exact = replace(AREA_ZONES, most=1, per_byte=1 / size)
    monkeypatch.setattr(study_area, "AREA_ZONES", exact)
    assert len(read(file).area.communities) == 1
    monkeypatch.setattr(study_area, "AREA_ZONES", replace(exact, most=0))
    with pytest.raises(InputDataError, match=r"c.geojson: makes 2 subdistricts and communities;"):
        read(file)


def test_areas_beyond_the_limit_are_not_drawn_and_the_sites_count(tmp_path, monkeypatch):
    study = load_study(write_small(tmp_path))
    whole = run_study(study)
    monkeypatch.setattr(pipeline, "OWN_AREAS", replace(OWN_AREAS, most=1))
    fewer = run_study(study)
    assert (len(whole.site_areas.areas), len(fewer.site_areas.areas)) == (2, 1)
    (row, place), *others = fewer.site_areas.place.items()
    assert not others
    assert fewer.site_areas.areas[place] == whole.site_areas.areas[whole.site_areas.place[row]]
    assert fewer.catchments == whole.catchments
    (told,) = [one for one in fewer.findings if one.code == "MANY_SITE_AREAS"]
    assert told.detail == {"places": "1", "most": "1"}
    assert not [one for one in whole.findings if one.code == "MANY_SITE_AREAS"]


def test_more_pairs_of_homes_and_sites_than_the_limit_are_refused(tmp_path, monkeypatch):
    study = load_study(write_small(tmp_path))
    monkeypatch.setattr(catchments, "IN_REACH", replace(IN_REACH, most=1))
    with pytest.raises(InputDataError, match=r"within reach of 2 sites; the limit is 1 pairs"):
        run_study(study)
