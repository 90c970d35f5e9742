"""The commands that read no study, and what all commands have in common."""

from __future__ import annotations

import json

import pytest
from tests.builders.small_pack import GOOD
from tests.commands import heard

from circle15 import __version__
from circle15.cli import program
from circle15.rules.packs.known import STATED
from circle15.rules.packs.load import known_packs, load_pack
from circle15.workflow import progress

LX = "liangxi-2025"


@pytest.fixture
def own_pack(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_the_version_is_printed(capfd):
    assert heard(capfd, "--version") == (0, f"{__version__}\n", "")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_bundled_pack_is_listed_with_the_number_of_its_rules(capfd, language):
    said = heard(capfd, "rules", "list", "--lang", language)
    lines = said.out.splitlines()
    assert (said.code, said.err, len(lines)) == (0, "", len(known_packs()))
    for line, name in zip(lines, known_packs(), strict=True):
        pack = load_pack(name)
        assert line.startswith(f"{pack.id}  {pack.title[language]}  (")
        assert str(len(pack.rules)) in line.rpartition("(")[2]


def test_the_list_as_json(capfd):
    found = json.loads(heard(capfd, "rules", "list", "--json", "--lang", "en").out)
    assert [one["id"] for one in found] == [load_pack(name).id for name in known_packs()]
    own = next(one for one in found if one["id"] == LX)
    assert (own["rules"], own["title"]) == (len(load_pack(LX).rules), load_pack(LX).title["en"])


@pytest.mark.parametrize("name", known_packs())
def test_a_pack_is_shown_with_every_rule_and_its_quote(capfd, name):
    pack = load_pack(name)
    said = heard(capfd, "rules", "show", name, "--lang", "zh")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == f"{pack.id}  {pack.title['zh']}"
    for rule in pack.rules:
        assert any(line.startswith(f"{rule.id}  {rule.meaning['zh']}") for line in lines)
        assert not rule.quote or f"  “{rule.quote}”" in lines
        assert not rule.notes or any(line.endswith(rule.notes["zh"]) for line in lines)
    stated = [rule for rule in pack.rules if rule.evaluator in STATED]
    assert said.out.count("也可直接登记本条数值") == len(stated)


def test_a_rule_of_one_s_own_is_shown_line_by_line(capfd, own_pack):
    said = heard(capfd, "rules", "show", own_pack, "--lang", "en")
    assert said.out.splitlines() == [
        "own  a",
        "t, p (2025-01-01)",
        "document",
        "the pack does not state how it was verified",
        "",
        "X-1  a  (not stated whether binding or expected)",
        "  “q”",
        "  threshold: ≥ 55.5 %",
        "  a register may also state the value itself, as indicator X-1",
        "  categories: Street elder-care complex",
    ]


def test_the_same_rule_as_json(capfd, own_pack):
    found = json.loads(heard(capfd, "rules", "show", own_pack, "--json", "--lang", "en").out)
    assert (found["source"], found["publisher"], found["date"]) == ("t", "p", "2025-01-01")
    (rule,) = found["entries"]
    assert (rule["threshold"], rule["comparison"], rule["unit"]) == (55.5, ">=", "%")
    assert (rule["categories"], rule["indicators"], rule["notes"]) == (["complex"], [], "")
    assert (rule["target_year"], rule["level"], rule["force"]) == (None, "street", "not_stated")


def test_a_rule_without_a_threshold_says_so(capfd, tmp_path):
    text = GOOD.replace("threshold = 55.5\n", "").replace('comparison = ">="\n', "")
    (tmp_path / "own.toml").write_text(text + "target_year = 2030\n", encoding="utf-8")
    said = heard(capfd, "rules", "show", tmp_path / "own.toml", "--lang", "en")
    assert said.code == 0, said.err
    assert "  threshold: no number is stated (%)" in said.out.splitlines()
    assert "X-1  a  (not stated whether binding or expected, target 2030)" in said.out


def test_a_pack_is_checked(capfd, own_pack):
    assert heard(capfd, "rules", "check", own_pack) == (0, f"{own_pack}: 1 rules, no faults.\n", "")
    said = heard(capfd, "rules", "check", own_pack, "--json")
    assert json.loads(said.out) == {"pack": str(own_pack), "faults": []}


def test_faults_of_a_pack_are_listed_and_end_in_two(capfd, own_pack):
    own_pack.write_text(GOOD.replace('level = "street"', 'level = "planet"'), encoding="utf-8")
    said = heard(capfd, "rules", "check", own_pack)
    assert (said.code, said.out) == (2, "")
    assert "planet" in said.err
    found = heard(capfd, "rules", "check", own_pack, "--json")
    assert found.code == 2
    (fault,) = json.loads(found.out)["faults"]
    assert f"circle15: {fault}" in found.err.splitlines()
    assert heard(capfd, "rules", "show", own_pack).code == 2


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("rules", "remove", LX), "'remove' is not one of list, show, check"),
        (("rules", "list", LX), "list takes no pack"),
        (("rules", "show"), "show and check take one"),
        (("rules", "list", "--lang", "fr"), "'fr' is not a language; use zh or en"),
        (("schema", "map"), "there is no schema 'map'; known: "),
    ],
)
def test_a_wrong_word_ends_in_two_with_the_right_ones(capfd, command, says):
    said = heard(capfd, *command)
    assert (said.code, said.out) == (2, "")
    assert says in " ".join(said.err.split())


@pytest.mark.parametrize("name", ["summary", "check", "study", "pack"])
def test_each_schema_is_printed(capfd, name):
    said = heard(capfd, "schema", name)
    assert said.code == 0
    found = json.loads(said.out)
    assert "json-schema.org" in found["$schema"]
    assert found["type"] == "object"


def test_descriptions_of_a_schema_have_a_language(capfd):
    zh, en = (
        json.loads(heard(capfd, "schema", "study", "--lang", one).out) for one in ("zh", "en")
    )
    assert zh != en
    assert en == json.loads(heard(capfd, "schema", "study").out)


def test_the_doctor_lists_versions_and_limits(capfd):
    said = heard(capfd, "doctor")
    assert said.code == 0
    assert said.out.splitlines()[0].count(":") >= 1
    assert "Limits of inputs" in said.out
    found = json.loads(heard(capfd, "doctor", "--json").out)
    assert found["limits"]
    first = next(key for key in found if key != "limits")
    assert f"{first}: {found[first]}" in said.out


def test_a_study_begins_as_a_copy_of_the_sample(capfd, tmp_path, sample_study):
    said = heard(capfd, "init", tmp_path / "mycity")
    study = tmp_path / "mycity" / "study.toml"
    assert (said.code, said.out) == (0, f"{study}\n")
    assert f"circle15 run {study}" in said.err
    text = sample_study.read_text("utf-8")
    assert 'name = "liangxi' in text
    begun = study.read_text("utf-8")
    assert begun == text.replace(
        text[text.index("name = ") :].splitlines()[0], 'name = "mycity"', 1
    )
    again = heard(capfd, "init", tmp_path / "mycity")
    assert (again.code, again.out) == (2, "")


def test_the_streets_of_a_place_are_told_with_the_lines_for_the_study(capfd, tmp_path, monkeypatch):
    """The download itself is a stand-in; what it is asked for, and what is said of it, is not."""
    from circle15.network.downloads import places

    asked: dict[str, object] = {}

    def fetched(place, out, *, reach_m, tell, mirror, geocoder):
        asked.update(place=place, out=out, reach_m=reach_m, mirror=mirror, geocoder=geocoder)
        tell("asking")
        return {"found": "Liangxi", "ways": 12, "data_date": "2025-06-30"}

    monkeypatch.setattr(places, "fetch_place", fetched)
    out = tmp_path / "liangxi.osm.pbf"
    said = heard(capfd, "fetch", "梁溪区", "--out", out, "--buffer", "500")
    assert asked == {
        "place": "梁溪区", "out": out, "reach_m": 500, "mirror": None, "geocoder": None,
    }  # fmt: skip
    assert said.out.splitlines() == [
        str(out),
        "[network]",
        'file = "liangxi.osm.pbf"',
        'extent = "liangxi.extent.geojson"',
        "[area]",
        'boundary = "liangxi.boundary.geojson"',
    ]
    assert said.err.splitlines() == ["asking", "Liangxi: 12 ways, as of 2025-06-30. In study.toml:"]
    as_json = heard(capfd, "fetch", "梁溪区", "--out", out, "--json")
    assert json.loads(as_json.out) == {"found": "Liangxi", "ways": 12, "data_date": "2025-06-30"}


def test_characters_that_steer_a_terminal_are_not_printed(capfd):
    program.print_lines(["a\x1b[31mb"])
    program.say("a\x1b[31mb")
    program.print_json({"a": "\x1b"})
    out, err = capfd.readouterr()
    assert "\x1b" not in out + err
    assert json.loads(out.split("\n", 1)[1]) == {"a": "\x1b"}


def test_a_bar_is_shown_in_a_terminal_only(capfd, monkeypatch):
    with program.progress(["network", "people"]) as report:
        report("network")
    assert capfd.readouterr() == ("", "")
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes stderr for a terminal
    monkeypatch.delenv("CIRCLE15_PROGRESS", raising=False)
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0.0)
    with program.progress(["network", "people"]) as report:
        report("network")
        report("people")
    assert capfd.readouterr().err != ""
