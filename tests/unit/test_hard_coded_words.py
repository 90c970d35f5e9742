"""
No word that people read stands in a script, a template, a style sheet or a module of `output`.

What a page shows is tested in a browser (`tests/browser/test_languages.py`); this test also sees
the branches that no page of a test takes.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import circle15

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTPUT = Path(circle15.__file__).parent / "output"
SCRIPTS = sorted(OUTPUT.rglob("*.js"))
MODULES = sorted(OUTPUT.rglob("*.py"))
CHINESE = re.compile(r"[\u3400-\u9fff]")
PROSE = re.compile(r"^\W*[A-Za-z]{2,}(?:[ ,]+[a-z]{2,})+\W*$")
"""Two words and nothing but words: no address, selector, query or markup."""

CAPITAL = re.compile(r"^[A-Z][a-z]{2,}$")
KEYS = re.compile(r"^(?:Arrow\w+|Enter|Escape|Home|End|Tab|Page\w+|Space|Backspace|Delete)$")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`([^`]*)`')
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
FAULT = re.compile(r"throw new Error\([^;]*\);")
"""A fault of ours: it is English, and no page shows it."""

NOT_READ = {
    "zoomend resize",  # events
    "bold red",
    "bold green",  # styles of a terminal
    "lines small",
    "caption legend",  # classes
    "is not set",  # part of an error
    '(() => {\n"use strict";',  # the beginning of a script
}


def literals(script: str) -> list[str]:
    """Strings of a script, without its comments and faults."""
    return ["".join(found) for found in LITERAL.findall(FAULT.sub("", COMMENT.sub("", script)))]


def constants(module: str) -> Iterator[str]:
    """Strings of a module, without those that only document it."""
    nodes = list(ast.walk(ast.parse(module)))
    # A string that stands alone, as this test's own first line, documents what is around it.
    unread = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    # Errors are English; they are told before anything is written.
    errors = [node for node in nodes if isinstance(node, ast.Raise) or _is_message(node)]
    unread |= {id(part) for error in errors for part in ast.walk(error)}
    for node in nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in unread
        ):
            yield node.value


def _is_message(node: ast.AST) -> bool:
    if not isinstance(node, ast.Assign):
        return False
    return any(isinstance(name, ast.Name) and name.id == "message" for name in node.targets)


def read_words(strings: list[str]) -> list[str]:
    """Strings that somebody would read."""
    found = [text for text in strings if CHINESE.search(text) or PROSE.match(text)]
    return [text for text in found if text not in NOT_READ and not text.startswith("<")]


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.name for path in SCRIPTS])
def test_a_script_holds_no_word(path: Path) -> None:
    strings = literals(path.read_text("utf-8"))
    capitals = [text for text in strings if CAPITAL.match(text) and not KEYS.match(text)]
    assert read_words(strings) + capitals == []


@pytest.mark.parametrize("path", MODULES, ids=[path.name for path in MODULES])
def test_a_module_holds_no_word(path: Path) -> None:
    assert read_words(list(constants(path.read_text("utf-8")))) == []


@pytest.mark.parametrize("path", sorted(OUTPUT.rglob("*.html")), ids=lambda path: path.name)
def test_a_template_holds_places_and_no_word(path: Path) -> None:
    """Neither between its tags nor in an attribute that is read or heard."""
    page = path.read_text("utf-8")
    heard = re.findall(r'(?:title|alt|aria-label|placeholder|value)="([^"]*)"', page)
    text = re.sub(r"<[^>]*>", " ", page)
    left = re.sub(r"\$\w+", "", " ".join([*heard, text]))
    assert re.findall(r"[^\W\d_]+", left) == []


@pytest.mark.parametrize("path", sorted(OUTPUT.rglob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_says_nothing(path: Path) -> None:
    said = re.findall(r'content:\s*"([^"]*)"', path.read_text("utf-8"))
    assert [text for text in said if re.search(r"[^\W\d_]", re.sub(r"\\[0-9A-F]+", "", text))] == []


def test_the_search_finds_words() -> None:
    script = 'e("图例"); e("No site here"); /* "a b" */ e("c15-a c15-b"); // "people here"\n'
    script += 'throw new Error("the page has no part " + id);'
    assert read_words(literals(script)) == ["图例", "No site here"]
    module = '''"""A text."""
x = el("p", "合计")
y = f"{x} people live here"
message = "no such page"
'''
    assert read_words(list(constants(module))) == ["合计", " people live here"]
