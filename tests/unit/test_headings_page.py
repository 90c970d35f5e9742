"""The page of known headings is up to date with the data."""

from __future__ import annotations

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_headings_is_current():
    spec = importlib.util.spec_from_file_location("make_headings", DOCS / "make_headings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (DOCS / "headings.md").read_text("utf-8")
    assert page == module.headings_page(), "run docs/make_headings.py"
    for heading in ("养老用房面积", "经营状态", "是否运营", "运营情况", "centre name"):
        assert heading in page
