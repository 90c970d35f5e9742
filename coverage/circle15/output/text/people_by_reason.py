"""People by reason: why their state is unknown, why they are in a gap and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.text.numbers import NOTHING, people, whole_parts, whole_people
from circle15.planning.gaps.gap_reasons import REASONS
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
    found = [
        words.say(
            "gap_reasons.number",
            what=words.say(f"gap_reasons.{reason.value}"),
            people=people(micro),
        )
        for reason, micro in zip(REASONS, place.by_reason or (0,) * len(REASONS), strict=True)
        if micro
    ]
    return words.say("gap_reasons.by_reason", reasons=words.list(found)) if found else ""


def people_by_change(place: GapPlace, words: Words) -> str:
    """List the people whom each change would cover in one sentence; empty if none was tried."""
    found = [
        words.say(
            "gap_reasons.number",
            what=words.say(f"gap_reasons.with_{change.value}"),
            people=people(micro),
        )
        for change, micro in place.covered.items()
    ]
    return words.say("gap_reasons.changes", changes=words.list(found)) if found else ""


def unknown_persons(result: StudyResult) -> dict[str, dict[str, int]]:
    """Return unknown persons by category and reason; sums equal those of the coverage table."""
    found: dict[str, dict[str, int]] = {}
    for category, by_reason in unknown_people(result).items():
        row = coverage_row(result, category)
        total = whole_people(row.counts)[2] if row else None
        whole = whole_parts(list(by_reason.values()), total=total)
        found[category] = dict(zip(by_reason, whole, strict=True))
    return found
