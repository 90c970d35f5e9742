"""Many studies at once, on this host: the bytes of single runs, and a province of all of them."""

from __future__ import annotations

import json
import multiprocessing
import re
import shutil
from typing import Any

import geopandas as gpd
import jsonschema
import pyarrow.dataset
import pytest
from python_calamine import CalamineWorkbook
from tests.builders.batch_results import contents, province_files, run_one_by_one
from tests.builders.district_studies import write_district
from tests.commands import heard

import circle15
from circle15.workflow.batch.heartbeat import state_line
from circle15.workflow.schemas import SCHEMAS

pytestmark = pytest.mark.usefixtures("as_commands")

NAMES = ("d1", "d2", "d3")


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """
    Three districts, of which the third reaches 250 m into the second, and one without people.

    Homes are at 100, 300, … m from the western border and the first site at 20 m, so that within
    15 minutes at 1 m/s all five homes of d1 and d2 are covered; d3 has no site in reach.
    """
    folder = tmp_path_factory.mktemp("districts")
    found = [
        write_district(folder / "d1", 1),
        write_district(folder / "d2", 2, sites=2),
        write_district(folder / "d3", 3, sites=0, shift_m=250),
        write_district(folder / "d4", 4),
    ]
    (folder / "d4" / "homes.csv").write_text("x,y,demand_id,p60\n1,2,h,3\n", "utf-8")
    edit(found[1], 'name = "d2"', 'name = "d2"\ntitle = "示例<i>二区"\nlanguage = "en"')
    edit(found[1], "2025-12-31", "2026-06-30")
    return found


@pytest.fixture(scope="module")
def one_by_one(studies, tmp_path_factory, as_commands):
    return run_one_by_one(studies[:3], tmp_path_factory.mktemp("one by one"))


@pytest.fixture(scope="module")
def resumed(studies, tmp_path_factory, as_commands):
    """A batch in this process that is interrupted after its first study, and resumed."""
    out = tmp_path_factory.mktemp("batch")

    def interrupt(state):
        if state.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        circle15.run_batch(studies, out=out, workers=1, report=interrupt)
    (first,) = (name for name in NAMES if (out / name / "run.json").exists())
    assert not (out / "province.json").exists()
    before = (out / first / "run.json").read_bytes()
    states: list[Any] = []
    found = circle15.run_batch(studies, out=out, workers=1, resume=True, report=states.append)
    assert found.kept == [first]
    assert (out / first / "run.json").read_bytes() == before
    return out, found, states


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_results_are_those_of_single_runs(resumed, one_by_one):
    assert contents(resumed[0], NAMES) == contents(one_by_one, NAMES)


def test_two_processes_one_of_which_is_killed(studies, resumed, tmp_path):
    """The study on the killed worker is run again; all bytes are those of one process."""
    killed: list[Any] = []

    def kill_one(state):
        if not killed and any(stage == "times" for _, stage in state.running.values()):
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    found = circle15.run_batch(studies, out=tmp_path, workers=2, report=kill_one)
    assert killed[0].exitcode == -9
    assert [one["name"] for one in found.missing] == ["d4"]
    assert contents(tmp_path, NAMES) == contents(resumed[0], NAMES)
    assert province_files(tmp_path) == province_files(resumed[0])
    assert multiprocessing.active_children() == []


def test_the_failing_study_is_named_and_stops_nobody(resumed):
    _, found, states = resumed
    (missing,) = found.missing
    assert (missing["name"], missing["exit_code"], found.exit_code) == ("d4", 2, 2)
    assert "homes.csv" in missing["message"]
    assert states[-1].failed == 1
    assert re.fullmatch(r"4 of 4 studies done, 1 failed; \d:\d\d", state_line(states[-1], "en"))


def test_sums_ranks_and_remarks(resumed):
    """People: d1 105 + 5, d2 105 + 10, d3 105 + 15, none of which has a site in reach."""
    province = resumed[1].province
    jsonschema.validate(json.loads(json.dumps(province)), SCHEMAS["province"]("en"))
    (head,) = province["headline"]
    assert (head["persons"], head["covered"], head["gap"]) == (345.0, 225.0, 120.0)
    assert head["persons"] == head["covered"] + head["gap"] + head["unknown"]
    assert [(one["rank"], one["name"]) for one in province["districts"]] == [
        (1, "d1"),
        (1, "d2"),
        (3, "d3"),
    ]
    remarks = {one["code"]: one for one in province["remarks"]}
    assert set(remarks) == {"overlap", "as_of", "language"}
    # Of d2 the home at 900 m is there, with 5 + 2 people, of d3 that at 100 m, with 10 + 3.
    overlap = remarks["overlap"]
    assert (overlap["a"], overlap["b"]) == ("d2", "d3")
    assert (overlap["persons_a"], overlap["persons_b"]) == (7.0, 13.0)
    assert remarks["language"]["parts"][1] == {"value": "en", "studies": ["d2"]}
    assert province["gaps"][0]["persons"] == 120.0


def test_the_homes_are_one_data_set(resumed):
    out, found, _ = resumed
    homes = gpd.read_parquet(out / "homes")
    assert homes.crs == "EPSG:4326"
    assert sorted(set(homes["study"].astype(str))) == list(NAMES)
    assert len(homes) == 15
    assert int(homes.loc[homes["in_area"], "p60_micro"].sum()) == 345_000_000
    assert homes.total_bounds[0] == pytest.approx(120.0, abs=0.01)
    table = pyarrow.dataset.dataset(out / "homes", partitioning="hive")
    third = table.to_table(filter=pyarrow.dataset.field("study") == "d3")
    assert third.num_rows == 5
    assert {one["homes"]["rows"] for one in found.province["districts"]} == {5}


def test_page_and_workbook_say_it(resumed):
    out = resumed[0]
    page = (out / "province.html").read_text("utf-8")
    assert "示例&lt;i&gt;二区" in page
    assert "<script" not in page
    for address in re.findall(r'href="([^"#]+)"', page):
        assert (out / address).is_file(), address
    assert 'href="d1/map.html"' in page
    assert "d4" in page
    book = CalamineWorkbook.from_path(out / "province.xlsx")
    rows = book.get_sheet_by_name("各区县（按覆盖率排名）").to_python()
    assert [row[1] for row in rows[1:]] == ["d1", "示例<i>二区", "d3"]
    assert rows[3][2:6] == [120, 0, 120, 0]


def test_the_command_leaves_what_stands(studies, resumed, tmp_path, capfd):
    """With a study less its partition goes, and two of one name are not run."""
    out = tmp_path / "out"
    shutil.copytree(resumed[0], out)
    same = write_district(tmp_path / "d2", 7, name="d2")
    command = ("batch", studies[0], studies[2], studies[1], same, "--out", out, "--resume")
    said = heard(capfd, *command, "--workers", "1", "--lang", "zh")
    assert said.code == 2
    assert said.out.split() == [str(out / f"province.{end}") for end in ("html", "xlsx", "json")]
    assert sum(line.startswith("circle15: ") for line in said.err.splitlines()) == 2
    assert "1/4" not in said.err
    assert {one.name for one in (out / "homes").iterdir()} == {"study=d1", "study=d3"}
    assert (out / "d2" / "run.json").exists()  # nothing of a study is removed


@pytest.mark.parametrize("found", ["province.html", "homes/x"])
def test_files_of_others_are_not_replaced(studies, tmp_path, capfd, found):
    (tmp_path / found).parent.mkdir(exist_ok=True)
    (tmp_path / found).write_text("mine", "utf-8")
    said = heard(capfd, "batch", studies[0], "--out", tmp_path)
    assert said.code == 2
    assert "was not written by an earlier batch" in said.err or "an earlier run" in said.err
    assert (tmp_path / found).read_text("utf-8") == "mine"
    assert not (tmp_path / "d1").exists()


def test_workers_or_a_scheduler(studies, capfd):
    said = heard(capfd, "batch", studies[0], "--workers", "1", "--scheduler", "tcp://127.0.0.1:1")
    assert said.code == 2
    assert "exclude each other" in said.err
