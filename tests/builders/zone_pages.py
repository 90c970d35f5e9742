"""Parts of the zone sheet of a residential zone, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.document.model import Lines, Notice, Page, Paragraph, Section, Table, cells_of
from circle15.output.document.texts import Badge, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.document.model import Cell


def section(page: Page, key: str) -> Section:
    """Find a section of a page by its key."""
    return next(one for one in page.blocks if isinstance(one, Section) and one.key == key)


def has_section(page: Page, key: str) -> bool:
    """Return whether a page has a section."""
    return any(isinstance(one, Section) and one.key == key for one in page.blocks)


def rows(page: Page, key: str) -> list[Sequence[Cell]]:
    """Cells of the tables of a section."""
    tables = [one for one in section(page, key).blocks if isinstance(one, Table)]
    return [cells for table in tables for cells in cells_of(table)]


def lines(page: Page, key: str) -> list[str]:
    """Lines of a section."""
    found = [one for one in section(page, key).blocks if isinstance(one, Lines)]
    return [plain(text) for block in found for text in block.texts]


def text_of(page: Page, key: str) -> str:
    """All texts of a section: its cells, then its lines."""
    return "\n".join([*(str(cell) for row in rows(page, key) for cell in row), *lines(page, key)])


def verdict_of(page: Page) -> str:
    """Word of the verdict of a page."""
    (paragraph,) = (one for one in page.header.blocks if isinstance(one, Paragraph))
    assert isinstance(paragraph.text, tuple)
    badge = paragraph.text[0]
    assert isinstance(badge, Badge)
    return badge.word


def notices(page: Page) -> list[str]:
    """The text of a page before its verdict."""
    return [plain(one.text) for one in page.header.blocks if isinstance(one, Notice)]
