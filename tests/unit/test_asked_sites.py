"""Which question on new sites is asked: by name, or by a category and a number."""

from __future__ import annotations

import pytest
from tests.builders.report_result import STATION, make_study

from circle15.errors import InputDataError
from circle15.study.settings.siting import Siting
from circle15.workflow.siting.proposing import propose_sites

TWO = {"stations": Siting(STATION, add=2), "meals": Siting("meal_point", add=1)}


@pytest.mark.parametrize(
    ("siting", "asked", "says"),
    [
        (
            {},
            {},
            (
                "No question is named. The study has no [siting.NAME]. Name one of them, or give a "
                "category and the number of sites to add."
            ),
        ),
        (TWO, {}, "No question is named. The study has stations, meals."),
        (
            TWO,
            {"name": "station"},
            (
                "[siting.station] is not in the study. The study has stations, meals. Did you mean "
                "'stations'?"
            ),
        ),
        (TWO, {"name": "zzz"}, "The study has stations, meals. Name one of them"),
        (
            TWO,
            {"name": "meals", "add": 2},
            "'meals' and a category or number are both given. Give either a name",
        ),
        (TWO, {"add": 2}, "A category and the number of sites go together. Give both"),
        (TWO, {"category": STATION}, "A category and the number of sites go together."),
        (
            TWO,
            {"category": "home_care_statoin", "add": 2},
            "'home_care_statoin' is not a category. Did you mean 'home_care_station'?",
        ),
        (TWO, {"category": "zzz", "add": 2}, "'zzz' is not a category. Known: "),
        (TWO, {"category": STATION, "add": 0}, "The number of sites is 0. Add 1 or more."),
        (
            TWO,
            {"name": "meals", "out": "sites.xlsx"},
            "sites.xlsx: is not a .csv file. Use a name that ends in .csv.",
        ),
    ],
)
def test_a_question_that_cannot_be_asked(siting, asked, says):
    with pytest.raises(InputDataError) as caught:
        propose_sites(make_study(siting=siting), **asked)
    assert says in str(caught.value)
