"""Files that a public host and those who cite circle15 read: they are valid and up to date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

import circle15

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
PAGES = ("CITATION.cff", "SECURITY.md", "docs/releasing.md", "docs/versions.md")


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def test_the_citation_has_the_version_and_licence_of_the_package():
    found = read("CITATION.cff")
    assert found["version"] == circle15.__version__
    assert found["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(found)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'license = "{found["license"]}"' in project
    assert [f'name = "{one["name"]}"' in project for one in found["authors"]] == [True]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_templates_are_forms_in_both_languages(path):
    found = read(f".github/ISSUE_TEMPLATE/{path.name}")
    if path.stem == "config":
        assert found == {"blank_issues_enabled": True}
        return
    assert {"name", "description", "body"} <= set(found)
    fields = [one for one in found["body"] if one["type"] != "markdown"]
    assert len({one["id"] for one in fields}) == len(fields) > 0
    for text in (found["name"], *(one["attributes"]["label"] for one in fields)):
        assert re.search("[\u4e00-\u9fff]", text), text
        assert re.search("[A-Za-z]", text), text


def test_the_workflow_runs_targets_that_exist_and_may_write_nothing():
    found = read(".github/workflows/ci.yml")
    assert found["permissions"] == {"contents": "read"}
    steps = found["jobs"]["check"]["steps"]
    targets = [m for one in steps for m in re.findall(r"make ([a-z-]+)", one.get("run", ""))]
    assert {"setup", "lint", "test"} <= set(targets)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    lowest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert lowest is not None
    assert lowest[1] in found["jobs"]["check"]["strategy"]["matrix"]["python"]


def test_versions_of_the_changelog_are_in_order():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first, *versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert first == "Unreleased"
    numbers = []
    for one in versions:
        found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - \d{4}-\d{2}-\d{2}", one)
        assert found is not None, one
        numbers.append(tuple(map(int, found.groups())))
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize("name", PAGES)
def test_no_address_is_invented(name):
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"https?://|[\w.]+@[\w.]+\.\w+", text)
