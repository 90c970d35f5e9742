"""Names that are harmless only as text, for all tests of escaping."""

from __future__ import annotations

from typing import Final

HOSTILE: Final = {
    "picture": "<img src=x onerror=alert(1)>",
    "script": "</script><script>alert(1)</script>",
    "style": "</style><style>body{display:none}</style>",
    "comment in a script": "<!--<script>",
    "end of a comment": "--><b>x</b>]]>",
    "attribute": '" onload="alert(1)',
    "entities": "'\"&amp;&lt;",
    "formula": '=HYPERLINK("http://example.org","x")',
    "formula after a sign": "+1+1",
    "template of folium": "{{ 7*7 }}{% raw %}",
    "template of a script": "${alert(1)}`",
    "places to fill": "{0} {name} %s $title \\1",
    "slot of the map": "<!--circle15:panel-->",
    "escape": "\\u003c\\x3c",
    "direction": "\u202eright to left\u202c \u2066isolated\u2069 \u200f",
    "line separator": "a\u2028b\u2029c",
    "emoji and rare": "👵🏽‍🦽👨‍👩‍👧𠮷",
    "controls": "bell\x07escape\x1b[31m",
    "long": "字" * 10_000,
    "long without a gap": "W" * 10_000,
}
"""What it is to the name. No name here changes when it is read and trimmed."""
