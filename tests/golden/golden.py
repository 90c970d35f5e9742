"""The golden summary: the known results of the sample study, small enough to be read in a diff."""

from __future__ import annotations

import difflib
import hashlib
import json
from pathlib import Path
from typing import Any

import circle15
from circle15.results.summary.building import build_summary
from circle15.workflow.pipeline import run_study

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample" / "study.toml"
FILE = Path(__file__).with_name("sample_summary.json")

WHOLE = (
    "schema",
    "study",
    "parameters",
    "population",
    "network",
    "snapping",
    "quality",
    "gated",
    "facilities",
)
LISTS = (
    "coverage",
    "coverage_basis",
    "supply",
    "equity",
    "gap_areas",
    "siting",
    "rules",
    "residential_zones",
)
HASHED = ("coverage", "zones", "catchments", "supply_zones", "gap_areas")


def sample_summary() -> dict[str, Any]:
    """Run the sample study and return its whole summary."""
    return dict(build_summary(run_study(circle15.load_study(SAMPLE))))


def condensed(summary: dict[str, Any]) -> dict[str, Any]:
    """
    Keep what a person wants to compare: no provenance, long tables as their hash.

    Coverage is kept for the judged group, that of land and buildings for the circle, and of the gap
    areas the five largest of each kind.
    Quotes and sources of rules stand in the rule packs, their inputs and the ways to mend follow
    from the zones.
    """
    group = summary["parameters"]["group"]
    kept = {key: summary[key] for key in WHOLE}
    kept["coverage"] = [row for row in summary["coverage"] if row["group"] == group]
    circle = summary["parameters"]["cutoffs_min"][-1]
    kept["coverage_basis"] = [
        row for row in summary["coverage_basis"] if row["cutoff_min"] == circle
    ]
    kept |= {key: summary[key] for key in ("supply", "equity", "siting")}
    kept["gap_areas"] = [row for row in summary["gap_areas"] if row["rank"] <= 5]
    kept["rules"] = [_without(row, "quote", "source", "inputs") for row in summary["rules"]]
    kept["residential_zones"] = [_without(row, "mend") for row in summary["residential_zones"]]
    kept["scenarios"] = [
        {
            **_without(one, "zones"),
            "coverage": [row for row in one["coverage"] if row["group"] == group],
        }
        for one in summary["scenarios"]
    ]
    for key in HASHED:
        text = json.dumps(summary[key], ensure_ascii=False, sort_keys=True)
        kept[f"{key}_rows"] = len(summary[key])
        kept[f"{key}_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return kept


def _without(row: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def as_text(content: dict[str, Any]) -> str:
    """Write one row of a list per line, so that a diff shows rows."""
    lines = ["{"]
    for place, (key, value) in enumerate(content.items()):
        comma = "," if place < len(content) - 1 else ""
        if key in LISTS or key in {"population", "facilities"}:
            rows = [f"  {json.dumps(row, ensure_ascii=False)}" for row in value]
            lines += [f" {json.dumps(key)}: [", ",\n".join(rows), f" ]{comma}"]
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}{comma}")
    return "\n".join([*lines, "}", ""])


def difference(old: str, new: str) -> str:
    """Return the lines that differ, as a unified diff; empty where nothing does."""
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), "golden", "now", n=0, lineterm=""
    )
    return "\n".join(lines)
