"""Read the packed blocks of an offline page."""

from __future__ import annotations

import base64
import zlib

from circle15.output.document.offline import PACKED


def unpacked_block(html: str, element_id: str) -> bytes:
    """
    Read a block that `packed_block` has written into a page.

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
