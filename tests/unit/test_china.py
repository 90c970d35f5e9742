"""Maps and papers of China have space for what is required there; English ones abroad do not."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
import shapely
from pyproj import CRS
from tests.builders.small_map import data_of, small_result

from circle15.errors import StudyError
from circle15.inputs.crs.china import lies_in_china
from circle15.inputs.crs.positions import to_metric
from circle15.output.document.html import render_html
from circle15.output.document.texts import plain
from circle15.output.map.html import build_map
from circle15.output.report.picture import map_figure
from circle15.output.text.wording import Words
from circle15.output.zones.document import zones_document
from circle15.study.settings.output_tables import MapSettings
from circle15.study.settings.reading import load_study
from circle15.workflow.zone_sheets import check_study_zones

INSIDE = {
    "Wuxi": (120.3, 31.57),
    "Beijing": (116.4, 39.9),
    "Fuyuan": (134.3, 48.36),
    "Kashgar": (75.99, 39.47),
    "Tashkurgan": (75.23, 37.77),
    "Lhasa": (91.1, 29.65),
    "Ruili": (97.85, 24.01),
    "Dongxing": (107.97, 21.55),
    "Sanya": (109.5, 18.25),
    "Dandong": (124.38, 40.13),
    "Erenhot": (111.98, 43.65),
    "Manzhouli": (117.45, 49.58),
    "Harbin": (126.6, 45.8),
    "Urumqi": (87.6, 43.8),
    "Suifenhe": (131.15, 44.4),
    "Hong Kong": (114.17, 22.3),
    "Taibei": (121.5, 25.05),
    "Yadong": (88.9, 27.48),
}
ABROAD = {
    "Hanoi": (105.85, 21.03),
    "Vientiane": (102.6, 17.96),
    "Seoul": (127.0, 37.55),
    "Pyongyang": (125.75, 39.02),
    "Ulaanbaatar": (106.9, 47.9),
    "Vladivostok": (131.9, 43.12),
    "Almaty": (76.9, 43.25),
    "Kathmandu": (85.32, 27.7),
    "Thimphu": (89.64, 27.47),
    "Delhi": (77.2, 28.6),
    "Dhaka": (90.4, 23.8),
    "Fukuoka": (130.4, 33.6),
    "Naha": (127.7, 26.2),
    "Manila": (120.98, 14.6),
    "Da Nang": (108.2, 16.05),
    "Porto Alegre": (-51.2, -30.03),
    "Monaco": (7.42, 43.73),
    "Las Palmas": (-15.43, 28.12),
    "Chita": (113.5, 52.03),
}


def square(lon, lat):
    """A square of 4 km around a place in its UTM zone, and that CRS."""
    crs = CRS.from_epsg((32600 if lat >= 0 else 32700) + int((lon + 180) // 6) + 1)
    x, y = (float(v[0]) for v in to_metric(np.array([lon]), np.array([lat]), crs))
    return shapely.box(x - 2000, y - 2000, x + 2000, y + 2000), crs


@pytest.mark.parametrize("place", INSIDE.values(), ids=INSIDE)
def test_places_in_china(place):
    assert lies_in_china(*square(*place))


@pytest.mark.parametrize("place", ABROAD.values(), ids=ABROAD)
def test_places_abroad(place):
    assert not lies_in_china(*square(*place))


def test_nothing_known_keeps_what_china_asks_for():
    assert lies_in_china(shapely.Polygon(), CRS.from_epsg(4549))


def placed(lon, lat):
    """The small study with its streets somewhere else."""
    shape, crs = square(lon, lat)
    plain = small_result()
    network = dataclasses.replace(plain.network, crs=crs, extent=shape)
    return small_result(crs=crs, network=network)


def footer(page):
    """The foot of a map on the screen."""
    return page.partition('<footer class="c15-footer">')[2].partition("</footer>")[0]


@pytest.mark.parametrize("name", ["Hanoi", "Porto Alegre"])
def test_an_english_map_abroad_says_nothing_of_its_use(name):
    result = placed(*ABROAD[name])
    page = build_map(result, "en")
    assert '<span class="c15-use"></span>' in footer(page)
    assert "approval number" not in page.partition("<script")[0]
    assert data_of(page)["approval"] is False
    # In Chinese it is published in China.
    assert "内部使用" in footer(build_map(result, "zh"))


@pytest.mark.parametrize("name", ["Wuxi", "Hong Kong"])
def test_an_english_map_of_china_is_for_internal_use(name):
    page = build_map(placed(*INSIDE[name]), "en")
    assert '<span class="c15-use">For internal use (内部使用)</span>' in footer(page)
    assert data_of(page)["approval"] is True


def used(result, **settings):
    """The result with `[map]` settings."""
    study = dataclasses.replace(result.study, map=MapSettings(**settings))
    return dataclasses.replace(result, study=study)


def test_an_approval_number_stands_in_place_of_internal_use():
    page = build_map(used(small_result(), approval_number="苏S(2026)<b>"), "zh")
    assert '<span class="c15-use">审图号：苏S(2026)&lt;b&gt;</span>' in footer(page)
    assert "内部使用" not in footer(page)
    assert data_of(page)["approval_number"] == "苏S(2026)<b>"
    abroad = build_map(used(placed(*ABROAD["Hanoi"]), approval_number="GS(2026)1"), "en")
    assert "Map approval no. (审图号): GS(2026)1" in footer(abroad)
    assert data_of(abroad)["approval"] is True


@pytest.mark.parametrize("note", ["", "仅供规划讨论"])
def test_a_study_words_the_note_itself(note):
    page = build_map(used(small_result(), use=note), "zh")
    assert f'<span class="c15-use">{note}</span>' in footer(page)


def caption(result):
    """The text below the map of the report."""
    figure = map_figure(result, Words("zh", result.study))
    assert figure is not None
    assert figure.caption is not None
    return plain(figure.caption)


def test_the_map_of_the_report_has_the_note_too():
    assert caption(small_result()).endswith("统计。 内部使用")
    approved = used(small_result(), approval_number="苏S(2026)012号")
    assert caption(approved).endswith("统计。 审图号：苏S(2026)012号")


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ('use = "内\\n部"', "key 'map.use': has a line break"),
        ('approval_number = " "', "key 'map.approval_number': is blank"),
        (f'approval_number = "{"9" * 61}"', "key 'map.approval_number': has 61 characters"),
    ],
)
def test_a_note_is_one_line(tmp_path, toml, fault):
    (tmp_path / "streets.geojson").write_text("{}")
    text = (
        '[study]\nname = "a"\nas_of = 2026-01-01\n[network]\nfile = "streets.geojson"\n'
        '[demand]\nlayers = [{ group = "p60", points = "streets.geojson", value = "n" }]\n'
        f"[map]\n{toml}\n"
    )
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=re.escape(fault)):
        load_study(tmp_path / "study.toml")


def sheets(papers, language):
    return render_html(zones_document(papers, language))


@pytest.mark.whole_study
def test_sheets_are_stamped_in_china(sample_study):
    outcome = check_study_zones(sample_study, sample_study.parent / "proposed_zones.csv")
    assert outcome.papers.in_china
    abroad = dataclasses.replace(outcome.papers, in_china=False)
    signing = '<div class="signing">'
    for page, stamp in (
        (sheets(outcome.papers, "en"), "Stamp"),
        (sheets(outcome.papers, "zh"), "盖章"),
        (sheets(abroad, "zh"), "盖章"),
    ):
        assert stamp in page.partition(signing)[2].partition("</div>")[0]
    fields = sheets(abroad, "en").partition(signing)[2].partition("</div>")[0]
    assert "Stamp" not in fields
    assert fields.count("<span>") == 4
