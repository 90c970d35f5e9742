"""One rounding for map, report, tables and terminal: different values never print the same."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from circle15.output.tables.workbook import finer_formats, finer_kind
from circle15.output.text.numbers import area, clock, digits_apart
from circle15.output.zones.terminal import zone_lines

HAND_MADE = re.compile(r":\+?,?\.\d+f\}|:,?g\}|:,f\}")
"""Rounding within a text; coordinates, degrees and settings are no results."""

PIXELS = {"tracing.js", "ink.js"}
"""Scripts that round places on the screen and levels of a colour."""
DRAWN = {
    "charts/bars.py",
    "charts/dots.py",
    "charts/gain_bars.py",
    "charts/lorenz.py",
    "charts/waterfall.py",
    "gis/dxf.py",
    "province/district_map.py",
    "route/map.py",
    "text/study_parameters.py",
    "gis/layer_styles.py",
    "text/wording.py",
    "report/method.py",
    "siting/files.py",
}
DEGREES = re.compile(r"\{[^{}]*:\.[56]f\}")


@pytest.mark.parametrize(
    "short",
    [Decimal("299.999"), Decimal("299.99999"), Decimal("299.9999999"), Fraction(899999, 3000)],
)
def test_an_area_just_below_a_whole_one_never_prints_as_it(short):
    assert area(short) != area(300)
    assert area(300) == "300"


@pytest.mark.parametrize(("value", "beside"), [("374.699", "374.7"), ("374.7000001", "374.7")])
def test_an_area_beside_another_prints_unlike_it(value, beside):
    assert area(Decimal(value), apart_from=Decimal(beside)) != area(Decimal(beside))


def test_what_areas_in_mu_exceed_by_rounding_up_is_not_told():
    """Three rooms of 0.1 亩 are 200 m²; each is rounded up by 10⁻¹² at most."""
    assert area(3 * Decimal("66.666666666667")) == "200"


@pytest.mark.parametrize(("seconds", "printed"), [(900.0, "15:00"), (900.001, "15:01")])
def test_a_walk_beyond_a_limit_never_prints_as_the_limit(seconds, printed):
    assert clock(seconds) == printed


def entry(counted, required, worst_s, state):
    return {
        "zone_id": "Z",
        "name": "",
        "verdict": "not_met",
        "reading_dependent": False,
        "required_m2": required,
        "counted_m2": counted,
        "plain_sum_m2": counted,
        "plain_gap_m2": 0.001,
        "shortfall_m2": 0.001,
        "readings": {},
        "reason": "",
        "approximate_rooms": [],
        "approximate_households": False,
        "hangs_on_approximate": False,
        "circle": [
            {
                "category": "meal_point",
                "state": state,
                "worst_s": worst_s,
                "median_s": worst_s,
                "share_inside": 0.0,
            }
        ],
    }


@pytest.mark.parametrize(
    ("counted", "required", "printed"),
    [(299.999, 300, "299.999 m²"), (374.6999, 374.7, "374.6999 m²")],
)
def test_the_terminal_prints_areas_as_the_report_does(counted, required, printed):
    told = "\n".join(zone_lines([entry(counted, required, 900.4, "gap")], "en"))
    assert printed in told
    assert "15:01" in told
    assert "15.0" not in told


@pytest.mark.parametrize(("beyond", "printed"), [(["worst_s"], "> 60:00"), ([], "—")])
def test_a_time_that_is_not_known_is_not_beyond_the_hour(beyond, printed):
    zone = entry(0, 300, None, "gap")
    zone["circle"][0]["beyond_hour"] = beyond
    told = "\n".join(zone_lines([zone], "en"))
    assert f"worst home {printed}, median —" in told


@pytest.mark.parametrize(
    ("value", "code"), [("299.999", "#,##0.000"), ("299.99999", "#,##0.00000")]
)
def test_a_cell_of_the_workbook_shows_what_is_not_whole(value, code):
    assert finer_formats()[f"area_{digits_apart(Decimal(value))}"] == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (28.101953, "#,##0.00"),
        (7.376941, "#,##0.00#"),
        (0.8513, "#,##0.00##"),
        (0.044492, "#,##0.00###"),
        (0.0000007, "#,##0.00####"),
        (1234.5, "#,##0.00"),
    ],
)
def test_an_index_shows_four_digits(value, code):
    assert finer_formats()[finer_kind(value, "index", [])] == code


def test_no_result_is_rounded_by_hand(repository):
    """Texts take their numbers from `output.text.numbers`; scripts print what they get."""
    room = repository / "coverage/circle15"
    found = []
    for path in [
        *(room / "output").rglob("*.py"),
        *(room / "results").rglob("*.py"),
        *sorted((room / "cli").glob("*.py")),
    ]:
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            rest = DEGREES.sub("", line)
            if (
                "/".join(path.parts[-2:]) not in DRAWN
                and HAND_MADE.search(rest)
                and "viewBox" not in line
            ):
                found.append(f"{path.name}:{number}: {line.strip()}")
    for path in (room / "output").rglob("*.js"):
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if path.name not in PIXELS and re.search(r"Math\.round|toPrecision", line):
                found.append(f"{path.name}:{number}: {line.strip()}")
    assert not found, "\n".join(found)
