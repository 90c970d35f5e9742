"""The sample study gives the same results as when the golden summary was last reviewed."""

from __future__ import annotations

import json

import pytest

from tests.golden import golden, update


@pytest.mark.slow
def test_the_sample_gives_the_golden_summary():
    """Numbers are exact: people are integers inside, verdicts rationals. No tolerance is needed."""
    now = golden.as_text(golden.condensed(golden.sample_summary()))
    found = golden.difference(golden.FILE.read_text(encoding="utf-8"), now)
    assert not found, f"The sample's results have changed (`make golden` accepts them):\n{found}"


def test_the_golden_file_is_json_and_holds_no_provenance():
    content = json.loads(golden.FILE.read_text(encoding="utf-8"))
    assert "provenance" not in content
    assert set(golden.LISTS) <= set(content)
    assert golden.as_text(content) == golden.FILE.read_text(encoding="utf-8")


def test_a_difference_shows_the_row_that_changed():
    one = {"coverage": [{"category": "a", "covered": 1}, {"category": "b", "covered": 2}]}
    other = {"coverage": [{"category": "a", "covered": 1}, {"category": "b", "covered": 3}]}
    shown = golden.difference(golden.as_text(one), golden.as_text(other)).splitlines()
    assert shown[-2:] == [
        '-  {"category": "b", "covered": 2}',
        '+  {"category": "b", "covered": 3}',
    ]


def test_the_update_shows_before_it_replaces(tmp_path, monkeypatch, capsys):
    """The diff is printed, then the file is written; a second time there is nothing to do."""
    file = tmp_path / "golden.json"
    file.write_text('{\n "schema": 0\n}\n', encoding="utf-8")
    monkeypatch.setattr(update, "FILE", file)
    monkeypatch.setattr(update, "sample_summary", dict)
    monkeypatch.setattr(update, "condensed", lambda summary: {"schema": 1})
    update.main()
    assert '- "schema": 0\n+ "schema": 1' in capsys.readouterr().out
    assert json.loads(file.read_text(encoding="utf-8")) == {"schema": 1}
    update.main()
    assert "nothing to replace" in capsys.readouterr().out


def test_the_rules_of_the_sample_give_what_its_readme_says():
    """Met, not met by one, on the threshold, in conflict, reported, undetermined: all are shown."""
    rules = json.loads(golden.FILE.read_text(encoding="utf-8"))["rules"]
    said: dict[str, set[str]] = {}
    for row in rules:
        said.setdefault(row["id"], set()).add(row["verdict"])
    assert sorted(said) == [f"LX-{k:02}" for k in range(1, 26)]
    assert {key for key, found in said.items() if found == {"met"}} == {
        f"LX-{k:02}" for k in (8, 9, 10, 13, 16, 18, 19, 21)
    }
    assert {key for key, found in said.items() if found == {"not_met"}} == {
        f"LX-{k:02}" for k in (5, 6, 11, 14, 15, 17)
    }
    assert {key for key, found in said.items() if found == {"reported"}} == {
        "LX-01",
        "LX-20",
        "LX-24",
        "LX-25",
    }
    assert said["LX-12"] == {"source_conflict"}
    assert said["LX-22"] == {"undetermined"}
    assert said["LX-07"] == said["LX-23"] == {"met", "not_met", "undetermined"}
    by_one = [row for row in rules if row["id"] in {"LX-11", "LX-14", "LX-17"}]
    assert {row["lacking"] for row in by_one} == {1}
