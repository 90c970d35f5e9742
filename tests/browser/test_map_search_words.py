"""The search finds a name however its accents, case, width and signs are typed."""

from __future__ import annotations

import unicodedata

import pytest
from tests.builders.map_use import open_small, search

__all__ = ["open_small"]  # a fixture

FOUND = [
    ("Çankaya Sağlık Ocağı", "cankaya saglik ocagi"),
    ("Policlínica São João", "SAO JOAO"),
    ("Łódź Źródło", "lodz zrodlo"),
    ("Straße der Größe", "strasse der grosse"),
    ("STRASSE 7", "straße 7"),
    ("Trạm Y tế Đống Đa", "tram y te dong da"),
    ("ΚΑΠΗ Αθήνας", "αθηνας"),
    ("İstanbul Işık", "istanbul isik"),
    ("Smørrebrød Æske", "smorrebrod aeske"),
    ("ﬁne centre", "fine"),
    ("Ａ座１０１室ＣＡＦＥ", "a座101室cafe"),
    ("医养（一）中心、二部", "医养(一)中心,二部"),
    ("“颐年”老年食堂·东店", '"颐年"老年食堂.东店'),
    ("O’Higgins – Norte", "o'higgins - norte"),
    ("O'Higgins-Norte", "ohiggins norte"),
    ("Saint-Denis", "saint denis"),
    ("第一·社区【新】", "第一社区新"),
]


@pytest.mark.parametrize(("name", "typed"), FOUND)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_found(open_small, name, typed, form):
    plain = unicodedata.normalize(form, name)
    page = open_small(name=plain)
    assert len(search(page, unicodedata.normalize("NFC", typed))) == 1
    assert len(search(page, unicodedata.normalize("NFD", typed))) == 1
    assert page.locator("#c15-found bdi").first.evaluate("e => e.textContent") == plain


@pytest.mark.parametrize("typed", ["cankayi", "saglik-x", "'", "？"])
def test_what_is_not_there_is_not_found(open_small, typed):
    page = open_small(name="Çankaya Sağlık Ocağı")
    assert search(page, typed) == []
