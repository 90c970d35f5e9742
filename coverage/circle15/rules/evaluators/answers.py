"""The result of a rule for one scope, and how it is built."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.rules.comparing import NEAR_THRESHOLD, judged, margin, shortfall
from circle15.rules.packs.records import Status, Verified
from circle15.rules.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.rules.packs.load import Rule, RulePack


DECIDES: Final = "APPROXIMATE_DECIDES"
"""Prefix of the remarks on verdicts that depend on approximate numbers."""

STUDY: Final = "study"
"""Scope of a rule that is judged once for the whole study."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A note on a verdict: the code of a message and the numbers in it."""

    code: str
    numbers: tuple[tuple[str, Fraction | int | str], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleResult:
    """
    The result of one rule for one scope: a zone, a site, or the whole study.

    `value`, `threshold` and `shortfall` are exact and in `unit`; None where unknown or where the
    rule states no number. `inputs` are the rows that were used (`file:row`, or ids). `data_source`
    and `data_year` are the source and year of the numbers; an empty source means the study's own
    tables. `lacking` is the least whole number of cases (beds, sites, persons) by which a share
    falls short. `missing` are the indicators that a register must state to settle an undetermined
    rule. `alone` is the row's own verdict where sources conflict; `status` is that of the pack: a
    document, a draft, an excerpt; `verified` is the grade of the rule.
    """

    pack: str
    rule: Rule
    source: str
    scope: str
    verdict: Verdict
    value: Fraction | None
    threshold: Fraction | None
    unit: str
    shortfall: Fraction | None
    reason: str | None
    inputs: tuple[str, ...]
    data_source: str = ""
    data_year: int | None = None
    lacking: int | None = None
    missing: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    alone: Verdict | None = None
    status: Status = Status.DOCUMENT
    verified: Verified = Verified.NOT_STATED

    @property
    def near_threshold(self) -> bool:
        """Whether the value is within 2 % of the threshold, or approximate numbers decide."""
        if any(one.code.startswith(DECIDES) for one in self.remarks):
            return True
        if self.value is None or not self.threshold:
            return False
        return abs(self.value - self.threshold) <= NEAR_THRESHOLD * self.threshold

    @property
    def margin(self) -> Fraction | None:
        """Value minus threshold, positive on the side that meets the rule; None where unknown."""
        if self.value is None or self.threshold is None or self.rule.comparison is None:
            return None
        if self.verdict is Verdict.UNDETERMINED:  # the value is only a part of the total
            return None
        return margin(self.value, self.rule.comparison, self.threshold)


@dataclass(frozen=True, slots=True)
class Maker:
    """Builds the results of one rule."""

    pack: RulePack
    rule: Rule

    def row(
        self,
        scope: str,
        verdict: Verdict,
        *,
        value: Fraction | None = None,
        threshold: Fraction | None = None,
        shortfall: Fraction | None = None,
        reason: str | None = None,
        inputs: Sequence[str] = (),
        unit: str | None = None,
        data_source: str = "",
        data_year: int | None = None,
        lacking: int | None = None,
        missing: Sequence[str] = (),
        remarks: Sequence[Remark] = (),
    ) -> RuleResult:
        """Build a result from its parts."""
        date = self.pack.source.date
        return RuleResult(
            pack=self.pack.id,
            rule=self.rule,
            source=self.pack.source.title + (f" ({date})" if date is not None else ""),
            scope=scope,
            verdict=verdict,
            value=value,
            threshold=threshold,
            unit=unit or self.rule.unit,
            shortfall=shortfall,
            reason=str(reason) if reason else None,
            inputs=tuple(dict.fromkeys(inputs)),
            data_source=data_source,
            data_year=data_year,
            lacking=lacking,
            missing=tuple(dict.fromkeys(missing)),
            remarks=tuple(remarks),
            status=self.pack.status,
            verified=self.pack.grade(self.rule),
        )

    @property
    def threshold(self) -> Fraction | None:
        """The rule's own threshold, exact."""
        return None if self.rule.threshold is None else Fraction(self.rule.threshold)

    def compared(
        self,
        scope: str,
        value: Fraction,
        *,
        threshold: Fraction | None = None,
        inputs: Sequence[str] = (),
        data_source: str = "",
        data_year: int | None = None,
        lacking: int | None = None,
        remarks: Sequence[Remark] = (),
    ) -> RuleResult:
        """Compare a known value with the threshold, by default the rule's own."""
        limit = self.threshold if threshold is None else threshold
        comparison = self.rule.comparison
        missed = None
        if limit is not None and comparison is not None:
            missed = shortfall(value, comparison, limit)
        return self.row(
            scope,
            judged(value, comparison, limit),
            value=value,
            threshold=limit,
            shortfall=missed,
            inputs=inputs,
            data_source=data_source,
            data_year=data_year,
            lacking=lacking,
            remarks=remarks,
        )

    def unknown(
        self,
        reason: str,
        *,
        scope: str = STUDY,
        missing: Sequence[str] = (),
        inputs: Sequence[str] = (),
        remarks: Sequence[Remark] = (),
        value: Fraction | None = None,
    ) -> RuleResult:
        """Build an undetermined result with its reason and the indicators that would settle it."""
        return self.row(
            scope,
            Verdict.UNDETERMINED,
            value=value,
            threshold=self.threshold,
            reason=reason,
            missing=missing,
            inputs=inputs,
            remarks=remarks,
        )


def remark(code: str, numbers: Mapping[str, Fraction | int | str] | None = None) -> Remark:
    """Build a remark."""
    return Remark(code, tuple((numbers or {}).items()))
