"""The section on new sites, for an answer written by hand; see `tests.builders.new_sites`."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.builders.category_access import BEDS
from tests.builders.new_sites import FLOOR, ONE, answer_of, new_site, sited
from tests.builders.report_page import build_report
from tests.builders.report_result import make_result, text_of

from circle15.output.charts.gain_bars import GainBars, GainRow
from circle15.output.document.model import Figure, Notice, Paragraph, Table
from circle15.output.document.texts import plain
from circle15.output.report.plans.siting import siting_section
from circle15.output.text.wording import Words
from circle15.planning.proposals import After

RESULT = make_result()


def blocks(answer, kind):
    result = sited(RESULT, answer)
    found = siting_section(result, Words("en", result.study)).blocks
    return [block for block in found if isinstance(block, kind)]


def texts(answer):
    return [plain(one.text) for one in blocks(answer, Paragraph)]


def test_the_lead_says_how_many_sites_reach_how_many_people():
    """By hand: 1 + 0.25 people of a gap of 1.5, of which 0.25 stay: printed 2 − 0 = 2."""
    lead, how, sought, stays, _ = texts(answer_of())
    assert lead == (
        "Sites proposed: 2; together they would bring 2 more people within 15 minutes on foot "
        "of a site of this kind (covered: 50.0% → 75.0%)."
    )
    assert how == (
        "No better plan exists within the limits. Total cost: 650,000.50 (costs stated in ten "
        "thousands of yuan are converted to yuan)."
    )
    assert sought.startswith(
        "Objective: most people newly covered. Limits: phases: 1 + 1, time_limit_s: search of up "
        "to 60 s. Candidates: 3 of vacant.csv"
    )
    assert "left out: 2 without a position" in sought
    # 0.25 people stay: 0.2 and 0.05 sum to none that is whole.
    assert stays.startswith("Afterwards 0 people remain in the gap")


def test_a_bound_says_how_many_more_a_plan_could_reach():
    """The value is 3.75 people and the bound 4."""
    how = texts(answer_of(proven=False))[1]
    assert how.startswith(
        "Not proven to be the best: a plan within the limits could cover at most 1"
    )


def test_the_rough_bound_of_the_nearest_first_is_not_told_as_people():
    """It says by how many more people a plan could be better only if the bound is exact."""
    answer = answer_of(proven=False, objective="served", sites=[new_site(0, served=ONE)])
    solution = replace(answer.solution, counted="served")
    result = sited(RESULT, replace(answer, solution=solution))

    def how(assign):
        capacity = {answer.category: replace(BEDS, assign=assign)}
        study = replace(result.study, capacity=capacity)
        found = siting_section(replace(result, study=study), Words("en", study)).blocks
        return [plain(one.text) for one in found if isinstance(one, Paragraph)][1]

    assert "could serve at most 1 more people" in how("least_walk")
    assert "at most" not in how("nearest_first")
    assert "unknown whether a better plan exists" in how("nearest_first")


def test_sites_in_their_order_with_place_people_minutes_and_cost():
    sites, streets = blocks(answer_of(), Table)
    rows = [[plain(cell) for cell in row] for row in sites.rows]
    assert [row[:2] + row[3:] for row in rows] == [
        ["1", "1", "S 2", "3", "1", "10.0", "400,000"],
        ["2", "2", "S 2", "2", "1", "5.0", "250,000.50"],
    ]
    assert rows[0][2].startswith("V-1 Room120.0")
    assert streets.rows == [["S 2", "2", "0", "0", "0"]]


def test_the_curve_adds_up_the_sites():
    (figure,) = blocks(answer_of(), Figure)
    assert [(row.label, row.value) for row in figure.drawing.rows] == [
        ("1", Fraction(1)),
        ("2", Fraction(5, 4)),
    ]
    assert figure.drawing.ticks == ["0", "0.25", "0.5", "0.75", "1", "1.25"]


def test_one_site_needs_no_curve_and_one_phase_no_column():
    one = answer_of(sites=[new_site(2, newly=ONE)])
    assert blocks(one, Figure) == []
    assert [column.heading for column in blocks(one, Table)[0].columns][:2] == [
        "#",
        "Site (lon, lat)",
    ]


@pytest.mark.parametrize(
    ("settings", "numbers", "lead", "cell"),
    [
        ({"objective": "served"}, {"served": 2 * ONE}, "serve 2 more people within", "2"),
        ({"backup": True}, {"newly": 3 * ONE}, "give 3 people a second one within", "3"),
        (
            {"objective": "minutes"},
            {"newly": ONE, "saved_ms": 30 * ONE * 60_000},
            "save 30 person-minutes of walking",
            "30",
        ),
    ],
)
def test_what_is_sought_is_what_is_counted(settings, numbers, lead, cell):
    answer = answer_of(sites=[new_site(0, **numbers)], **settings)
    assert lead in texts(answer)[0]
    assert blocks(answer, Table)[0].rows[0][4] == cell


def test_people_of_unknown_state_are_said_to_be_left_out():
    answer = answer_of(sites=[new_site(0, newly=ONE, settled=2 * ONE)])
    assert "2 more people, whose state is unknown today, would be covered" in texts(answer)[1]


def test_limits_that_cannot_be_met_stand_out():
    (notice,) = blocks(replace(answer_of(), unmet=[FLOOR]), Notice)
    assert notice.text == (
        "Not possible: street_floor = 80.0%. With the other limits unchanged, 75.0% is possible."
    )


def test_nothing_proposed_is_said():
    assert texts(answer_of(sites=[]))[0] == "No site is proposed."
    covered = After(RESULT.coverage_rows[0].claimed, RESULT.coverage_rows[0].claimed, 0)
    nobody = replace(
        covered, before=replace(covered.before, gap=0), after=replace(covered.after, gap=0)
    )
    assert texts(replace(answer_of(sites=[]), area=nobody))[0].startswith("No people are in a gap")


def test_many_sites_are_cut_and_their_number_is_said():
    many = answer_of(sites=[new_site(0, newly=ONE) for _ in range(25)])
    sites = blocks(many, Table)[0]
    assert len(sites.rows) == 21
    assert "The other 5 sites" in plain(sites.rows[-1].text)
    (figure,) = blocks(many, Figure)
    assert [row.label for row in figure.drawing.rows][-2:] == ["22", "25"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_has_the_section_where_sites_are_sought(language):
    page = build_report(sited(RESULT, answer_of()), language)
    assert 'id="siting"' in page
    assert 'href="#siting"' in page
    assert 'id="siting"' not in build_report(RESULT, language)


def test_names_of_candidates_are_escaped():
    page = build_report(sited(RESULT, answer_of(name="<script>x</script>")), "zh")
    assert "<script>x" not in page
    assert "<script>x</script>" in text_of(page)


def test_bars_end_on_a_scale_of_round_numbers():
    chart = GainBars([GainRow("1", Fraction(4230), "4,230")], "people")
    assert chart.ticks == ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]
    strips = chart.strips()
    assert (strips.ticks, strips.strips[0].figures) == (chart.ticks, "4,230")
    assert str(chart.svg("Curve")).count("<rect") == 2
    assert GainBars([GainRow("1", Fraction(0), "0")], "people").top == 4
