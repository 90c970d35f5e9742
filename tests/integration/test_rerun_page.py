"""The pages that walk through a quarter: their commands are run, and print what the pages show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.builders.told_pages import blocks, told

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {"en": DOCS / "rerun.md", "zh": DOCS / "rerun.zh.md"}
TABLE = ("centers.csv", "gbk")
SETTINGS = ("study.toml", "utf-8")
KINDS = "console|diff"


def edit(path: Path, encoding: str, change: str) -> None:
    """Apply the lines of a diff block: each `-` line stands in the file once."""
    text = path.read_bytes().decode(encoding)
    lines = change.splitlines()
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert (old[0], new[0]) == ("-", "+")
        assert text.count(old[1:]) == 1, old
        text = text.replace(old[1:], new[1:])
    path.write_bytes(text.encode(encoding))


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> Path:
    """Walk through the English page from its first block to its last."""
    folder: Path = tmp_path_factory.mktemp("quarter")
    edits = iter((TABLE, SETTINGS))
    for kind, text in blocks(PAGES["en"], KINDS):
        if kind == "diff":
            name, encoding = next(edits)
            edit(folder / "mycity" / name, encoding, text)
            continue
        command, _, shown = text.partition("\n")
        assert told(command.removeprefix("$ "), folder) == shown, command
    assert next(edits, None) is None
    return folder


@pytest.mark.slow
def test_the_commands_print_what_the_page_shows(walked):
    report = (walked / "maps" / "mycity" / "report.html").read_text("utf-8")
    assert 'id="changes"' in report
    assert len(list((walked / "maps" / "mycity" / "history").iterdir())) == 1


@pytest.mark.slow
def test_the_chinese_page_walks_the_same_way(walked):
    """Its edits and commands are the same but for `--lang`; what depends on language is run."""
    chinese, english = blocks(PAGES["zh"], KINDS), blocks(PAGES["en"], KINDS)
    assert len(chinese) == len(english) == 8
    run_again = 0
    for (kind, here), (_, there) in zip(chinese, english, strict=True):
        assert here.partition("\n")[0] == there.partition("\n")[0].replace(" --lang en", "")
        command, _, shown = here.partition("\n")
        if kind == "console" and re.match(r"\$ circle15 (compare|verify) ", command):
            assert told(command.removeprefix("$ ") + " --lang zh", walked) == shown
            run_again += 1
        else:
            assert here.partition("\n")[2] == there.partition("\n")[2]
    assert run_again == 2
