"""
One study in which people are unknown for every reason: every output counts the same people.

A street of 3,600 m along the x axis; two wards and communities cut it at x = 1,800. Homes of
uneven numbers of people stand everywhere, so that roundings show.
"""

from __future__ import annotations

import pytest
import shapely
from tests.builders.island_study import ISLAND, study_with
from tests.builders.report_page import build_report
from tests.builders.report_result import text_of
from tests.streets import straight, write_layer

import circle15
from circle15.access.counting import NO_PEOPLE
from circle15.output.map.tables import quality_rows
from circle15.output.text.numbers import whole_people
from circle15.output.text.people_by_reason import unknown_persons
from circle15.results.figures import coverage_row, unknown_people
from circle15.results.gaps.gap_people import people_in_gap
from circle15.results.states_by_choice import states_by_choice
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import run_study

NODES, STREET = straight(3600)
NODES = NODES | {"p": (1500.0, -5.0), "q": (1500.0, -605.0)}
HOMES = {f"h{x:04d}": (float(x), 0.0, 3.3 + x % 7) for x in range(0, 3601, 150)} | {
    "isle": (1500.0, -100.0, 4.7),
    "away": (1000.0, 800.0, 2.6),
}
WARDS = {"W": shapely.box(-100, -900, 1800, 900), "E": shapely.box(1800, -900, 3500, 900)}


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    sites = [
        ("pond", ISLAND, {"kind": "meal_point"}),
        ("lost", None, {"kind": "meal_point", "街道": "street E"}),
        ("far", (1200.0, 0.0), {"kind": "day_care"}),
        ("unsure", (300.0, 0.0), {"kind": "day_care", "position_unsure": "yes"}),
        ("near", (2100.0, 0.0), {"kind": "meal_point"}),
    ]
    study = study_with(
        folder,
        sites,
        nodes=NODES,
        ways=[STREET, "pq"],
        homes=HOMES,
        streets=WARDS,
        extent=shapely.box(-900, -900, 3400, 900),
        more='[circle]\nrequire = ["meal_point", "day_care"]\n',
    )
    rows = [(shape, {"code": f"K{key}", "label": key}) for key, shape in WARDS.items()]
    write_layer(folder / "communities.geojson", rows)
    layer = 'communities = { file = "communities.geojson", id = "code", name = "label" }'
    text = study.read_text("utf-8").replace("[network]", f"{layer}\n[network]")
    text = text.replace('category = "meal_point"', 'category_column = "kind"')
    study.write_text(text, "utf-8")
    return run_study(circle15.load_study(study))


def counted(result, category, cutoff_min=None):
    row = coverage_row(result, category, cutoff_min=cutoff_min)
    assert row is not None
    return row.counts


def test_the_study_has_every_reason_but_those_of_the_list(result):
    assert set().union(*unknown_people(result).values()) == {
        "TOO_FAR",
        "NOT_CONNECTED",
        "POSITION_UNSURE",
        "SITE_UNJOINED",
        "SITE_UNPLACED",
        "NETWORK_ENDS",
    }


def test_covered_gap_and_unknown_are_all_people(result):
    everybody = round(sum(people for _, _, people in HOMES.values()) * c.MICRO)
    inside = sum(one.inside for one in result.population.balances)
    assert inside == everybody - round(HOMES["h3600"][2] * c.MICRO) or inside == everybody
    for row in result.coverage_rows:
        counts = row.counts
        assert counts.covered + counts.gap + counts.unknown == counts.persons == inside
        assert sum(whole_people(counts)) == round(inside / c.MICRO)


def test_the_wards_sum_to_the_whole_but_for_those_in_none(result):
    homes = result.demand[result.demand[c.IN_AREA]]
    weight = homes[c.weight_column("p60")]
    for level, key in (("street", c.STREET_ID), ("community", c.COMMUNITY_ID)):
        nowhere = int(weight[homes[key].isna()].sum())
        for row in result.coverage_rows:
            if row.speed_m_s != result.study.walk.speed_m_s:
                continue
            zones = [
                z
                for z in result.zone_rows
                if (z.level, z.category, z.cutoff_min) == (level, row.category, row.cutoff_min)
            ]
            total = sum((z.counts for z in zones), NO_PEOPLE)
            assert total.persons + nowhere == row.counts.persons
            if not nowhere:
                assert total == row.counts
                assert sum((z.claimed for z in zones), NO_PEOPLE) == row.claimed


def test_the_reasons_sum_to_the_unknown_exactly_and_as_printed(result):
    for category, by_reason in unknown_people(result).items():
        counts = counted(result, category)
        assert sum(by_reason.values()) == counts.unknown
        printed = unknown_persons(result)[category]
        assert sum(printed.values()) == whole_people(counts)[2]
        assert all(abs(printed[k] - by_reason[k] / c.MICRO) < 1 for k in by_reason)


def test_the_report_prints_the_reasons_with_their_sum(result):
    """The row of a category under "why": its people by reason, 0 where there are none, the sum."""
    page = text_of(build_report(result, "en"))
    every = unknown_persons(result)
    reasons = list(dict.fromkeys(reason for found in every.values() for reason in found))
    for category, label in (("meal_point", "Meal site"), ("day_care", "Day-care centre")):
        numbers = [every[category].get(reason, 0) for reason in reasons]
        total = whole_people(counted(result, category))[2]
        assert f"{label} {' '.join(map(str, [*numbers, total]))} " in page


def test_the_map_lists_the_same_people(result):
    listed = quality_rows(result, "en")["unknown"]
    for category, rows in listed.items():
        assert [one["persons"] for one in rows] == list(unknown_persons(result)[category].values())


def test_the_gaps_of_the_map_are_those_that_are_counted(result):
    states = states_by_choice(result)
    inside = result.demand[c.IN_AREA].to_numpy(bool)
    for choice, cutoff in states:
        found = people_in_gap(result, choice, cutoff, inside)
        assert int(found.weight.sum()) == counted(result, choice, cutoff).gap
