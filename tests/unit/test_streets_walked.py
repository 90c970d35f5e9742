"""The streets of a route, by hand: steps of one name are one street, a long middle is summed up."""

from __future__ import annotations

from circle15.travel.paths.records import StreetWalked, streets_walked
from circle15.travel.paths.steps import Step


def step(name, metres, part="way"):
    return Step(part, name, "", (), False, metres, metres, 0.0, 0.0, 0, 0, 0, ())


def test_consecutive_steps_of_one_name_are_one_street():
    steps = (
        step("leg", 5.0, part="access"),
        step("A", 10.0),
        step("A", 2.5),
        step("", 4.0),
        step("A", 1.0),
        step("leg", 6.0, part="egress"),
    )
    found = [StreetWalked("A", 12.5), StreetWalked("", 4.0), StreetWalked("A", 1.0)]
    assert streets_walked(steps, most=3) == found


def test_the_middle_of_a_long_list_is_summed_up():
    steps = tuple(step(name, float(2**k)) for k, name in enumerate("ABCDE"))
    first, second, middle, last = streets_walked(steps, most=3)
    assert (first, second) == (StreetWalked("A", 1.0), StreetWalked("B", 2.0))
    assert (middle, last) == (StreetWalked(None, 12.0, 2), StreetWalked("E", 16.0))
    assert len(streets_walked(steps, most=5)) == 5
    assert streets_walked((), most=3) == []
