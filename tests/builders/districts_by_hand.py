"""Districts made by hand, for the roll-up of a province and its page."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from circle15.results.province.kept_districts import KeptDistrict
from circle15.results.summary.building import build_summary
from tests.builders.report_result import make_result

if TYPE_CHECKING:
    from circle15.results.province.province_entries import MissingStudy

HOSTILE = '<b onclick="x">区&'
MISSING: MissingStudy = {
    "file": "x/study.toml",
    "name": "x",
    "title": HOSTILE,
    "message": "x/homes.csv: no such file. <i>",
    "exit_code": 3,
}


def make_summary() -> Any:
    """Return the content of the `summary.json` of a small study."""
    return json.loads(json.dumps(build_summary(make_result())))


def district(summary: Any, name: str, **changes: Any) -> KeptDistrict:
    """Return a district whose summary has other values at dotted keys."""
    own = copy.deepcopy(summary)
    own["study"]["name"] = name
    own["study"]["title"] = f"{name} {HOSTILE}"
    language = changes.pop("language", "zh")
    for key, value in changes.items():
        place, _, last = key.rpartition("__")
        (own[place] if place else own)[last] = value
    return KeptDistrict(
        folder=name,
        language=language,
        summary=own,
        sha256="0" * 64,
        code="AAAA-AAAA",
        homes={"file": f"homes/study={name}/part.parquet", "sha256": "1" * 64, "rows": 3},
        outline=None,
    )
