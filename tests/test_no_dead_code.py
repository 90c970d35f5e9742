"""Every name at the top of a module is read by the package or its scripts, not by tests alone."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "coverage" / "circle15"
SCRIPTS = (ROOT / "docs", ROOT / "data")


def modules(folder: Path) -> dict[str, ast.Module]:
    """Parsed modules by their dotted names, those of the package as `circle15.…`."""
    return {
        ".".join(path.relative_to(folder.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): ast.parse(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.py"))
    }


def imported(parsed: dict[str, ast.Module], known: set[str]) -> set[tuple[str, str]]:
    """Pairs of a module and a name that other modules import from it or read as its attribute."""
    found = set()
    for name, tree in parsed.items():
        whole = {}
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom):
                continue
            above = name.split(".")[: -node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for one in node.names:
                if f"{module}.{one.name}" in known:
                    whole[one.asname or one.name] = f"{module}.{one.name}"
                found.add((module, one.name))
        found |= {
            (whole[node.value.id], node.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in whole
        }
    return found


def defined(statement: ast.stmt) -> list[str]:
    """Names that a statement defines; registered functions and unpacked constants are left out."""
    match statement:
        case (
            ast.FunctionDef(name=name, decorator_list=marks)
            | ast.ClassDef(name=name, decorator_list=marks)
        ):
            commands = [ast.unparse(mark) for mark in marks if ast.unparse(mark).startswith("app.")]
            return [] if commands else [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def read_in(statement: ast.stmt) -> set[str]:
    """Names that a statement reads."""
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def unread(parsed: dict[str, ast.Module], scripts: dict[str, ast.Module]) -> list[str]:
    """Names that neither another module nor another statement of their own reads."""
    used = imported({**parsed, **scripts}, set(parsed))
    found = []
    for module, tree in parsed.items():
        reads = [read_in(statement) for statement in tree.body]
        times = Counter(name for names in reads for name in names)
        for own, statement in zip(reads, tree.body, strict=True):
            found += [
                f"{module}.{name}"
                for name in defined(statement)
                if not name.startswith("__")
                and (module, name) not in used
                and times[name] == (name in own)
            ]
    return found


def test_no_name_of_the_package_is_for_tests_alone():
    scripts = {name: tree for folder in SCRIPTS for name, tree in modules(folder).items()}
    assert unread(modules(PACKAGE), scripts) == []


def test_a_name_that_no_module_reads_is_found():
    parsed = {
        "p.a": ast.parse("ONE = 1\nTWO = ONE\ndef three():\n    return three()\nA, B = 1, 2"),
        "p.b": ast.parse("from p import a\nfrom .a import FOUR\nprint(a.TWO)"),
        "p.c": ast.parse("FIVE: int = 5\n@app.command()\ndef six():\n    pass"),
    }
    scripts = {"s": ast.parse("from p.c import FIVE")}
    assert unread(parsed, scripts) == ["p.a.three"]
    assert unread(parsed, {}) == ["p.a.three", "p.c.FIVE"]
