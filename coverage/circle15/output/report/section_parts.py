"""Helpers for sections of the report: headings, columns, badges of verdicts and states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.document.model import Column, Paragraph, Section, SideBySide, Table
from circle15.output.document.texts import Badge, Mark
from circle15.output.text.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle15.output.document.model import Block, Kind
    from circle15.output.text.wording import Words


def section(key: str, words: Words, *blocks: Block | None) -> Section:
    """Build a section with its heading; one with a table ends with the source of its numbers."""
    held = [block for block in blocks if block is not None]
    if key in SOURCES and any(isinstance(block, Table | SideBySide) for block in held):
        held.append(Paragraph(SOURCES[key].text(words), "source"))
    return Section(key, words.say(f"report.{key}"), held)


def columns(keys: Iterable[str], kinds: Iterable[Kind], words: Words) -> list[Column]:
    """Return columns with headings from the `columns.` messages."""
    return [
        Column(words.say(f"columns.{key}"), kind) for key, kind in zip(keys, kinds, strict=True)
    ]


def numbers(keys: Iterable[str], words: Words) -> list[Column]:
    """Return columns of numbers with headings from the `columns.` messages."""
    return [Column(words.say(f"columns.{key}"), "n") for key in keys]


def verdict_badge(verdict: str, words: Words) -> Badge:
    """Return a verdict as shape and word."""
    return Badge(verdict, words.say(f"verdicts.{verdict}"))


def verdict_mark(verdict: str, words: Words) -> Mark:
    """Return a verdict as its shape only."""
    return Mark(verdict, words.say(f"verdicts.{verdict}"))


def state_badge(state: str, words: Words) -> Badge:
    """Return a state as shape and word."""
    return Badge(state, words.say(f"states.{state}"))
