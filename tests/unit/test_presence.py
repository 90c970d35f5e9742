"""The rule that wants a service in each unit, or in a share of the units."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from circle15.errors import InputDataError
from circle15.rules.evaluators.presence import judge_presence
from circle15.rules.verdicts import Verdict


def test_q04_seventeen_complexes_in_sixteen_of_seventeen_streets():
    streets = [f"s{i:02}" for i in range(1, 18)]
    complexes = [*streets[:16], "s01"]  # two in one street
    sheet = judge_presence(streets, complexes, threshold_percent=Decimal(100))
    assert sheet.value_percent == Fraction(1600, 17)
    assert f"{float(sheet.value_percent):.2f}" == "94.12"
    assert (sheet.verdict, sheet.shortfall, sheet.without) == (Verdict.NOT_MET, 1, ("s17",))


def test_presence_at_the_threshold_and_elsewhere():
    sheet = judge_presence(["a", "b", "c"], ["a", "b", None, "x"], threshold_percent=Decimal("66"))
    # 200 / 3 = 66.67 >= 66; of 3 units 66 % are 1.98, so 2 are needed
    assert (sheet.verdict, sheet.shortfall, sheet.elsewhere) == (Verdict.MET, 0, 2)
    half = judge_presence(["a", "b"], ["b"], threshold_percent=Decimal(50))
    assert half.verdict is Verdict.MET


def test_presence_without_units_or_threshold():
    empty = judge_presence([], ["a"], threshold_percent=Decimal(100))
    assert (empty.verdict, empty.value_percent, empty.shortfall) == (
        Verdict.UNDETERMINED,
        None,
        None,
    )
    assert judge_presence(["a"], [], threshold_percent=None).verdict is Verdict.REPORTED


def test_presence_refuses_a_unit_listed_twice():
    with pytest.raises(InputDataError, match="1 units are listed more than once: a"):
        judge_presence(["a", "a"], [], threshold_percent=None)
