"""
What a sentence quotes of an error does not end the sentence twice.

Errors of libraries, and many of circle15, end with a full stop or a question mark, and nobody knows
which. So a text that goes on after an error with a full stop asks `errors.clause` for it.
"""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import pytest

from circle15.errors import clause
from circle15.study.messages import messages
from tests.builders.report_page import build_report

PACKAGE = Path(__file__).parents[1] / "coverage" / "circle15"
_ENDS = re.compile(r"""^["')\]]*[.。](?:\s|$)""")
_WHOLE = ("found", "mend")
"""Of an error of circle15: whole sentences."""
_TWICE = re.compile(
    r"(?<![.…])[.!?,;:。！？，；：、]\.(?=[\s)\"']|$)|\.[,;!?]|[.!?。！？，；：、][。，；：、]"
)
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


def ended_twice(text: str) -> list[str]:
    """Places where a sign that ends something stands after another, with what is around them."""
    return [text[max(one.start() - 40, 0) : one.end() + 10] for one in _TWICE.finditer(text)]


def faults(tree: ast.AST) -> list[tuple[int, str]]:
    """Lines of f-strings that end a sentence right after what an error says."""
    found = []
    for handler in ast.walk(tree):
        if isinstance(handler, ast.ExceptHandler) and handler.name:
            for text in ast.walk(handler):
                if isinstance(text, ast.JoinedStr):
                    found += _in_text(text, handler.name)
    return found


def _in_text(text: ast.JoinedStr, name: str) -> list[tuple[int, str]]:
    found = []
    for value, after in zip(text.values, text.values[1:], strict=False):
        if (
            isinstance(value, ast.FormattedValue)
            and isinstance(after, ast.Constant)
            and _ENDS.match(str(after.value))
            and _says(value.value, name)
        ):
            found.append((text.lineno, ast.unparse(value)))
    return found


def _says(value: ast.expr, name: str) -> bool:
    """Whether a value is what the error says, and not made a part of a sentence."""
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "clause":
        return False
    parts = {id(one.value): one.attr for one in ast.walk(value) if isinstance(one, ast.Attribute)}
    return any(
        isinstance(one, ast.Name) and one.id == name and parts.get(id(one), "found") in _WHOLE
        for one in ast.walk(value)
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('f"cannot be read ({error})."', 1),
        ('f"{x}: {error}. Try again."', 1),
        ('f"{error.found}."', 1),
        ('f"cannot be written ({error.strerror or error})."', 1),
        ('f"cannot be read ({clause(error)})."', 0),
        ('f"byte {error.start}."', 0),
        ('f"{error}; again"', 0),
        ('f"{other}."', 0),
    ],
)
def test_the_test_finds_faults(text, found):
    code = f"try:\n    pass\nexcept ValueError as error:\n    print({text})\n"
    assert len(faults(ast.parse(code))) == found


@pytest.mark.parametrize("end", ["", ".", "?", " .", "。", "!\n"])
def test_a_clause_ends_nothing(end):
    assert f"no column (which?): {clause(f'is it open{end}')}." == "no column (which?): is it open."
    assert clause(ValueError()) == "ValueError"


def test_no_sentence_ends_with_what_an_error_says():
    found = {
        f"{path.relative_to(PACKAGE)}:{line}": text
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, text in faults(ast.parse(path.read_text("utf-8")))
    }
    assert found == {}, "use errors.clause"


@pytest.mark.parametrize("text", ["so?. Then", "it is so..", "如此。。", "如此。.", "so., then"])
def test_doubled_signs_are_seen(text):
    assert ended_twice(text)
    assert ended_twice("and so on … 解压 .zip、.osm.gz 各一 (which?). It is 3.5") == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_ends_twice(language):
    found = {key: ended_twice(text) for key, text in messages(language).items()}
    assert {key: places for key, places in found.items() if places} == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sentence_of_the_report_ends_twice(sample_result, language):
    text = html.unescape(_TAG.sub("\n", build_report(sample_result, language)))
    assert ended_twice(text) == []
