"""Find the words of an open page that are visibly broken inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONGEST = 16
"""No word of ours is longer."""

_SCRIPT = r"""(longest) => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const box = node.parentElement;
        if (box.closest("script, style, svg")) continue;
        if (!box.checkVisibility({visibilityProperty: true})) continue;
        for (const match of node.data.matchAll(/[\p{Script=Latin}\d]+/gu)) {
            if (match[0].length < 2 || match[0].length > longest) continue;
            const range = document.createRange();
            range.setStart(node, match.index);
            range.setEnd(node, match.index + match[0].length);
            const boxes = [...range.getClientRects()].filter(r => r.width > 0);
            if (boxes.some(r => Math.abs(r.top - boxes[0].top) > 3)) found.push(match[0]);
        }
    }
    return found;
}"""


def broken_words(page: Page) -> list[str]:
    """List the words of Latin letters and digits that stand on two lines."""
    found: list[str] = page.evaluate(_SCRIPT, LONGEST)
    return found
