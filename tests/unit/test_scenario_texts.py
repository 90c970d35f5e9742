"""Scenarios in report, map and GIS layers, for an outcome written by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from tests.builders.report_page import build_report
from tests.builders.report_result import STATION, make_result, text_of
from tests.builders.scenario_outcome import SAME, changed_result, make_outcome

from circle15.access.counting import NO_PEOPLE
from circle15.output.document.model import Paragraph, Subheading, Table, WideRow
from circle15.output.document.texts import Badge
from circle15.output.gis.scenario_layers import scenario_layers as gis_layers
from circle15.output.map.plans.scenarios import changed_columns, scenario_layers
from circle15.output.report.plans.scenarios import ROWS_SHOWN, scenarios_section
from circle15.output.text.study_parameters import changes_text
from circle15.output.text.wording import Words
from circle15.planning.scenarios.differences import CatchmentShift, Flip
from circle15.results.scenarios.changed_homes import changed_places, difference_table
from circle15.rules.verdicts import Verdict
from circle15.study.settings.scenarios.tables import Changes, Scenario

RESULT = changed_result(make_outcome())
WORDS = Words("en", RESULT.study)


def blocks(kind, *outcomes):
    found = scenarios_section(changed_result(*outcomes), WORDS).blocks
    return [block for block in found if isinstance(block, kind)]


def headings(table):
    return [one.heading for one in table.columns]


def test_all_scenarios_side_by_side():
    """Covered 2.5 of 5, printed 2; 1.5 gain, 2.5 lose, 3 at new homes: 2 + 2 − 3 + 3 = 4."""
    first, *_ = blocks(Table, make_outcome(), make_outcome("other", flips=[], catchments=[]))
    assert headings(first) == [
        "Scenario",
        "Covered today",
        "Gain access",
        "Lose access",
        "At new homes",
        "Covered then",
        "Sites whose catchment changes",
        "Verdicts that flip",
    ]
    numbers = ["2", "+2", "−3", "+3", "4"]
    assert first.rows == [["more", *numbers, "2", "1"], ["other", *numbers, "0", "0"]]


def test_what_one_scenario_changes():
    _, categories, streets, sites, verdicts = blocks(Table, make_outcome())
    assert categories.rows == [["Home-care station", "2", "+2", "−3", "+3", "4"]]
    assert streets.rows == [["S 1", "3", "0", "−3", "0", "0"], ["S2", "0", "+2", "0", "+3", "5"]]
    assert sites.rows == [
        ["T3", "Home-care station", "—", "5"],
        ["T1 Station", "Home-care station", "3", "—"],
    ]
    assert verdicts.rows == [
        ["LX-03 Z1", Badge("not_met", "not met"), Badge("met", "met")],
    ]
    note, what, _ = (one.text for one in blocks(Paragraph, make_outcome()))
    assert "“Home-care station” within 15 minutes on foot" in note
    assert note.endswith("the column after them is people at new homes.")
    assert what == (
        "The scenario adds the sites of new.csv · closes T1 · adds the links of l.gpkg · adds the "
        "homes of n.csv."
    )


def test_without_new_homes_there_is_no_column_of_them():
    changes = Changes("closing", Scenario(close=("T1", "T2")))
    outcome = make_outcome(changes=changes)
    assert all("At new homes" not in headings(one) for one in blocks(Table, outcome))
    note, what, _ = (one.text for one in blocks(Paragraph, outcome))
    assert "new homes" not in note
    assert what == "The scenario closes T1, T2."


def test_a_scenario_that_changes_nobody():
    outcome = make_outcome(shifts=[replace(SAME, category=STATION)], zones=[])
    outcome = replace(outcome, catchments=[], flips=[])
    assert [one.text for one in blocks(Paragraph, outcome)][2] == (
        "The number of people covered stays the same in every category."
    )
    (only,) = blocks(Table, outcome)
    assert only.rows == [["more", "2", "0", "0", "0", "2", "0", "0"]]
    assert [one.text for one in blocks(Subheading, outcome)] == ["more"]


def test_of_long_lists_the_page_has_the_first_rows():
    """Twelve sites, of which the last two lose most, and twelve verdicts."""
    caught = [
        CatchmentShift(f"T{k:02}", STATION, "", 5_000_000 + 1_000_000 * k, 5_000_000)
        for k in range(ROWS_SHOWN + 2)
    ]
    flips = [Flip("p", f"R{k}", "any", Verdict.MET, Verdict.NOT_MET) for k in range(12)]
    _, _, _, sites, verdicts = blocks(Table, make_outcome(catchments=caught, flips=flips))
    assert [row[0] for row in sites.rows[:2]] == ["T11", "T10"]
    assert sites.rows[0][2:] == ["16", "5"]
    for table in (sites, verdicts):
        *rows, last = table.rows
        assert len(rows) == ROWS_SHOWN
        assert last == WideRow("Others: 2; see summary.json (scenarios).", "more")


def test_the_report_has_a_section_on_scenarios():
    page = text_of(build_report(RESULT, "en"))
    assert "The scenario adds the sites of new.csv · closes T1" in page
    assert "The scenario adds" not in text_of(build_report(make_result(), "en"))


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        (Scenario(open_gates="all"), "opens all gates and private ways"),
        (Scenario(open_gates=(7, 9)), "opens gates: 7, 9"),
        (Scenario(close=Path("/p/closed.csv")), "closes closed.csv"),
        (Scenario(change=Path("c.csv"), close=("a",)), "closes a · changes sites by c.csv"),
    ],
)
def test_changes_in_words(scenario, told):
    assert changes_text(scenario, WORDS) == told


# --- homes, layers and the map -----------------------------------------------------------------


def test_homes_that_change_as_a_table():
    rows = difference_table(RESULT)
    assert rows["demand_id"].tolist() == ["a", "b", "n"]
    assert rows["change"].tolist() == ["lost", "gained", "new_home"]
    assert rows["state_today"].tolist()[:2] == ["covered", "gap"]
    assert rows["state_today"].isna().tolist() == [False, False, True]
    assert rows["state"].tolist() == ["gap", "covered", "covered"]
    people = ["persons", "persons_gained", "persons_lost", "persons_at_new_homes", "persons_gap"]
    assert rows[people].to_numpy().tolist() == [
        [2.5, 0, 2.5, 0, 2.5],
        [1.5, 1.5, 0, 0, 0],
        [4, 0, 0, 3, 1],
    ]
    assert rows["x_m"].tolist() == [500100, 501100, 501500]


def test_homes_of_a_cutoff_other_than_the_circle_are_left_out():
    outcome = make_outcome()
    ((_, found),) = outcome.homes.changes.items()
    homes = replace(outcome.homes, changes={(STATION, 10): found})
    table = difference_table(changed_result(replace(outcome, homes=homes)))
    assert len(table) == 0
    assert set(table.columns) == set(difference_table(RESULT).columns)


def test_places_of_the_map_that_change():
    """Places are a, b, c in the order of the table; the new home is none of them."""
    (found,) = changed_places(RESULT)
    places, codes = found.places[STATION, 15]
    assert (places.tolist(), codes.tolist()) == ([0, 1], [1, 0])
    assert found.people.tolist() == [4_000_000]
    assert found.new[STATION, 15].tolist() == [2]
    columns = {one.name: one.values.tolist() for one in changed_columns(RESULT)}
    assert columns == {
        f"changed:0:{STATION}:15": [0, 1],
        f"change:0:{STATION}:15": [1, 0],
    }


def test_a_scenario_as_the_map_shows_it():
    (found,) = scenario_layers(RESULT, WORDS)
    assert found["name"] == "more"
    numbers = {"today": "2", "gain": "+2", "lose": "−3", "new": "+3", "then": "4"}
    assert found["figures"] == {STATION: {"15": numbers, "10": numbers}}
    (home,) = found["homes"]
    assert (home["persons"], home["change"]) == (4, {f"{STATION}:15": 2})
    closed, added = found["sites"]
    assert (closed["name"], closed["fields"]) == ("T1 Station", "Status")
    assert (closed["today"], closed["then"]) == ("3", "—")
    assert closed["before"] is None  # it has not moved
    assert (added["at"], added["today"], added["then"]) == (None, "—", "5")
    (link,) = found["links"]
    assert (link["name"], link["length"]) == ("New Bridge", "120")
    assert link["shape"][2] == 0  # due north


def test_a_moved_site_has_its_place_before():
    outcome = make_outcome(catchments=[])
    moved = replace(
        outcome.sites[0],
        change="moved",
        fields=("opened", "position"),
        before=(500000.0, 3400500.0),
    )
    (found,) = scenario_layers(changed_result(replace(outcome, sites=[moved])), WORDS)
    (site,) = found["sites"]
    assert site["fields"] == "Opening date, Position"
    assert site["before"][0] == 12_000_000  # the middle meridian, 120° E
    assert site["at"][0] > site["before"][0]
    assert (site["today"], site["then"]) == (None, None)


def test_layers_on_scenarios():
    layers = gis_layers(RESULT)
    assert gis_layers(make_result()) == {}
    columns, points = layers["scenario_differences"]
    assert columns["demand_id"] == ["a", "b", "n"]
    assert points == [shapely.Point(x, 3400500) for x in (500100, 501100, 501500)]
    columns, points = layers["scenario_sites"]
    assert columns["change"] == ["closed", "added"]
    assert columns["fields"] == ["status", ""]
    assert columns["persons_today"] == [2.5, None]
    assert columns["persons"] == [None, 4.5]
    assert points == [shapely.Point(500400, 3400500), None]
    columns, (line,) = layers["scenario_links"]
    assert columns == {"scenario": ["more"], "name": ["New Bridge"], "length_m": [120.4]}
    assert line.length == pytest.approx(120.4)


def test_a_layer_whose_scenario_changes_no_catchment():
    outcome = make_outcome(catchments=[], shifts=[replace(SAME, before=NO_PEOPLE)], links=[])
    layers = gis_layers(changed_result(outcome))
    assert layers["scenario_sites"][0]["persons"] == [None, None]
    assert layers["scenario_links"] == ({"scenario": [], "name": [], "length_m": []}, [])
