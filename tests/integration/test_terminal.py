"""Text from data in a terminal: never an escape sequence, never reversed."""

from __future__ import annotations

import json
import shutil

import pytest
from tests.commands import heard

HOSTILE = "甲\x1b]0;owned\x07\x1b[2J\x9b31m\u202egpj.exe\u2066"
DANGEROUS = set("\x1b\x07\x9b\u202e\u2066")


@pytest.fixture(scope="module")
def hostile(sample_study, tmp_path_factory):
    """The sample with hostile names of sites, zones, statuses and a category."""
    folder = tmp_path_factory.mktemp("hostile") / "study"
    shutil.copytree(sample_study.parent, folder)
    path = folder / "meals.csv"
    path.write_text(
        "facility_id,name,lon,lat,状态,建筑面积,类别\n"
        + "".join(
            f'"f{k}{HOSTILE}","{HOSTILE}",120.30,31.57,"{HOSTILE}","{HOSTILE}","{HOSTILE}"\n'
            for k in range(3)
        ),
        encoding="utf-8",
    )
    study = folder / "study.toml"
    more = '\n[[facilities]]\nfile = "meals.csv"\ncategory_column = "类别"\ndatum = "wgs84"\n'
    text = study.read_text("utf-8").replace("[[residential_zones]]", more + "[[residential_zones]]")
    assert more in text
    study.write_text(text, encoding="utf-8")
    (folder / "new.csv").write_text(
        f'zone_id,name,lon,lat,kind,households\n"Z{HOSTILE}","{HOSTILE}",120.30,31.57,新建,100\n',
        encoding="utf-8",
    )
    return study


def test_a_check(hostile, tmp_path, capfd):
    page = tmp_path / "check.html"
    code, out, said = heard(capfd, "check", hostile, "--html", page)
    assert code == 0
    assert "owned" in out
    assert not DANGEROUS & set(out + said + page.read_text("utf-8"))


def test_zones(hostile, tmp_path, capfd):
    zones = hostile.parent / "new.csv"
    code, out, said = heard(capfd, "zones", hostile, "--zones", zones)
    assert code == 0
    assert "owned" in out
    assert not DANGEROUS & set(out + said)


def test_an_error(hostile, tmp_path, capfd):
    bad = hostile.with_name("bad.toml")
    bad.write_text(
        hostile.read_text("utf-8").replace(
            'file = "meals.csv"', 'file = "meals.csv"\nwhere = "x\u202e=1"'
        )
    )
    code, _, said = heard(capfd, "check", bad)
    assert code == 2
    assert "x" in said
    assert not DANGEROUS & set(said)


def test_json_stays_json(hostile, capfd):
    """JSON escapes what a terminal would obey, and loses nothing."""
    code, out, _ = heard(capfd, "check", hostile, "--json")
    assert code == 0
    assert not DANGEROUS & set(out)
    assert any(HOSTILE in one["message"] for one in json.loads(out)["issues"])
