"""Assemble the zone sheets as one document: a page per zone, then a page on the inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from circle15.output.document.model import (
    Column,
    Document,
    Header,
    Page,
    Paragraph,
    Section,
    Signing,
    Table,
)
from circle15.output.document.texts import code as in_code
from circle15.output.text.columns_told import columns_headings, columns_rows, tables_of
from circle15.output.text.wording import Words, shortened
from circle15.output.zones.location import MOST_MAPS, location_page
from circle15.output.zones.pages import hashes, zone_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.study.languages import Language
    from circle15.zones.records import ZonePapers


def zones_document(papers: ZonePapers, language: Language, *, code: str | None = None) -> Document:
    """
    Return the zone sheets of all zones, and a last page with the full hashes of the inputs.

    Each sheet bears the `code` of the check.
    """
    words = Words(language, papers.study)
    return Document(
        title=words.say("zone_sheet.page_title", title=shortened(papers.study.title)),
        language=language,
        kind="zone-sheets",
        blocks=[*_pages(papers, words, code), _inputs(papers, words)],
        study_title=papers.study.title,
        as_of=papers.study.as_of,
        word_head=papers.letterhead.word,
    )


def _pages(papers: ZonePapers, words: Words, code: str | None) -> Iterator[Page]:
    """Yield the sheet of each zone and its location map, which is signed in place of the sheet."""
    for dossier, sheet in zip(papers.dossiers, zone_pages(papers, words, code), strict=True):
        located = location_page(dossier, papers, words)
        if located is None:
            yield sheet
            continue
        signing = [one for one in sheet.blocks if isinstance(one, Signing)]
        yield replace(sheet, blocks=[one for one in sheet.blocks if one not in signing])
        header = replace(located.header, kicker=sheet.header.kicker)
        yield replace(located, header=header, blocks=[*located.blocks, *signing])


def _inputs(papers: ZonePapers, words: Words) -> Page:
    files = Table(
        [Column(words.say("zone_sheet.file")), Column("SHA-256", "k")],
        [[path, in_code(sha)] for path, sha in hashes(papers)],
        name="hashes",
    )
    rows = columns_rows(tables_of(papers.provenance), words)
    columns = Table([Column(one) for one in columns_headings(words)], rows, name="columns")
    section = Section("columns", words.say("check.columns"), [columns])
    without = words.say("zone_sheet.no_locations", most=MOST_MAPS)
    notes = [Paragraph(without)] if len(papers.dossiers) > MOST_MAPS else []
    return Page("", Header(words.say("zone_sheet.sources_heading")), [*notes, files, section])
