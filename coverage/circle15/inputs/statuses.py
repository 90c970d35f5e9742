"""Whether a site is in operation: what its status and opening date say at a date."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from circle15.inputs.values import clean
from circle15.study.categories import normalise

if TYPE_CHECKING:
    import datetime as dt

    from circle15.inputs.tables import Table
    from circle15.study.issues import Issue


@cache
def _statuses() -> dict[str, str]:
    """Word to status."""
    return {normalise(w): s for s in ("open", "planned", "closed") for w in _lists()[s]}


@cache
def _lists() -> dict[str, list[str]]:
    text = resources.files("circle15.inputs").joinpath("statuses.toml").read_text("utf-8")
    lists: dict[str, list[str]] = tomllib.loads(text)
    return lists


def _of_answers(heading: str | None) -> dict[str, str]:
    """Yes and no to status: a column may ask whether a site is open, or whether it is closed."""
    folded = normalise(heading or "")
    asks_closed = any(normalise(word) in folded for word in _lists()["asks_closed"])
    yes, no = ("closed", "open") if asks_closed else ("open", "closed")
    return {
        **{normalise(word): yes for word in _lists()["yes"]},
        **{normalise(word): no for word in _lists()["no"]},
    }


def read_statuses(table: Table, heading: str | None, issues: list[Issue]) -> list[str]:
    """
    Read the status of each site: `open`, `planned`, `closed` or `unknown`.

    A blank cell, or no such column, means open; a word that is unknown is listed.
    """
    found = []
    known: dict[str, str | None] = {}
    answers = _of_answers(heading)
    for cell, row in zip(table.column(heading), table.rows, strict=True):
        word = str(cell)
        if word not in known:
            text = clean(cell)
            known[word] = "open" if text is None else _status(normalise(text), answers)
        status = known[word]
        if status is None:
            issues.append(table.finding("UNKNOWN_STATUS", row, heading, value=str(cell)))
        found.append(status or "unknown")
    return found


def _status(word: str, answers: dict[str, str]) -> str | None:
    return answers.get(word) or _statuses().get(word)


def is_open(status: str, opened: dt.date | None, as_of: dt.date) -> bool:
    """Tell whether a site is open at a date: in operation, and not opened later."""
    return status == "open" and (opened is None or opened <= as_of)


def opens_by(status: str, opened: dt.date | None, plan_as_of: dt.date | None) -> bool:
    """
    Tell whether a site counts in the plan year.

    A site under construction without a date counts then, and only then.
    """
    if plan_as_of is None or status not in {"open", "planned"}:
        return False
    return opened is None or opened <= plan_as_of
