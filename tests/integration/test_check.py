"""`circle15 check`: one page of all findings, worst first, in three forms."""

from __future__ import annotations

import io
import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import jsonschema
import pandas as pd
import pytest
from tests.commands import call

import circle15
from circle15.inputs.crs.datums import from_wgs84
from circle15.output.check.findings import check_entry, check_schema
from circle15.output.check.page import build_check_page
from circle15.output.check.terminal import print_check
from circle15.output.text.wording import Words
from circle15.results.check.outcome import group_findings
from circle15.study.vocabulary.finding import Finding

EVIL = '<img src=x onerror="alert(1)">[bold]&\x1b[31m'


@pytest.fixture(scope="module")
def spoiled(sample_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with sites in BD-09, areas that are no numbers, a 0/0 and hostile words."""
    folder = tmp_path_factory.mktemp("spoiled") / "study"
    shutil.copytree(sample_study.parent, folder)
    frame = pd.read_excel(folder / "stations.xlsx", engine="calamine", dtype=object)
    lon, lat = (frame[key].to_numpy(float) for key in ("经度", "纬度"))
    for key, values in zip(("经度", "纬度"), from_wgs84(lon, lat, "bd09"), strict=True):
        frame[key] = pd.Series([f"{v:.7f}" if v == v else None for v in values], dtype=object)
    frame.loc[0, ["经度", "纬度"]] = ["0", "0"]
    frame.loc[3:40, "建筑面积"] = EVIL.replace("\x1b", "")
    frame.to_csv(folder / "stations.csv", index=False)
    text = (folder / "study.toml").read_text("utf-8").replace("stations.xlsx", "stations.csv")
    (folder / "study.toml").write_text(text, "utf-8")
    return folder / "study.toml"


@pytest.fixture(scope="module")
def outcome(spoiled):
    return circle15.check(spoiled)


def test_equal_findings_stand_together_worst_first():
    findings = [
        Finding("NO_POSITION", "note", "a.csv", 9),
        Finding("UNREADABLE", "warning", "a.csv", 3, "m2", detail={"value": "x"}),
        Finding("UNREADABLE", "warning", "a.csv", 2, "m2", floor_area_m2=Decimal("0.5")),
        Finding("UNREADABLE", "warning", "a.csv", 4, "beds"),
        Finding("TOO_FAR", "warning", "homes.csv", 7, persons_micro=2_000_000),
        Finding("TOO_FAR", "warning", "homes.csv", 5, persons_micro=500_000),
        Finding("DATUM_WRONG", "error", "b.csv", detail={"rows": "9"}),
        Finding("DATUM_DOUBTED", "warning", "c.csv", detail={"rows": "1200"}),
    ]
    found = group_findings(findings)
    shown = [(one.first.code, one.first.column, one.count, one.rows) for one in found]
    assert shown == [
        ("DATUM_WRONG", None, 1, ()),
        ("DATUM_DOUBTED", None, 1, ()),
        ("TOO_FAR", None, 2, (5, 7)),
        ("UNREADABLE", "m2", 2, (2, 3)),
        ("UNREADABLE", "beds", 1, (4,)),
        ("NO_POSITION", None, 1, (9,)),
    ]
    assert found[2].persons_micro == 2_500_000
    assert found[3].floor_area_m2 == Decimal("0.5")
    assert found[1].touched == 1200
    assert group_findings(findings[::-1]) == found


def test_the_json_is_what_its_schema_says(outcome):
    found = check_entry(outcome, Words("en", outcome.study))
    jsonschema.validate(json.loads(json.dumps(found, allow_nan=False)), check_schema())
    assert found["ready"] is True
    assert sum(found["counts"].values()) == len(found["issues"]) == len(outcome.findings)
    assert found["findings"][0]["code"] == "DATUM_DOUBTED"
    assert sum(one["count"] for one in found["findings"][1:]) == len(outcome.findings) - 1
    (stations,) = [one for one in found["datums"] if one["file"] == "stations.csv"]
    assert (stations["verdict"], stations["fits"][1]["name"]) == ("doubted", "BD-09")
    p60 = next(one for one in found["population"] if one["group"] == "p60")
    assert p60["inside"] + p60["outside"] == pytest.approx(p60["input"], abs=1e-6)
    assert {"boundary.geojson", "zones.geojson"} <= {Path(path).name for path in found["files"]}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_alone_and_escaped(outcome, language):
    page = build_check_page(outcome, language)
    assert page == build_check_page(outcome, language)
    assert "default-src &#x27;none&#x27;" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
    assert not re.search(r"\{[a-z_]+\}", page.split("</style>")[1])
    for finding in group_findings(outcome.findings):
        assert Path(finding.first.file).name in page.replace("<wbr/>", "")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_terminal_shows_data_as_it_stands(outcome, language):
    out = io.StringIO()
    print_check(outcome, Words(language, outcome.study), out)
    shown = out.getvalue()
    assert "[bold]" in shown
    assert "\x1b" not in shown
    assert "BD-09" in shown
    assert shown.rstrip().endswith({"zh": "可以运行。", "en": "The study can be run."}[language])


def test_a_wrong_run_is_exit_code_2(sample_study, tmp_path, capfd):
    """Centres in the belt of 123° E, declared as 120° E: check shows the page, run stops."""
    from pyproj import Transformer

    folder = tmp_path / "study"
    shutil.copytree(sample_study.parent, folder)
    frame = pd.read_csv(folder / "centers.csv", encoding="gbk")
    frame = frame[frame["经度"] > 100]  # one row has its coordinates exchanged
    to_belt = Transformer.from_crs(4326, 4550, always_xy=True)
    lon, lat = (frame.pop(key).to_numpy(float) for key in ("经度", "纬度"))
    frame["x"], frame["y"] = to_belt.transform(lon, lat)
    frame.to_csv(folder / "centers.csv", index=False)
    head, tail = (folder / "study.toml").read_text("utf-8").split('file = "centers.csv"')
    tail = tail.replace("covers =", 'crs = "EPSG:4549"\ncovers =', 1)
    tail = tail.replace('lon = "经度", lat = "纬度"', 'x_m = "x", y_m = "y"', 1)
    (folder / "study.toml").write_text(f'{head}file = "centers.csv"{tail}', "utf-8")
    page = tmp_path / "check.html"
    assert call("check", folder / "study.toml", "--lang", "en", "--html", page) == 2
    shown = capfd.readouterr().out
    assert "as EPSG:4550, 35 of 35" in shown
    assert shown.rstrip().endswith("fix the errors first.")
    assert "A run would give wrong results" in page.read_text("utf-8")
    assert call("run", folder / "study.toml", "--out", tmp_path / "out") == 2
    captured = capfd.readouterr()
    assert "centers.csv" in captured.err
    assert "EPSG:4550" in captured.err
    assert not (tmp_path / "out").exists()
