"""Line numbers of the keys of a TOML file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([\w.\-]+)\s*=")


def lines_of(text: str) -> dict[str, int]:
    r"""
    Return the line number of every table and key of a TOML file by its path.

    Examples
    --------
    >>> lines_of("id = 1\n[[rules]]\nunit = 2")
    {'id': 1, 'rules[0]': 2, 'rules[0].unit': 3}
    """
    found: dict[str, int] = {}
    counted: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        head, key = _HEAD.match(line), _KEY.match(line)
        if head is not None:
            name = head[2]
            first, dot, rest = name.partition(".")
            if head[1] == "[[":
                counted[name] = counted.get(name, -1) + 1
                place = f"{name}[{counted[name]}]"
            elif first in counted:
                place = f"{first}[{counted[first]}]{dot}{rest}"
            else:
                place = name
            found.setdefault(place, number)
            prefix = place + "."
        elif key is not None:
            found.setdefault(prefix + key[1], number)
    return found


@dataclass(frozen=True, slots=True)
class Lines:
    """Line numbers of a file by the path of a key, such as `rules[0].unit`."""

    by_place: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Lines:
        """Find the line numbers of the keys of a file."""
        return cls(lines_of(text))

    def line(self, place: str) -> int | None:
        r"""
        Return the line of a key, else of the nearest table around it; None if there is none.

        Examples
        --------
        >>> Lines.of("[a]\nb = { c = 1 }").line("a.b.c")
        2
        """
        while place:
            if place in self.by_place:
                return self.by_place[place]
            around, _, last = place.rpartition(".")
            place = place[: place.rindex("[")] if last.endswith("]") else around
        return None
