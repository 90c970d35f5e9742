"""The sheets of `circle15 zones`: their content, and that they are safe and repeatable.

A street of 600 m: A (0) - B (300) - C (600), a meal site at 300 m. Zones stand at 250 m, 19.9 m
beside the street.
"""

from __future__ import annotations

import csv
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
import shapely
from python_calamine import CalamineWorkbook
from tests.builders.zone_pages import has_section, lines, notices, rows, text_of, verdict_of
from tests.streets import lon_lat, write_study

from circle15 import check_study_zones
from circle15.output.document.model import Page
from circle15.output.text.wording import Words, printable
from circle15.output.zones.pages import hashes, zone_pages
from circle15.study.settings.reading import load_study

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
RULES = '[circle]\nrequire = ["meal_point"]\n[rules]\npacks = ["liangxi-2025"]\n'
HOSTILE = "=1+1<script>alert(1)</script>"
LON, LAT = lon_lat([(250.0, 19.9)])[0]
ZONES = f"""zone_id,name,kind,households,rooms_m2,lon,lat
A,Plenty,existing,1000,450+100,{LON:.7f},{LAT:.7f}
B,Little,existing,1000,150,{LON:.7f},{LAT:.7f}
C,"{HOSTILE}",,1500,400,{LON:.7f},{LAT:.7f}
D,Nowhere,existing,1000,,,
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written: Path = write_study(
        tmp_path_factory.mktemp("study"),
        NODES,
        ["ABC"],
        {"h1": (10, 5, 100), "h2": (500, 5, 50)},
        {"f1": (300, 10)},
        boundary=shapely.box(-200, -200, 800, 200),
        more=RULES,
    )
    return written


@pytest.fixture(scope="module")
def zones_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zones") / "zones.csv"
    path.write_text(ZONES, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def written(study, zones_file, tmp_path_factory) -> Path:
    out: Path = tmp_path_factory.mktemp("out") / "sheets"
    outcome = check_study_zones(study, zones_file, out=out, language="en")
    assert [path.name for path in outcome.files] == [
        "zones.html",
        "zones.docx",
        "zones.xlsx",
        "zones.run.json",
        "zones.json",
    ]
    return out


@pytest.fixture(scope="module")
def pages(study, zones_file) -> dict[str, Page]:
    papers = check_study_zones(study, zones_file).papers
    words = Words("en", load_study(study))
    return {page.key: page for page in zone_pages(papers, words)}


def test_the_first_line_says_that_the_verdict_hangs_on_the_reading(pages):
    """A: 450 + 100 of 200 m²: one room is below 300 m², so R2 alone is not met."""
    assert verdict_of(pages["A"]) == "met"
    (said,) = notices(pages["A"])
    assert all(word in said for word in ("R1 met", "R2 not met", "R3 met"))
    assert notices(pages["B"]) == []


def test_rooms_are_traced_to_their_rows_and_say_why_they_do_not_count(pages):
    large, small = rows(pages["A"], "rooms")
    assert (large[1], large[2], large[3]) == ("zones.csv:2", Decimal(450), "Counted")
    assert small[2] == 100
    assert "R3" in str(small[3])


def test_sharing_costs_nothing_and_stands_first(pages):
    """A counts 450 m² and needs 200, B needs 200: together 450 of 400 m² are enough."""
    first, second = text_of(pages["B"], "mend").splitlines()[:2]
    assert "Share with A" in first
    assert "450 m² are counted and 400 m² required" in first
    assert "150" in second  # enlarge the room by 150 m²
    assert not has_section(pages["A"], "mend")


def test_the_way_is_told_by_streets_and_takes_the_worst_time(pages):
    # 19.9 m to the street, 50 m on it, 10 m to the door
    assert rows(pages["A"], "circle")[0][4] == "1:20"
    way = lines(pages["A"], "circle")[1]
    assert "50 m → f1" in way
    legs = "waiting 0:00; slope, steps, surface and access 0:30"  # 29.9 m, whole seconds up
    assert way.endswith(f"1:20 (beyond 50 m at 1.0 m/s: {legs}).")


def test_the_required_area_is_worked_out_from_the_row_and_the_clause(pages):
    """A is existing, C of unknown kind, and of D and A the same is required."""
    assert "Required = 1,000 households × 20 m² ÷ 100 (LX-03) = 200 m²." in text_of(
        pages["A"], "floor_area"
    )
    either = text_of(pages["C"], "floor_area")
    assert "1,500 households × 30 m² ÷ 100 (LX-02) / 1,500 households × 20 m² ÷ 100" in either
    said = text_of(pages["A"], "clauses")
    assert "LX-01" in said  # the circle
    assert "Day-care centre" in said  # whose floor area counts


def test_what_is_missing_for_the_capacity_is_named(pages):
    said = text_of(pages["A"], "capacity")
    assert "household_size" in said
    assert "no capacity" in said


def test_clauses_are_quoted_with_their_source(pages):
    assert "已建成居住区" in text_of(pages["A"], "clauses")
    assert "liangxi-2025" in text_of(pages["A"], "clauses")
    assert "LX-02" not in text_of(pages["A"], "clauses")  # the rate of new zones
    assert "LX-02" in text_of(pages["C"], "clauses")  # of unknown kind


def test_unknown_kind_and_unknown_place_are_undetermined(pages):
    """C (A15): 300 m² as existing, 450 as new, and 400 are there."""
    assert verdict_of(pages["C"]) == "undetermined"
    said = text_of(pages["C"], "floor_area")
    assert "If new: required 450 m²" in said
    assert "If existing: required 300 m²" in said
    assert "unknown" in str(rows(pages["D"], "circle")[0][1])


def test_the_page_runs_nothing_and_escapes_names(written):
    page = (written / "zones.html").read_text("utf-8")
    assert "default-src &#x27;none&#x27;" in page
    assert "<script" not in page
    assert "alert(1)&lt;/script&gt;" in page
    # Four zones, the location maps of three that have a position, and the hashes.
    assert page.count('<article class="sheet">') == 8
    assert page.count('<img src="data:image/png;base64,') == 3
    assert not re.search(r"https?://", page)


def test_no_cell_is_a_formula(written):
    with zipfile.ZipFile(written / "zones.xlsx") as packed:
        sheets = [packed.read(name) for name in packed.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 7  # an overview, four zones, the hashes and the columns
    assert all(b"<f>" not in sheet and b"pane" in sheet for sheet in sheets)
    book = CalamineWorkbook.from_path(str(written / "zones.xlsx"))
    rows = book.get_sheet_by_name("Overview").to_python()
    assert [row[0] for row in rows[1:]] == ["A", "B", "C", "D"]
    assert rows[3][1] == HOSTILE


def test_the_document_has_the_verdicts_and_the_fonts_of_both_scripts(written):
    document = docx.Document(str(written / "zones.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert text.index("▲\u00a0not met", text.index("B Little")) < text.index(HOSTILE)
    assert HOSTILE in text
    assert 'w:eastAsia="Microsoft YaHei"' in document.styles.element.xml
    assert len(document.tables) >= 4 * 4


NAMES = [
    "a\x01b\x1bc\x7f",
    '=HYPERLINK("http://example.org")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\u202eright to left\u2069",
    "𠮷里",
    "🏠👵🏽",
    "]]></w:t><w:p/>",
    "&amp;<b>",
    "长" * 10_000,
    "History",
    "a/b[c]*?:",
    "'",
    " ",
]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_any_name_and_number_of_a_zone_is_text(study, tmp_path, language):
    """Each name is the zone's number too, and with it the name of a sheet of the workbook."""
    file = tmp_path / "zones.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["zone_id", "name", "kind", "households", "lon", "lat"])
        for name in NAMES:
            writer.writerow([f"Z{name}", name, "existing", 10, f"{LON:.7f}", f"{LAT:.7f}"])
    out = tmp_path / "out"
    check_study_zones(study, file, out=out, language=language)
    for made in (out / "zones.docx", out / "zones.xlsx"):
        with zipfile.ZipFile(made) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
        for name, content in parts.items():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(content)  # whole, and no character that XML forbids
        sheets = [text for name, text in parts.items() if "worksheets/sheet" in name]
        assert not any(b"<f>" in text or b"hyperlink" in text for text in sheets)
        assert b"External" not in b"".join(t for n, t in parts.items() if n.endswith(".rels"))
    document = docx.Document(str(out / "zones.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for name in NAMES:
        shown = printable(name).strip()[:90]
        assert shown in text
    book = CalamineWorkbook.from_path(str(out / "zones.xlsx"))
    assert len(book.sheet_names) == len(NAMES) + 3
    assert len({name.casefold() for name in book.sheet_names}) == len(book.sheet_names)
    assert max(map(len, book.sheet_names)) <= 31


def test_a_second_time_gives_the_same_bytes(study, zones_file, written, tmp_path):
    check_study_zones(study, zones_file, out=tmp_path / "again", language="en")
    for file in written.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


def test_a_zone_walks_from_its_entrances(study, zones_file, tmp_path):
    """Doors at 200 m and 500 m, on the street: 100 m and 200 m to the site, and 10 m beside it."""
    doors = lon_lat([(200.0, 0.0), (500.0, 0.0)])
    rows = [f"A,{lon:.8f},{lat:.8f}" for lon, lat in doors]
    file = tmp_path / "doors.csv"
    file.write_text("\n".join(["zone_id,lon,lat", *rows, "X,120,31", ""]), "utf-8")
    outcome = check_study_zones(study, zones_file, entrances=file)
    found = {zone["zone_id"]: zone["circle"][0] for zone in outcome.zones}
    assert found["A"]["worst_s"] == pytest.approx(210, abs=0.1)
    assert found["A"]["median_s"] == pytest.approx(110, abs=0.1)
    assert found["B"]["worst_s"] == pytest.approx(79.9, abs=0.1)  # has none: as before
    assert [(one.code, one.row) for one in outcome.findings if one.file == "doors.csv"] == [
        ("ENTRANCE_WITHOUT_ZONE", 4)
    ]
    words = Words("en", load_study(study))
    page = next(zone_pages(outcome.papers, words))
    assert "from the farthest entrance: unnamed way 200 m" in text_of(page, "circle")
    assert "doors.csv" in {path for path, _ in hashes(outcome.papers)}


def test_a_zone_beyond_the_streets_is_listed_and_its_circle_is_unknown(study, tmp_path):
    lon, lat = lon_lat([(0.0, 5000.0)])[0]
    file = tmp_path / "far.csv"
    file.write_text(f"zone_id,kind,households,lon,lat\nF,new,100,{lon:.7f},{lat:.7f}\n", "utf-8")
    outcome = check_study_zones(study, file)
    (circle,) = outcome.zones[0]["circle"]
    assert circle["state"] == "unknown"
    assert [(one.code, one.row) for one in outcome.findings if one.severity == "warning"] == [
        ("ZONE_OFF_STREETS", 2)
    ]
