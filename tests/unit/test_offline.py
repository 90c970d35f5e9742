"""Self-contained files: assets, content policy, and text that stays text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib

import pytest
from tests.builders.packed_pages import unpacked_block

from circle15.output.document.offline import (
    LEAFLET,
    content_policy,
    json_bytes,
    leaflet,
    packed_block,
    read_asset,
)


def test_leaflet_needs_no_address():
    script, style = leaflet()
    assert "sourceMappingURL" not in script
    assert re.findall(r"url\((?!data:|#)", style) == []
    assert "url(data:image/png;base64," in style
    assert ".leaflet-pane" in style


def test_hashes_hold_for_what_a_browser_reads():
    """Browsers turn CR LF into LF before they hash; Leaflet's style sheet is written with CR LF."""
    assert "\r" in read_asset(*LEAFLET, "leaflet.css").decode()
    assert "\r" not in "".join(leaflet())


def test_the_policy_names_every_inline_block_and_nothing_else():
    policy = content_policy(scripts=["let a;", "let a;"], styles=["p{}"])
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digest = base64.b64encode(hashlib.sha256(b"let a;").digest()).decode()
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert rules["style-src"].startswith("'sha256-")
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy


def test_the_online_policy_names_one_host_for_images():
    assert "img-src data: https://tiles;" in content_policy(images_from="https://tiles")


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


def test_only_a_page_with_workers_may_start_them():
    assert "worker-src" not in content_policy()
    assert "; worker-src blob:; " in content_policy(workers=True)
