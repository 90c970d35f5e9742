"""Writers format what results hold: they add up no people, areas, lengths or times."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "coverage" / "circle15"
QUANTITY = re.compile(
    r"\b(people|persons?|micro|served|metres|seconds|minutes)\b|_(micro|m2|m|ms|s)\b"
)
SUMS = re.compile(r"(?:^|\.)(sum|fsum|cumsum|bincount|mean|median|hypot|groupby)$")
PRINTED_SUMS = {
    "output/text/numbers.py": "parts are rounded so that they add up to the printed whole",
    "output/map/gap_cards.py": "the zones left out of a card are printed as one number",
}
"""Modules of `output` that add up people, areas or times, each with the reason."""


def sums_of_quantities(source: str) -> list[str]:
    """Calls that sum or average people, areas, lengths or times, as text."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    told = ((ast.unparse(node.func), ast.unparse(node)) for node in calls)
    return [text for func, text in told if SUMS.search(func) and QUANTITY.search(text)]


def test_output_adds_up_no_people_areas_lengths_or_times():
    found = {
        str(path.relative_to(PACKAGE)): sums
        for path in sorted((PACKAGE / "output").rglob("*.py"))
        if (sums := sums_of_quantities(path.read_text(encoding="utf-8")))
    }
    assert {name: sums for name, sums in found.items() if name not in PRINTED_SUMS} == {}
    assert set(found) == set(PRINTED_SUMS)


@pytest.mark.parametrize(
    "source",
    ["sum(one.area_m2 for one in sites)", "np.sum(people, axis=0)", "homes.persons.sum()"],
)
def test_a_seeded_sum_is_found(source):
    assert len(sums_of_quantities(source)) == 1
