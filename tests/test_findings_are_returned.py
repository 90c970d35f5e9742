"""
Findings are returned, and tables of a caller stay as they are.

A function that finds something returns it beside what it makes, as `(made, findings)` or in a
record; none takes a list to fill. No function changes a frame that it was given.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).resolve().parents[1] / "coverage" / "circle15"
MODULES = sorted(PACKAGE.rglob("*.py"))

LISTS = ("list[Finding]", "MutableSequence[Finding]")
FINDINGS = frozenset({"findings"})
FRAMES = ("DataFrame", "GeoDataFrame", "Series", "GeoSeries")
PLACES = frozenset({"loc", "iloc", "at", "iat"})
"""Ways to write into a frame, whatever it is annotated as."""
GROW = frozenset({"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"})
CHANGE_A_FRAME = frozenset({"insert", "pop", "update", "set_flags"})

RECORDERS = {
    "inputs/crs/among_streets.py": "layers far from the streets, whichever reader reads them",
    "inputs/crs/datum_shifts.py": "shifts between datums, whichever reader asks for them",
}
"""Modules whose record of what is read just now grows, each with the reason."""

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def changes(source: str) -> list[str]:
    """Every line of a module that fills a list of findings or changes a frame of a caller."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function):
            found += [f"{line}: {what}" for line, what in _of_function(node)]
        elif isinstance(node, ast.Call) and any(one.arg == "inplace" for one in node.keywords):
            found.append(f"{node.lineno}: inplace")
        elif isinstance(node, ast.ClassDef):
            found += [f"{line}: a record holds a Sequence of findings" for line in _lists_of(node)]
    return found


def _lists_of(record: ast.ClassDef) -> list[int]:
    """Lines of the fields that are lists of findings."""
    fields = (one for one in record.body if isinstance(one, ast.AnnAssign))
    return [one.lineno for one in fields if ast.unparse(one.annotation) in LISTS]


def _of_function(function: Function) -> Iterator[tuple[int, str]]:
    given = {one.arg: _annotation(one) for one in _parameters(function)}
    for node in ast.walk(function):  # another name of what was given, and nothing else
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            kind = given.get(node.value.id)
            names = [one.id for one in node.targets if isinstance(one, ast.Name)]
            given |= dict.fromkeys(names, kind) if kind is not None else {}
    frames = {name for name, kind in given.items() if _is_frame(kind)}
    for name, kind in given.items():
        if any(one in kind for one in LISTS):
            yield (
                function.lineno,
                f"{name} is a list to fill: take a Sequence, return what is found",
            )
    for node in ast.walk(function):
        for target, how in _changed(node):
            line, (name, path) = target.lineno, _root(target)
            if name not in given or name == "self":
                continue
            if how in GROW | {"=", "+="} and FINDINGS & {name, *path}:
                yield line, f"findings of {name} are changed"
            elif given[name].startswith("list[") and not path and how in GROW | {"+="}:
                yield line, f"the list {name} is filled"
            elif name in frames and how in CHANGE_A_FRAME | {"=", "+="}:
                yield line, f"the frame {name} is changed"
            elif PLACES & set(path) and how == "=":
                yield line, f"a frame of {name} is changed"


def _parameters(function: Function) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def _annotation(one: ast.arg) -> str:
    return "" if one.annotation is None else ast.unparse(one.annotation)


def _is_frame(annotation: str) -> bool:
    return any(one.strip("'\" ").rpartition(".")[2] in FRAMES for one in annotation.split("|"))


def _changed(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """What a statement changes, and how: `=` into it, `+=`, or the method that is called."""
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        yield node, "="
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target, "+="
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield node.func.value, node.func.attr


def _root(node: ast.expr) -> tuple[str, list[str]]:
    """Name at which an expression begins, and the attributes and subscripts after it."""
    path = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        path.append(node.attr if isinstance(node, ast.Attribute) else "[]")
        node = node.value
    return (node.id if isinstance(node, ast.Name) else ""), path


def test_no_function_fills_findings_or_changes_a_frame_that_it_is_given():
    found = {
        str(path.relative_to(PACKAGE)): lines
        for path in MODULES
        if (lines := changes(path.read_text(encoding="utf-8")))
    }
    assert found.keys() == RECORDERS.keys()
    assert {len(lines) for lines in found.values()} == {1}


@pytest.mark.parametrize(
    "line",
    [
        "def f(findings: list[Finding]): pass",
        "def f(findings: Sequence[Finding]): findings += [1]",
        "class Layer:\n    findings: list[Finding]",
        "def f(faults: list[InputDataError]): faults.append(1)",
        "def f(faults: list[InputDataError]): faults += [1]",
        "def f(table, findings): findings.append(1)",
        "def f(table, findings): findings[:] = []",
        "def f(layer): layer.findings.extend([1])",
        "def f(layer): layer.findings += [1]",
        "def f(frame: pd.DataFrame): frame['a'] = 1",
        "def f(frame: gpd.GeoDataFrame | None): frame.loc[0, 'a'] = 1",
        "def f(frame: pd.DataFrame): del frame['a']",
        "def f(frame: pd.DataFrame): frame.columns = ['a']",
        "def f(frame: pd.DataFrame): frame.insert(0, 'a', 1)",
        "def f(frame: pd.DataFrame):\n    own = frame\n    own['a'] = 1",
        "def f(values: pd.Series): values += 1",
        "def f(layer): layer.demand.loc[0, 'a'] = 1",
        "frame.drop('a', inplace=True)",
    ],
)
def test_a_change_is_caught(line):
    assert len(changes(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "def f(findings: Sequence[Finding]) -> list[Finding]: return [*findings, 1]",
        "def f(table):\n    own = list(table.findings)\n    own.append(1)\n    return own",
        "def f(frame: pd.DataFrame):\n    own = frame.copy()\n    own['a'] = 1\n    return own",
        "def f(frame: pd.DataFrame): return frame.loc[0, 'a']",
        "def f(self): self.findings.append(1)",
        "class Layer:\n    findings: Sequence[Finding] = ()",
        "def f(values: Floats): values[0] = 1",
    ],
)
def test_what_changes_nothing_passes(line):
    assert changes(line) == []
