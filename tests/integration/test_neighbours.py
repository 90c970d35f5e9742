"""
Zones that pool by a radius, measured along the streets.

    D ---300--- C        zone B at D
                | 100
    A ---300--- B        zone A at A, both 5 m beside the street

Straight A and D are 100 m apart, along the streets 700 m, with both legs 710 m.
"""

from __future__ import annotations

import re

import pytest
import shapely
from tests.builders.zone_pages import lines, rows, text_of
from tests.streets import lon_lat, write_study

from circle15 import check_study_zones
from circle15.output.text.wording import Words
from circle15.output.zones.pages import zone_pages
from circle15.output.zones.terminal import zone_lines
from circle15.study.settings.reading import load_study

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (300.0, 100.0), "D": (0.0, 100.0)}
RULES = '[circle]\nrequire = ["meal_point"]\n[rules]\npacks = ["guizhou"]\n'


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(
        tmp_path_factory.mktemp("study"),
        NODES,
        ["ABCD"],
        {"h1": (10, 5, 100)},
        {"f1": (300, 10)},
        boundary=shapely.box(-200, -200, 800, 300),
        more=RULES,
    )


def checked(study, folder, places, rooms):
    """Zones of 1 000 existing households (150 m² each by this law) at places, with rooms."""
    lines = ["zone_id,name,kind,households,rooms_m2,lon,lat"]
    for zone_id, place in places.items():
        (lon, lat), area = lon_lat([place])[0], rooms.get(zone_id, "0")
        lines.append(f"{zone_id},,existing,1000,{area},{lon:.7f},{lat:.7f}")
    path = folder / "zones.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return check_study_zones(study, path)


@pytest.mark.parametrize(
    ("b", "metres", "verdict"), [((0, 105), 710, "not_met"), ((20, 105), 690, "met")]
)
def test_metres_are_walked_and_never_straight(study, tmp_path, b, metres, verdict):
    """350 of 150 m² in A, and B next door has none: together 350 of 300, if they are near."""
    outcome = checked(study, tmp_path, {"A": (0, -5), "B": b}, {"A": "350"})
    entry = outcome.zones[1]
    assert entry["verdict"] == verdict
    if verdict == "met":
        (near,) = entry["neighbours"]
        assert near["zone_id"] == "A"
        assert near["metres"] == pytest.approx(metres, abs=0.05)
    else:
        assert "neighbours" not in entry


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", r"Pooled with A \(690 m walking\)"), ("zh", r"与 A（步行 690 m） 统筹")],
)
def test_the_sheet_names_the_zones_the_metres_and_the_clause(study, tmp_path, language, said):
    outcome = checked(study, tmp_path, {"A": (0, -5), "B": (20, 105)}, {"A": "350"})
    words = Words(language, load_study(study))
    pages = {page.key: page for page in zone_pages(outcome.papers, words)}
    assert re.search(said, "\n".join(lines(pages["B"], "floor_area")))
    clauses = text_of(pages["B"], "clauses")
    assert "GZ-04" in clauses
    # GZ-03 is quoted from a copy, but it is not of existing zones; the others are only reported.
    grade = {"en": "rule pack guizhou, reported numbers)", "zh": "规则包 guizhou，报道的数字）"}
    assert grade[language] in clauses
    rooms = rows(pages["B"], "rooms")
    assert [[str(cell) for cell in row[1:3]] for row in rooms] == [["zones.csv:2", "350"]]


def test_the_clauses_are_those_of_all_zones_of_the_pool(study, tmp_path):
    """An existing zone that a new one helps: both rates are in its arithmetic, and quoted."""
    (lon, lat), (lon2, lat2) = lon_lat([(0, -5), (20, 105)])
    path = tmp_path / "zones.csv"
    path.write_text(
        "zone_id,kind,households,rooms_m2,lon,lat\n"
        f"A,new,1000,350,{lon:.7f},{lat:.7f}\nB,existing,1000,0,{lon2:.7f},{lat2:.7f}\n",
        "utf-8",
    )
    outcome = check_study_zones(study, path)
    words = Words("en", load_study(study))
    page = next(one for one in zone_pages(outcome.papers, words) if one.key == "B")
    said = text_of(page, "floor_area")
    assert "(GZ-01) + 1,000 households × 15 m² ÷ 100 (GZ-02) = 350 m²" in said
    assert all(rule in text_of(page, "clauses") for rule in ("GZ-01", "GZ-02", "GZ-03", "GZ-04"))
    told = list(zone_lines(outcome.zones, "en"))
    assert "  pooled with B (690 m walking) (within the walking radius" in "\n".join(told)


def test_what_neighbours_would_need_together_is_offered(study, tmp_path):
    """A has 350 of 150 m², B and C nothing: 450 are needed together, 100 are missing."""
    places = {"A": (0, -5), "B": (20, 105), "C": (30, 105)}
    outcome = checked(study, tmp_path, places, {"A": "350"})
    assert [entry["verdict"] for entry in outcome.zones] == ["met", "not_met", "not_met"]
    assert outcome.zones[1]["pooled"]["shortfall_m2"] == 100
    words = Words("en", load_study(study))
    page = next(one for one in zone_pages(outcome.papers, words) if one.key == "B")
    mend = lines(page, "mend")
    assert "Share with A" in mend[0]  # the two of them, by a pool id: nothing is built
    assert "Pooled with A, C" in mend[1]
    assert "100 m²" in mend[1]


def test_sheets_of_a_law_for_new_zones_alone(tmp_path):
    """400 new and 600 existing households: 80 m² for the new ones; nothing for existing zones."""
    more = RULES.replace('"guizhou"', '"shandong-2022"')
    study = write_study(tmp_path, NODES, ["ABCD"], {"h1": (10, 5, 9)}, {"f1": (300, 9)}, more=more)
    (lon, lat), *_ = lon_lat([(0, -5)])
    at = f"{lon:.7f},{lat:.7f}"
    path = tmp_path / "zones.csv"
    path.write_text(
        "zone_id,kind,households,households_new,households_existing,rooms_m2,lon,lat\n"
        f"M,mixed,,400,600,80,{at}\nE,existing,1000,,,0,{at}\nU,,1000,,,0,{at}\n",
        "utf-8",
    )
    outcome = check_study_zones(study, path)
    said = {one["zone_id"]: (one["verdict"], one["required_m2"]) for one in outcome.zones}
    assert said == {
        "M": ("met", 80),
        "E": ("not_applicable", 0),
        "U": ("undetermined", None),
    }
    for language in ("zh", "en"):
        words = Words(language, load_study(study))
        pages = {page.key: page for page in zone_pages(outcome.papers, words)}
        assert "SD-01" in text_of(pages["M"], "clauses")
        arithmetic = text_of(pages["M"], "floor_area")
        assert re.search(r"400 \S+ × 20 \S+ ÷ 100\W+SD-01\W+ = 80 ", arithmetic)
        assert "600" not in arithmetic
        assert list(zone_lines(outcome.zones, language))
