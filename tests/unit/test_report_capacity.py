"""The section on capacity for a result made by hand: one bed for two of three covered people."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.builders.category_access import BEDS, ONE, access_of
from tests.builders.report_result import STATION, make_result

from circle15.access.counting import Counts
from circle15.access.supply.records import SiteSupply
from circle15.output.charts.lorenz import LorenzChart
from circle15.output.document.html import render_html
from circle15.output.document.model import Figure, Lines, Paragraph, Table, WideRow
from circle15.output.document.texts import plain
from circle15.output.report.capacity import capacity_section
from circle15.output.report.document import report_document
from circle15.output.report.first_page import first_page
from circle15.output.tables.sheets import sheets
from circle15.output.text.study_parameters import parameters
from circle15.output.text.wording import Words
from circle15.study.settings.capacity import Capacity

RESULT = make_result()
WITH_BEDS = replace(
    RESULT,
    access=access_of(RESULT.catchments, beds=True),
    study=replace(RESULT.study, capacity={STATION: BEDS}),
)
WORDS = Words("en", RESULT.study)


def tables(result):
    return [one for one in capacity_section(result, WORDS).blocks if isinstance(one, Table)]


def texts(result):
    blocks = capacity_section(result, WORDS).blocks
    return [plain(one.text) for one in blocks if isinstance(one, Paragraph)]


def test_who_is_served():
    served, zones, choice, closing, _ = tables(WITH_BEDS)
    classes = ["2", "1", "1", "1", "40.0%"]
    assert served.rows[0][1:] == ["Beds 1", "20.00 per 100", "50.00 per 100", *classes]
    assert [one.heading for one in zones.columns][2] == "Supply per 100 people"
    assert zones.rows[0] == ["S 1", "5", "20.00", *classes]
    assert plain(zones.rows[1][0]) == "Whole area"
    assert zones.rows[1][1:] == ["5", "20.00", *classes]
    assert choice.rows[0][1:] == ["2", "2", "1", "5"]
    assert closing.rows[0][2:] == ["3", "3", "1", "3.0", "3.0"]
    assert any("walk 10 minutes in total" in text for text in texts(WITH_BEDS))


def with_sites(*sites, away=1):
    """The result with these sites, and so many people turned away."""
    (access,) = WITH_BEDS.access
    assert access.supplied is not None
    supplied = replace(access.supplied, sites=sites, settings=BEDS)
    served = replace(access.served, turned_away=away * ONE)
    everybody = replace(access.everybody, served=served)
    return replace(WITH_BEDS, access=[replace(access, supplied=supplied, everybody=everybody)])


FULL = SiteSupply(0, Decimal(1), 0.4, False, 2 * ONE, 2 * ONE)
HALF = replace(FULL, assigned=ONE, facility=1)
IDLE = replace(FULL, assigned=0, idle=True, facility=1)
UNKNOWN = SiteSupply(1, None, None, False)


@pytest.mark.parametrize(
    ("sites", "away", "told"),
    [
        ((FULL, HALF), 1, "1 of the 2 sites of known capacity are full. The others (1) have room"),
        ((FULL, HALF), 1, "room for 1 more people, while 1 people reach full sites only"),
        ((FULL, HALF), 0, "No covered person is turned away."),
        ((FULL, FULL), 1, "all 2 sites of known capacity are full; 1 people reach sites"),
        ((FULL, IDLE), 1, "have room for 2 more people"),
        ((FULL, IDLE), 1, "no people within their circle (1): "),
        ((UNKNOWN,), 0, "the capacity of all sites is unknown. Sites of unknown capacity (1): "),
    ],
)
def test_room_that_is_left_is_compared_with_people_turned_away(sites, away, told):
    assert any(told in text for text in texts(with_sites(*sites, away=away)))


def test_small_supplies_are_related_to_more_people():
    """0.0002 of each needed are 2 of 10,000; a supply of 0.2 is 2,000 of them."""
    (access,) = WITH_BEDS.access
    assert access.supplied is not None
    supplied = replace(access.supplied, settings=replace(BEDS, per_person=Decimal("0.0002")))
    table = tables(replace(WITH_BEDS, access=[replace(access, supplied=supplied)]))[0]
    assert table.rows[0][2:4] == ["2,000.00 per 10,000", "2.00 per 10,000"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "People who are covered but not served, as all sites in their reach are full: "),
        ("zh", "已覆盖未服务（走得到设施，但设施都已满）："),
    ],
)
def test_the_first_page_says_how_many_are_not_served(language, told):
    def lines(result):
        words = Words(language, result.study)
        found = [one for one in first_page(result, words).blocks if isinstance(one, Lines)]
        return [plain(text) for one in found for text in one.texts]

    assert any(told in text and "1" in text for text in lines(WITH_BEDS))
    assert not any(told in text for text in lines(with_sites(FULL, away=0)))


def test_the_summary_sheet_has_lines_on_room():
    rows = {str(row[0]): row[1] for row in sheets(with_sites(FULL, HALF), WORDS)[0].rows}
    found = {key.partition(" · ")[2]: value for key, value in rows.items() if "Home-care" in key}
    assert found["Served"] == 2
    assert found["Covered, not served"] == 1
    assert found["Full sites"] == 1
    assert found["People for whom the other sites have room"] == 1


def test_without_a_number_per_person_a_sentence_says_so_in_place_of_dashes():
    without = replace(RESULT.study, capacity={STATION: Capacity("beds")})
    access = [
        replace(
            one,
            supplied=one.supplied and replace(one.supplied, settings=Capacity("beds")),
            everybody=replace(one.everybody, served=None),
            zones=[replace(zone, served=None) for zone in one.zones],
        )
        for one in WITH_BEDS.access
    ]
    result = replace(WITH_BEDS, study=without, access=access)
    assert tables(result)[0].rows[0][1:] == ["Beds 1", "20.00 per 100"]
    assert any("per_person, what one person needs, is not set" in text for text in texts(result))


def test_without_capacity_it_is_said_that_room_is_unknown():
    choice, _, equity = tables(RESULT)
    assert choice.rows[0][1:] == ["2", "2", "1", "5"]
    assert equity.rows[1][1:] == ["0", "10.0", "25.0", "—", "0.375", "1.25", "5.00", "0.87"]
    text = (
        "Walks differ most for Home-care station: the tenth of the people who walk farthest take 25"
    )
    assert any(text in one for one in texts(RESULT))
    assert any("up to 60" in text for text in texts(RESULT))
    assert any("has no [capacity]" in text for text in texts(RESULT))


def test_people_of_unknown_state_are_as_many_as_in_the_table_of_coverage():
    """0.6 covered, 0.9 in the gap and 0.5 unknown are printed as 1, 1 and 0 of 2, not as 1."""
    counts = Counts(2_000_000, 600_000, 900_000, 500_000)
    rows = [replace(row, counts=counts) for row in RESULT.coverage_rows]
    access = [
        replace(
            one,
            equity={k: replace(v, persons_unknown=500_000) for k, v in one.equity.items()},
        )
        for one in RESULT.access
    ]
    _, _, equity = tables(replace(RESULT, coverage_rows=rows, access=access))
    assert {row[1] for row in equity.rows if not isinstance(row, WideRow)} == {"0"}


def test_the_curve_has_as_much_as_the_people_with_least():
    """Four people walk 5, 5, 5 and 25 minutes: the half with least has 10 of 40."""
    (figure,) = [b for b in capacity_section(RESULT, WORDS).blocks if isinstance(b, Figure)]
    assert isinstance(figure.drawing, LorenzChart)
    (curve,) = figure.drawing.curves
    assert curve.label == "Home-care station"
    assert curve.text == "Minutes to the nearest site, Gini 0.375"
    assert curve.shares[0] == 0
    assert curve.shares[5] == pytest.approx(2 * 5 / 40)
    assert curve.shares[10] == pytest.approx(1)
    assert str(figure.drawing.svg("Curves")).count("<path") == 5
    (strip,) = figure.drawing.strips().strips
    assert strip.figures == curve.text


def test_minutes_that_are_left_out_of_equity_are_named():
    study = replace(RESULT.study, walk=replace(RESULT.study.walk, judge="round_trip"))
    assert any("Minutes are left out" in text for text in texts(replace(RESULT, study=study)))


def test_without_categories_there_is_nothing_to_judge():
    assert len(capacity_section(replace(RESULT, access=[]), WORDS).blocks) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_has_the_section(language):
    page = render_html(report_document(WITH_BEDS, language))
    assert 'id="capacity"' in page


def test_the_settings_are_printed():
    (found,) = [one for one in parameters(WITH_BEDS, WORDS) if one.key.startswith("capacity")]
    assert found.value == "Beds · 2sfca · 0.5 per person · nearest_first"
