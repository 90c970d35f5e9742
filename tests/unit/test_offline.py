"""One file that needs nothing else: assets, content policy, and text that stays text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib

import pytest

from circle15.output.document.offline import (
    inline_assets,
    json_bytes,
    packed_block,
    unpacked_block,
    with_content_policy,
)

LEAFLET = ("xstatic.pkg.leaflet", "data")
PAGE = (
    '<html><head><script src="https://host/l.js"></script>'
    '<link rel="stylesheet" href="https://host/l.css"/></head></html>'
)
ASSETS = {
    "https://host/l.js": (*LEAFLET, "leaflet.js"),
    "https://host/l.css": (*LEAFLET, "leaflet.css"),
}


def test_assets_take_the_place_of_addresses():
    page = inline_assets(PAGE, ASSETS)
    assert "https://host" not in page
    assert "sourceMappingURL" not in page
    assert re.findall(r"url\((?!data:|#)", page) == []
    assert ".leaflet-pane" in page


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="https://elsewhere/x.js"></script>',
        '<script defer src="//elsewhere/x.js" async></script>',
        '<link rel="stylesheet" href="x.css">',
    ],
)
def test_an_unknown_address_is_an_error(tag):
    with pytest.raises(LookupError, match=r"x\.(js|css)"):
        inline_assets(PAGE.replace("</head>", tag + "</head>"), ASSETS)


def test_the_policy_names_every_inline_block_and_nothing_else():
    page = with_content_policy(
        "<html><head><style>p{}</style></head><body><script>let a;</script>"
        '<script type="application/json">{}</script></body></html>'
    )
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    digest = base64.b64encode(hashlib.sha256(b"let a;").digest()).decode()
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert "unsafe" not in policy[1]


def test_hashes_hold_for_what_a_browser_reads():
    """Browsers turn CR LF into LF before they hash; Leaflet's style sheet is written with CR LF."""
    assert "\r" not in inline_assets(PAGE, ASSETS)


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--", "\u2028", "𠮷", '"']
)
def test_no_text_ends_a_block(text):
    block = packed_block("data", json_bytes({"name": text}))
    assert re.fullmatch(r'<script type="[\w/-]+" id="data">[A-Za-z0-9+/=]+</script>', block)
    assert json.loads(unpacked_block(f"<p>{block}</p>", "data")) == {"name": text}


def test_a_block_is_deflated_without_a_time():
    content = bytes(1000) + b"people"
    block = packed_block("data", content)
    assert len(block) < 150
    assert block == packed_block("data", content)
    packed = base64.b64decode(block.split(">")[1].split("<")[0])
    assert packed[0] & 0x0F == 8  # zlib's header, as `DecompressionStream("deflate")` reads it
    assert zlib.decompress(packed) == content


def test_a_block_that_is_not_there_is_an_error():
    with pytest.raises(LookupError, match="'other'"):
        unpacked_block(packed_block("data", b"x"), "other")
