"""Zone sheets and comparisons bear a code, by which `verify` says of what numbers they are."""

from __future__ import annotations

import json
import re
import shutil
import zipfile

import pytest
from tests.commands import heard
from tests.streets import write_study

import circle15
from circle15.errors import InputDataError
from circle15.workflow.reruns.history import earlier_runs
from circle15.workflow.zone_sheets import ZONE_FILES

pytestmark = pytest.mark.usefixtures("as_commands")

NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
ZONES = """\
zone_id,name,lon,lat,kind,households
Z1,one,120.001,31.5324,new,100
Z2,two,120.002,31.5324,new,50
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory, as_commands):
    """A study, run twice with other people, sheets of two zones, and a comparison."""
    folder = tmp_path_factory.mktemp("sheets")
    study = write_study(folder, NODES, ["ABC"], {"h": (0, 0, 100)}, {"S": (0, 0)})
    zones = folder / "zones.csv"
    zones.write_text(ZONES, "utf-8")
    circle15.run(study, out=folder / "out")
    (folder / "homes.csv").write_text(
        (folder / "homes.csv").read_text("utf-8").replace("100", "90"), "utf-8"
    )
    circle15.run(study, out=folder / "out")
    circle15.check_study_zones(study, zones, out=folder / "sheets", language="en")
    return folder


@pytest.fixture
def folder(made, tmp_path):
    shutil.copytree(made, tmp_path / "study")
    return tmp_path / "study"


def text_of(path):
    """All text of a page, or of the parts of an office file."""
    if path.suffix == ".html":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as parts:
        found = [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()]
    return "\n".join(found)


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_zone_sheet_bears_the_code_of_its_check(folder, capfd):
    sheets = folder / "sheets"
    found = circle15.verify(sheets, study=folder / "study.toml")
    assert (found.holds, found.kind, found.files) == (True, "zones", len(ZONE_FILES))
    assert found.code is not None
    assert CODE.fullmatch(found.code)
    assert text_of(sheets / "zones.html").count(f"code {found.code}") == 4  # two pages each
    assert text_of(sheets / "zones.docx").count(found.code) == 4
    assert found.code in text_of(sheets / "zones.xlsx")
    written = found.code.lower().replace("-", " ")
    said = heard(capfd, "verify", sheets, "--code", written, "--study", folder / "study.toml")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"{sheets}: zone sheets, code {found.code}",
        f"whole and unaltered: {len(ZONE_FILES)} files",
        "the files that were read are still as they were",
    ]
    zh = heard(capfd, "verify", sheets, "--lang", "zh")
    assert zh.out.splitlines()[0] == f"{sheets}：居住区核算单，核验码 {found.code}"
    with pytest.raises(InputDataError, match="--rerun"):
        circle15.verify(sheets, study=folder / "study.toml", rerun=True)


def test_the_code_is_of_numbers_and_inputs_and_not_of_the_language(folder):
    """Equal in Chinese; another one after any change of an input, also one without an effect."""
    study, zones = folder / "study.toml", folder / "zones.csv"

    def code(language="zh"):
        circle15.check_study_zones(study, zones, out=folder / "again", language=language)
        return circle15.verify(folder / "again").code

    first = circle15.verify(folder / "sheets").code
    assert code() == code("en") == first
    edit(study, "[study]", "# a remark\n[study]")
    with_remark = code()
    assert with_remark != first
    edit(zones, ",100", ",101")
    assert code() not in {first, with_remark}


def test_a_sheet_of_other_numbers_or_inputs_is_found(folder, capfd):
    sheets = folder / "sheets"
    before = circle15.verify(sheets).code
    edit(folder / "sites.csv", "site S", "site T")
    found = circle15.verify(sheets, study=folder / "study.toml")
    assert (found.faults, found.changed) == ((), ("sites.csv has changed",))
    (folder / "zones.csv").rename(folder / "other.csv")
    changed = circle15.verify(sheets, study=folder / "study.toml", language="zh").changed
    assert changed == ("sites.csv 有变化", "zones.csv 不在研究文件旁，或无法读取")
    edit(sheets / "zones.json", '"Z1"', '"Z9"')
    (sheets / "zones.html").unlink()
    said = heard(capfd, "verify", sheets, "--code", before)
    assert said.code == 1
    now = circle15.verify(sheets).code
    assert now != before
    assert said.out.splitlines()[1:] == [
        "- zones.html is missing",
        "- zones.json has been altered",
        f"- the code {before} is not that of these numbers, which is {now}",
    ]
    edit(sheets / "zones.run.json", "sites.csv", "s1tes.csv")
    assert circle15.verify(sheets, language="en").faults == (
        "zones.run.json has been altered, or is of an older version",
    )


def test_a_comparison_bears_its_code_and_those_of_its_results(folder, tmp_path, capfd):
    out = folder / "out"
    assert heard(capfd, "compare", out, "--out", folder / "change").code == 0
    found = circle15.verify(folder / "change")
    codes = [found.code, circle15.verify(earlier_runs(out)[0].folder).code]
    codes.append(circle15.verify(out).code)
    assert len(set(codes)) == 3
    told = json.loads((folder / "change" / "compare.json").read_text("utf-8"))
    assert [told["a"]["code"], told["b"]["code"]] == codes[1:]
    shown = f"核验码 {codes[0]}；结果 A 的核验码 {codes[1]}，结果 B 的核验码 {codes[2]}"
    for name in ("compare.html", "compare.xlsx"):
        assert shown in text_of(folder / "change" / name)
    said = heard(capfd, "verify", folder / "change", "--code", codes[0], "--lang", "en")
    assert said.out.splitlines() == [
        f"{folder / 'change'}: comparison of two results, code {codes[0]}",
        "only the code is verified: a comparison keeps no hashes of its files",
    ]
    shutil.copytree(out, tmp_path / "elsewhere")  # the code is not of the paths
    before, now = earlier_runs(tmp_path / "elsewhere")[0].folder, tmp_path / "elsewhere"
    heard(capfd, "compare", before, now, "--out", tmp_path / "change", "--lang", "en")
    assert circle15.verify(tmp_path / "change").code == codes[0]
    edit(folder / "change" / "compare.json", '"schema": 1', '"schema": 2')
    assert not circle15.verify(folder / "change", code=codes[0]).holds


def test_of_several_in_one_folder_the_code_says_which_is_meant(folder):
    """Results, sheets of zones and a comparison side by side."""
    out = folder / "out"
    circle15.check_study_zones(folder / "study.toml", folder / "zones.csv", out=out)
    zones = circle15.verify(folder / "sheets").code
    run = circle15.verify(out)
    assert (run.kind, run.holds) == ("run", True)
    assert circle15.verify(out, code=run.code).kind == "run"
    found = circle15.verify(out, code=zones)
    assert (found.kind, found.code, found.holds) == ("zones", zones, True)
    assert not circle15.verify(out, code="0000-0000").holds
