"""Rule packs as records: what a dated document requires, each rule with its quote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from circle15.rules.comparing import Comparison
from circle15.rules.packs.floor_area_law import FloorAreaLaw
from circle15.rules.packs.parameters import Evaluator
from circle15.study.vocabulary.indicators import Indicator

if TYPE_CHECKING:
    from circle15.study.languages import Language


class Force(StrEnum):
    """
    Whether a document calls an indicator 约束性 (binding) or 预期性 (expected).

    `status` is a statement of what is there already, not a target.
    """

    BINDING = "binding"
    EXPECTED = "expected"
    NOT_STATED = "not_stated"
    STATUS = "status"


class Status(StrEnum):
    """
    What a pack quotes: the document itself, a draft for comment that is no law, or an excerpt.

    Figures of an excerpt were read in a publication about the document: it has no quotes, and the
    official text must be read before a number is called law.
    """

    DOCUMENT = "document"
    DRAFT = "draft"
    EXCERPT = "excerpt"
    DRAFT_EXCERPT = "draft_excerpt"

    @property
    def is_excerpt(self) -> bool:
        """Whether there are no quotes, because the text itself was not read."""
        return self in {Status.EXCERPT, Status.DRAFT_EXCERPT}


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One requirement of a document.

    `quote` stands verbatim in the document (empty in an excerpt). `threshold` and `comparison`
    are null together unless another indicator sets the threshold: then the document states no
    number. `level` is what the rule is judged for: zone, site, street, community, district, city.
    `contradicts` names rules of the pack that set another threshold for the same figure. `notes`
    say what is ambiguous and how it is read here.
    """

    id: str
    quote: str
    meaning: Mapping[Language, str]
    evaluator: Evaluator
    parameters: Mapping[str, Any]
    threshold: Decimal | None
    comparison: Comparison | None
    unit: str
    level: str
    target_year: int | None
    force: Force
    contradicts: tuple[str, ...] = ()
    notes: Mapping[Language, str] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The document that a pack quotes; `date` is null where it is not known."""

    title: str
    publisher: str
    date: dt.date | None


@dataclass(frozen=True, slots=True)
class Printed:
    """
    A figure that a document prints, with the numbers it follows from.

    `value` is what these numbers give (exact), `stated` what the document says it is; null where
    it only gives the numbers.
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
    """The rules of one document; `floor_area` is null if it has no such rule."""

    id: str
    title: Mapping[Language, str]
    source: Source
    rules: tuple[Rule, ...]
    floor_area: FloorAreaLaw | None = None
    status: Status = Status.DOCUMENT
    notes: Mapping[Language, str] | None = None
    printed: tuple[Printed, ...] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)


LAW_EVALUATORS: Final = (
    Evaluator.FLOOR_AREA_NEW,
    Evaluator.FLOOR_AREA_EXISTING,
    Evaluator.FLOOR_AREA_SITE,
)
