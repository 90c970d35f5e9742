"""
A route on one street, as lines, as a record and on its page.

A (0, 0) ---- B (1000, 0): from x = 25, 2 m off the street, to f1 at x = 700, 3 m off: 2 + 675 + 3 m
are 680 s at 1.0 m/s.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.builders.report_result import make_study
from tests.builders.small_inputs import inputs_of, streets
from tests.streets import EAST_M, NORTH_M, Way

from circle15.output.route.map import build_route_map
from circle15.output.route.texts import route_entry, route_lines
from circle15.travel.paths.records import NoRoute, RouteEnd
from circle15.zones.routes import RouteFinder, quickest

NODES = {"A": (0.0, 0.0), "B": (1000.0, 0.0)}
SITE = RouteEnd(120.007, 31.5, "f1", "<b>食堂</b>", "meal_point")


def found(*ways, judge="outbound", home=(25, 2, 1), nodes=NODES, site=(700.0, 3.0)):
    study = make_study(walk=replace(make_study().walk, judge=judge))
    network = streets(nodes, *(ways or ("AB",)))
    inputs = inputs_of(network, {"h": home}, {"f1": site}, study=study)
    points = [(EAST_M + x, NORTH_M + y) for x, y in (home[:2], site)]
    snaps = inputs.demand_snaps.followed_by(inputs.sites.snaps)
    return RouteFinder(inputs.study, network).find(RouteEnd(120.0, 31.5), SITE, points, snaps)


def test_a_record_of_the_route():
    entry = route_entry(found(), "en")
    assert (entry["time_s"], entry["length_m"]) == (680.0, pytest.approx(675))
    assert (entry["access_m"], entry["egress_m"]) == (2.0, 3.0)
    assert [step["part"] for step in entry["steps"]] == ["access", "way", "egress"]
    assert [step["time_s"] for step in entry["steps"]] == [2.0, 675.0, 3.0]
    assert (entry["reason"], entry["message"], entry["back"]) == (None, "", None)
    assert entry["from"] == {
        "lon": 120.0, "lat": 31.5, "facility_id": None, "name": None, "category": None,
    }  # fmt: skip
    assert entry["to"]["facility_id"] == "f1"


def test_a_round_trip_is_both_ways():
    """Out 680 s; back, against the one way A-B, there is none, and then no round trip either."""
    entry = route_entry(found(judge="round_trip"), "zh")
    assert (entry["back"]["time_s"], entry["round_trip_s"]) == (680.0, 1360.0)
    lines = list(route_lines(found(judge="round_trip"), "en"))
    assert "22:40" in lines[-1]
    one_way = found(Way("AB", one_way=True), judge="round_trip")
    assert one_way.reason == NoRoute.BEYOND_HORIZON
    assert route_entry(one_way, "en")["time_s"] is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lines_name_the_ends_and_the_time(language):
    title, *lines = route_lines(found(), language)
    assert "食堂" in title
    assert any("11:20" in line for line in lines)
    assert sum("675" in line for line in lines) >= 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_draws_the_steps_and_names_stay_text(language):
    route = found(judge="round_trip")
    page = build_route_map(route, language)
    assert "&lt;b&gt;食堂&lt;/b&gt;" in page
    assert "<b>食堂" not in page
    assert page.count("<table") == 2  # there and back
    assert "11:20" in page
    assert build_route_map(route, language) == page
    assert build_route_map(found(), language).count("<table") == 1


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"home": (25, 900, 1)}, "ORIGIN_TOO_FAR"),
        ({"site": (700.0, 900.0)}, "DESTINATION_TOO_FAR"),
        (
            {
                "ways": ("AB", "CD"),
                "nodes": NODES | {"C": (0.0, 1500.0), "D": (900.0, 1500.0)},
                "site": (700.0, 1500.0),
            },
            "NOT_CONNECTED",
        ),
        (
            {"nodes": {"A": (0.0, 0.0), "B": (9000.0, 0.0)}, "site": (8000.0, 0.0)},
            "BEYOND_HORIZON",
        ),
    ],
)
def test_why_there_is_no_route(case, reason):
    """An hour at 1.0 m/s is 3,600 m; points join within 200 m."""
    options = dict(case)
    route = found(*options.pop("ways", ()), **options)
    assert route.reason == NoRoute(reason)
    title, message = route_lines(route, "en")
    assert route_entry(route, "en")["message"] == message
    assert message != title


def test_the_quickest_of_several_doors_is_taken():
    near, far = found(), found(home=(5, 2, 1))
    none = found(home=(25, 900, 1))
    assert quickest([far, none, near]) is near
    assert quickest([none]) is none


def test_a_curved_way_is_drawn_inside_the_frame():
    """The drawing holds numbers only: none is missing or infinite."""
    bend = {"A": (0.0, 0.0), "M": (300.0, 200.0), "B": (1000.0, 0.0)}
    page = build_route_map(found("AMB", nodes=bend, home=(0, 2, 1), site=(1000.0, 3.0)), "en")
    assert "nan" not in page.lower().split("<svg")[1].split("</svg>")[0]
    total = np.hypot(300, 200) + np.hypot(700, 200)
    entry = route_entry(found("AMB", nodes=bend, home=(0, 2, 1), site=(1000.0, 3.0)), "en")
    assert entry["length_m"] == pytest.approx(total, abs=2)
