"""Runs that a results folder keeps, what changed since one, and files that may be replaced."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.builders.report_result import make_result
from tests.builders.written_results import AFTER, BEFORE, Town, seal_results, write_results

from circle15.errors import InputDataError
from circle15.inputs.files.source_files import sha256
from circle15.output.document.model import Figure, Listing, Paragraph, Section, Subheading, Table
from circle15.output.document.texts import plain
from circle15.output.report.changes.since_last_run import since_last_run_section
from circle15.output.report.document import report_document
from circle15.results.difference.since_last_run import SinceLastRun
from circle15.workflow.comparison.comparing_folders import compare
from circle15.workflow.folders.own_results import (
    listed_by_batch,
    listed_by_compare,
    listed_by_run,
    listed_by_zones,
    require_own,
)
from circle15.workflow.reruns.history import (
    altered_runs,
    earlier_runs,
    last_other_run,
    prune,
    put_aside,
)

OLD, NEW = "2026-01-02T03:04:05.678+00:00", "2026-02-02T03:04:05.678+00:00"
NAMES = ("map.html", "summary.json", "run.json")


@pytest.fixture
def out(tmp_path):
    """Results that the record of their run lists."""
    return seal_results(write_results(tmp_path / "out", BEFORE), finished=OLD)


def new_run(tmp_path, town: Town = AFTER):
    return write_results(tmp_path / "work", town)


def keep(out, number: int, town: Town = BEFORE):
    """Put a run into the history by hand, of a day of January."""
    place = out / "history" / f"2026-01-{number:02}T030405.678Z-0123abcd"
    finished = f"2026-01-{number:02}T03:04:05.678+00:00"
    return seal_results(write_results(place, town), finished=finished)


def kept_in(work) -> list[str]:
    folder = work / "history"
    return sorted(one.name for place in folder.iterdir() for one in place.iterdir())


# --- what is put aside -------------------------------------------------------------------------


def test_results_of_other_numbers_are_put_aside_as_tables(out, tmp_path):
    work = new_run(tmp_path)
    put_aside(out, work)
    assert kept_in(work) == [
        "coverage.parquet",
        "demand.parquet",
        "facilities.parquet",
        "run.json",
        "summary.json",
        "walk_network.parquet",
    ]
    (place,) = (work / "history").iterdir()
    assert place.name.startswith("2026-01-02T030405.678Z-")
    record = json.loads((place / "run.json").read_text("utf-8"))
    assert record["finished"] == OLD
    assert record["files"]["demand.parquet"] == sha256(place / "demand.parquet")
    assert set(record["files_of_run"]) == {"coverage.parquet", "results.gpkg", "summary.json"}


def test_a_short_log_is_kept_and_a_long_one_is_not(out, tmp_path):
    for text, kept in (("short\n", True), ("x" * 100_001, False)):
        (out / "run.log").write_text(text, "utf-8")
        (out / "run.json").unlink()
        seal_results(out, finished=OLD, log_sha256=sha256(out / "run.log"))
        work = write_results(tmp_path / f"work{kept}", AFTER)
        put_aside(out, work)
        assert ("run.log" in kept_in(work)) is kept


def test_a_geopackage_of_another_version_is_kept_whole(out, tmp_path):
    (out / "results.gpkg").write_bytes(b"not a GeoPackage")
    seal_results(out, finished=OLD)
    work = new_run(tmp_path)
    put_aside(out, work)
    assert "results.gpkg" in kept_in(work)


@pytest.mark.parametrize("case", ["same numbers", "altered", "no time", "no record", "a link"])
def test_what_is_not_put_aside(out, tmp_path, case):
    work = new_run(tmp_path, BEFORE if case == "same numbers" else AFTER)
    if case == "altered":
        (out / "coverage.parquet").write_bytes(b"x")
    elif case == "no time":
        seal_results(out, finished="yesterday")
    elif case == "no record":
        (out / "run.json").unlink()
    elif case == "a link":
        (out / "history").symlink_to(tmp_path)
    put_aside(out, work)
    assert not (work / "history").exists()


def test_a_run_that_the_history_has_is_not_put_aside_again(out, tmp_path):
    work = new_run(tmp_path)
    put_aside(out, work)
    (place,) = (work / "history").iterdir()
    (out / "history" / place.name).mkdir(parents=True)
    other = write_results(tmp_path / "again", AFTER)
    put_aside(out, other)
    assert not (other / "history").exists()


# --- which runs are found ----------------------------------------------------------------------


def test_the_newest_run_stands_first(out):
    for day in (3, 1, 2):
        keep(out, day)
    (out / "history" / "notes").mkdir()
    (out / "history" / "2026-01-09T030405.678Z-0123abcd").mkdir()  # without a record
    assert [one.finished[8:10] for one in earlier_runs(out)] == ["03", "02", "01"]
    assert altered_runs(out) == ["history/2026-01-09T030405.678Z-0123abcd has been altered"]


def test_the_last_run_with_other_numbers(out, tmp_path):
    """The one in the folder; if its numbers are the new ones, the newest of the history."""
    numbers = sha256(new_run(tmp_path) / "summary.json")
    found = last_other_run(out, "town", numbers)
    assert found is not None
    assert (found.folder, found.finished) == (out, OLD)
    own = sha256(out / "summary.json")
    assert last_other_run(out, "town", own) is None
    earlier = keep(out, 1, AFTER)
    again = last_other_run(out, "town", own)
    assert again is not None
    assert again.folder == earlier
    assert last_other_run(out, "village", own) is None
    (earlier / "summary.json").write_text("{}", "utf-8")
    assert last_other_run(out, "town", own) is None
    assert last_other_run(tmp_path / "nowhere", "town", own) is None


def test_old_runs_are_removed_and_files_of_the_user_stay(out):
    places = [keep(out, day) for day in (1, 2, 3)]
    (places[0] / "notes.txt").write_text("mine", "utf-8")
    prune(out, 1)
    assert [one.folder for one in earlier_runs(out)] == [places[2]]
    assert [one.name for one in places[0].iterdir()] == ["notes.txt"]
    assert not places[1].exists()
    prune(out, 0)
    assert earlier_runs(out) == []
    assert (out / "history").exists()  # it holds the notes
    (places[0] / "notes.txt").unlink()
    places[0].rmdir()
    keep(out, 4)
    prune(out, 0)
    assert not (out / "history").exists()


# --- the section of the report -----------------------------------------------------------------


@pytest.fixture(scope="module")
def change(tmp_path_factory) -> Any:
    folder = tmp_path_factory.mktemp("two")
    return compare(write_results(folder / "a", BEFORE), write_results(folder / "b", AFTER))


def blocks(kind, change) -> list[Any]:
    section = since_last_run_section(SinceLastRun(OLD, change), "en")
    return [one for one in section.blocks if isinstance(one, kind)]


def test_the_section_says_what_changed_since_when(change):
    first, behind, _ = (one.text for one in blocks(Paragraph, change))
    assert "2025-06-30" in first
    assert "2026-01-02 03:04" in first
    assert behind.startswith("Behind 'streets, walking, parameters': streets 0.40 km new")
    (sentences,) = blocks(Listing, change)
    assert sentences.texts[0].startswith("105 of 156 (people aged 60+) reach Meal site")
    sites, verdicts = blocks(Table, change)
    assert [row[0] for row in sites.rows] == ["f0", "f2", "f3", "f4"]
    assert verdicts.rows == [["town-2026 T-1", "any", "met", "not met", "value 80 → 70"]]
    assert len(blocks(Subheading, change)) == 2


def test_the_waterfall_leads_from_before_to_after(change):
    """67.5 − 2 − 20 + 40 − 30.5 + 50 = 105; the whole numbers on it add up as well."""
    (figure,) = blocks(Figure, change)
    rows = figure.drawing.rows
    assert [float(row.end) for row in rows] == [67.5, 65.5, 45.5, 85.5, 55, 105, 105]
    assert [row.text for row in rows] == ["68", "−2", "−20", "+40", "−31", "+50", "105"]
    assert [float(row.start) for row in rows][1:] == [67.5, 65.5, 45.5, 85.5, 55, 0]


def test_runs_without_a_headline_or_a_change(change):
    assert blocks(Figure, {**change, "headline": None}) == []
    same = {**change, "headline": {**change["headline"], "walking": 0.0}}
    assert len(blocks(Paragraph, same)) == 2  # nothing lies behind
    (only,) = blocks(Paragraph, None)
    assert "2026-01-02 03:04" in only.text


def test_long_tables_say_where_the_rest_is(change):
    many = [change["sites"][0] | {"facility_id": f"f{k:02}"} for k in range(14)]
    table, _ = blocks(Table, {**change, "sites": many})
    assert len(table.rows) == 12
    _, more = blocks(Listing, {**change, "sites": many})
    assert "2" in more.texts[0]
    assert "circle15 compare" in more.texts[0]


def test_the_report_has_the_section_after_an_earlier_run(change):
    result = make_result()
    heading = str(since_last_run_section(SinceLastRun(OLD, None), "en").heading)
    later = report_document(result, "en", since=SinceLastRun(OLD, change))
    headings = [
        [plain(one.heading) for one in document.blocks if isinstance(one, Section) and one.heading]
        for document in (later, report_document(result, "en"))
    ]
    assert heading in headings[0]
    assert heading not in headings[1]


# --- whose files may be replaced ---------------------------------------------------------------


def test_files_that_an_earlier_run_lists(out):
    assert set(listed_by_run(out, NAMES)) == {
        "run.json",
        "coverage.parquet",
        "results.gpkg",
        "summary.json",
    }
    seal_results(out, finished=OLD, log_sha256="x")
    assert "run.log" in listed_by_run(out, NAMES)
    (out / "run.json").write_text('{"circle15": "0.1"}', "utf-8")  # it listed no files
    assert listed_by_run(out, NAMES) == NAMES
    for text in ("[]", '{"files": {}}', "x"):
        (out / "run.json").write_text(text, "utf-8")
        assert listed_by_run(out, NAMES) == ()


@pytest.mark.parametrize(
    ("listed", "file", "ours", "others"),
    [
        (listed_by_zones, "zones.json", '[{"zone_id": "Z"}]', ["{}", "[1]", '[{"id": 1}]', "x"]),
        (
            listed_by_compare,
            "compare.json",
            '{"a": 1, "b": 2, "coverage": []}',
            ["[]", '{"a": 1}'],
        ),
        (listed_by_batch, "province.json", '{"districts": [], "missing": []}', ["[]", "{}"]),
    ],
)
def test_files_of_other_commands_are_known_by_their_content(tmp_path, listed, file, ours, others):
    assert listed(tmp_path, NAMES) == ()
    (tmp_path / file).write_text(ours, "utf-8")
    assert listed(tmp_path, NAMES) == NAMES
    for text in others:
        (tmp_path / file).write_text(text, "utf-8")
        assert listed(tmp_path, NAMES) == (), text


@pytest.mark.parametrize(
    "listed", [listed_by_run, listed_by_zones, listed_by_compare, listed_by_batch]
)
def test_what_may_not_be_read_is_taken_for_ours(tmp_path, monkeypatch, listed):
    from circle15.workflow.folders import own_results

    def refuse(_path):
        raise PermissionError

    monkeypatch.setattr(own_results, "read_kept", refuse)
    assert listed(tmp_path, NAMES) == NAMES


def test_files_of_the_user_are_not_replaced(tmp_path):
    for name in NAMES[:2]:
        (tmp_path / name).write_text("mine", "utf-8")
    require_own(tmp_path, NAMES, NAMES)
    with pytest.raises(InputDataError) as caught:
        require_own(tmp_path, NAMES, ("run.json",))
    said = str(caught.value)
    assert "map.html: was not written by an earlier run and would be replaced" in said
    assert "So would summary.json." in said


def test_an_input_is_not_replaced_by_a_result(tmp_path):
    """Also where it lies elsewhere, and a link leads to it."""
    (tmp_path / "sites.json").write_text("{}", "utf-8")
    (tmp_path / "summary.json").symlink_to(tmp_path / "sites.json")
    (tmp_path / "map.html").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputDataError, match=r"summary\.json: is an input of the study"):
        require_own(tmp_path, NAMES, NAMES, [tmp_path / "sites.json"])
