"""Rules in a whole run and on the command line: every rule of every pack is evaluated."""

from __future__ import annotations

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import shapely
from tests.commands import call
from tests.streets import EAST_M, NORTH_M, Way, joined, plane, straight, write_study

import circle15
from circle15.network.walk_network import NO_WAY
from circle15.results.summary.building import build_summary
from circle15.results.summary.entries import Summary
from circle15.results.summary.schema import summary_schema
from circle15.rules.packs import load as packs
from circle15.rules.packs.load import known_packs, load_pack
from circle15.travel.engine.graph import TravelNetwork
from circle15.travel.engine.lengths import by_length
from circle15.travel.engine.search import nearest
from circle15.workflow.pipeline import run_study

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}
MORE = """
[[residential_zones]]
file = "zones.csv"
crs = "EPSG:4549"

[rules]
packs = [{packs}]
registers = "registers.csv"
"""
ZONES = "x_m,y_m,zone_id,kind,households,rooms_m2\n500000,3490000,Z1,existing,2000,300+100\n"
REGISTER = """指标,数值,单位,年份,来源,对象
养老机构床位数,6481,张,2025,台账,
养老机构护理型床位数,5508,张,2025,台账,
centres_with_agreement,700,家,2018,台账,
care_centres,1000,家,2018,台账,
p65,15,万人,2025,台账,
"""


def study(folder: Path, names: tuple[str, ...], register: str = REGISTER) -> Path:
    box = shapely.box(-200, -200, 800, 500)
    more = MORE.format(packs=", ".join(f'"{name}"' for name in names))
    (folder / "zones.csv").write_text(ZONES, encoding="utf-8")
    (folder / "registers.csv").write_text(register, encoding="utf-8")
    return write_study(
        folder,
        NODES,
        ["ABCD"],
        {"h1": (10, 5, 100), "h2": (500, 5, 50)},
        {"f1": (300, 10), "f2": (600, 200)},
        boundary=box,
        streets={"S1": box},
        more=more,
    )


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder = tmp_path_factory.mktemp("rules")
    found = build_summary(run_study(circle15.load_study(study(folder, known_packs()))))
    jsonschema.validate(json.loads(json.dumps(found, allow_nan=False)), summary_schema())
    return found


@pytest.mark.parametrize("name", known_packs())
def test_every_rule_of_a_pack_answers(summary, name):
    answered = {row["id"] for row in summary["rules"] if row["pack"] == name}
    assert answered == {rule.id for rule in load_pack(name).rules}


def test_what_has_no_answer_says_why(summary):
    unknown = [row for row in summary["rules"] if row["verdict"] == "undetermined"]
    assert unknown
    assert [row["id"] for row in unknown if not row["reason"]] == []


def rows_of(summary, rule):
    return [row for row in summary["rules"] if row["id"] == rule]


def test_registers_reach_the_rules(summary):
    (beds,) = rows_of(summary, "LX-12")
    assert (beds["verdict"], beds["lacking"], beds["data_source"]) == ("not_met", 1, "台账")
    assert beds["inputs"] == ["registers.csv:3", "registers.csv:2"]
    for rule, alone in (("SX-13", "not_met"), ("SX-14", "met")):
        (row,) = rows_of(summary, rule)
        assert (row["verdict"], row["alone"], row["status"]) == ("source_conflict", alone, "draft")


def test_each_pack_judges_zones_by_its_own_law(summary):
    """2,000 existing households, 300 + 100 m²: 400 needed in Liangxi and Anhui, 300 in Guizhou."""
    found = {key: rows_of(summary, key)[0] for key in ("LX-03", "AH-02", "GZ-02", "GD-02")}
    said = {k: (r["threshold"], r["value"], r["verdict"]) for k, r in found.items()}
    assert said == {
        "LX-03": (400, 300, "not_met"),  # R3: only the site of 300 counts
        "AH-02": (400, 0, "not_met"),  # none reaches 350
        "GZ-02": (300, 400, "met"),  # the least size, 350, is that of new zones
        "GD-02": (300, 400, "met"),  # no least size
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("养老机构床位,1,张,2025,台账,\n", "养老机构床位"),
        ("total_beds,1,人,2025,台账,\n", "total_beds"),
    ],
)
def test_a_register_row_that_cannot_be_used_is_named(tmp_path, capfd, row, said):
    path = study(tmp_path, ("liangxi-2025",), REGISTER + row)
    assert call("check", str(path), "--json") == 0
    report = capfd.readouterr().out
    assert "registers.csv" in report
    assert said in report


def test_a_figure_twice_ends_the_run_with_both_rows(tmp_path, capfd):
    twice = REGISTER + "养老机构床位数,6482,张,2025,台账,\n"
    assert call("run", str(study(tmp_path, ("liangxi-2025",), twice))) == 2
    said = capfd.readouterr().err
    assert "registers.csv, row 7: 'institution_beds' is also in row 2" in said


def test_two_packs_with_one_id_end_the_run(tmp_path, capfd):
    bundled = (Path(packs.__file__).parent / "liangxi-2025.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text(bundled, encoding="utf-8")
    path = study(tmp_path, ("liangxi-2025", "own.toml"))
    assert call("check", str(path)) == 2
    assert "own.toml: the pack id 'liangxi-2025' is also that of liangxi-2025" in (
        capfd.readouterr().err
    )


def test_a_pack_of_ones_own_is_hashed(tmp_path):
    guide = (Path(__file__).parents[2] / "docs" / "rule-packs.md").read_text("utf-8")
    own = guide.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    summary = build_summary(run_study(circle15.load_study(study(tmp_path, ("own.toml",)))))
    named = {entry["path"] for entry in summary["provenance"]["inputs"]}
    assert {"own.toml", "registers.csv"} <= named
    (beds,) = rows_of(summary, "MC-01")
    assert (beds["verdict"], beds["lacking"]) == ("met", 0)


def test_rules_are_listed_shown_and_checked(tmp_path, capfd):
    assert call("rules", "list") == 0
    listed = capfd.readouterr().out
    assert [name for name in known_packs() if name not in listed] == []
    assert call("rules", "show", "liangxi-2025", "--lang", "en") == 0
    shown = capfd.readouterr().out
    assert "“打造“15分钟养老服务圈””" in shown
    assert "Nursing beds of care homes (nursing_beds)" in shown
    assert call("rules", "show", "shaoxing-2020", "--json") == 0
    entry = json.loads(capfd.readouterr().out)
    assert (entry["status"], len(entry["entries"])) == ("draft", 37)
    assert call("rules", "check", "liangxi-2025") == 0
    assert "25 rules, no faults" in capfd.readouterr().out
    own = tmp_path / "own.toml"
    own.write_text('id = "own"\nrules = []\ntitel = 1\n', encoding="utf-8")
    assert call("rules", "check", str(own), "--json") == 2
    output = capfd.readouterr()
    assert f"{own}, line 3: key 'titel' is unknown; the nearest known key is 'title'" in output.err
    assert len(json.loads(output.out)["faults"]) == 3  # and title and source are missing
    for words in (("list", "x"), ("show",), ("drop", "x")):
        assert call("rules", *words) == 2
    assert call("rules", "show", "nowhere") == 2
    assert call("rules", "check", str(tmp_path / "none.toml")) == 2


def along_a_street(folder: Path, medical_m: tuple[float, ...]) -> Summary:
    """
    Run a street of 2 km with rules on places.

        0 m        100 m         … medical …                  2000 m
        home a,    station, and                               home b,
        100 people day care at 50 m                           50 people, 1.9 km from both

    Streets S1 and S2 part it at 1 km.
    """
    nodes, word = straight(2000)
    rows = [("day_care", 50.0), ("home_care_station", 100.0), *(("medical", x) for x in medical_m)]
    lines = ["x_m,y_m,facility_id,category"]
    lines += [f"{EAST_M + x},{NORTH_M},o{k},{kind}" for k, (kind, x) in enumerate(rows)]
    (folder / "others.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    more = (
        '[[facilities]]\nfile = "others.csv"\ncategory_column = "category"\ncrs = "EPSG:4549"\n'
        '[rules]\npacks = ["chongqing-2025", "jingan-2025"]\n'
    )
    wards = {"S1": shapely.box(-500, -500, 1000, 500), "S2": shapely.box(1000, -500, 2500, 500)}
    path = write_study(
        folder,
        nodes,
        [word],
        {"a": (0, 0, 100), "b": (2000, 0, 50)},
        {"f1": (100, 0)},
        streets=wards,
        more=more,
    )
    return build_summary(run_study(circle15.load_study(path)))


@pytest.mark.parametrize(
    ("medical_m", "near", "same"),
    [((199.9,), 50, 0), ((200.1,), 0, 0), ((149.9,), 100, 0), ((100.4,), 100, 50)],
)
def test_neighbours_are_measured_along_the_street(tmp_path, medical_m, near, same):
    """Two care sites at 50 and 100 m. Up to 200 m a partner is near one of them."""
    rows = {row["scope"]: row for row in rows_of(along_a_street(tmp_path, medical_m), "CQ-03")}
    assert rows["clinic"]["value"] == near
    assert rows["clinic:same_site"]["value"] == same
    assert rows["clinic"]["remarks"][0] == {"code": "D_ADJ", "metres": 100}


def test_stairs_and_waiting_make_no_neighbour_distant():
    """Two points 100 m apart on a way that costs 300 m and a minute of waiting."""
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, Way("AB", mm=300_000, delay_ms=60_000))
    ends = joined(network, (0.0, 0.0), (100.0, 0.0))
    slow = TravelNetwork.from_network(network)
    times = {}
    for name, travel in (("walked", slow), ("length", by_length(slow, network.length_m))):
        found = nearest(
            travel.at_speed(Fraction(1)),
            ends.take(np.array([0])),
            ends.take(np.array([1])),
            horizon_ms=900_000,
        )
        times[name] = int(found.time_ms[0])
    assert times == {"walked": 360_000, "length": 100_000}


@pytest.mark.slow
def test_neighbours_are_measured_where_compounds_are_gated(sample_study, tmp_path):
    """The gates of the sample give its network more edges than were read."""
    copy = tmp_path / "sample"
    shutil.copytree(sample_study.parent, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    study_file = copy / "study.toml"
    text = re.sub(r'gated = "\w+"\n', "", study_file.read_text("utf-8"))
    text = text.replace("[network]\n", '[network]\ngated = "residents"\n')
    text = text.replace('packs = ["liangxi-2025"]', 'packs = ["rushan-2027"]')
    text += '\n[[facilities]]\nfile = "hospitals.csv"\ncategory_column = "category"\n'
    text += '[categories]\ntownship_hospital = "镇卫生院"\n'
    study_file.write_text(text, encoding="utf-8")
    (copy / "hospitals.csv").write_text(
        "lon,lat,facility_id,category\n120.267426,31.565408,T-1,镇卫生院\n", encoding="utf-8"
    )
    rows = rows_of(build_summary(run_study(circle15.load_study(study_file))), "RS-01")
    assert {row["scope"]: row["verdict"] for row in rows} == {
        "clinic": "undetermined",
        "town": "reported",
        "town:same_site": "reported",
        "village": "undetermined",
    }


def test_a_way_that_is_closed_stays_closed():
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, Way("AB", one_way=True))
    travel = by_length(TravelNetwork.from_network(network), network.length_m)
    assert (travel.base_mm_fwd.tolist(), travel.base_mm_bwd.tolist()) == ([100_000], [NO_WAY])


def test_circles_of_a_pack_count_people_who_reach_all_of_it(tmp_path):
    """Home a reaches care and medical, home b neither: 100 of 150 people."""
    summary = along_a_street(tmp_path, (200.0,))
    (row,) = rows_of(summary, "CQ-02")
    assert (row["verdict"], row["value"]) == ("reported", pytest.approx(200 / 3))
    assert rows_of(summary, "JA-08")[0]["reason"] == "NOT_COUNTED"  # nobody aged 0-3, no childcare


@pytest.mark.parametrize(("metres", "share"), [(499, 0), (500, 200 / 3), (1500, 100)])
def test_a_radius_is_measured_along_the_street_to_the_millimetre(tmp_path, metres, share):
    """
    One station at 500 m of a street with stairs; 100 people at 0 m and 50 at 2000 m.

    A distance of exactly the radius is inside. The pack names two, of which one is tried here.
    """
    nodes, word = straight(2000)
    own = (Path(packs.__file__).parent / "chengdu-2017.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text(
        own.replace("[500, 600]", f"[{metres}, 1]").replace("complex", "meal_point"), "utf-8"
    )
    path = write_study(
        tmp_path,
        nodes,
        [word],
        {"a": (0, 0, 100), "b": (2000, 0, 50)},
        {"f1": (500, 0)},
        more='[rules]\npacks = ["own.toml"]\n',
    )
    summary = build_summary(run_study(circle15.load_study(path)))
    rows = {row["scope"]: row for row in rows_of(summary, "CD-01")}
    assert rows[f"within:{metres}"]["value"] == pytest.approx(share)
    assert rows["within:1"]["value"] == 0
    assert rows["within:1"]["remarks"] == [{"code": "WITHIN_M", "metres": 1}]
    assert {row["verified"] for row in rows.values()} == {"republished"}


def test_a_pack_of_a_lower_grade_than_the_study_requires_ends_check(tmp_path, capfd):
    path = study(tmp_path, ("liangxi-2025", "guizhou"))
    text = path.read_text("utf-8").replace("[rules]\n", '[rules]\nverified = "official"\n')
    path.write_text(text, encoding="utf-8")
    assert call("check", str(path)) == 2
    said = capfd.readouterr().err
    assert "key 'rules.packs': the rule packs must be verified as 'official'" in said
    assert "'guizhou' is 'reported'" in said
    path.write_text(text.replace(', "guizhou"', ""), encoding="utf-8")
    assert call("check", str(path)) == 0


def test_equity_over_streets_is_worked_out_by_hand(tmp_path):
    """Shares 1 and 0 with 100 and 50 people: Gini 2·100·50 / (2·150²·⅔) = ⅓."""
    rows = {row["scope"]: row for row in rows_of(along_a_street(tmp_path, (200.0,)), "JA-17")}
    assert rows["day_care:gini"]["value"] == pytest.approx(1 / 3)
    assert rows["day_care:range"]["value"] == 1
    assert rows["day_care:cv"]["value"] == pytest.approx(0.5**0.5)  # √(⅔·⅓) / ⅔
    assert rows["nursing_small"]["verdict"] == "undetermined"
