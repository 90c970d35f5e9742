"""What `circle15 check` prints and puts on its page, of an outcome made by hand."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from tests.builders.report_result import STATION, make_facilities, make_study
from tests.streets import METRIC

from circle15.inputs.crs.datum_doctor import Diagnosis
from circle15.inputs.crs.points import Given
from circle15.inputs.crs.positions import WGS84
from circle15.inputs.demand.balance import Balance
from circle15.output.check import words as check_words
from circle15.output.check.findings import check_entry
from circle15.output.check.page import build_check_page
from circle15.output.check.terminal import print_check
from circle15.output.text.wording import Words
from circle15.results.check.outcome import CheckOutcome, group_findings
from circle15.study.vocabulary.finding import Finding

STUDY = make_study()
FAR = [
    Finding("TOO_FAR", "warning", "people.csv", row, None, 1_500_000, None, {"id": f"h{row}"})
    for row in range(2, 9)
]
AREA = Finding(
    "UNREADABLE",
    "warning",
    "a/<img>.csv",
    3,
    "建筑面积",
    None,
    Decimal("120.5"),
    {"value": "约300"},
)
ERROR = Finding("DATUM_ASSUMED", "error", "stations.csv")


def outcome(*findings):
    given = Given(Path("stations.csv"), np.array([120.0]), np.array([31.5]), WGS84, None, "crs")
    return CheckOutcome(
        STUDY,
        METRIC,
        {"data/people.csv": 1234, "stations.csv": 2},
        list(findings),
        [Balance("p60", 5_000_000, 1_000_000, 7_600_000, 1_520_000, 0, 0, 1.52, "常住", 2020)],
        make_facilities("站"),
        [STATION],
        [given],
        [],
    )


def printed(one, language="en"):
    file = io.StringIO()
    print_check(one, Words(language, STUDY), file)
    return file.getvalue()


def test_a_study_without_errors_is_ready():
    found = outcome(*FAR, AREA)
    assert found.ready
    text = printed(found)
    words = Words("en", STUDY)
    assert text.rstrip().endswith(check_words.verdict(found, words))
    assert words.say("check.ready") != words.say("check.not_ready")
    assert not outcome(ERROR).ready
    assert printed(outcome(ERROR)).rstrip().endswith(words.say("check.not_ready"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tables_of_what_was_read(language):
    """6 people read, 5 inside, 7.6 after calibration (shown as 8); one site is open."""
    words = Words(language, STUDY)
    found = {one.key: one.rows for one in check_words.sheets(outcome(), words)}
    assert found["files"] == [["people.csv", "1,234"], ["stations.csv", "2"]]
    ((_, read, inside, outside, factor, calibrated, basis),) = found["people"]
    assert (read, inside, outside, factor) == ("6", "5", "1", "1.520000")
    assert (calibrated, basis) == ("8", "常住 2020")
    ((_, sites, opened, open_inside),) = found["sites"]
    assert (sites, opened, open_inside) == ("2", "1", "1")
    text = printed(outcome(), language)
    assert "1,234" in text
    assert words.say("check.nothing") in text


def test_findings_of_a_kind_are_one_with_their_first_rows():
    """Rows 2 to 8 of seven homes of 1.5 people each: 10.5, shown as 11."""
    words = Words("en", STUDY)
    (group,) = group_findings(FAR)
    assert group.count == 7
    assert check_words.place(group, words).startswith("people.csv")
    assert "11 people" in check_words.touches(group, words)
    assert "7" in check_words.message(group, words)
    (alone,) = group_findings(FAR[:1])
    assert check_words.message(alone, words) == words.finding(FAR[0])
    (area,) = group_findings([AREA])
    assert "120.5" in check_words.touches(area, words)
    assert "建筑面积" in check_words.place(area, words)
    (nothing,) = group_findings([ERROR])
    assert check_words.touches(nothing, words) == ""


def test_the_tally_counts_each_severity():
    counts = check_words.tally(outcome(*FAR, AREA, ERROR), Words("en", STUDY))
    assert counts == "errors: 1, warnings: 8, notes: 0"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_the_same_and_escapes_names(language):
    page = build_check_page(outcome(*FAR, AREA), language)
    assert "&lt;img&gt;." in page
    assert "<img>" not in page
    assert Words(language, STUDY).say("check.ready") in page
    assert "1,234" in page


def test_the_record_for_programs():
    """A finding of each kind, the errors first; every row is an issue: 7 · 1.5 people."""
    entry = check_entry(outcome(*FAR, ERROR), Words("en", STUDY))
    assert entry["ready"] is False
    shown = [(one["code"], one["count"], one["persons"]) for one in entry["findings"]]
    assert shown == [("DATUM_ASSUMED", 1, None), ("TOO_FAR", 7, 10.5)]
    assert [one["code"] for one in entry["issues"]] == ["DATUM_ASSUMED"] + ["TOO_FAR"] * 7


def test_how_well_a_datum_fits_is_said_with_its_distances():
    words = Words("en", STUDY)
    one = outcome()
    sheet = {s.key: s.rows for s in check_words.sheets(one, words)}["datums"]
    assert [row[0] for row in sheet] == ["stations.csv"]
    assert isinstance(one.datums, list)
    assert check_words.evidence(Diagnosis(one.given[0], 1, 1, 1, (), "few")) == "—"
