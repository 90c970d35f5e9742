"""A number of people prints the same wherever it stands, and printed parts sum to their total."""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from circle15.output.map.html import build_map
from circle15.output.report.document import report_document
from circle15.output.siting.terminal import answer_lines
from circle15.output.text import numbers
from circle15.output.text.people_by_reason import whole_by_change, whole_by_reason
from circle15.output.text.siting_words import parts_out, whole_curve, whole_newly
from circle15.output.text.wording import Words
from circle15.results.gaps.gap_places import headline_areas
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle15.access.assignment.classes import ServedCounts
    from circle15.access.counting import Counts

ROUNDING = ("whole_persons", "whole_people", "whole_served", "whole_parts")


class Printed:
    """
    Whole persons by micro-persons, as the functions of `numbers` return them.

    With millionths of a person, equal micro-persons are the same people. Those covered in a zone
    and their parts are left out: they are what gap and unknown leave of the zone's people, which
    are no whole number, so that the covered of two categories may differ although they are the same
    people.
    """

    def __init__(self) -> None:
        self.found: dict[int, dict[int, str]] = defaultdict(dict)
        self.inside = False

    def whole_persons(self, told: Callable[..., int], micro: int) -> int:
        whole = told(micro)
        self.note("whole_persons", [micro], [whole])
        return whole

    def whole_people(self, told: Callable[..., list[int]], counts: Counts) -> list[int]:
        whole = told(counts)
        self.note_parts([counts.covered, counts.gap, counts.unknown], whole, counts)
        return whole

    def whole_served(self, told: Callable[..., list[int]], counts: ServedCounts) -> list[int]:
        whole = told(counts)
        parts = [counts.served, counts.turned_away, counts.gap, counts.unknown]
        self.note_parts(parts, whole, counts)
        return whole

    def whole_parts(
        self, told: Callable[..., list[int]], micro: Sequence[int], **how: Any
    ) -> list[int]:
        whole = told(micro, **how)
        self.note("whole_parts", micro, whole)
        return whole

    def note_parts(self, parts: list[int], whole: list[int], counts: Counts | ServedCounts) -> None:
        self.note("total", [counts.persons], [sum(whole)])
        if counts.persons % c.MICRO == 0:
            self.note("area", parts, whole)
        else:
            self.note("zone", [counts.gap], [whole[-2]])

    def note(self, name: str, micro: Sequence[int], whole: Sequence[int]) -> None:
        for one, number in zip(micro, whole, strict=True):
            self.found[one][number] = name

    def recorded(self, name: str) -> Callable[..., Any]:
        told, noted = getattr(numbers, name), getattr(self, name)

        def recording(*given: Any, **how: Any) -> Any:
            if self.inside:  # a step of another rounding, which nobody reads
                return told(*given, **how)
            self.inside = True
            try:
                return noted(told, *given, **how)
            finally:
                self.inside = False

        return recording


@pytest.fixture
def printed(monkeypatch):
    """Records what is rounded, in all modules."""
    record = Printed()
    modules = [one for name, one in sys.modules.items() if name.startswith("circle15.")]
    for name in ROUNDING:
        told, recording = getattr(numbers, name), record.recorded(name)
        for module in modules:
            if getattr(module, name, None) is told:
                monkeypatch.setattr(module, name, recording)
    return record


def test_the_same_people_print_the_same_number(sample_result, printed):
    """Report, map and terminal of the sample: thousands of numbers, none printed in two ways."""
    report_document(sample_result, "en")
    build_map(sample_result, "en")
    words = Words("en", sample_result.study)
    for answer in sample_result.siting:
        assert list(answer_lines(answer, words))
    assert len(printed.found) > 5000
    twice = {micro: whole for micro, whole in printed.found.items() if len(whole) > 1}
    assert twice == {}


def test_what_new_sites_add_is_what_the_gap_loses(sample_result):
    for answer in sample_result.siting:
        area = answer.area
        before, after = numbers.whole_people(area.before), numbers.whole_people(area.after)
        assert sum(whole_newly(answer)) == before[1] - after[1]
        assert (whole_curve(answer)[0], whole_curve(answer)[-1]) == (before[0], after[0])
        assert sum(parts_out(area)) == after[1]


def test_reasons_of_a_gap_area_sum_to_its_people(sample_result):
    """A change that covers the people of one reason has the number of that reason."""
    areas = headline_areas(sample_result)
    assert areas is not None
    for area in areas.areas:
        homes = area.homes
        reasons = whole_by_reason(homes)
        assert sum(reasons) == numbers.whole_persons(homes.people)
        by_micro = dict(zip(homes.by_reason, reasons, strict=True))
        for change, whole in whole_by_change(homes).items():
            assert whole == by_micro.get(homes.covered[change], whole)
