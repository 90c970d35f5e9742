"""
Studies in which a site, its entrance or the homes could not be snapped to the streets.

A street of 2,400 m along the x axis with a home every 300 m. A pond lies north of it around
x = 600; what stands on the island in the pond joins nothing. At 1 m/s a metre takes a second.
"""

from __future__ import annotations

import pytest
import shapely
from tests.builders.coverage import drawn_coverage
from tests.builders.island_study import HOMES, ISLAND, NODES, STREET, study_with
from tests.commands import heard
from tests.streets import lon_lat, write_layer

import circle15
from circle15.results.summary.building import build_summary, persons_by_state
from circle15.workflow.pipeline import run_study

FIELD = (600.0, -900.0)
"""Too far from the street to join it."""

NEAR = ["h0000", "h0300", "h0600", "h0900", "h1200"]
FAR = ["h1500", "h1800", "h2100", "h2400"]


def judged(study, cutoff=15):
    """Home to (state, reason), and the result."""
    result = run_study(circle15.load_study(study))
    rows = drawn_coverage(result)
    rows = rows[rows["cutoff_min"] == cutoff]
    return {row.demand_id: (row.state, row.unknown_reason) for row in rows.itertuples()}, result


def unknown(found, reason):
    return [home for home, one in found.items() if one == ("unknown", reason)]


def gaps(found):
    return [home for home, one in found.items() if one == ("gap", "")]


def codes(result):
    return [finding.code for finding in result.findings]


def test_whom_an_unjoined_site_would_cover_is_unknown_and_nobody_else(tmp_path):
    found, result = judged(study_with(tmp_path, [("s", ISLAND, {})]))
    assert unknown(found, "SITE_UNJOINED") == NEAR
    assert gaps(found) == FAR
    assert "ACCESS_BARRIER" in codes(result)
    row = next(r for r in result.coverage_rows if (r.category, r.cutoff_min) == ("meal_point", 15))
    assert persons_by_state(row.counts) == {"persons": 90, "covered": 0, "gap": 40, "unknown": 50}


def test_beyond_the_longest_leg_it_is_the_same(tmp_path):
    """250 m beside the street: homes within 650 m of x = 600."""
    found, result = judged(study_with(tmp_path, [("s", (600.0, -250.0), {})]))
    assert unknown(found, "SITE_UNJOINED") == ["h0000", "h0300", "h0600", "h0900", "h1200"]
    assert gaps(found) == FAR
    assert "TOO_FAR" in codes(result)


@pytest.mark.parametrize(
    "cells",
    [
        {"status": "停用"},
        {"status": "closed"},
        {"status": "在建"},
        {"opened": "2027-01-01"},
    ],
)
def test_a_site_that_does_not_count_makes_nobody_unknown(tmp_path, cells):
    for place in (ISLAND, None):
        found, _ = judged(study_with(tmp_path, [("s", place, cells)]))
        assert gaps(found) == list(HOMES)


def test_whoever_reaches_another_site_is_covered(tmp_path):
    found, _ = judged(study_with(tmp_path, [("s", ISLAND, {}), ("t", (0.0, 0.0), {})]))
    assert [home for home, one in found.items() if one[0] == "covered"] == NEAR[:4]
    assert unknown(found, "SITE_UNJOINED") == NEAR[4:]


def test_a_home_that_has_not_joined_either_says_so_itself(tmp_path):
    homes = {"island": (*ISLAND, 10), "street": (600.0, 0.0, 10)}
    found, _ = judged(study_with(tmp_path, [("s", ISLAND, {})], homes=homes))
    assert found == {"island": ("unknown", "UNSNAPPED"), "street": ("unknown", "SITE_UNJOINED")}


def with_doors(folder, doors, site=(1200.0, 0.0)):
    """The site has entrances; it stands where it would cover everybody within 900 m."""
    study = study_with(folder, [("s", site, {})])
    lines = [f"s,{lon:.8f},{lat:.8f}" for lon, lat in lon_lat(doors)]
    (folder / "doors.csv").write_text("\n".join(["facility_id,lon,lat", *lines, ""]), "utf-8")
    text = study.read_text("utf-8").replace('"sites.csv"', '"sites.csv"\nentrances = "doors.csv"')
    study.write_text(text, "utf-8")
    return study


def test_entrances_that_do_not_join_make_their_neighbours_unknown(tmp_path):
    found, _ = judged(with_doors(tmp_path, [ISLAND]))
    assert unknown(found, "SITE_UNJOINED") == NEAR
    assert gaps(found) == FAR


def test_one_entrance_that_joins_covers_and_the_other_stays_a_doubt(tmp_path):
    found, result = judged(with_doors(tmp_path, [ISLAND, (2100.0, 0.0)]))
    assert [home for home, one in found.items() if one[0] == "covered"] == ["h1200", *FAR]
    assert unknown(found, "SITE_UNJOINED") == NEAR[:4]
    assert "ENTRANCE_UNJOINED" in codes(result)


# --- Sites without a position -------------------------------------------------------------------

WARDS = {"S1": shapely.box(-50, -300, 1000, 300), "S2": shapely.box(1000, -300, 2500, 300)}
WEST, EAST = list(HOMES)[:4], list(HOMES)[4:]


def test_without_streets_a_site_without_a_position_may_be_anywhere(tmp_path):
    found, _ = judged(study_with(tmp_path, [("s", None, {}), ("t", (2400.0, 0.0), {})]))
    assert unknown(found, "SITE_UNPLACED") == list(HOMES)[:5]
    assert gaps(found) == []


@pytest.mark.parametrize(
    "cells",
    [
        {"街道": "street S1"},
        {"所属街道": "S1"},
        {"street": "STREET s1"},
        {"所在街道": " Street  S1"},
    ],
)
def test_a_row_that_names_its_street_leaves_only_that_street_unknown(tmp_path, cells):
    found, result = judged(study_with(tmp_path, [("s", None, cells)], streets=WARDS))
    assert unknown(found, "SITE_UNPLACED") == WEST
    assert gaps(found) == EAST
    assert "SITE_PLACE_MISSING" not in codes(result)


def test_a_heading_of_the_study_names_the_street(tmp_path):
    study = study_with(tmp_path, [("s", None, {"片区": "street S2"})], streets=WARDS)
    text = study.read_text("utf-8").replace(
        'file = "sites.csv"', 'file = "sites.csv"\ncolumns = { street = "片区" }'
    )
    study.write_text(text, "utf-8")
    found, _ = judged(study)
    assert unknown(found, "SITE_UNPLACED") == EAST


@pytest.mark.parametrize(
    ("cells", "code"),
    [({"街道": ""}, "SITE_PLACE_MISSING"), ({"街道": "street S9"}, "SITE_PLACE_UNKNOWN")],
)
def test_a_row_that_names_no_street_of_the_study_is_told(tmp_path, cells, code):
    found, result = judged(study_with(tmp_path, [("s", None, cells)], streets=WARDS))
    assert gaps(found) == list(HOMES)
    (finding,) = [one for one in result.findings if one.code == code]
    assert (finding.file, finding.row, finding.detail["id"]) == ("sites.csv", 2, "s")


def with_communities(folder, cells):
    """Communities of 300 m: two of one name, one in each street."""
    study = study_with(folder, [("s", None, cells)], streets=WARDS)
    rows = [
        (
            shapely.box(x - 150, -300, x + 150, 300),
            {"code": f"K{x}", "label": name, "ward": "S1" if x < 1000 else "S2"},
        )
        for x, name in ((300, "幸福社区"), (600, "Mill"), (1500, "幸福社区"), (1800, "Hill"))
    ]
    write_layer(folder / "communities.geojson", rows)
    layer = 'file = "communities.geojson", id = "code", name = "label", street = "ward"'
    text = study.read_text("utf-8").replace("[network]", f"communities = {{ {layer} }}\n[network]")
    study.write_text(text, "utf-8")
    return study


@pytest.mark.parametrize(
    ("cells", "homes"),
    [
        ({"社区": "Mill"}, ["h0600"]),
        ({"社区": "K1800"}, ["h1800"]),
        ({"社区": "幸福"}, ["h0300", "h1500"]),
        ({"街道": "street S2", "社区": "幸福社区居委会"}, ["h1500"]),
        ({"街道": "street S2", "社区": "unheard of"}, EAST),
    ],
)
def test_a_community_goes_before_its_street(tmp_path, cells, homes):
    found, _ = judged(with_communities(tmp_path, cells))
    assert unknown(found, "SITE_UNPLACED") == homes


# --- Pieces of the network that do not connect --------------------------------------------------

ISLE = {"p": (900.0, -5.0), "q": (900.0, -505.0), "r": (900.0, -605.0)}
"""A piece of 600 m that begins 5 m beside the street and leads away from it."""


def test_homes_on_a_piece_that_does_not_connect_are_unknown(tmp_path):
    """Of the isle the far home is 505 m from its end; the street's own homes stay what they are."""
    homes = {**HOMES, "beside": (900.0, -100.0, 10), "beyond": (900.0, -510.0, 10)}
    found, _ = judged(
        study_with(
            tmp_path, [("s", (0.0, 0.0), {})], nodes=NODES | ISLE, ways=[STREET, "pqr"], homes=homes
        )
    )
    assert unknown(found, "NOT_CONNECTED") == ["beside", "beyond"]
    assert gaps(found) == ["h1200", *FAR]


def test_a_site_on_a_piece_that_does_not_connect_leaves_its_neighbours_unknown(tmp_path):
    """It is 495 m from the end of its piece, 500 m from (900, 0): homes within 400 m of that."""
    homes = {**HOMES, "beyond": (900.0, -510.0, 10)}
    found, result = judged(
        study_with(
            tmp_path,
            [("s", (900.0, -500.0), {})],
            nodes=NODES | ISLE,
            ways=[STREET, "pqr"],
            homes=homes,
        )
    )
    assert found["beyond"] == ("covered", "")
    assert unknown(found, "SITE_UNJOINED") == ["h0600", "h0900", "h1200"]
    (finding,) = [one for one in result.findings if one.code == "SITE_NOT_CONNECTED"]
    assert (finding.row, finding.detail["id"]) == (2, "s")


def test_a_piece_far_from_the_others_is_a_place_of_its_own(tmp_path):
    """An isle 300 m off the street: who lives there reaches nothing, and that is known."""
    away = {key: (x, y - 300.0) for key, (x, y) in ISLE.items()}
    homes = {**HOMES, "away": (900.0, -400.0, 10)}
    found, _ = judged(
        study_with(
            tmp_path,
            [("s", (900.0, 0.0), {})],
            nodes=NODES | away,
            ways=[STREET, "pqr"],
            homes=homes,
        )
    )
    assert found["away"] == ("gap", "")


# --- Residential zones ---------------------------------------------------------------------------


@pytest.mark.parametrize("place", [ISLAND, (600.0, -250.0)])
def test_a_zone_beside_a_site_that_has_not_joined_has_no_minutes(tmp_path, capfd, place):
    """Zone N is 300 m from it, F 1,500 m; another site is 1,800 m from N and 600 m from F."""
    study = study_with(
        tmp_path,
        [("s", place, {}), ("t", (2400.0, 0.0), {})],
        more='[circle]\nrequire = ["meal_point"]\n',
    )
    lon, lat = lon_lat([(300.0, 0.0), (1800.0, 0.0), (0.0, -900.0)]).T
    zones = tmp_path / "zones.csv"
    rows = [f"{key},{x:.8f},{y:.8f}" for key, x, y in zip("NFO", lon, lat, strict=True)]
    zones.write_text("\n".join(["zone_id,lon,lat", *rows, ""]), "utf-8")
    said = heard(capfd, "zones", study, "--zones", zones, "--lang", "en")
    assert said.code == 0
    lines = {line.split()[0]: line for line in _by_zone(said.out) if "worst" in line}
    assert "unknown (a site that is not joined" in lines["N"]
    assert "worst home —, median —" in lines["N"]
    assert "covered; worst home 10:00, median 10:00" in lines["F"]
    assert "unknown (not joined to the walking network); worst home —, median —" in lines["O"]
    found = {
        zone["zone_id"]: zone["circle"][0]
        for zone in circle15.check_study_zones(study, zones).zones
    }
    for key in "NO":
        circle = found[key]
        assert circle["state"] == "unknown"
        assert [circle[k] for k in ("worst_s", "median_s", "share_inside", "facility_id")] == [
            None
        ] * 4
        assert "beyond_hour" not in circle
        assert circle["unknown_reason"] == {"N": "SITE_UNJOINED", "O": "UNSNAPPED"}[key]


def test_a_zone_of_which_one_entrance_does_not_join_is_unknown_and_told(tmp_path):
    """N walks from (300, 0), 300 m from the site, and from the island in the pond."""
    study = study_with(
        tmp_path, [("s", (600.0, 0.0), {})], more='[circle]\nrequire = ["meal_point"]\n'
    )
    inside, island, outside = (
        f"{x:.8f},{y:.8f}" for x, y in lon_lat([(300.0, 0.0), ISLAND, FIELD])
    )
    zones, doors = tmp_path / "zones.csv", tmp_path / "doors.csv"
    zones.write_text(f"zone_id,lon,lat\nN,{inside}\nM,{inside}\n", "utf-8")
    doors.write_text(f"zone_id,lon,lat\nN,{inside}\nN,{island}\nM,{outside}\n", "utf-8")
    outcome = circle15.check_study_zones(study, zones, entrances=doors)
    found = {zone["zone_id"]: zone["circle"][0] for zone in outcome.zones}
    assert [found[key]["state"] for key in "NM"] == ["unknown", "unknown"]
    assert [found[key]["unknown_reason"] for key in "NM"] == ["UNSNAPPED", "UNSNAPPED"]
    assert [found[key]["worst_s"] for key in "NM"] == [None, None]
    told = {finding.code: finding.detail for finding in outcome.findings}
    assert told["ZONE_ENTRANCE_UNJOINED"] == {"zone_id": "N", "lost": "1"}
    assert told["ZONE_OFF_STREETS"]["zone_id"] == "M"


def _by_zone(text):
    """Lines of the terminal, each behind the id of its zone."""
    zone = ""
    for line in text.splitlines():
        zone = line.split()[0] if line and not line.startswith(" ") else zone
        yield f"{zone} {line}"


# --- Everywhere the same people -----------------------------------------------------------------


def test_circles_are_compared_of_those_whom_walking_judges(tmp_path):
    """Walking judges the 40 people of FAR, all gaps; a circle of 900 m around x = 600 reaches 10.

    Of all 90 people circles claim 60: h0000 to h1500.
    """
    _, result = judged(study_with(tmp_path, [("s", ISLAND, {})]))
    row = next(
        one
        for one in build_summary(result)["coverage"]
        if (one["category"], one["cutoff_min"], one["speed_m_s"]) == ("meal_point", 15, 1.0)
    )
    assert row["share_by_circles"] == pytest.approx(50 / 90)
    assert row["share_by_circles_of_judged"] == 0.0
    assert row["share_covered_of_judged"] == 0.0
