"""People by reason: why their state is unknown, why they are in a gap and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.text.numbers import (
    NOTHING,
    count,
    people,
    whole_parts,
    whole_people,
    whole_persons,
)
from circle15.planning.gaps.gap_reasons import REASONS, GapReason
from circle15.results.figures import coverage_row, unknown_people

if TYPE_CHECKING:
    from circle15.output.text.wording import Words
    from circle15.results.gaps.gap_places import GapPlace
    from circle15.results.records import StudyResult


def reason_text(place: GapPlace, words: Words) -> str:
    """Return the main reason in words; a dash if nothing was tried."""
    reason = place.reason
    return NOTHING if reason is None else words.say(f"gap_reasons.{reason.value}")


def people_by_reason(place: GapPlace, words: Words) -> str:
    """List the people of each reason in one sentence; empty if nothing was tried."""
    if not place.by_reason:
        return ""
    found = [
        _number(f"gap_reasons.{reason.value}", whole, words)
        for reason, whole, micro in zip(
            REASONS, whole_by_reason(place), place.by_reason, strict=True
        )
        if micro
    ]
    return words.say("gap_reasons.by_reason", reasons=words.list(found)) if found else ""


def people_by_change(place: GapPlace, words: Words) -> str:
    """List the people whom each change would cover in one sentence; empty if none was tried."""
    found = [
        _number(f"gap_reasons.with_{change.value}", whole, words, some=place.covered[change] > 0)
        for change, whole in whole_by_change(place).items()
    ]
    return words.say("gap_reasons.changes", changes=words.list(found)) if found else ""


def _number(key: str, whole: int, words: Words, *, some: bool = True) -> str:
    number = people(1) if some and not whole else count(whole)
    return words.say("gap_reasons.number", what=words.say(key), people=number)


def whole_by_reason(place: GapPlace) -> list[int]:
    """Round people by reason, in the order of `REASONS`, so that they sum to the printed people."""
    return whole_parts(place.by_reason, rest=REASONS.index(GapReason.DETOUR))


def whole_by_change(place: GapPlace) -> dict[GapReason, int]:
    """Round the people whom each change would cover; as many as have a reason print its number."""
    same = dict(zip(place.by_reason, whole_by_reason(place), strict=True))
    return {change: same.get(n, whole_persons(n)) for change, n in place.covered.items()}


def unknown_persons(result: StudyResult) -> dict[str, dict[str, int]]:
    """Return unknown persons by category and reason; sums equal those of the coverage table."""
    found: dict[str, dict[str, int]] = {}
    for category, by_reason in unknown_people(result).items():
        row = coverage_row(result, category)
        total = whole_people(row.counts)[2] if row else None
        whole = whole_parts(list(by_reason.values()), total=total)
        found[category] = dict(zip(by_reason, whole, strict=True))
    return found
