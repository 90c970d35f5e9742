"""OpenStreetMap elements from a server's answer, each checked before it is accepted."""

from __future__ import annotations

import re
import sys
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from circle15.network.downloads.answer_faults import UnusableError, not_readable, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle15.network.downloads.download_limits import DownloadLimits

_NO_TEXT: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no text of OpenStreetMap has and XML cannot hold."""
_DATE: Final = re.compile(r"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ")
_ELEMENT_BYTES, _REF_BYTES, _TEXT_BYTES = 250, 40, 60
"""Upper estimates of the memory of each; a repeated text takes less."""
_WRITTEN: Final = 3
"""Copies of the text of a role while relations are written: all are held at once."""
_NO_TAGS: Final[dict[str, str]] = {}

Member = tuple[str, int, str]


@dataclass
class Elements:
    """Nodes, ways and relations of OpenStreetMap, by id."""

    limits: DownloadLimits
    nodes: dict[int, tuple[float, float, dict[str, str]]] = field(default_factory=dict)
    ways: dict[int, tuple[array[int], dict[str, str]]] = field(default_factory=dict)
    relations: dict[int, tuple[list[Member], dict[str, str]]] = field(default_factory=dict)
    date: str | None = None
    """Date of the oldest state of the map among the answers."""
    kept_bytes: int = 0
    """Estimate of the memory that they take."""

    def __len__(self) -> int:
        return len(self.nodes) + len(self.ways) + len(self.relations)

    def take_date(self, head: object) -> None:
        """Read the date of the map from the head of an answer."""
        date = head.get("timestamp_osm_base") if isinstance(head, dict) else None
        date = date.replace("\\", "") if isinstance(date, str) else ""  # some servers escape ':'
        if not _DATE.fullmatch(date):
            raise not_readable("it has no date of the map")
        self.date = min(date, self.date or date)

    def take(self, one: object) -> None:
        """
        Add one element.

        Raises
        ------
        UnusableError
            If it is not an element, exceeds a limit, or contradicts one of the same id.
        """
        if not isinstance(one, dict):
            raise not_readable(f"{shown(one)} where an element belongs")
        kind, number = one.get("type"), self._id(one.get("id"))
        where = f"{kind}/{number}"
        self.kept_bytes += _ELEMENT_BYTES
        tags = self._tags(one.get("tags", _NO_TAGS), where)
        if kind == "node":
            _put(self.nodes, number, (*_position(one, where), tags), where)
        elif kind == "way":
            refs = _listed(one.get("nodes"), self.limits.way_nodes, f"nodes of {where}")
            own = array("q", [self._id(ref) for ref in refs])
            self.kept_bytes += _REF_BYTES * len(refs)
            _put(self.ways, number, (own, tags), where)
        elif kind == "relation":
            found = _listed(one.get("members"), self.limits.members, f"members of {where}")
            _put(self.relations, number, ([self._member(m, where) for m in found], tags), where)
        else:
            raise not_readable(f"an element of type {shown(kind)!r}")
        self._require_few()

    def add(self, others: Elements) -> None:
        """Add the elements of another answer, which replace those of the same id."""
        self.nodes |= others.nodes
        self.ways |= others.ways
        self.relations |= others.relations
        self.kept_bytes += others.kept_bytes
        if others.date is not None:
            self.date = min(others.date, self.date or others.date)
        self._require_few()

    def require_whole(self) -> None:
        """
        Require that the nodes of all ways are present: a server sends them with the ways.

        Raises
        ------
        UnusableError
            If one is missing.
        """
        for number, (refs, _) in self.ways.items():
            for ref in refs:
                if ref not in self.nodes:
                    raise UnusableError(
                        f"the answer is incomplete: it lacks node/{ref} of way/{number}"
                    )

    def _require_few(self) -> None:
        if len(self) > self.limits.elements:
            raise UnusableError(
                f"the answer holds over {self.limits.elements:,} elements: the place is too large"
            )
        if self.kept_bytes > self.limits.kept_bytes:
            raise UnusableError(
                f"the answer takes over {self.limits.kept_bytes:,} bytes of memory: "
                "the place is too large"
            )

    def _id(self, value: object) -> int:
        if type(value) is not int or not 0 < value <= self.limits.largest_id:
            raise not_readable(f"{shown(value)!r} is not an id")
        return value

    def _member(self, value: object, where: str) -> Member:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict) or kind not in ("node", "way", "relation"):
            raise not_readable(f"a member of {where} is not a member")
        role = self._text(value.get("role"), f"a role in {where}")
        self.kept_bytes += _ELEMENT_BYTES + _WRITTEN * len(role)
        return str(kind)[0], self._id(value.get("ref")), role

    def _tags(self, value: object, where: str) -> dict[str, str]:
        if not isinstance(value, dict):
            raise not_readable(f"the tags of {where} are {shown(value)}")
        if len(value) > self.limits.tags:
            raise not_readable(f"{where} has over {self.limits.tags:,} tags")
        if not value:
            return _NO_TAGS
        what = f"a tag of {where}"
        return {self._text(key, what): self._text(v, what) for key, v in value.items()}

    def _text(self, value: object, what: str) -> str:
        if not isinstance(value, str) or len(value) > self.limits.text_chars:
            raise not_readable(f"{what} is not a text of up to {self.limits.text_chars} characters")
        if _NO_TEXT.search(value):
            raise not_readable(f"{what} holds characters that are not text: {shown(value)!r}")
        self.kept_bytes += _TEXT_BYTES + len(value)
        return sys.intern(value)


def _put(table: dict[int, Any], number: int, value: Any, where: str) -> None:
    if table.setdefault(number, value) != value:
        raise not_readable(f"{where} occurs twice, with different content")


def _listed(value: object, most: int, what: str) -> list[object]:
    if not isinstance(value, list) or len(value) > most:
        raise not_readable(f"the {what} are not a list of up to {most:,}")
    return value


def _position(one: dict[str, Any], where: str) -> tuple[float, float]:
    lon, lat = one.get("lon"), one.get("lat")
    found = position(lon, lat)
    if found is None:
        raise not_readable(f"{where} lies at {shown(lon)}, {shown(lat)}")
    return found


def position(lon: object, lat: object) -> tuple[float, float] | None:
    """
    Return longitude and latitude in degrees; None where the two values are not a position.

    Examples
    --------
    >>> position(120.5, 31), position(31, 120.5), position("120.5", 31)
    ((120.5, 31.0), None, None)
    """
    if not (isinstance(lon, int | float) and isinstance(lat, int | float)):
        return None
    if isinstance(lon, bool) or isinstance(lat, bool):
        return None
    within = -180 <= lon <= 180 and -90 <= lat <= 90  # NaN and infinity are not
    return (float(lon), float(lat)) if within else None


def is_name(value: object, limits: DownloadLimits) -> bool:
    """Return whether a value is a name that can be shown on one line."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= limits.name_chars
        and not _NO_TEXT.search(value)
        and not any(one < " " or "\x7f" <= one <= "\x9f" for one in value)
    )


def streets_of(elements: Elements) -> Iterable[array[int]]:
    """Yield the nodes of each way with a highway."""
    return (refs for refs, tags in elements.ways.values() if "highway" in tags)
