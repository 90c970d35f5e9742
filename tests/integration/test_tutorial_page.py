"""The tutorial: its study is written, its commands are run, and they print what it shows."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from tests.builders.told_pages import blocks, told

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {"en": DOCS / "tutorial.md", "zh": DOCS / "tutorial.zh.md"}
LEFT_OUT = "…"


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


def test_a_line_that_is_not_printed_is_missed():
    assert shows("…\nb\n…\nd", "a\nb\nc\nd")
    assert shows("…", "")
    assert not shows("…\nx\n…", "a\nb")
    assert not shows("a", "a\nb")
