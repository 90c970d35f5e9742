"""Candidates as data of the map, for an answer written by hand; see `tests.builders.new_sites`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.builders.new_sites import ONE, answer_of, candidates_of, new_site, sited
from tests.builders.report_result import STATION, make_result

from circle15.output.map.plans.siting import MOST_DRAWN, siting_layer
from circle15.planning.reach import Gains

RESULT = make_result()


def test_without_questions_there_is_no_candidate():
    assert siting_layer(RESULT) == {"candidates": [], "more": 0}


def test_proposed_sites_have_their_order_and_others_only_their_gain():
    found = siting_layer(sited(RESULT, answer_of()))
    first, second, third = found["candidates"]
    assert (first["id"], first["label"], first["street"]) == ("V-1", "V-1 Room", "S 2")
    assert first["category"] == STATION
    assert (first["reached"], first["newly"], first["adds"]) == (3, 1, 1)
    assert (first["number"], first["phase"], first["minutes"]) == (1, 1, "10.0")
    assert (first["cost"], second["cost"], third["cost"]) == ("400,000", "250,000.50", None)
    assert first["served"] is None
    assert {third[key] for key in ("number", "phase", "adds", "minutes", "served")} == {None}
    lon, lat = (part / 1e5 for part in first["at"])
    assert 119 < lon < 121
    assert 30 < lat < 32


def test_people_served_are_said_where_they_are_sought():
    answer = answer_of(objective="served", sites=[new_site(0, served=2 * ONE)])
    (first, *_) = siting_layer(sited(RESULT, answer))["candidates"]
    assert (first["served"], first["phase"]) == (2, None)


def test_of_many_candidates_the_best_and_the_proposed_are_drawn():
    """The proposed candidate is the last of two more than are drawn."""
    n = MOST_DRAWN + 2
    answer = answer_of(sites=[new_site(n - 1)])
    table = candidates_of("").iloc[np.zeros(n, int)].reset_index(drop=True)
    table["candidate_id"] = [f"V-{k:05}" for k in range(n)]
    many = replace(
        answer,
        question=replace(
            answer.question, candidates=replace(answer.question.candidates, table=table)
        ),
        gains=Gains(np.zeros(n, np.int64), np.arange(n, 0, -1), np.zeros(n, np.int64)),
    )
    found = siting_layer(sited(RESULT, many))
    assert (len(found["candidates"]), found["more"]) == (MOST_DRAWN + 1, 1)
    assert found["candidates"][-1]["number"] == 1
