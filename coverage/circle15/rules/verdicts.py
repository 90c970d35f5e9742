"""The verdicts on a rule."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """
    The verdict on one rule; every row of results has one.

    `SOURCE_CONFLICT`: two sources for one indicator give different verdicts. `REPORTED`: the rule
    states no number to compare with.
    """

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"
    SOURCE_CONFLICT = "source_conflict"
    REPORTED = "reported"
