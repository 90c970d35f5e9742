"""`circle15 verify`: whole and unaltered, of these inputs, and the same numbers again."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from tests.commands import heard
from tests.streets import write_study

import circle15
from circle15.errors import InputDataError, MissingFileError
from circle15.workflow.folders.result_names import FILES
from circle15.workflow.reruns.history import earlier_runs
from circle15.workflow.reruns.run_record import read_sealed, sealed
from circle15.workflow.reruns.standing import earlier_results

pytestmark = pytest.mark.usefixtures("as_commands")

NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}


@pytest.fixture(scope="module")
def run_twice(tmp_path_factory, as_commands):
    """A study whose second run is in another language and of other people."""
    folder = tmp_path_factory.mktemp("verify")
    study = write_study(folder, NODES, ["ABC"], {"h": (0, 0, 100)}, {"S": (0, 0)})
    circle15.run(study, out=folder / "out")
    edit(folder / "homes.csv", "100", "90")
    circle15.run(study, out=folder / "out", language="en")
    return folder


@pytest.fixture
def folder(run_twice, tmp_path):
    shutil.copytree(run_twice, tmp_path / "study")
    return tmp_path / "study"


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_results_that_hold(folder, capfd):
    found = circle15.verify(folder / "out", study=folder / "study.toml", rerun=True)
    assert found.holds
    assert (found.faults, found.changed, found.same_numbers) == ((), (), True)
    assert found.files == len(FILES)
    assert found.code is not None
    said = heard(capfd, "verify", folder / "out", "--code", found.code.lower().replace("-", " "))
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"{folder / 'out'}: run of {found.finished}, code {found.code}",
        f"whole and unaltered: {len(FILES)} files",
    ]
    assert found.code in (folder / "out" / "report.html").read_text("utf-8")


def test_its_lines_follow_the_language(folder, capfd):
    """By default that of the results; whatever is wrong is said in one language."""
    out = folder / "out"
    found = circle15.verify(out)
    said = heard(capfd, "verify", out, "--lang", "zh", "--study", folder / "study.toml")
    assert said.out.splitlines() == [
        f"{out}：{found.finished} 的运行结果，核验码 {found.code}",
        f"完整，未被改动：{len(FILES)} 个文件",
        "输入、设置和程序与运行时一致，没有变化",
    ]
    (out / "map.html").unlink()
    (out / "report.html").write_text("other", "utf-8")
    (out / "map_online.html").write_text("mine", "utf-8")
    (earlier_runs(out)[0].folder / "summary.json").write_text("{}", "utf-8")
    edit(folder / "homes.csv", "90", "91")
    (folder / "sites.csv.aux.xml").write_text("<x/>", "utf-8")
    command = ("verify", out, "--study", folder / "study.toml", "--rerun", "--code", "0000-0000")
    zh = heard(capfd, *command, "--lang", "zh")
    assert zh.code == 1
    assert zh.out.splitlines()[1:] == [
        "- map_online.html 不是这次运行的结果",
        "- map.html 缺失",
        "- report.html 已被改动",
        f"- history/{one_name(out)} 已被改动",
        f"- 核验码 0000-0000 不属于这些数字，它们的核验码是 {found.code}",
        "- 此后：homes.csv 有变化",
        "- 此后：sites.csv.aux.xml 是新增的",
        "重新计算：数字不同（summary.json）",
    ]
    en = heard(capfd, *command)
    assert en.code == 1
    assert en.out.isascii()
    assert len(en.out.splitlines()) == len(zh.out.splitlines())
    (out / "run.json").write_text("{}", "utf-8")
    assert "- run.json 已被改动，或出自旧版本" in heard(capfd, "verify", out).out


def one_name(out):
    """Name of the one run in the history."""
    (place,) = (out / "history").iterdir()
    return place.name


@pytest.mark.parametrize("name", FILES)
def test_any_altered_file_is_found(folder, name, capfd):
    path = folder / "out" / name
    path.write_bytes(path.read_bytes() + b" ")
    said = heard(capfd, "verify", folder / "out", "--json", "--lang", "en")
    assert said.code == 1
    found = json.loads(said.out)
    assert len(found["faults"]) == 1
    assert found["faults"][0].startswith(f"{name} has been altered")
    assert not found["holds"]


def test_an_altered_run_of_the_history_is_found(folder):
    (one,) = earlier_runs(folder / "out")
    (one.folder / "coverage.parquet").write_bytes(b"other")
    found = circle15.verify(folder / "out")
    assert found.faults == (f"history/{one.folder.name} has been altered",)


@pytest.mark.parametrize(
    ("key", "value"),
    [("inputs", None), ("inputs", [1]), ("inputs", [{"path": 1}]), ("libraries", 1)],
)
def test_a_sealed_record_of_another_form_is_as_one_without_fingerprint(folder, key, value):
    """As a later version, or somebody with its code, may write it: no fault of the program."""
    out = folder / "out"
    record = read_sealed(out)
    assert record is not None
    spoilt = record | {"fingerprint": record["fingerprint"] | {key: value}}
    (out / "run.json").write_text(sealed(spoilt), "utf-8")
    found = circle15.verify(out, study=folder / "study.toml", language="en")
    assert (found.faults, len(found.changed or ())) == ((), 1)
    assert not earlier_results(circle15.load_study(folder / "study.toml"), out).stands


def test_names_in_a_sealed_record_that_no_file_has_are_missing(folder):
    out = folder / "out"
    record = read_sealed(out)
    assert record is not None
    names = {"x" * 5000: "", "a\0b": "", "x/" * 3000: ""}
    (out / "run.json").write_text(sealed(record | {"files": record["files"] | names}), "utf-8")
    assert [one[-7:] for one in circle15.verify(out, language="en").faults] == ["missing"] * 3


@pytest.mark.parametrize("name", ["summary.json", "compare.json", "zones.json", "run.log"])
def test_a_pipe_in_place_of_a_file_is_not_opened(folder, name):
    (folder / "out" / name).unlink(missing_ok=True)
    os.mkfifo(folder / "out" / name)
    circle15.verify(folder / "out", code="AAAA-AAAA")


@pytest.mark.parametrize("inside", ['"x": NaN', '"x": "\\ud800"', '"x": 1e999'])
def test_a_comparison_that_holds_no_numbers_is_none(tmp_path, inside):
    (tmp_path / "compare.json").write_text(f'{{"a": {{}}, "b": {{}}, {inside}}}', "utf-8")
    with pytest.raises(MissingFileError, match="is not a results folder"):
        circle15.verify(tmp_path)


@pytest.mark.parametrize("inputs", [[1], [{}], [{"path": 1, "sha256": ""}], {}])
def test_zone_sheets_with_inputs_of_another_form_are_altered(tmp_path, inputs):
    (tmp_path / "zones.run.json").write_text(sealed({"files": {}, "inputs": inputs}), "utf-8")
    (tmp_path / "zones.json").write_text("[]", "utf-8")
    assert not circle15.verify(tmp_path).holds


def test_inputs_of_zone_sheets_that_are_no_files_are_not_opened(folder, tmp_path):
    paths = ["/dev/zero", "a\0b", "x" * 5000, "."]
    inputs = [{"path": path, "sha256": ""} for path in paths]
    (tmp_path / "zones.run.json").write_text(sealed({"files": {}, "inputs": inputs}), "utf-8")
    (tmp_path / "zones.json").write_text("[]", "utf-8")
    found = circle15.verify(tmp_path, study=folder / "study.toml")
    assert len(found.changed or ()) == len(paths)


def test_the_code_of_another_report_is_refused(folder):
    before = circle15.verify(earlier_runs(folder / "out")[0].folder).code
    now = circle15.verify(folder / "out", code=before)
    assert now.faults == (f"the code {before} is not that of these numbers, which is {now.code}",)


def test_inputs_that_changed_are_named_and_computed(folder, capfd):
    edit(folder / "homes.csv", "90", "91")
    found = circle15.verify(folder / "out", study=folder / "study.toml", rerun=True)
    assert (found.faults, found.changed, found.same_numbers) == (
        (), ("homes.csv has changed",), False,
    )  # fmt: skip
    said = heard(capfd, "verify", folder / "out", "--study", folder / "study.toml")
    assert said.code == 1
    assert "- since then: homes.csv has changed" in said.out


def test_what_cannot_be_verified(folder, tmp_path, capfd):
    for place in (tmp_path / "nowhere", folder):
        with pytest.raises(MissingFileError, match="is not a results folder"):
            circle15.verify(place)
    with pytest.raises(InputDataError, match="--study"):
        circle15.verify(folder / "out", rerun=True)
    said = heard(capfd, "verify", tmp_path / "nowhere")
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)
