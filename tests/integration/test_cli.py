"""The commands: what they print, where, and how they end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import shapely
from tests.commands import call
from tests.streets import write_study

from circle15 import __version__, check_study_zones
from circle15.output.check.findings import check_schema
from circle15.results.summary.schema import summary_schema
from circle15.rules.packs.pack_schema import pack_schema
from circle15.study.settings.editor_schema import study_schema
from circle15.workflow.folders.result_names import LOG

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
RULES = '[circle]\nrequire = ["meal_point"]\n[rules]\npacks = ["liangxi-2025"]\n'


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    boundary = shapely.box(-200, -200, 800, 200)
    written: Path = write_study(
        folder,
        NODES,
        ["ABC"],
        {"h1": (10, 5, 100), "h2": (500, 5, 50)},
        {"f1": (300, 10)},
        boundary=boundary,
        streets={"S1": boundary},
        more=RULES,
    )
    return written


@pytest.fixture
def zones_file(tmp_path: Path) -> Path:
    """Two zones in EPSG:4326 near the middle of the streets: one met, one not."""
    path = tmp_path / "zones.csv"
    path.write_text(
        "zone_id,kind,households,rooms_m2,lon,lat\n"
        "N1,new,1000,300,120.003,31.5325\nN2,new,1000,299.99,120.003,31.5325\n",
        encoding="utf-8",
    )
    return path


def test_version(capsys):
    assert call("--version") == 0
    assert capsys.readouterr().out.strip() == __version__


def test_run_writes_its_files_and_prints_their_paths(study, tmp_path, capfd):
    assert call("run", study, "--out", tmp_path / "out") == 0
    answer = capfd.readouterr()
    assert answer.err == ""
    printed = answer.out.splitlines()
    assert printed == [str(tmp_path / "out" / name.rsplit("/", 1)[-1]) for name in printed]
    written = [str(path) for path in (tmp_path / "out").iterdir() if path.name != LOG]
    assert sorted(printed) == sorted(written)
    assert {"map.html", "report.html", "report.xlsx", "results.gpkg", "summary.json"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }


def test_run_as_json_prints_the_summary(study, tmp_path, capfd):
    assert call("run", study, "--out", tmp_path / "out", "--json") == 0
    summary = json.loads(capfd.readouterr().out)
    jsonschema.validate(summary, summary_schema())
    assert summary == json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_language_can_be_chosen(study, tmp_path, language, capfd):
    assert call("run", study, "--out", tmp_path / "out", "--lang", language) == 0
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert f'lang="{"zh" if language == "zh" else "en"}' in page[:300]


def test_without_out_results_land_in_maps(study, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert call("run", study) == 0
    assert (tmp_path / "maps" / "small" / "summary.json").is_file()


def test_check_lists_what_it_found(study, capfd):
    assert call("check", study) == 0
    shown = capfd.readouterr()
    assert shown.err == ""
    assert re.search(r"homes\.csv +2 *$", shown.out, re.M)
    assert shown.out.splitlines()[-1].endswith("可以运行。")
    assert call("check", study, "--lang", "en") == 0
    assert capfd.readouterr().out.splitlines()[-1].endswith("The study can be run.")
    assert call("check", study, "--json") == 0
    found = json.loads(capfd.readouterr().out)
    jsonschema.validate(found, check_schema())
    assert {Path(path).name: rows for path, rows in found["files"].items()}["homes.csv"] == 2


def test_zones_are_judged_and_may_fail_the_command(study, zones_file, capfd):
    """A03: 300.00 of 300 m² are met, 299.99 are not; only --check makes that the exit code."""
    assert call("zones", study, "--zones", zones_file, "--json") == 0
    found = {zone["zone_id"]: zone for zone in json.loads(capfd.readouterr().out)}
    assert {k: z["verdict"] for k, z in found.items()} == {"N1": "met", "N2": "not_met"}
    assert found["N2"]["shortfall_m2"] == pytest.approx(0.01)
    assert call("zones", study, "--zones", zones_file, "--check") == 1
    text = capfd.readouterr()
    assert text.err.startswith("提示：sites.csv：1 处设施（共 100 ㎡）没有填居住区编号")
    first, *others = text.err.splitlines()
    assert first.startswith("提示：")
    assert others
    assert all("→" in line for line in others)  # which column became which field
    assert "N1" in text.out
    assert "N2" in text.out


def test_zones_can_be_kept_in_a_folder(study, zones_file, tmp_path, capfd):
    assert call("zones", study, "--zones", zones_file, "--out", tmp_path / "out") == 0
    kept = json.loads((tmp_path / "out" / "zones.json").read_text("utf-8"))
    assert kept == check_study_zones(study, zones_file).zones


def test_zones_say_what_they_could_not_read(study, tmp_path, capfd):
    odd = tmp_path / "odd.csv"
    odd.write_text("zone_id,kind,households,rooms_m2,lon,lat\nN1,newish,1000,many,,\n", "utf-8")
    assert call("zones", study, "--zones", odd, "--lang", "en") == 0
    said = capfd.readouterr()
    for word in ("newish", "many", "row 2", "odd.csv"):
        assert word in said.err
    assert "> 60" not in said.out  # nothing is known of a zone without a position


def test_the_sample_zones_are_those_of_its_readme(sample_study, capfd):
    """N-01 met, N-02 not met, N-03 mixed and met, N-04 and N-05 undetermined."""
    proposed = sample_study.with_name("proposed_zones.csv")
    assert call("zones", sample_study, "--zones", proposed, "--json") == 0
    found = {zone["zone_id"]: zone["verdict"] for zone in json.loads(capfd.readouterr().out)}
    assert found == {
        "N-01": "met",
        "N-02": "not_met",
        "N-03": "met",
        "N-04": "undetermined",
        "N-05": "undetermined",
    }


def test_schema(capfd):
    assert call("schema", "summary") == 0
    assert json.loads(capfd.readouterr().out) == summary_schema()
    assert call("schema", "study", "--lang", "zh") == 0
    assert json.loads(capfd.readouterr().out) == study_schema("zh")
    assert call("schema", "pack") == 0
    assert json.loads(capfd.readouterr().out) == pack_schema("en")
    assert call("schema", "study", "--lang", "fr") == 2
    capfd.readouterr()
    assert call("schema", "check") == 0
    assert json.loads(capfd.readouterr().out) == check_schema()


def test_init_starts_a_study_that_can_be_checked(tmp_path, capfd):
    assert call("init", tmp_path / "city") == 0
    path = capfd.readouterr().out.strip()
    assert path == str(tmp_path / "city" / "study.toml")
    assert not list((tmp_path / "city").glob("*.py"))
    assert call("check", path) == 0
    assert call("init", tmp_path / "city") == 2  # nothing is overwritten
    assert "not empty" in capfd.readouterr().err


def test_doctor(capfd):
    assert call("doctor", "--json") == 0
    found = json.loads(capfd.readouterr().out)
    assert found["circle15"] == __version__
    assert found["sample"] != "missing"


def test_memory_and_disk_end_in_three(monkeypatch, study, capfd):
    """What fails outside is told in one line too, with exit code 3."""
    for error, says in (
        (MemoryError(), "not enough memory"),
        (OSError(28, "No space left on device", "x.tif"), "No space left on device: x.tif"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr("circle15.workflow.checking.check", _raising(error))
            assert call("check", study) == 3
        message = capfd.readouterr().err
        assert says in message
        assert "Traceback" not in message


def _raising(error: BaseException):
    def fail(*arguments: object, **options: object) -> None:
        raise error

    return fail
