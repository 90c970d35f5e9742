"""The tutorial and the how-to pages: their commands are run, the tutorial prints what it shows."""

from __future__ import annotations

import html
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from tests.builders.told_pages import blocks, told

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {"en": DOCS / "tutorial.md", "zh": DOCS / "tutorial.zh.md"}
LEFT_OUT = "…"
WRITES = ("--out", "--html", "--map")
RUN_ELSEWHERE = ("run", "route")
"""Commands on the sample that other tests run as they stand on the pages."""


def shows(shown: str, printed: str) -> bool:
    """Tell whether a block shows what was printed; a line `…` stands for any lines, or none."""
    parts = re.split(rf"^{LEFT_OUT}\n?", shown, flags=re.MULTILINE)
    pattern = r"(?s:.*)".join(re.escape(part.rstrip("\n")) for part in parts)
    lines = "\n".join(line.rstrip() for line in printed.splitlines())
    return re.fullmatch(pattern, lines.replace("\r", "")) is not None


def first_sentence(page: Path) -> str:
    (quoted,) = re.findall(r"^> (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return "".join(quoted.split())


def walked(language: str, folder: Path) -> None:
    """Go through a page from its first block to its last."""
    for kind, text in blocks(PAGES[language], "console|toml"):
        if kind == "toml":
            (folder / "mycity" / "first.toml").write_text(text, encoding="utf-8")
            continue
        command, _, shown = text.partition("\n")
        assert shows(shown, told(command.removeprefix("$ "), folder)), command
    report = (folder / "maps" / "first" / "report.html").read_text("utf-8")
    words = "".join(html.unescape(re.sub(r"<[^>]+>", "", report)).split())
    assert first_sentence(PAGES[language]) in words


@pytest.mark.slow
def test_the_tutorial_prints_what_it_shows(tmp_path, monkeypatch):
    """The Chinese page reads the same files, which the cache of the English one has."""
    monkeypatch.setenv("CIRCLE15_CACHE", str(tmp_path / "cache"))
    for language in PAGES:
        (tmp_path / language).mkdir()
        walked(language, tmp_path / language)


def commands_on_the_sample() -> list[str]:
    """Of each command that needs nothing but `data/sample`, the one with most options."""
    pages = [page for page in sorted(DOCS.glob("*.md")) if "." not in page.stem]
    lines = [line for page in pages for _, text in blocks(page, "") for line in text.splitlines()]
    found: dict[str, str] = {}
    for line in sorted(lines, key=len):
        match = re.match(r"circle15 ([a-z]+) data/sample/", line)
        if match and match[1] not in RUN_ELSEWHERE:
            found[match[1]] = line
    return list(found.values())


@pytest.mark.slow
def test_commands_on_the_sample_do_what_the_pages_say(tmp_path, monkeypatch, sample_study):
    monkeypatch.setenv("CIRCLE15_CACHE", str(tmp_path / "cache"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sample").symlink_to(sample_study.parent)
    commands = commands_on_the_sample()
    assert {command.split()[1] for command in commands} >= {"zones", "site", "check"}
    for command in commands:
        told(command, tmp_path)
        _, _, *options = shlex.split(command)
        written = [after for name, after in pairwise(options) if name in WRITES]
        assert all((tmp_path / name).exists() for name in written), command


def test_a_line_that_is_not_printed_is_missed():
    assert shows("…\nb\n…\nd", "a\nb\nc\nd")
    assert shows("…", "")
    assert not shows("…\nx\n…", "a\nb")
    assert not shows("a", "a\nb")
