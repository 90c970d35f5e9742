"""Records of rule packs: the rules of a dated document, each with its quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator

from circle15.errors import InputDataError
from circle15.rules.comparing import Comparison
from circle15.rules.packs.evaluator_parameters import (
    LEVELS_OF,
    PARAMETERS,
    RULE_LEVELS,
    Count,
    Evaluator,
    Parameters,
    ZoneFloorArea,
)
from circle15.rules.packs.floor_area_law import FloorAreaLaw
from circle15.rules.packs.pack_values import Bilingual, Id, PackContext, Texts
from circle15.rules.packs.shown import other_id, shown
from circle15.study.typed_toml.kinds import Chosen, Day, Filled, Finite, Whole, Words
from circle15.study.typed_toml.table import TomlTable
from circle15.study.vocabulary.indicators import Indicator

if TYPE_CHECKING:
    from pydantic import ValidationInfo


class Force(StrEnum):
    """
    Whether a document calls an indicator 约束性 (binding) or 预期性 (expected).

    `status` describes the present state and is not a target.
    """

    BINDING = "binding"
    EXPECTED = "expected"
    NOT_STATED = "not_stated"
    STATUS = "status"


class Status(StrEnum):
    """
    Source of a pack: the document itself, a draft for comment without legal force, or an excerpt.

    An excerpt has only a part of the document's rules, and some may lack a quote: the official text
    must be checked before a number is called law.
    """

    DOCUMENT = "document"
    DRAFT = "draft"
    EXCERPT = "excerpt"
    DRAFT_EXCERPT = "draft_excerpt"

    @property
    def is_excerpt(self) -> bool:
        """Whether rules may lack a quote, because the whole text was not available."""
        return self in {Status.EXCERPT, Status.DRAFT_EXCERPT}


class Verified(StrEnum):
    """
    How the numbers of a rule were verified; the first grade is the best.

    `official`: against a page or paper of the issuing body. `republished`: against a copy or report
    that repeats the wording. `reported`: the number is known from reports, the wording is not.
    """

    OFFICIAL = "official"
    REPUBLISHED = "republished"
    REPORTED = "reported"
    NOT_STATED = "not_stated"

    def suffices(self, least: Verified) -> bool:
        """
        Return whether this grade is as good as the least one that is wanted.

        Examples
        --------
        >>> Verified.REPORTED.suffices(Verified.REPUBLISHED)
        False
        """
        grades = list(Verified)
        return grades.index(self) <= grades.index(least)


def _quote(text: str, info: ValidationInfo[PackContext]) -> str:
    if not text and not info.context.is_excerpt:
        raise InputDataError("is empty.")
    return text


def _rule_id(name: str, info: ValidationInfo[PackContext]) -> str:
    known = info.context.rule_ids
    if name in known:
        raise InputDataError(f"is {shown(name)} for the second time.")
    known.append(name)
    return name


def _level(name: str, info: ValidationInfo[PackContext]) -> str:
    if name not in RULE_LEVELS:
        raise other_id(name, RULE_LEVELS, "level")
    evaluator = info.data.get("evaluator")
    allowed = LEVELS_OF.get(evaluator, RULE_LEVELS) if evaluator else RULE_LEVELS
    if name not in allowed:
        words = ", ".join(allowed)
        raise InputDataError(f"is '{name}'; with '{evaluator}' it may be {words}.")
    return name


Quote = Annotated[str, AfterValidator(_quote)]
RuleId = Annotated[Id, AfterValidator(_rule_id)]
Level = Annotated[str, AfterValidator(_level), Words(RULE_LEVELS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(TomlTable):
    """
    One requirement of a document.

    `quote` is verbatim from the document (an excerpt may lack it). `threshold` and `comparison` are
    both null or both given, unless another indicator sets the threshold. `level` is the unit for
    which the rule is judged: zone, site, street (a subdistrict), community, district, city.
    `contradicts` names rules of the pack that set another threshold for the same figure. `notes`
    explain ambiguities and how they are interpreted. `verified` and `pages` are null or empty where
    they are those of the pack.
    """

    id: RuleId
    quote: Quote
    meaning: Bilingual
    evaluator: Evaluator
    parameters: Annotated[Parameters, Chosen("evaluator", PARAMETERS)] = field(
        default_factory=ZoneFloorArea
    )
    threshold: Finite | None = None
    comparison: Comparison | None = None
    unit: str
    level: Level
    target_year: Whole | None = None
    force: Force
    contradicts: Texts[str] = ()
    notes: Bilingual | None = None
    verified: Verified | None = None
    pages: Texts[str] = ()

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ARG003 - as of any table
        """Add an empty table of parameters where it is missing, so that required ones are found."""
        return {"parameters": {}} | dict(raw)

    def check(self) -> None:
        """Require a threshold and a comparison together, or neither."""
        other = isinstance(self.parameters, Count) and self.parameters.threshold_from is not None
        if (self.comparison is not None) != (self.threshold is not None or other):
            found = "must be given with a threshold, and only with one."
            raise InputDataError(found, column="comparison")


@dataclass(frozen=True, slots=True)
class Source(TomlTable):
    """
    The document that a pack quotes; `date` is null where it is not known.

    `verified` says how the rules were verified, `pages` where the text was read.
    """

    title: Filled
    publisher: Filled
    date: Day | None = None
    verified: Verified = Verified.NOT_STATED
    pages: Texts[str] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """
    A figure that a document prints, with the numbers that it follows from.

    `value` is the exact result of these numbers, `stated` the value that the document gives; null
    where it gives only the numbers.
    """

    rule: str
    quote: str
    value: Fraction
    numerator: Decimal | None
    denominator: Decimal | None
    per: int
    stated: Decimal | None


@dataclass(frozen=True, slots=True)
class RulePack:
    """
    The rules of one document.

    Attributes
    ----------
    id, title, source
        As in the file; the title in both languages.
    rules
        All rules, in the order of the document.
    floor_area
        The law on floor areas, null if the document has none.
    status
        Whether the text is that of the document or was taken from elsewhere.
    notes, printed
        Remarks, and figures that the document prints and the rules do not use.
    indicators
        Numbers that registers may state, by id.
    sha256
        Hash of all that the file says, without its comments and line ends; empty for a pack that
        was not read from a file.
    """

    id: str
    title: Bilingual
    source: Source
    rules: tuple[Rule, ...]
    floor_area: FloorAreaLaw | None = None
    status: Status = Status.DOCUMENT
    notes: Bilingual | None = None
    printed: tuple[Printed, ...] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    sha256: str = ""

    def grade(self, rule: Rule) -> Verified:
        """Return how a rule of the pack was verified."""
        return rule.verified or self.source.verified

    @property
    def verified(self) -> Verified:
        """The lowest grade of the rules; that of the source where the pack has none."""
        grades = [self.grade(rule) for rule in self.rules] or [self.source.verified]
        return max(grades, key=list(Verified).index)


LAW_EVALUATORS: Final = (
    Evaluator.FLOOR_AREA_NEW,
    Evaluator.FLOOR_AREA_EXISTING,
    Evaluator.FLOOR_AREA_SITE,
)
