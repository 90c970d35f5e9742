"""Whether a site is open at a date, by its status and opening date."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from circle15.inputs.tables.values import NoValue, clean
from circle15.study.vocabulary.categories import normalise

if TYPE_CHECKING:
    import datetime as dt

    from circle15.inputs.table_sources import Table
    from circle15.study.vocabulary.finding import Finding

_ADDED: Final = re.compile(r"([^()]+)\(([^()]+)\)")
_PUNCTUATION: Final = "。.!;,"
_STROKES: Final = re.compile(r"[_\-/ ]+")


@cache
def _statuses() -> dict[str, str]:
    """Return statuses by normalised word."""
    return {normalise(str(w)): s for s in ("open", "planned", "closed") for w in _lists()[s]}


@cache
def _lists() -> dict[str, list[str]]:
    text = (
        resources.files("circle15.inputs.facilities").joinpath("statuses.toml").read_text("utf-8")
    )
    lists: dict[str, list[str]] = tomllib.loads(text)
    return lists


@cache
def _not_known() -> frozenset[str]:
    return frozenset(normalise(word) for word in _lists()["not_known"])


def _of_answers(heading: str | None) -> dict[str, str]:
    """
    Return the statuses of yes and no: a column may ask whether a site is open, or closed.

    A heading that asks both, such as "open/closed", has no answers of yes and no.
    """
    folded = normalise(heading or "")
    rest = folded
    for word in sorted(map(normalise, _lists()["asks_closed"]), key=len, reverse=True):
        rest = rest.replace(word, "")
    asks_open = any(normalise(word) in rest for word in _lists()["asks_open"])
    if rest != folded and asks_open:
        return {}
    yes, no = ("open", "closed") if rest == folded else ("closed", "open")
    return {
        **{normalise(word): yes for word in _lists()["yes"]},
        **{normalise(word): no for word in _lists()["no"]},
    }


def read_statuses(table: Table, heading: str | None) -> tuple[list[str], list[Finding]]:
    """
    Read the status of each site: `open`, `planned`, `closed` or `unknown`.

    A blank value, or no such column, means open. Unknown words, and words that mean "unknown", are
    reported; these and formulas without a value never mean open.
    """
    found: list[str] = []
    findings: list[Finding] = []
    known: dict[str, str | None] = {}
    answers = _of_answers(heading)
    for cell, row in zip(table.column(heading), table.rows, strict=True):
        word = str(cell)
        if word not in known:
            text = clean(cell)
            plain = normalise(word)
            if text is None:
                known[word] = answers.get(plain, None if plain in _not_known() else "open")
            else:
                known[word] = _status(normalise(text), answers)
        status = known[word]
        if status is None and not isinstance(cell, NoValue):
            findings.append(table.finding("UNKNOWN_STATUS", row, heading, value=str(cell)))
        found.append(status or "unknown")
    return found, findings


def _status(word: str, answers: dict[str, str]) -> str | None:
    """
    Return the status of a normalised word; None where it is unknown.

    An addition in brackets, as in 停业(装修), is ignored unless it is another status.
    """
    plain = word.rstrip(_PUNCTUATION)
    found = answers.get(plain) or _statuses().get(plain) or _statuses().get(_joined(plain))
    if found is not None:
        return found
    match = _ADDED.fullmatch(word)
    if match is None:
        return None
    outer, inner = (_status(part, answers) for part in match.groups())
    return outer if inner in {None, outer} else None


def _joined(word: str) -> str:
    """Return words without separators, as they are in the list: closed_temporarily and so on."""
    return _STROKES.sub("", word)


def is_open(status: str, opened: dt.date | None, as_of: dt.date) -> bool:
    """Return whether a site is open at a date: in operation, and not opened later."""
    return status == "open" and (opened is None or opened <= as_of)


def opens_by(status: str, opened: dt.date | None, plan_as_of: dt.date | None) -> bool:
    """
    Return whether a site counts in the plan year.

    A site under construction without a date counts in the plan year only.
    """
    if plan_as_of is None or status not in {"open", "planned"}:
        return False
    return opened is None or opened <= plan_as_of
