"""The words in which a rule is answered."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """
    The answer to one rule; a row without an answer does not exist.

    `SOURCE_CONFLICT` stands where two sources for one indicator give different verdicts,
    `REPORTED` where the rule states no number to compare with.
    """

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"
    SOURCE_CONFLICT = "source_conflict"
    REPORTED = "reported"
