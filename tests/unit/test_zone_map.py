"""
The location map of a zone: what its picture and its legend show.

A street of 600 m: A (0) - B (300) - C (600), a meal site at 300 m, 10 m off. Zone P is a square of
40 m around (250, 20), Q a point, R has two entrances, S no position.
"""

from __future__ import annotations

import dataclasses
import io
import json
from decimal import Decimal

import numpy as np
import pytest
import shapely
from PIL import Image
from tests.streets import lon_lat, write_study

from circle15 import check_study_zones
from circle15.output.charts import zone_map as drawing
from circle15.output.document.html import render_html
from circle15.output.document.model import Figure, Page, Picture, Signing
from circle15.output.document.texts import plain
from circle15.output.text.wording import Words
from circle15.output.zones import location
from circle15.output.zones.document import zones_document

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
SQUARE = [(230.0, 0.5), (270.0, 0.5), (270.0, 40.0), (230.0, 40.0)]
DOORS = [(230.0, 10.0), (270.0, 10.0)]


def feature(zone_id, geometry):
    """A zone of 100 existing households."""
    properties = {"zone_id": zone_id, "name": f"<{zone_id}>", "kind": "existing", "households": 100}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """The contents of the sheets of the four zones."""
    folder = tmp_path_factory.mktemp("study")
    study = write_study(
        folder,
        NODES,
        ["ABC"],
        {"h1": (10, 5, 100)},
        {"f1": (300, 10)},
        boundary=shapely.box(-200, -200, 800, 200),
        more='[circle]\nrequire = ["meal_point"]\n[rules]\npacks = ["liangxi-2025"]\n',
    )
    ring = lon_lat([*SQUARE, SQUARE[0]])
    point = {"type": "Point", "coordinates": list(lon_lat([(250.0, 20.0)])[0])}
    zones = [
        feature("P", {"type": "Polygon", "coordinates": [[list(one) for one in ring]]}),
        feature("Q", point),
        feature("R", point),
        feature("S", None),
    ]
    (folder / "zones.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": zones})
    )
    rows = "".join(f"R,{lon:.7f},{lat:.7f}\n" for lon, lat in lon_lat(DOORS))
    (folder / "doors.csv").write_text(f"zone_id,lon,lat\n{rows}")
    found = check_study_zones(study, folder / "zones.geojson", entrances=folder / "doors.csv")
    return found.papers


@pytest.fixture(scope="module")
def drawn(papers):
    """The map of each zone by its id."""
    return {
        one.check.zone.zone_id: drawing.zone_map(one, papers.network) for one in papers.dossiers
    }


def colours(png):
    """Colours of a picture, as #rrggbb."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).reshape(-1, 3)
    return {f"#{bytes(one).hex()}" for one in np.unique(pixels, axis=0)}


def test_a_map_shows_what_the_zone_has(drawn):
    assert (drawn["P"].outline, drawn["Q"].outline) == (True, False)
    assert (drawn["R"].entrances, drawn["R"].homes) == (True, False)
    assert (drawn["Q"].entrances, drawn["Q"].homes) == (False, True)
    assert all(drawn[zone].routes for zone in "PQR")
    assert drawn["S"] is None
    assert drawn["Q"].numbers == {"f1": 1}
    zone, site = drawing.COLOURS[drawing._ZONE], drawing.COLOURS[drawing._SITE]
    assert zone in colours(drawn["P"].png)
    assert zone not in colours(drawn["Q"].png)
    assert site in colours(drawn["Q"].png)


def test_zone_and_site_lie_in_the_frame_with_room_around(papers, drawn):
    frame, zone = drawn["P"].frame, papers.dossiers[0]
    assert frame.box.contains(zone.check.zone.shape.buffer(40))
    assert frame.box.contains(shapely.Point(zone.reached[0].place_m).buffer(40))
    assert frame.width * frame.pixel_m >= 500
    assert drawn["P"].scale_m <= frame.width * frame.pixel_m / 4


def test_the_same_zone_gives_the_same_picture(papers, drawn):
    again = drawing.zone_map(papers.dossiers[0], papers.network)
    assert again is not None
    assert again.png == drawn["P"].png


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_legend_says_minutes_use_and_source(papers, language):
    words = Words(language, papers.study)
    page = location.location_page(papers.dossiers[0], papers, words)
    assert page is not None
    (figure,) = page.blocks
    assert isinstance(figure, Figure)
    assert isinstance(figure.drawing, Picture)
    site = figure.legend[0]
    worst = papers.dossiers[0].reached[0].circle.worst_s
    assert site.glyph == "①"
    assert "f1" in site.text
    assert f"{int(worst) // 60}:{int(np.ceil(worst)) % 60:02d}" in site.text
    assert figure.caption is not None
    assert plain(figure.caption).endswith("内部使用" if language == "zh" else "(内部使用)")
    assert ("上方为北" if language == "zh" else "North is up") in plain(figure.caption)


def test_a_sheet_with_a_map_is_signed_below_it(papers):
    document = zones_document(papers, "zh", code="AAAA-BBBB")
    pages = [one for one in document.blocks if isinstance(one, Page)]
    keys = [page.key for page in pages]
    assert keys == ["P", "P", "Q", "Q", "R", "R", "S", ""]
    signed = [any(isinstance(one, Signing) for one in page.blocks) for page in pages]
    assert signed == [False, True, False, True, False, True, True, False]
    page = render_html(document)
    assert "&lt;P&gt; 位置图" in page
    assert "AAAA-BBBB" in page.partition("位置图")[0]
    assert "img-src data:" in page


def test_very_many_zones_have_no_maps_and_the_last_page_says_so(papers, monkeypatch):
    monkeypatch.setattr(location, "MOST_MAPS", 3)
    assert location.location_page(papers.dossiers[0], papers, Words("zh", papers.study)) is None
    many = dataclasses.replace(papers, dossiers=[papers.dossiers[1]] * 101)
    document = zones_document(many, "zh")
    assert len(document.blocks) == 102
    assert "超过 100 个，未绘位置图" in render_html(document)


def test_a_zone_away_from_all_sites_is_drawn_alone(papers):
    alone = dataclasses.replace(papers.dossiers[1], reached=())
    drawn = drawing.zone_map(alone, papers.network)
    assert drawn is not None
    assert (drawn.numbers, drawn.routes) == ({}, False)
    assert papers.dossiers[1].check.zone.households == Decimal(100)
