"""Results, sheets and comparisons written by hand are verified; nothing is computed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.builders.small_study import write_small
from tests.builders.written_results import AFTER, BEFORE, seal_results, write_results

from circle15.errors import InputDataError, MissingFileError, OutsideError
from circle15.inputs.files.source_files import sha256, source_files
from circle15.study.settings.reading import load_study
from circle15.workflow.comparison.comparing_folders import compare, write_comparison
from circle15.workflow.reruns import standing
from circle15.workflow.reruns.fingerprint import fingerprint, ingredients, loaded_program
from circle15.workflow.reruns.run_record import (
    code_of,
    durations_of,
    read_sealed,
    sealed,
    short_code,
)
from circle15.workflow.reruns.sheet_codes import comparison_code, zones_code
from circle15.workflow.reruns.standing import earlier_results
from circle15.workflow.reruns.verifying import verify

FINISHED = "2026-01-02T03:04:05.678+00:00"


@pytest.fixture
def study(tmp_path):
    return load_study(write_small(tmp_path))


@pytest.fixture
def folder(study, tmp_path):
    """Results that say that they are of the study beside them."""
    found = write_results(tmp_path / "out", BEFORE)
    (found / "run.log").write_text("what was read\n", "utf-8")
    read = fingerprint(
        ingredients(study, source_files(study)), study.language, None, loaded_program()
    )
    return seal_results(
        found,
        finished=FINISHED,
        fingerprint=read,
        log_sha256=sha256(found / "run.log"),
        durations_s={"times": 1.5, "rules": 2, "zones": "long"},
    )


def faults(folder, **asked) -> tuple[str, ...]:
    return verify(folder, language="en", **asked).faults


def test_results_that_hold(folder, study):
    """Three results and the log are listed in the record, which is the fifth file."""
    found = verify(folder, study=study.file, language="en")
    assert found.holds
    assert (found.kind, found.finished, found.files) == ("run", FINISHED, 5)
    assert (found.changed, found.same_numbers) == ((), None)
    assert found.code == short_code((folder / "summary.json").read_bytes()) == code_of(folder)
    assert verify(folder, code=str(found.code).lower().replace("-", " ")).holds


def test_altered_and_missing_files(folder):
    (folder / "summary.json").write_text("{}", "utf-8")
    (folder / "coverage.parquet").unlink()
    (folder / "report.html").write_text("<p>", "utf-8")
    (folder / "run.log").write_text("another\n", "utf-8")
    assert faults(folder) == (
        "report.html is not of this run",
        "summary.json has been altered",
        "coverage.parquet is missing",
        "run.log has been altered",
    )
    (folder / "run.log").unlink()  # a log may be removed
    assert faults(folder)[-1] == "coverage.parquet is missing"
    assert not verify(folder).holds


def test_an_altered_run_of_the_history(folder):
    name = "2026-01-02T030405.678Z-0123abcd"
    earlier = seal_results(write_results(folder / "history" / name, AFTER), finished=FINISHED)
    assert faults(folder) == ()
    (earlier / "summary.json").write_text("{}", "utf-8")
    assert faults(folder) == (f"history/{name} has been altered",)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(FINISHED, "2026-01-03T03:04:05.678+00:00"),
        lambda text: text.replace("1.5", "NaN"),
        lambda text: "[]",
        lambda text: '{"files": []}',
        lambda text: text[:40],
        lambda text: "[" * 100_000,
    ],
)
def test_a_record_that_was_altered(folder, change):
    path = folder / "run.json"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    assert read_sealed(folder) is None
    found = verify(folder, language="en")
    assert found.faults == ("run.json has been altered, or is of an older version",)
    assert (found.finished, found.files, found.code) == (None, 0, code_of(folder))
    assert verify(folder).language == "zh"
    assert durations_of(folder) == {}


def test_durations_are_numbers(folder):
    assert durations_of(folder) == {"times": 1.5, "rules": 2.0}
    seal_results(folder, finished=FINISHED, durations_s=[1])
    assert durations_of(folder) == {}


def test_another_code(folder):
    own = code_of(folder)
    said = f"the code AAAA-BBBB is not that of these numbers, which is {own}"
    assert faults(folder, code="AAAA-BBBB") == (said,)
    (folder / "summary.json").unlink()
    assert faults(folder, code="AAAA-BBBB")[-1].endswith("which is missing")


def test_what_changed_since_the_run(folder, study, tmp_path):
    homes = tmp_path / "homes.csv"
    homes.write_text(homes.read_text("utf-8").replace("100", "90"), "utf-8")
    found = verify(folder, study=study, language="en")
    assert (found.changed, found.faults, found.holds) == (("homes.csv has changed",), (), False)
    homes.unlink()
    told = ("homes.csv is no longer read",)
    assert verify(folder, study=study, language="en").changed == told


def test_an_input_that_cannot_be_read(folder, study, monkeypatch):
    def refuse(_study):
        raise OutsideError("homes.csv: cannot be read.")

    monkeypatch.setattr(standing, "source_files", refuse)
    found = verify(folder, study=study, language="en")
    assert found.changed == ("an input cannot be read",)


def test_other_settings(folder, study):
    found = verify(folder, study=replace(study, title="Another"), language="en")
    assert found.changed == ("the settings have changed",)


def test_a_run_that_could_not_know_what_it_read(folder, study):
    seal_results(folder, finished=FINISHED)
    found = verify(folder, study=study, language="en")
    assert found.changed == ("the run could not know all that it read",)


def test_calls_that_cannot_be_answered(folder, study, tmp_path):
    with pytest.raises(InputDataError, match=r"--rerun: needs a study\. Name it with --study\."):
        verify(folder, rerun=True)
    with pytest.raises(MissingFileError, match=r"is not a results folder: it has no run\.json"):
        verify(tmp_path)


def test_results_that_stand_need_no_run(folder, study, tmp_path):
    found = earlier_results(study, folder)
    assert (found.stands, found.finished) == (True, FINISHED)
    assert [one.name for one in found.files] == [
        "summary.json",
        "coverage.parquet",
        "results.gpkg",
        "run.json",
    ]
    other = earlier_results(study, folder, language="en")
    assert other.changed == (f"the language was {study.language} and is en",)
    (folder / "coverage.parquet").unlink()
    assert earlier_results(study, folder).changed == ("coverage.parquet is missing",)
    assert earlier_results(study, tmp_path).files == ()


# --- sheets of zones, and comparisons ----------------------------------------------------------


@pytest.fixture
def sheets(study, tmp_path):
    """Sheets of a check of zones that read the homes of the study."""
    place = tmp_path / "sheets"
    place.mkdir()
    numbers = b'[{"zone_id": "Z"}]'
    (place / "zones.json").write_bytes(numbers)
    (place / "zones.html").write_text("<p>", "utf-8")
    inputs = [{"path": "homes.csv", "sha256": sha256(tmp_path / "homes.csv")}]
    files = {name: sha256(place / name) for name in ("zones.json", "zones.html")}
    record = {"files": files, "inputs": inputs, "language": "en"}
    (place / "zones.run.json").write_text(sealed(record), "utf-8", newline="\n")
    return place, zones_code(numbers, inputs)


def test_sheets_of_zones(sheets, study, tmp_path):
    place, code = sheets
    found = verify(place, study=study, code=code.replace("0", "O").replace("1", "l"))
    assert (found.kind, found.code, found.files) == ("zones", code, 3)
    assert (found.faults, found.changed, found.language) == ((), (), "en")
    homes = tmp_path / "homes.csv"
    homes.write_text("other\n", "utf-8")
    assert verify(place, study=study).changed == ("homes.csv has changed",)
    homes.unlink()
    told = ("homes.csv is not beside the study, or cannot be read",)
    assert verify(place, study=study).changed == told
    assert verify(place).changed is None


def test_altered_sheets_of_zones(sheets):
    place, code = sheets
    (place / "zones.html").write_text("<p>other", "utf-8")
    (place / "zones.json").unlink()
    found = verify(place, code=code)
    assert found.faults == (
        "zones.json is missing",
        "zones.html has been altered",
        f"the code {code} is not that of these numbers, which is missing",
    )
    (place / "zones.run.json").write_text('{"files": {}}', "utf-8")
    assert verify(place, language="en").faults == (
        "zones.run.json has been altered, or is of an older version",
    )


def test_sheets_are_not_computed_again(sheets, study):
    with pytest.raises(InputDataError, match=r"is for results of a run\. Run `zones` or `compare`"):
        verify(sheets[0], study=study, rerun=True)


def test_a_comparison_beside_results_is_known_by_its_code(folder, tmp_path):
    other = write_results(tmp_path / "other", AFTER)
    found = compare(folder, other)
    write_comparison(found, folder, "en")
    code = comparison_code(found)
    of_comparison = verify(folder, code=code, language="en")
    assert (of_comparison.kind, of_comparison.code) == ("comparison", code)
    assert (of_comparison.faults, of_comparison.files) == ((), 1)
    assert verify(folder, language="en").kind == "run"
    alone = tmp_path / "alone"
    write_comparison(found, alone, "en")
    assert verify(alone, code="AAAA-BBBB", language="en").faults == (
        f"the code AAAA-BBBB is not that of these numbers, which is {code}",
    )
    for text in ("[]", '{"a": {}, "b": 1}', "nothing"):
        (alone / "compare.json").write_text(text, "utf-8")
        with pytest.raises(MissingFileError):
            verify(alone)


def test_the_code_of_a_comparison_is_not_of_its_folders(folder, tmp_path):
    other = write_results(tmp_path / "other", AFTER)
    found = compare(folder, other)
    other.rename(tmp_path / "moved")
    moved = compare(folder, tmp_path / "moved")
    assert found != moved
    assert comparison_code(found) == comparison_code(moved)
    assert comparison_code(json.loads(json.dumps(found))) == comparison_code(found)
    assert comparison_code(compare(tmp_path / "moved", folder)) != comparison_code(found)
