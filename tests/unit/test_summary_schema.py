"""The schema of `summary.json` defines the content of every key, and allows no other key."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
from tests.builders.report_result import make_result

from circle15.results.summary.building import build_summary
from circle15.results.summary.schema import summary_schema


def valid(content: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(summary_schema()).is_valid(content))


@pytest.fixture(scope="module")
def summary() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(build_summary(make_result())))
    return found


def test_a_summary_is_as_the_schema_says(summary: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(summary_schema())
    jsonschema.validate(summary, summary_schema())


def test_objects_are_spelled_out_and_closed() -> None:
    """No definition is referred to: an editor or another program reads it from top to bottom."""
    text = json.dumps(summary_schema())
    assert '"$ref"' not in text
    assert '"anyOf"' not in text

    def objects(schema: Any) -> list[dict[str, Any]]:
        found = []
        if isinstance(schema, dict):
            found += [schema] if "properties" in schema else []
            for part in schema.values():
                found += objects(part)
        elif isinstance(schema, list):
            for part in schema:
                found += objects(part)
        return found

    for one in objects(summary_schema()):
        assert isinstance(one["properties"], dict)
        assert "additionalProperties" in one


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), 2),
        (("study", "more"), 1),
        (("study", "synthetic"), "yes"),
        (("study", "crs"), None),
        (("population", 0, "inside"), -1.0),
        (("coverage", 0, "share_covered"), 1.5),
        (("coverage", 0, "persons"), "90"),
        (("provenance", "inputs", 0, "sha256"), "00ff"),
        (("quality", "homes", 0, "band_m"), "0-30"),
        (("rules", 0, "verdict"), "perhaps"),
        (("rules", 0, "alone"), "reported"),
        (("residential_zones", 0, "readings", "R4"), "met"),
        (("residential_zones", 0, "circle", 0, "state"), None),
    ],
)
def test_what_no_run_writes_is_refused(
    summary: dict[str, Any], path: tuple[str | int, ...], value: object
) -> None:
    changed = copy.deepcopy(summary)
    place = changed
    for key in path[:-1]:
        place = place[key]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]
    assert not valid(changed)


def test_a_key_that_is_missing_is_missed(summary: dict[str, Any]) -> None:
    for key in summary:
        assert not valid({k: v for k, v in summary.items() if k != key})
