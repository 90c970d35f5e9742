"""All limits on the answers of servers."""

from __future__ import annotations

from dataclasses import dataclass

from circle15.study.limits import ANSWER, ANSWER_ELEMENTS, OUTLINE


@dataclass(frozen=True)
class DownloadLimits:
    """
    Limits on the answer of a server, in time, bytes and numbers; an answer beyond one is refused.

    Limits on elements follow OpenStreetMap's own where it has one: 255 characters of a key or
    value. Its 2,000 nodes of a way and 32,000 members are newer than some of its data, so ten and
    three times as many are accepted.
    """

    answer_s: float = 900
    """From the request to the last byte, seconds."""
    slow_after_s: float = 30
    """After this many seconds an answer must have come at `slowest_bytes_s` or faster."""
    slowest_bytes_s: float = 1000
    answer_bytes: int = ANSWER.most
    """After unpacking."""
    unpacked_ratio: int = 100
    """Most times larger than sent, for an answer of over `ratio_from_bytes` unpacked."""
    ratio_from_bytes: int = 10_000_000
    redirects: int = 5
    item_chars: int = 8_000_000
    """Of one element, or one place with its outline."""
    elements: int = ANSWER_ELEMENTS.most
    """Of all answers together."""
    kept_bytes: int = 600_000_000
    """Estimated memory of all answers together."""
    largest_id: int = 2**53 - 1
    way_nodes: int = 20_000
    members: int = 100_000
    tags: int = 5_000
    text_chars: int = 255
    name_chars: int = 1_000
    """Of the full name of a place."""
    outline_points: int = OUTLINE.most
    outline_winding: int = 30
    """Most times longer than the box around it: no border winds like that."""
    span_deg: float = 6
    """Width and height of a place, degrees: larger than most provinces."""
    span_of_any_place_deg: float = 90
    """No place on one side of the 180th meridian is wider, degrees."""
