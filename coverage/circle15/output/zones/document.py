"""Assemble the zone sheets as one document: a page per zone, then a page on the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.document.model import Column, Document, Header, Page, Section, Table
from circle15.output.document.texts import code as in_code
from circle15.output.text.columns_told import columns_headings, columns_rows, tables_of
from circle15.output.text.wording import Words, shortened
from circle15.output.zones.pages import hashes, zone_pages

if TYPE_CHECKING:
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
        blocks=[*zone_pages(papers, words, code), _inputs(papers, words)],
        study_title=papers.study.title,
        as_of=papers.study.as_of,
        word_head=papers.letterhead.word,
    )


def _inputs(papers: ZonePapers, words: Words) -> Page:
    files = Table(
        [Column(words.say("zone_sheet.file")), Column("SHA-256", "k")],
        [[path, in_code(sha)] for path, sha in hashes(papers)],
        name="hashes",
    )
    rows = columns_rows(tables_of(papers.provenance), words)
    columns = Table([Column(one) for one in columns_headings(words)], rows, name="columns")
    section = Section("columns", words.say("check.columns"), [columns])
    return Page("", Header(words.say("zone_sheet.sources_heading")), [files, section])
