"""Word and Excel files as LibreOffice lays them out: pages, text, and no cell of hashes."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from circle15.study.settings.reading import load_study
from circle15.workflow.api import run
from circle15.workflow.zone_sheets import check_study_zones

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.study.languages import Language

pytestmark = [pytest.mark.slow, pytest.mark.office]

WORDS = {
    "zh": {
        "report.docx": ["分类别、分时限的覆盖", "规则与结论", "SHA-256", "1 / "],
        "report.xlsx": ["空白的含义", "居家养老服务站", "数据字典"],
        "zones.docx": ["N-01", "编制", "盖章", "按读法 R3"],
        "zones.xlsx": ["N-01", "编制", "盖章", "按读法 R3"],
    },
    "en": {
        "report.docx": ["Coverage by category and cutoff", "Rules and verdicts", "SHA-256", "1 / "],
        "report.xlsx": ["Empty means", "Home-care station", "Data dictionary"],
        "zones.docx": ["N-01", "Prepared", "Stamp", "Under reading R3"],
        "zones.xlsx": ["N-01", "Prepared", "Stamp", "Under reading R3"],
    },
}
PAGES = {
    "report.docx": (10, 32),
    "report.xlsx": (20, 120),
    "zones.docx": (11, 11),
    "zones.xlsx": (8, 8),
}
"""
At least and at most: the sample proposes five zones, and each has its page, in Word a second one
with its location map; beside these the workbook has an overview, the hashes and the columns of the
tables. The report in English takes 31 pages: supply by subdistrict, Lorenz curves and the formulas
of the method are the newest three.
"""


@pytest.fixture(scope="module")
def office() -> str:
    """LibreOffice; skips where there is none."""
    program = shutil.which("soffice")
    if program is None or shutil.which("pdftotext") is None:
        pytest.skip("no LibreOffice on this machine: Word and Excel files are not laid out")
    return program


@pytest.fixture(scope="module", params=["zh", "en"])
def printed(request, office, sample_study, tmp_path_factory) -> tuple[Language, Path]:
    """All four files of the sample, printed into one folder."""
    language: Language = request.param
    folder = tmp_path_factory.mktemp(f"office-{language}")
    study = load_study(sample_study)
    run(study, out=folder / "results", language=language)
    zones = sample_study.with_name("proposed_zones.csv")
    check_study_zones(study, zones, out=folder / "zones", language=language)
    for name in WORDS[language]:
        source = folder / ("zones" if name.startswith("zones") else "results") / name
        target = folder / name.replace(".", "-")
        done = subprocess.run(
            [
                office,
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(target),
                str(source),
            ],
            capture_output=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return language, folder


def text_of(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


@pytest.mark.parametrize("name", list(PAGES))
def test_pages_and_words(printed, name):
    language, folder = printed
    text = text_of(folder / name.replace(".", "-") / f"{name.partition('.')[0]}.pdf")
    pages = text.count("\f")
    least, most = PAGES[name]
    assert least <= pages <= most
    joined = re.sub(r"\s+", " ", text)
    assert [word for word in WORDS[language][name] if word not in joined] == []
    assert "###" not in text  # a number too wide for its cell
    assert "\ufffd" not in text


def test_the_first_page_of_the_report_holds_sentences_figures_and_map(printed):
    _, folder = printed
    first, second = text_of(folder / "report-docx" / "report.pdf").split("\f")[:2]
    assert "230,300" in first
    assert "154,215" in first
    assert re.search(r"^\s*1\s", second, re.MULTILINE)  # the first part begins behind it
    pictures = subprocess.run(
        ["pdfimages", "-list", str(folder / "report-docx" / "report.pdf")],
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert re.search(r"^\s+1\s+0\s+image", pictures, re.MULTILINE)
