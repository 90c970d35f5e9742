"""What a download may cost: one table of all limits on the answers of servers."""

from __future__ import annotations

from dataclasses import dataclass

from circle15.study.limits import ANSWER, ANSWER_ELEMENTS, OUTLINE


@dataclass(frozen=True)
class DownloadLimits:
    """
    Limits on the answer of a server, in time, bytes and numbers; what passes one is refused.

    Those of objects follow OpenStreetMap's own, where it has one: 255 characters of a key or
    value. Its 2,000 nodes of a way and 32,000 members are newer than some of its data, so ten and
    three times as many pass.
    """

    answer_s: float = 900
    """From the question to the last byte."""
    slow_after_s: float = 30
    """From here on an answer must have come at `slowest_bytes_s` or faster."""
    slowest_bytes_s: float = 1000
    answer_bytes: int = ANSWER.most
    """After unpacking."""
    unpacked_ratio: int = 100
    """Times as large as sent, for what is over `ratio_from_bytes` unpacked."""
    ratio_from_bytes: int = 10_000_000
    redirects: int = 5
    item_chars: int = 8_000_000
    """Of one element, or one place with its outline."""
    elements: int = ANSWER_ELEMENTS.most
    """Of all answers together."""
    kept_bytes: int = 600_000_000
    """Memory of all answers together, about."""
    largest_id: int = 2**53 - 1
    way_nodes: int = 20_000
    members: int = 100_000
    tags: int = 5_000
    text_chars: int = 255
    name_chars: int = 1_000
    """Of the full name of a place."""
    outline_points: int = OUTLINE.most
    outline_winding: int = 30
    """Times as long as the box around it: no border winds like that."""
    span_deg: float = 6
    """Width and height of a place, degrees: larger than most provinces."""
    span_of_any_place_deg: float = 90
    """No place that lies on one side of the 180th meridian is wider."""
