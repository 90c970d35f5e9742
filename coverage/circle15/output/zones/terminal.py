"""The check of residential zones as lines of text for the terminal."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from circle15.output.text.finding_list import finding_line
from circle15.output.text.numbers import area, clock, decimals
from circle15.results.check.outcome import finding_group
from circle15.study.messages import say
from circle15.study.vocabulary.categories import category_label
from circle15.study.vocabulary.finding import worst_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from circle15.output.text.wording import Words
    from circle15.results.summary.zone_entries import ResidentialZone, ZoneService
    from circle15.study.languages import Language
    from circle15.study.vocabulary.finding import Finding

OUTSIDE = "ROOM_OUTSIDE_ZONES"


def finding_lines(findings: Sequence[Finding], words: Words) -> Iterator[str]:
    """Yield the findings, worst first; sites that belong to no zone share one line."""
    outside = [finding for finding in findings if finding.code == OUTSIDE]
    for finding in worst_first([one for one in findings if one.code != OUTSIDE]):
        yield finding_line(finding, words)
    if outside:
        yield outside_line(outside, words.language)


def outside_line(findings: Sequence[Finding], language: Language) -> str:
    """Return one line for all sites that belong to no zone, as most of a city's sites do not."""
    area_m2 = finding_group(findings).floor_area_m2 or Decimal(0)
    files = dict.fromkeys(finding.file for finding in sorted(findings, key=lambda one: one.file))
    return say(
        "zones.outside",
        language,
        files=", ".join(files),
        count=f"{len(findings):,}",
        area=area(area_m2),
    )


def zone_lines(
    entries: Sequence[ResidentialZone], language: Language, added: Mapping[str, str] | None = None
) -> Iterator[str]:
    """
    Yield the results of checked zones, a few lines each.

    Parameters
    ----------
    entries
        Zones as in `summary.json`.
    added
        Categories that the study adds: id to name.
    """
    for entry in entries:
        verdict = say(f"verdicts.{entry['verdict']}", language)
        differs = say("zones.reading_dependent", language) if entry["reading_dependent"] else ""
        yield f"{entry['zone_id']} {entry['name']}: {verdict}{differs}"
        if entry["reason"]:
            yield "  " + say(f"reasons.{entry['reason']}", language)
        yield "  " + say(
            "zones.floor_area",
            language,
            required=_m2(entry["required_m2"]),
            counted=_m2(entry["counted_m2"], apart_from=entry["required_m2"]),
            plain_sum=_m2(entry["plain_sum_m2"], apart_from=entry["required_m2"]),
            plain_gap=_m2(entry["plain_gap_m2"]),
            shortfall=_m2(entry["shortfall_m2"]),
        )
        readings = ", ".join(
            f"{reading} {say(f'verdicts.{verdict}', language)}"
            for reading, verdict in entry["readings"].items()
        )
        yield "  " + readings
        if "neighbours" in entry:
            zones = ", ".join(
                say(
                    "report.neighbour",
                    language,
                    zone=one["zone_id"],
                    metres=decimals(one["metres"], 0),
                )
                for one in entry["neighbours"]
            )
            key = "neighbours" if "pooled" in entry else "pooled"
            yield "  " + say(f"zones.{key}", language, zones=zones)
        if entry["approximate_rooms"]:
            rooms = ", ".join(entry["approximate_rooms"])
            yield "  " + say("zones.rooms_approximate", language, rooms=rooms)
        if entry["approximate_households"]:
            yield "  " + say("report.households_approximate", language)
        if entry["hangs_on_approximate"]:
            yield "  " + say("rules.APPROXIMATE_DECIDES_ZONE", language)
        for one in entry["circle"]:
            yield "  " + say(
                "zones.circle",
                language,
                category=category_label(one["category"], language, added or {}),
                state=_state(one, language),
                worst=_minutes(one, "worst_s"),
                median=_minutes(one, "median_s"),
            )


def _state(circle: ZoneService, language: Language) -> str:
    """Return the state and, if it is unknown, the reason."""
    state = say(f"states.{circle['state']}", language)
    reason = circle.get("unknown_reason")
    if reason is None:
        return state
    why = say(f"reasons.{reason}", language)
    return say("zones.unknown", language, state=state, why=why)


def _m2(value: float | None, *, apart_from: float | None = None) -> str:
    exact, other = (None if one is None else Fraction(str(one)) for one in (value, apart_from))
    return area(exact, apart_from=other)


def _minutes(circle: ZoneService, key: Literal["worst_s", "median_s"]) -> str:
    """Format a time; beyond the horizon if homes reach no site, a dash if unknown."""
    return clock(math.inf if key in circle.get("beyond_hour", ()) else circle[key])
