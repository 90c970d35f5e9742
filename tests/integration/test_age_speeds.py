"""Speeds by age: each band is judged at its own speed, and the people are added up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import jsonschema
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.age_study import AGES, ONE, by_group, nested, study_of, three_homes
from tests.builders.coverage import drawn_coverage
from tests.builders.map_people import unpack
from tests.builders.packed_pages import unpacked_block
from tests.builders.report_page import build_report
from tests.streets import OsmWay, straight

from circle15.access.cohorts import Homes
from circle15.access.walks import Walks
from circle15.inputs.demand.nested_groups import people_of_parts
from circle15.output.map.html import build_map
from circle15.output.map.people import people_layer
from circle15.results.states_by_choice import states_by_choice
from circle15.results.summary.building import build_summary
from circle15.results.summary.schema import summary_schema
from circle15.rules.evaluators.gathering import gather_evidence
from circle15.study.settings.reading import load_study
from circle15.study.settings.records import Walk
from circle15.study.settings.walkers import parts_of
from circle15.workflow.api import run
from circle15.workflow.pipeline import judge_inputs, run_study
from circle15.workflow.reading import read_inputs, silent

BANDS = {"p60_69": "1.0", "p70_79": "0.9", "p80": "0.7"}


@pytest.mark.parametrize(
    ("speed", "reach_m"),
    [("0.6", 540), ("0.8", 720), ("0.9", 810), ("1.0", 900), ("1.2", 1080)],
)
def test_t01_how_far_each_speed_reaches(tmp_path, speed, reach_m):
    """T01 through a band: a home at the reach is inside, one a metre further is not."""
    nodes, word = straight(2000, step_m=2000)
    homes = {"at": (reach_m, 0, {"p60": 7}), "beyond": (reach_m + 1, 0, {"p60": 5})}
    walk = f"age_speeds = {{ p60 = {speed} }}"
    result = run_study(
        load_study(study_of(tmp_path, nodes, [word], homes, {"f": (0.0, 0.0)}, walk=walk))
    )
    assert by_group(result)["p60"] == (12 * ONE, 7 * ONE, 5 * ONE, 0)


def test_three_homes_on_one_street(tmp_path):
    """
    15 min reach 900, 810 and 630 m: all at 600 m, the under 80s at 750 m, the 60s at 850 m.

        judged   10 + (4 + 4.5) + 4 = 22.5 of 30; of p70 6 + 4.5 = 10.5 of 18; of p80 1.5 of 4.5
        × 0.8    720, 648 and 504 m: 4 + 4.5 at 600 m
        × 1.2    1 080, 972 and 756 m: 10 + 10 + (4 + 4.5)
    """
    result = run_study(load_study(three_homes(tmp_path)))
    assert by_group(result) == {
        "p60": (30 * ONE, 22_500_000, 7_500_000, 0),
        "p70": (18 * ONE, 10_500_000, 7_500_000, 0),
        "p80": (4_500_000, 1_500_000, 3 * ONE, 0),
        "p60_69": (12 * ONE, 12 * ONE, 0, 0),
        "p70_79": (13_500_000, 9 * ONE, 4_500_000, 0),
    }
    assert by_group(result, "0.8")["p60"][1] == 8_500_000
    assert by_group(result, "1.2")["p60"][1] == 28_500_000
    for row in result.coverage_rows:  # the street is straight: circles claim the same
        assert row.circles.share == row.counts.share_covered
    (reach,) = result.catchments["meal_point"]
    assert reach.persons == {"p60": 22_500_000, "p70": 10_500_000, "p80": 1_500_000}
    assert reach.persons_only_here == reach.persons


def test_what_the_summary_says_of_speeds(tmp_path):
    """A row of several speeds has none; its factor says what the sensitivity is."""
    summary = build_summary(run_study(load_study(three_homes(tmp_path))))
    jsonschema.validate(summary, summary_schema())
    rows = [r for r in summary["coverage"] if r["cutoff_min"] == 15]
    found = {(r["group"], r["factor"]): r["speed_m_s"] for r in rows}
    assert {group: found[group, 1.0] for group in ("p60", "p70", "p60_69", "p70_79", "p80")} == {
        "p60": None,
        "p70": None,
        "p60_69": 1.0,
        "p70_79": 0.9,
        "p80": 0.7,
    }
    assert (found["p80", 0.8], found["p80", 1.2]) == (0.56, 0.84)
    parameters = summary["parameters"]
    assert parameters["age_speeds"] == {"p60_69": 1.0, "p70_79": 0.9, "p80": 0.7}
    assert parameters["factors"] == [1.0, 0.8, 1.2]


def test_without_bands_nothing_is_said_of_them(tmp_path):
    """The plain study keeps its rows, columns and keys."""
    study = load_study(three_homes(tmp_path, walk=""))
    inputs = read_inputs(study, silent)
    assert inputs.others == {}
    result = judge_inputs(inputs, [])[0]
    summary = build_summary(result)
    assert "factor" not in summary["coverage"][0]
    assert not {"age_speeds", "profiles", "factors"} & summary["parameters"].keys()
    assert not {"group", "factor"} & set(result.coverage.columns)
    assert set(by_group(result)) == {"p60", "p70", "p80"}


def test_the_coverage_table_has_a_row_for_every_band(tmp_path):
    out = tmp_path / "out"
    run(three_homes(tmp_path), out=out)
    table = pd.read_parquet(out / "coverage.parquet").query("cutoff_min == 15 and factor == 1.0")
    assert len(table) == 9
    mid = table[table["demand_id"] == "mid"].set_index("group")
    assert mid["speed_m_s"].to_dict() == {"p60_69": 1.0, "p70_79": 0.9, "p80": 0.7}
    assert mid["time_ms"].to_dict() == {"p60_69": 750_000, "p70_79": 833_333, "p80": 1_071_429}
    assert mid["state"].to_dict() == {"p60_69": "covered", "p70_79": "covered", "p80": "gap"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["60–69岁老年人 1.0 米/秒", "分年龄步速", "覆盖率 × 0.8", "走得最慢的人"]),
        (
            "en",
            ["people aged 60–69 1.0 m/s", "Speed by age", "Covered at × 0.8", "slowest walkers"],
        ),
    ],
)
def test_report_and_map_say_who_walks_how_fast(tmp_path, language, words):
    """The map draws the state of the slowest, and says so."""
    result = run_study(load_study(three_homes(tmp_path)))
    report, page = build_report(result, language), build_map(result, language)
    assert [word for word in words[:3] if word not in report] == []
    assert words[0] in page
    assert words[3] in unpacked_block(page, "circle15-data").decode("utf-8")
    assert result.drawn.label == "p80"
    states = drawn_coverage(result).query("cutoff_min == 15").set_index("demand_id")["state"]
    assert states.to_dict() == {"near": "covered", "mid": "gap", "far": "gap"}
    layer = people_layer(result, states_by_choice(result))
    assert layer is not None
    values = unpack(layer.meta["columns"], layer.packed)
    assert (values["micro"], values["code:meal_point:15"]) == ([1_500_000] * 3, [0, 1, 1])


def test_bands_may_begin_below_the_judged_group(tmp_path):
    """Of p65 the band p60_69 is p65_69: 10 − 6 people at 1.0, the 6 others at 0.7 m/s."""
    nodes, word = straight(2000, step_m=2000)
    homes = {"h": (800, 0, {"p65": 10, "p70": 6})}
    path = study_of(
        tmp_path,
        nodes,
        [word],
        homes,
        {"f": (0.0, 0.0)},
        walk="age_speeds = { p70 = 0.7, p60_69 = 1.0 }",
    )
    path.write_text(path.read_text("utf-8").replace('group = "p60"\n', 'group = "p65"\n', 1))
    result = run_study(load_study(path))
    assert by_group(result) == {
        "p65": (10 * ONE, 4 * ONE, 6 * ONE, 0),
        "p70": (6 * ONE, 0, 6 * ONE, 0),
        "p65_69": (4 * ONE, 4 * ONE, 0, 0),
    }


def town():
    """
    A grid of 6 × 6 streets, 160 m apart, with a compound of two private ways.

    60 homes at random places, with people of odd thousandths; three sites, one unsure.
    """
    names = [chr(0x4E00 + k) for k in range(36)]
    nodes = {n: (160.0 * (k % 6), 160.0 * (k // 6)) for k, n in enumerate(names)}
    private = {"highway": "service", "access": "private"}
    rows = ["".join(names[6 * k : 6 * k + 6]) for k in range(6)]
    columns = ["".join(names[k::6]) for k in (0, 2, 3, 5)]
    inner = [OsmWay("".join(names[k::6]), private) for k in (1, 4)]
    rng = np.random.default_rng(4)
    homes = {}
    for k in range(60):
        p60, cut = int(rng.integers(0, 90_000)), np.sort(rng.random(2))
        p80, p70 = (int(p60 * share) for share in cut)
        x, y = rng.uniform(0, 800, 2).round(2)
        homes[f"h{k}"] = (x, y, nested(*(n / 1000 for n in (p60, p70, p80))))
    sites = {"a": (0.0, 0.0), "b": (790.0, 100.0), "u": (500.0, 790.0)}
    return nodes, [*rows, *columns, *inner], homes, sites


def run_town(folder, walk, homes, judge):
    nodes, ways, _, sites = town()
    shapes = {"W": shapely.box(-50, -50, 390, 900), "E": shapely.box(390, -50, 900, 900)}
    path = study_of(
        folder,
        nodes,
        ways,
        homes,
        sites,
        unsure=["u"],
        streets=shapes,
        walk=f'cutoffs_min = [4, 8]\njudge = "{judge}"\n{walk}',
        more='[circle]\nrequire = ["meal_point"]',
    )
    text = path.read_text("utf-8").replace("[walk]", 'gated = "residents"\n[walk]')
    path.write_text(text, encoding="utf-8")
    return run_study(load_study(path))


def figures(result, factor_of):
    """Everything that is counted for p60, as numbers that can be added up."""
    found: Counter[tuple[object, ...]] = Counter()
    for row in result.coverage_rows:
        if row.group == "p60":
            key = "coverage", row.category, row.cutoff_min, factor_of(row.speed_m_s)
            found.update(numbered(key, row.counts))
    for row in result.zone_rows:
        found.update(numbered(("zone", row.zone_id, row.category, row.cutoff_min), row.counts))
    for category, rows in result.catchments.items():
        for row in rows:
            found["reach", category, row.facility] += row.persons["p60"]
            found["only", category, row.facility] += row.persons_only_here["p60"]
    for row in result.gated.rows:
        found.update({("gated", row.category, k): n for k, n in row.covered.items()})
        found.update({("differ", row.category, k): n for k, n in row.differs.items()})
    return found


def numbered(key, counts):
    names = ("persons", "covered", "gap", "unknown")
    return {(*key, name): getattr(counts, name) for name in names}


@pytest.mark.parametrize("judge", ["outbound", "round_trip"])
def test_bands_are_three_runs_at_their_own_speeds(tmp_path, judge):
    """
    One run with bands counts what three runs count, each with the people and speed of a band.

    Coverage at every factor, zones, catchments and the figures of gated compounds are the sums.
    """
    _, _, homes, _ = town()
    whole = run_town(tmp_path, AGES, homes, judge)
    found = figures(whole, lambda speed: speed / whole.study.walk.speed_m_s)
    parts: Counter[tuple[object, ...]] = Counter()
    micro = {
        k: {g: round(n * 1000) for g, n in people.items()} for k, (_, _, people) in homes.items()
    }
    bands = {
        "p60_69": lambda n: n["p60"] - n["p70"],
        "p70_79": lambda n: n["p70"] - n["p80"],
        "p80": lambda n: n["p80"],
    }
    for band, people_of in bands.items():
        mine = {k: (x, y, {"p60": people_of(micro[k]) / 1000}) for k, (x, y, _) in homes.items()}
        own = Decimal(BANDS[band])
        others = f"{own * Decimal('0.8')}, {own * Decimal('1.2')}"
        folder = tmp_path / band
        folder.mkdir()
        result = run_town(folder, f"speed_m_s = {own}\nsensitivity_m_s = [{others}]", mine, judge)
        parts.update(figures(result, lambda speed, own=own: speed / own))
    assert found == parts
    assert found["coverage", "meal_point", 4, Decimal(1), "gap"] > 0
    assert found["coverage", "meal_point", 4, Decimal(1), "unknown"] > 0
    assert found["differ", "meal_point", "closed"] > 0


def test_zones_and_bands_sum_to_the_group(tmp_path):
    _, _, homes, _ = town()
    result = run_town(tmp_path, AGES, homes, "outbound")
    summary = build_summary(result)
    jsonschema.validate(summary, summary_schema())
    assert [row["speed_m_s"] for row in summary["gated"]["coverage"]] == [None] * 3
    inside = next(b.inside for b in result.population.balances if b.group == "p60")
    rows = {
        (r.category, r.cutoff_min, r.group, r.speed_m_s): r.counts for r in result.coverage_rows
    }
    for (category, cutoff, group, speed), counts in rows.items():
        if group != "p60":
            continue
        assert counts.persons == inside
        bands = [rows[category, cutoff, band, speed] for band in BANDS]
        assert counts == bands[0] + bands[1] + bands[2]
        if speed == result.study.walk.speed_m_s:
            zones = [
                r.counts
                for r in result.zone_rows
                if (r.category, r.cutoff_min) == (category, cutoff)
            ]
            assert zones[0] + zones[1] == counts


def test_rules_count_each_band_at_its_own_speed(tmp_path):
    """What rules on people ask for is what the rows say."""
    _, _, homes, _ = town()
    study = run_town(tmp_path, AGES, homes, "outbound").study
    inputs = read_inputs(study, silent)
    walks = Walks(inputs, Homes(inputs))
    result = judge_inputs(inputs, [])[0]
    evidence = gather_evidence(inputs, walks, rows=result.coverage_rows, checks=[], packs=[])
    for group in ("p60", "p70", "p80"):
        counted = evidence.count((("meal_point",),), group, 8)
        (row,) = [
            r.counts
            for r in result.coverage_rows
            if (r.category, r.cutoff_min, r.group) == ("meal_point", 8, group)
            and r.speed_m_s == study.walk.speed_m_s
        ]
        assert counted == row == evidence.circle["meal_point", group]
    assert evidence.count((("meal_point",),), "p65", 8) is None
    assert evidence.count((("bath_point",),), "p60", 8) is None
    assert [u.covered for u in evidence.by_unit("street", "meal_point")] == [
        r.counts.covered
        for r in result.zone_rows
        if (r.category, r.cutoff_min) == ("meal_point", 8)
    ]


@pytest.fixture(scope="module")
def town_inputs(tmp_path_factory):
    _, _, homes, _ = town()
    return read_inputs(
        run_town(tmp_path_factory.mktemp("town"), AGES, homes, "outbound").study, silent
    )


SPEED = st.integers(40, 160).map(lambda n: Decimal(n) / 100)


@settings(max_examples=12, deadline=None)
@given(speeds=st.tuples(SPEED, SPEED, SPEED), band=st.sampled_from(list(BANDS)), more=SPEED)
def test_faster_people_are_never_covered_less(town_inputs, speeds, band, more):
    """One band made faster: no group loses, and those in other bands stay as they are."""
    slow = dict(zip(BANDS, speeds, strict=True))
    fast = slow | {band: slow[band] + more}

    def covered(age_speeds):
        walk = replace(town_inputs.study.walk, age_speeds=age_speeds, sensitivity_m_s=())
        inputs = replace(town_inputs, study=replace(town_inputs.study, walk=walk))
        return {
            (r.category, r.cutoff_min, r.group): r.counts.covered
            for r in judge_inputs(inputs, [])[0].coverage_rows
        }

    before, after = covered(slow), covered(fast)
    assert all(after[key] >= n for key, n in before.items())
    others = [key for key in before if key[2] in BANDS and key[2] != band]
    assert all(after[key] == before[key] for key in others)


MICRO_PEOPLE = st.lists(st.tuples(*[st.integers(0, 10**12)] * 3), min_size=1, max_size=6).map(
    lambda rows: np.array(rows, np.int64)
)


@given(people=MICRO_PEOPLE, nested_ages=st.booleans())
def test_parts_sum_to_the_group_whatever_the_layers_say(people, nested_ages):
    """Every part is of somebody, and all of the group is in one; nested groups give differences."""
    if nested_ages:
        people = -np.sort(-people, axis=1)
    weights = dict(zip(("p60", "p70", "p80"), people.T, strict=True))
    walk = Walk(age_speeds={band: Decimal(speed) for band, speed in BANDS.items()})
    parts = people_of_parts("p60", parts_of("p60", walk), weights)
    assert (sum(parts) == weights["p60"]).all()
    assert all((part >= 0).all() for part in parts)
    if nested_ages:
        assert (parts[0] == weights["p60"] - weights["p70"]).all()
        assert (parts[1] == weights["p70"] - weights["p80"]).all()
