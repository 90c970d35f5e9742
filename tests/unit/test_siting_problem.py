"""Invalid siting problems, each with its message."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tests.builders.siting_problems import siting_problem

from circle15.errors import InputDataError
from circle15.planning.siting.problem import Candidates, SitingProblem

TIMES = [[1, 2, -1], [-1, 5, 6]]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "Nothing says how many sites"),
        ({"add": 0}, "add is 0. State at least 1"),
        ({"add": 1, "objective": "best"}, "no objective 'best'. Known are: people, everybody"),
        ({"budget": 5}, "budget needs the cost"),
        ({"budget": 5, "cost": [1, -1]}, "cost of the candidate 'c001' is below 0"),
        ({"add": 1, "most_per": 1}, "most_per needs the group"),
        ({"until_share": Fraction(3, 2)}, "until_share is 1.5. State a share"),
        ({"add": 1, "street_floor": Fraction(0)}, "street_floor is 0.0"),
        ({"add": 4, "phases": (1, 2)}, "phases [1, 2] do not sum to add = 4"),
        ({"objective": "everybody", "add": 2, "phases": (1, 1)}, "the number is what is sought"),
        ({"add": 1, "ids": ["b", "a"]}, "'b' stands before 'a'"),
        ({"add": 1, "ids": ["a", "a"]}, "'a' stands twice"),
        ({"add": 1, "objective": "served"}, "needs the capacity"),
        ({"add": 1, "objective": "minutes", "backup": True}, "backup does not go with"),
        ({"until_share": Fraction(1, 2), "objective": "minutes"}, "until_share counts people"),
        ({"add": 1, "existing": [True, False]}, "for the objective 'served' only"),
        ({"add": 1, "time_limit_s": 0.0}, "time_limit_s is 0.0"),
        ({"add": 1, "unknown": [0], "sites_today": [1, 0, 0]}, "unknown has a site within"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(keys, message):
    with pytest.raises(InputDataError) as error:
        siting_problem(TIMES, [1, 1, 1], **keys)
    assert message in str(error.value)


def test_pairs_that_do_not_fit_are_refused():
    good = siting_problem(TIMES, [1, 1, 1], add=1)
    for offsets, homes, message in (
        ([0, 2, 3], [0, 1, 1, 2], "do not rise from 0"),
        ([0, 2, 4], [1, 0, 1, 2], "do not rise, or one stands twice"),
        ([0, 2, 4], [0, 1, 1, 3], "a home that is not there"),
    ):
        spoiled = Candidates(
            good.candidates.ids, np.array(offsets), np.array(homes), good.candidates.time_ms
        )
        with pytest.raises(InputDataError, match=message):
            SitingProblem(good.homes, spoiled, "people", good.limits)
