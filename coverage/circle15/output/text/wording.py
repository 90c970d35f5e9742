"""Labels for the ids and codes of results; cleaning of text from data before printing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from circle15.study.messages import say
from circle15.study.settings.walkers import parse_band, parts_of
from circle15.study.vocabulary.categories import category_label
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from fractions import Fraction

    from circle15.study.languages import Language
    from circle15.study.settings.records import Study
    from circle15.study.vocabulary.finding import Finding

LONGEST_NAME: Final = 120
"""Longer names are cut in reports; machine-readable tables keep them whole."""

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def printable(text: str) -> str:
    r"""
    Replace characters that file formats cannot hold, and invisible control characters.

    The latter include terminal control codes and marks that change the direction of text.

    Examples
    --------
    >>> printable("a\x00b")
    'a\ufffdb'
    """
    return _UNPRINTABLE.sub("\ufffd", text)


def escaped_json(text: str) -> str:
    r"""
    Escape, in JSON text, the characters that `printable` would replace, without loss.

    Examples
    --------
    >>> escaped_json('"a\x9bb"')
    '"a\\u009bb"'
    """
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def shortened(text: str, longest: int = LONGEST_NAME) -> str:
    """
    Cut a text to a maximum length, ending in an ellipsis if it was cut.

    Examples
    --------
    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"


def place_text(zones: Iterable[str]) -> str:
    """
    Name a place by the zones it lies in, the largest first; empty if none has a name.

    Examples
    --------
    >>> place_text(["东林街道", "一社区"]), place_text(["", "一社区"])
    ('东林街道 · 一社区', '一社区')
    """
    return " · ".join(shortened(name) for name in zones if name)


def defused(text: str) -> str:
    """
    Put an apostrophe before text that a spreadsheet would run as a formula.

    Examples
    --------
    >>> defused("=1+1"), defused("S-017")
    ("'=1+1", 'S-017')
    """
    return "'" + text if text.lstrip()[:1] in {"=", "+", "-", "@"} else text


def speed_text(speed: Fraction) -> str:
    """
    Format a speed or factor with one to four decimals.

    Examples
    --------
    >>> from fractions import Fraction
    >>> speed_text(Fraction(1)), speed_text(Fraction(14, 25)), speed_text(Fraction(7, 13))
    ('1.0', '0.56', '0.5385')
    """
    text = f"{float(speed):.4f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


@dataclass(frozen=True)
class Words:
    """Labels and messages for one study in one language."""

    language: Language
    study: Study

    def say(self, key: str, **values: object) -> str:
        """Return a message with its values filled in."""
        return say(key, self.language, **values)

    def list(self, items: list[str]) -> str:
        """Join items with the separator of the language."""
        return ("、" if self.language == "zh" else ", ").join(items)

    def category(self, category: str) -> str:
        """Name a category, or the combinations `any` and `all` of the required ones."""
        if category in COMBINED:
            return self.say(f"report.scope_{category}")
        return shortened(printable(category_label(category, self.language, self.study.categories)))

    def required(self) -> str:
        """List the categories that the service circle must contain."""
        return self.list([self.category(category) for category in self.study.circle.require])

    def services(self, category: str) -> str:
        """Name the services to be reached, for use in a sentence: one category, or the required."""
        if category not in COMBINED:
            return self.say("report.services_one", service=self.category(category))
        return self.say(f"report.services_{category}", services=self.required())

    def group(self, group: str) -> str:
        """Name a demand group or an age band."""
        band = parse_band(group)
        if band is not None and band.beyond is not None:
            return self.say("walkers.band", first=band.first, last=band.beyond - 1)
        return self.say(f"groups.{group}")

    def speeds(self) -> str:
        """List the parts of the judged group with their walking speeds."""
        parts = parts_of(self.study.demand.group, self.study.walk)
        return self.list(
            [
                self.say(
                    "walkers.at_speed",
                    who=self.group(part.label),
                    speed=speed_text(part.walker.speed_m_s),
                )
                for part in parts
            ]
        )

    def reason(self, code: str | None) -> str:
        """Return the sentence for a reason code; empty if there is none."""
        return self.say(f"reasons.{code}") if code else ""

    def speed(self, speed_m_s: Decimal) -> str:
        """Format a walking speed with its unit."""
        return f"{speed_m_s} m/s"

    def finding(self, finding: Finding) -> str:
        """Return the message of a finding."""
        detail = finding.detail
        if "kind" in detail and "barrier" in detail:
            detail = detail | {"kind": self.barrier_kind(detail["kind"])}
        return self.say(f"issues.{finding.code}", **detail)

    def barrier_kind(self, kind: str) -> str:
        """Name a kind of barrier."""
        return self.say(f"reasons.barrier_{kind}")

    def barrier(self, name: str, kind: str) -> str:
        """Name a barrier by its kind and id."""
        return self.say("reasons.barrier_named", kind=self.barrier_kind(kind), barrier=name)

    def joining(self, code: str | None, name: object, kind: object) -> str:
        """Return how a point was snapped, or why not, with the barrier met, if any."""
        if isinstance(name, str) and isinstance(kind, str):
            return self.say(f"reasons.{code}_named", barrier=self.barrier(name, kind))
        return self.reason(code)
