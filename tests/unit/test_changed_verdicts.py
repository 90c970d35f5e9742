"""Verdicts that flip between two results, and through what; by hand on what summaries say."""

from __future__ import annotations

from importlib import resources
from types import SimpleNamespace
from typing import Any

import pytest

from circle15.results.difference.changed_provenance import changed_packs
from circle15.results.difference.changed_verdicts import changed_verdicts
from circle15.rules.packs.load import load_pack

RULE = {"pack": "town-2026", "id": "T-1", "scope": "any", "verdict": "met"}
ZONE = {"zone_id": "Z-1", "name": "East", "verdict": "met", "counted_m2": 300, "required_m2": 250}


def side(packs: dict[str, str] | None = None, files: dict[str, str] | None = None, **told: Any):
    """Results with one rule and one residential zone; `told` replaces what they say of the rule."""
    provenance: dict[str, Any] = {
        "inputs": [{"path": path, "sha256": one} for path, one in (files or {}).items()]
    }
    if packs is not None:
        provenance["packs"] = packs
    rule: dict[str, Any] = {**RULE, "value": 80.0, "threshold": 75.0, **told}
    zone = ZONE | {"verdict": rule["verdict"], "required_m2": 4 * rule["threshold"]}
    summary = {"provenance": provenance, "rules": [rule], "residential_zones": [zone]}
    return SimpleNamespace(summary=summary)


def through(before, after) -> dict[str, Any]:
    found, alone = changed_verdicts(before, after)
    assert alone == []
    return {one["id"]: one["through"] for one in found}


@pytest.mark.parametrize(
    ("told", "rule", "zone"),
    [
        ({"value": 70.0}, ["value"], []),
        ({"threshold": 85.0}, ["threshold"], ["threshold"]),
        ({"packs": {"town-2026": "b"}}, ["pack"], ["pack"]),
        ({"packs": {"town-2026": "b"}, "value": 70.0}, ["value", "pack"], ["pack"]),
    ],
)
def test_each_flip_names_all_that_differs(told, rule, zone):
    before, after = side({"town-2026": "a"}), side(**{"packs": {"town-2026": "a"}, **told})
    after.summary["rules"][0]["verdict"] = after.summary["residential_zones"][0]["verdict"] = "gap"
    assert through(before, after) == {"T-1": rule, "Z-1": zone}


def test_packs_are_compared_by_what_they_say_and_not_by_their_files():
    """A pack that comes with circle15 is no input file; a file may be named otherwise."""
    files = ({"rules/mine.toml": "1"}, {"rules/mine.toml": "2"})
    before, after = side({"town-2026": "a"}, files[0]), side({"town-2026": "a"}, files[1])
    assert changed_packs(before, after) == []
    after = side({"town-2026": "b", "county": "c"}, files[0])
    assert changed_packs(before, after) == [
        {"field": "town-2026", "a": "a", "b": "b"},
        {"field": "county", "a": None, "b": "c"},
    ]


def test_older_results_know_packs_by_their_files():
    files = {"study.toml": "1", "rules/town-2026.toml": "1", "mine.toml": "1"}
    before, after = side(files=files), side({"town-2026": "a"}, dict.fromkeys(files, "2"))
    assert changed_packs(before, after) == [{"field": "town-2026", "a": "1", "b": "2"}]


def test_a_pack_is_known_by_what_it_says(tmp_path):
    """Comments and line ends change nothing; a number does."""
    whole = resources.files("circle15.rules").joinpath("packs/liangxi-2025.toml").read_text("utf-8")
    own = load_pack("liangxi-2025").sha256
    assert len(own) == 64
    path = tmp_path / "other_name.toml"
    path.write_bytes(("# a comment\n" + whole).replace("\n", "\r\n").encode())
    assert load_pack(path).sha256 == own
    assert "300" in whole
    path.write_text(whole.replace("300", "301", 1), encoding="utf-8")
    assert load_pack(path).sha256 != own
