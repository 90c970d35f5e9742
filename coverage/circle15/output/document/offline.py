"""Make a rendered page one file: assets from pinned packages, no address outside, no injection."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SCRIPT = re.compile(r'<script\b[^>]*?\bsrc="([^"]*)"[^>]*>\s*</script>')
_LINK = re.compile(r'<link\b[^>]*?\bhref="([^"]*)"[^>]*>')
_CSS_URL = re.compile(r"url\(\s*['\"]?(?!data:|#)([^)'\"]+)['\"]?\s*\)")
_SOURCE_MAP = re.compile(r"\s*//# sourceMappingURL=\S+\s*$")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_INLINE_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_MIME = {".png": "image/png", ".gif": "image/gif", ".svg": "image/svg+xml"}

LEAFLET = ("xstatic.pkg.leaflet", "data")
"""Package and folder of the pinned Leaflet."""

PACKED = "application/x-deflate"
_LEVEL = 5
"""Level 6 takes twice as long and saves 3 %."""


def read_asset(package: str, *path: str) -> bytes:
    """Read a file that a package carries."""
    return resources.files(package).joinpath(*path).read_bytes()


def own_asset(name: str) -> str:
    """Read a script, style or template of circle15."""
    return read_asset("circle15.output.map", "assets", name).decode("utf-8")


def data_uri(content: bytes, mime: str) -> str:
    """
    Write bytes as an address that needs no request.

    Examples
    --------
    >>> data_uri(b"circle", "text/plain")
    'data:text/plain;base64,Y2lyY2xl'
    """
    return f"data:{mime};base64,{base64.b64encode(content).decode('ascii')}"


def inline_assets(html: str, assets: Mapping[str, tuple[str, ...]]) -> str:
    """
    Put linked scripts and styles, and the images of the styles, into the page.

    Parameters
    ----------
    assets
        Address in the page to package and path of the file that takes its place.

    Raises
    ------
    LookupError
        If the page links an address that is not in `assets`.
    """

    def content(address: str) -> tuple[str, tuple[str, ...]]:
        if address not in assets:
            message = f"the page links {address!r}, and no asset takes its place"
            raise LookupError(message)
        where = assets[address]
        # Browsers read every end of line as \n, and so must the hashes of the content policy.
        return read_asset(*where).decode("utf-8").replace("\r\n", "\n"), where

    def script(match: re.Match[str]) -> str:
        text, _ = content(match[1])
        return f"<script>{_SOURCE_MAP.sub('', text)}</script>"

    def style(match: re.Match[str]) -> str:
        text, where = content(match[1])
        return f"<style>{_with_images(text, where[:-1])}</style>"

    return _LINK.sub(style, _SCRIPT.sub(script, html))


def _with_images(css: str, folder: tuple[str, ...]) -> str:
    """Put the images of a style sheet into it; their addresses are relative to its folder."""

    def image(match: re.Match[str]) -> str:
        path = match[1].split("/")
        suffix = "." + path[-1].rpartition(".")[2]
        return f"url({data_uri(read_asset(*folder, *path), _MIME[suffix])})"

    return _CSS_URL.sub(image, css)


def json_bytes(value: Any) -> bytes:
    """
    Write a value as JSON without blanks, in UTF-8.

    Examples
    --------
    >>> json_bytes({"a": [1, 2]})
    b'{"a":[1,2]}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def packed_block(element_id: str, content: bytes) -> str:
    """
    Write bytes as a block that no browser runs, deflated (with zlib's header) and in base 64.

    No text in it can end the block. The same bytes give the same block: the stream holds no time.

    Examples
    --------
    >>> block = packed_block("names", b"</script>")
    >>> unpacked_block(block, "names")
    b'</script>'
    """
    packed = base64.b64encode(zlib.compress(content, _LEVEL)).decode("ascii")
    return f'<script type="{PACKED}" id="{element_id}">{packed}</script>'


def unpacked_block(html: str, element_id: str) -> bytes:
    """
    Read what `packed_block` has written into a page.

    Raises
    ------
    LookupError
        If the page has no such block.
    """
    begin = f'<script type="{PACKED}" id="{element_id}">'
    if begin not in html:
        message = f"the page has no block {element_id!r}"
        raise LookupError(message)
    packed = html.split(begin, 1)[1].split("<", 1)[0]
    return zlib.decompress(base64.b64decode(packed))


def with_content_policy(html: str, *, images_from: str = "") -> str:
    """
    Let the page run and show nothing but what it holds now.

    The policy allows the inline scripts and styles of the page by their hashes, and images in
    `data:` addresses; it allows no request, frame, form, plug-in or other address.

    Parameters
    ----------
    images_from
        Scheme and host from which the online variant of a page may have images, too.
    """
    images = f"data: {images_from}".strip()
    scripts = _hashes(_INLINE_SCRIPT.findall(html))
    styles = _hashes(_INLINE_STYLE.findall(html))
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src {images}; "
        "base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
    return html.replace("<head>", f"<head>{meta}", 1)


def _hashes(blocks: Iterable[str]) -> str:
    found = []
    for block in blocks:
        digest = hashlib.sha256(block.encode("utf-8")).digest()
        found.append(f"'sha256-{base64.b64encode(digest).decode('ascii')}'")
    return " ".join(dict.fromkeys(found)) or "'none'"
