"""Worksheets on new sites, for an answer written by hand; see `tests.builders.new_sites`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from python_calamine import CalamineWorkbook
from tests.builders.new_sites import ONE, answer_of, candidates_of, new_site, sited
from tests.builders.report_result import make_result

from circle15.output.tables.sheets import sheets
from circle15.output.tables.siting_sheets import CANDIDATES_SHOWN, siting_sheets
from circle15.output.tables.workbook import write_workbook
from circle15.output.text.wording import Words
from circle15.planning.reach import Gains

RESULT = make_result()
WORDS = Words("en", RESULT.study)


def rows_of(result, place):
    sheet = siting_sheets(result, WORDS)[place]
    return [dict(zip([key for key, _ in sheet.columns], row, strict=True)) for row in sheet.rows]


def test_without_questions_there_are_no_worksheets():
    assert siting_sheets(RESULT, WORDS) == []


def test_the_summary_names_the_first_site_and_what_each_question_proposes():
    rows = {str(row[0]): row[1] for row in sheets(sited(RESULT, answer_of()), WORDS)[0].rows}
    assert rows["New site to build first"] == "Home-care station · V-1 Room, S 2"
    assert rows["Home-care station (stations) · Sites proposed"] == 2
    assert rows["Home-care station (stations) · Newly reached"] == Decimal("1.25")


def test_the_proposed_sites_in_their_order_with_sums():
    first, second = rows_of(sited(RESULT, answer_of()), 0)
    assert (first["question"], first["category"]) == ("stations", "Home-care station")
    assert (first["site_number"], first["phase"], first["candidate_id"]) == (1, 1, "V-1")
    assert (first["name"], first["street"], first["community"]) == ("Room", "S 2", "K 2")
    assert (first["persons_reached"], first["persons_newly"], first["mean_min"]) == (3, 1, 10)
    assert (first["site_floor_area_m2"], first["cost"]) == (Fraction("320.5"), 400_000)
    assert {first["more_served"], first["minutes_saved"]} == {None}
    # 2.5 people are covered today.
    assert [row["covered_so_far"] for row in (first, second)] == [Decimal("3.5"), Decimal("3.75")]
    assert [row["newly_so_far"] for row in (first, second)] == [1, Decimal("1.25")]
    assert second["cost_so_far"] == Fraction("650000.5")


@pytest.mark.parametrize(
    ("objective", "numbers", "key", "value"),
    [
        ("served", {"served": 2 * ONE}, "more_served", 2),
        ("minutes", {"saved_ms": 30 * ONE * 60_000}, "minutes_saved", 30),
    ],
)
def test_columns_of_an_objective_are_filled_where_it_is_sought(objective, numbers, key, value):
    answer = answer_of(objective=objective, sites=[new_site(0, **numbers)])
    assert rows_of(sited(RESULT, answer), 0)[0][key] == value


def test_all_candidates_those_who_newly_reach_most_first():
    rows = rows_of(sited(RESULT, answer_of()), 1)
    keys = ("candidate_rank", "proposed_as", "candidate_id", "persons_reached", "persons_alone")
    assert [[row[key] for key in keys] for row in rows] == [
        [1, 1, "V-1", 3, 1],
        [2, 2, "V-2", Decimal("1.5"), Decimal("0.25")],
        [3, None, "V-3", 2, 0],
    ]
    assert [row["cost"] for row in rows] == [400_000, Decimal("250000.5"), None]
    assert rows[1]["persons_unknown_there"] == Decimal("0.1")


def test_of_many_candidates_the_best_and_the_proposed_are_listed():
    """The proposed candidate is the last of 150 by gain."""
    answer = answer_of(sites=[new_site(149)])
    table = candidates_of("").iloc[np.zeros(150, int)].reset_index(drop=True)
    table["candidate_id"] = [f"V-{k:03}" for k in range(150)]
    zero = np.zeros(150, np.int64)
    many = replace(
        answer,
        question=replace(
            answer.question, candidates=replace(answer.question.candidates, table=table)
        ),
        gains=Gains(zero, np.arange(150, 0, -1), zero),
    )
    rows = rows_of(sited(RESULT, many), 1)
    assert len(rows) == CANDIDATES_SHOWN + 1
    assert (rows[-1]["candidate_id"], rows[-1]["candidate_rank"]) == ("V-149", 150)


def test_who_stays_in_the_gap_of_each_subdistrict():
    _, row = rows_of(sited(RESULT, answer_of()), 2)
    assert (row["level_id"], row["street"]) == ("S2", "S 2")
    assert (row["gap_today"], row["gap_then"]) == (Decimal("1.5"), Decimal("0.25"))
    why = ("no_candidate_near", "candidate_left_out", "candidate_not_chosen")
    assert [row[key] for key in why] == [Decimal("0.2"), 0, Decimal("0.05")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_holds_and_explains_them(tmp_path, language):
    result = sited(RESULT, answer_of(name="=1+1"))
    path = tmp_path / "report.xlsx"
    write_workbook(result, path, language)
    book = CalamineWorkbook.from_path(str(path))
    words = Words(language, result.study)
    keys = ("equity", "new_sites", "candidates", "siting_streets")
    names = [words.say(f"workbook.{key}") for key in keys]
    place = book.sheet_names.index(names[0])
    assert book.sheet_names[place : place + 4] == names
    assert book.get_sheet_by_name(names[2]).to_python()[1][5] == "=1+1"
    *made, dictionary = sheets(result, words)
    empty = {(row[0], row[1]): row[4] for row in dictionary.rows}
    for sheet in made[place : place + 4]:
        for k in range(len(sheet.columns)):
            if empty[words.say(f"workbook.{sheet.key}"), sheet.heading(k, words)] == words.say(
                "workbook.never_empty"
            ):
                assert None not in [row[k] for row in sheet.rows]
