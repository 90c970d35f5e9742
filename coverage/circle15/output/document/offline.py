"""Parts of a self-contained page: pinned assets, embedded data, Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_CSS_URL = re.compile(r"url\(\s*['\"]?(?!data:|#)([^)'\"]+)['\"]?\s*\)")
_SOURCE_MAP = re.compile(r"\s*//# sourceMappingURL=\S+\s*$")
_MIME = {".png": "image/png", ".gif": "image/gif", ".svg": "image/svg+xml"}

LEAFLET = ("xstatic.pkg.leaflet", "data")
"""Package and folder of Leaflet, pinned as a dependency."""

PACKED = "application/x-deflate"
_LEVEL = 5
"""Level 6 takes twice as long and saves 3 %."""


def read_asset(package: str, *path: str) -> bytes:
    """Read a data file of an installed package."""
    return resources.files(package).joinpath(*path).read_bytes()


def own_asset(name: str) -> str:
    """Read a script, style sheet or template of circle15's map."""
    return read_asset("circle15.output.map", "assets", name).decode("utf-8")


def data_uri(content: bytes, mime: str) -> str:
    """
    Encode bytes as a `data:` URI.

    Examples
    --------
    >>> data_uri(b"circle", "text/plain")
    'data:text/plain;base64,Y2lyY2xl'
    """
    return f"data:{mime};base64,{base64.b64encode(content).decode('ascii')}"


def leaflet() -> tuple[str, str]:
    """Return Leaflet's script and style sheet, the latter with its images embedded."""
    # Browsers normalise line ends to \n before hashing, so the policy's hashes need \n too.
    script, style = (
        read_asset(*LEAFLET, name).decode("utf-8").replace("\r\n", "\n")
        for name in ("leaflet.js", "leaflet.css")
    )
    return _SOURCE_MAP.sub("", script), _with_images(style, LEAFLET)


def _with_images(css: str, folder: tuple[str, ...]) -> str:
    """Embed the images of a style sheet as `data:` URIs; its paths are relative to `folder`."""

    def image(match: re.Match[str]) -> str:
        path = match[1].split("/")
        suffix = "." + path[-1].rpartition(".")[2]
        return f"url({data_uri(read_asset(*folder, *path), _MIME[suffix])})"

    return _CSS_URL.sub(image, css)


def json_bytes(value: Any) -> bytes:
    """
    Encode a value as compact JSON in UTF-8.

    Examples
    --------
    >>> json_bytes({"a": [1, 2]})
    b'{"a":[1,2]}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def packed_block(element_id: str, content: bytes) -> str:
    """
    Embed bytes as a script element that no browser runs: zlib-compressed, in base 64.

    Base 64 cannot contain the end tag. The same bytes give the same block, as zlib stores no time.

    Examples
    --------
    >>> packed_block("names", b"</script>").count("</script>")
    1
    """
    packed = base64.b64encode(zlib.compress(content, _LEVEL)).decode("ascii")
    return f'<script type="{PACKED}" id="{element_id}">{packed}</script>'


def block_bytes(page: str, element_id: str) -> int:
    """
    Return the length of what a block of a page holds, as it stands there; 0 without one.

    Examples
    --------
    >>> block_bytes(packed_block("a", b""), "a"), block_bytes("<p>", "a")
    (12, 0)
    """
    _, found, rest = page.partition(f'<script type="{PACKED}" id="{element_id}">')
    return rest.find("</script>") if found else 0


def content_policy(
    *,
    scripts: Iterable[str] = (),
    styles: Iterable[str] = (),
    images_from: str = "",
    workers: bool = False,
) -> str:
    """
    Write a Content-Security-Policy that allows only what the page itself contains.

    It allows the page's inline scripts and styles by their hashes, and images in `data:` URIs; it
    allows no request, frame, form, plug-in or other address.

    Parameters
    ----------
    scripts
        Content of each script element that the browser runs.
    styles
        Content of each style element.
    images_from
        Scheme and host from which the online variant of the page may also load images.
    workers
        Whether the page may start workers from its own data (`blob:`).

    Examples
    --------
    >>> content_policy()[:60]
    "default-src 'none'; script-src 'none'; style-src 'none'; img"
    """
    images = f"data: {images_from}".strip()
    own_workers = "worker-src blob:; " if workers else ""
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        f"img-src {images}; {own_workers}base-uri 'none'; form-action 'none'"
    )


def _hashes(blocks: Iterable[str]) -> str:
    found = []
    for block in blocks:
        digest = hashlib.sha256(block.encode("utf-8")).digest()
        found.append(f"'sha256-{base64.b64encode(digest).decode('ascii')}'")
    return " ".join(dict.fromkeys(found)) or "'none'"
