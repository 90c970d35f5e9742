"""The section on capacity for a result made by hand: one bed for two of three covered people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.builders.category_access import BEDS, access_of
from tests.builders.report_result import STATION, make_result

from circle15.access.counting import Counts
from circle15.output.charts.lorenz import LorenzChart
from circle15.output.document.html import render_html
from circle15.output.document.model import Figure, Paragraph, Table, WideRow
from circle15.output.report.capacity import capacity_section
from circle15.output.report.document import report_document
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
    return [str(one.text) for one in blocks if isinstance(one, Paragraph)]


def test_who_is_served():
    served, zones, choice, closing, _ = tables(WITH_BEDS)
    assert served.rows[0][1:] == ["Beds 1", "0", "0", "0.2000", "0.5", "2", "1", "1", "1", "40.0%"]
    assert zones.rows[0] == ["S 1", "5", "2", "1", "40.0%"]
    assert choice.rows[0][1:] == ["2", "2", "1", "5"]
    assert closing.rows[0][2:] == ["3", "3", "1", "3.0", "3.0"]
    assert any("2 people are served; 1 are covered" in text for text in texts(WITH_BEDS))


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
    assert tables(result)[0].rows[0][1:] == ["Beds 1", "0", "0", "0.2000"]
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
