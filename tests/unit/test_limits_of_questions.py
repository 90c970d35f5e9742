"""All limits of a question on new sites are printed with its answer and with the parameters."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.builders.new_sites import answer_of, sited
from tests.builders.report_result import STATION, make_result
from tests.builders.siting_answers import candidates, inputs_in_subdistricts

from circle15.output.text.siting_words import limits_line, question_texts
from circle15.output.text.study_parameters import parameters
from circle15.output.text.wording import Words
from circle15.results.summary.parameters import parameters as read_parameters
from circle15.results.summary.siting import siting_entry
from circle15.study.settings.siting import MostPer, Siting

RESULT = make_result()
WORDS = Words("en", RESULT.study)
ROOMS = Path("rooms.csv")
GIVEN: dict[str, tuple[Any, str]] = {
    "add": (2, "add: 2"),
    "budget": (Decimal(2_000_000), "budget: 2,000,000"),
    "until_share": (Decimal("0.9"), "until_share: 90.0%"),
    "phases": ((3, 2), "phases: 3 + 2"),
    "where": ("kind = room", "where: kind = room"),
    "street_floor": (Decimal("0.8"), "street_floor: 80.0%"),
    "min_persons": (Decimal(900), "min_persons: 900"),
    "most_per": (MostPer("street", 2), "most_per: 2 in each subdistrict"),
    "forbidden": (Path("park.geojson"), "forbidden: no site within park.geojson"),
    "backup": (True, "backup: "),
    "time_limit_s": (Decimal("1.5"), "time_limit_s: search of up to 1.5 s"),
}
ASKED_OTHERWISE = {"category", "candidates", "candidates_sheet", "datum", "crs", "columns",
                   "spacing_m", "objective", "forbidden_sheet"}  # fmt: skip


def test_every_key_is_a_limit_or_says_which_candidates_are_read():
    """A new key of `[siting]` is added here, and so to what is printed."""
    assert {one.name for one in fields(Siting)} == GIVEN.keys() | ASKED_OTHERWISE


@pytest.mark.parametrize("key", GIVEN)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_limit_is_printed_with_its_key(key, language):
    value, told = GIVEN[key]
    settings = Siting(STATION, candidates=ROOMS, **{"add": 1, key: value})
    line = limits_line(settings, Words(language, RESULT.study))
    assert key in line
    if language == "en":
        assert told in line
    answer = answer_of(**{"phases": (), "add": 1, key: value})
    entry = siting_entry(answer, RESULT.study, RESULT.crs)
    assert key in entry["limits"]


def test_the_report_and_the_worksheet_of_parameters_list_every_question():
    result = sited(RESULT, answer_of(forbidden=Path("park.geojson"), where="kind = room"))
    (one,) = [row for row in parameters(result, WORDS) if row.key == "siting[stations]"]
    assert one.value == (
        "Home-care station · Objective: most people newly covered · vacant.csv · Limits: phases: "
        "1 + 1, where: kind = room, forbidden: no site within park.geojson, time_limit_s: search "
        "of up to 60 s"
    )
    assert "all limits" in one.meaning
    read = read_parameters(result)["siting"]["stations"]
    assert read["limits"] == siting_entry(result.siting[0], result.study, result.crs)["limits"]
    assert (read["limits"]["forbidden"], read["limits"]["time_limit_s"]) == ("park.geojson", 60)
    assert "siting" not in read_parameters(RESULT)


def test_points_along_the_streets_are_named():
    assert "every 250 m along the streets" in list(
        question_texts(Siting(STATION, add=1, spacing_m=Decimal(250)), WORDS)
    )


def test_rows_that_where_excludes_are_counted():
    """The file has three rows, and one meets `where`."""
    inputs = inputs_in_subdistricts({"h": (0, 0, 1)}, {"m": (5000, 0)}, ["S1"])
    found = candidates(inputs, Siting("meal_point", add=1), ("A", "", 0, 0), file_rows=3)
    assert dict(found.left_out) == {"ROWS_LEFT_OUT": 2}
    assert len(found) + sum(found.left_out.values()) == 3
