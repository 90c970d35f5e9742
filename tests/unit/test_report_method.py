"""The section on the method explains what the study computes, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.builders.category_access import BEDS, access_of
from tests.builders.new_sites import answer_of, sited
from tests.builders.report_result import STATION, make_result

from circle15.access.supply.floating import METHODS
from circle15.output.document.model import Definitions
from circle15.output.document.texts import plain
from circle15.output.report.method import method_section
from circle15.output.text.wording import Words

RESULT = make_result()


def explained(result, language="en"):
    (block,) = method_section(result, Words(language, result.study)).blocks
    assert isinstance(block, Definitions)
    return {plain(title): plain(text) for title, text in block.pairs}


def with_capacity(**keys):
    study = replace(RESULT.study, capacity={STATION: replace(BEDS, **keys)})
    return replace(RESULT, access=access_of(RESULT.catchments, beds=True), study=study)


@pytest.mark.parametrize(
    ("method", "title", "formula"),
    [
        ("2sfca", "2SFCA (Luo and Wang 2003)", "A_i = Σ_j R_j"),
        ("e2sfca", "E2SFCA (Luo and Qi 2009)", "A_i = Σ_j W_ij R_j"),
        ("3sfca", "3SFCA (Wan, Zou and Sternberg 2012)", "G_ij = W_ij ÷ Σ_j W_ij"),
        ("m2sfca", "M2SFCA (Delamater 2013)", "A_i = Σ_j W_ij² R_j"),
        ("bfca", "BFCA (Paez, Higgins and Vivona 2019)", "D_j = Σ_i P_i W_ij ÷ Σ_j W_ij"),
    ],
)
def test_the_method_used_is_named_with_its_source_and_formula(method, title, formula):
    found = explained(with_capacity(method=method))
    told = [text for name, text in found.items() if name.startswith("Supply per person")]
    assert len(told) == 1
    assert formula in found[f"Supply per person: {title}"]
    assert "near the border the supply is rather too high" in told[0]


@pytest.mark.parametrize(
    ("way", "says"),
    [("nearest_first", "taken by walking time"), ("least_walk", "least total walking time")],
)
def test_who_is_served_is_explained_as_assigned(way, says):
    assert says in explained(with_capacity(assign=way))["Who is served"]


def test_without_capacity_and_questions_nothing_is_said_of_them():
    found = explained(RESULT)
    assert "Who is served" not in found
    assert "New sites" not in found
    assert not any(name.startswith("Supply per person") for name in found)
    assert "Gini = " in found["Equity"]


@pytest.mark.parametrize("objective", ["people", "everybody", "minutes", "served"])
def test_the_objective_that_is_sought_has_its_formula(objective):
    found = explained(sited(RESULT, answer_of(objective=objective)))["New sites"]
    for one in ("people", "everybody", "minutes", "served"):
        assert (f"{one}: m" in found) == (one == objective)
    assert "gap = |bound − value|" in found


def test_every_method_can_be_explained():
    """In both languages, each with a title of its own."""
    for language in ("zh", "en"):
        titles = {
            title
            for method in METHODS
            for title in explained(with_capacity(method=method), language)
            if "FCA" in title
        }
        assert len(titles) == len(METHODS)
