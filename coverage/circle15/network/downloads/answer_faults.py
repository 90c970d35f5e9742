"""Faults of a server's answer, and how text from a server is shown."""

from __future__ import annotations

from typing import Final

_SHOWN_CHARS: Final = 200


class TryAgainError(Exception):
    """The server is busy or its answer is incomplete; `pause_s` is the wait it asks for."""

    def __init__(self, what: str, pause_s: float | None = None) -> None:
        super().__init__(what)
        self.pause_s = pause_s


class UnusableError(Exception):
    """The server refuses, or its answer cannot be used; asking again would not help."""


def not_readable(why: str) -> UnusableError:
    """Return the error for an answer that is complete but not what was asked for."""
    return UnusableError(f"the answer cannot be read ({why})")


def shown(value: object) -> str:
    r"""
    Return text of a server on one line, shortened, without control characters.

    Examples
    --------
    >>> shown("Too many\nrequests\x1b[2J")
    'Too many requests�[2J'
    >>> shown([1, 2])
    'a list'
    """
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = " ".join(str(value)[: 10 * _SHOWN_CHARS].split())
    text = "".join(one if one.isprintable() else "\ufffd" for one in text)
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
