"""What would fail on Windows, as far as the source of the package shows it.

A name that only POSIX systems have must stand in a function (or an `if` of its module) that asks
which system it is on, or that expects the name to be missing.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path, PureWindowsPath

import pytest

from circle15.results import provenance
from circle15.study.names import names_folder
from circle15.workflow.folders.result_names import FILES
from circle15.workflow.reruns import fingerprint

PACKAGE = Path(__file__).resolve().parents[1] / "coverage" / "circle15"
MODULES = sorted(PACKAGE.rglob("*.py"))

ONLY_POSIX = {
    "os": {
        *("chown", "fchmod", "fchown", "fork", "getegid", "geteuid", "getgid", "getloadavg"),
        *("getpgid", "getuid", "kill", "killpg", "lchown", "mkfifo", "nice", "pread", "pwrite"),
        *("sched_getaffinity", "set_blocking", "setsid", "statvfs", "sync", "sysconf", "uname"),
        *("waitpid", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK"),
    },
    "signal": {"SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGUSR1", "alarm"},
    "time": {"tzset", "clock_settime"},
}
ONLY_POSIX_MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
ASKS = re.compile(r"sys\.platform|os\.name\b|hasattr\((?:os|signal), |AttributeError")
ELSEWHERE = {
    "workflow/process/second_process.py": "forks on Linux alone, after `sys.platform` was asked",
}
"""Modules whose functions are called only after the system has been asked, with the reason."""
RENAMES = {
    "inputs/formats/parquet.py": "names a column",
    "workflow/folders/replacing.py": "into a work folder that holds no file of the name",
}
"""Modules that rename; elsewhere `replace` is meant, as `rename` fails on Windows if there is a
file of the new name."""
_MODE = re.compile(r"[rwxa+]*t?[rwxa+]*")


def faults(text: str, name: str) -> list[str]:
    """What would fail on Windows in the source of a module, with its line."""
    tree = ast.parse(text)
    asked: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_own = isinstance(node, ast.FunctionDef | ast.If | ast.Try | ast.With)
        if is_own and ASKS.search(ast.unparse(node)):
            asked |= set(ast.walk(node))
    found = []
    for node in ast.walk(tree):
        fault = _fault(node, name)
        if fault and not (fault.startswith("only POSIX") and (node in asked or name in ELSEWHERE)):
            found.append(f"{name}:{getattr(node, 'lineno', 0)}: {fault}")
    return found


def _fault(node: ast.AST, name: str) -> str:
    match node:
        case ast.Attribute(value=ast.Name(id=module), attr=attribute) if attribute in (
            ONLY_POSIX.get(module, ())
        ):
            return f"only POSIX has {module}.{attribute}"
        case ast.Import(names=[ast.alias(name=module)]) | ast.ImportFrom(module=module) if (
            module in ONLY_POSIX_MODULES
        ):
            return f"only POSIX has {module}"
        case ast.Constant(value=str(value)) if value.startswith(("/tmp", "/dev/")):
            return f"no such path: {value}"
        case ast.Call() if _is_text(node) and not _has_encoding(node):
            return f"text without its encoding: {ast.unparse(node)}"
        case ast.Call(func=ast.Attribute(attr="rename" | "renames"), args=[_, *_]) if (
            name not in RENAMES
        ):
            return f"fails where there is such a file: {ast.unparse(node)}"
    return ""


def _is_text(call: ast.Call) -> bool:
    """Whether a call opens a file as text: `open(…)`, `path.open(…)`, `path.read_text(…)`."""
    match call.func:
        case ast.Attribute(attr="read_text" | "write_text"):
            return True
        case ast.Name(id="open"):
            modes = call.args[1:2]
        case ast.Attribute(attr="open"):
            modes = call.args[:1]
            if modes and not isinstance(modes[0], ast.Constant):
                return False  # of an archive, a picture or a raster
        case _:
            return False
    modes += [one.value for one in call.keywords if one.arg == "mode"]
    return all(_MODE.fullmatch(str(getattr(one, "value", "b"))) for one in modes)


def _has_encoding(call: ast.Call) -> bool:
    given = [one.value for one in call.args if isinstance(one, ast.Constant)]
    return (
        "encoding" in {one.arg for one in call.keywords} or {"utf-8", "ascii"} & set(given) != set()
    )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_package_asks_before_it_uses_what_windows_lacks(path):
    assert faults(path.read_text("utf-8"), path.relative_to(PACKAGE).as_posix()) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("import os\ndef f():\n    os.fork()", "x.py:3: only POSIX has os.fork"),
        ("import fcntl", "x.py:1: only POSIX has fcntl"),
        ("from pwd import getpwnam", "x.py:1: only POSIX has pwd"),
        ("f = open('a')", "x.py:1: text without its encoding: open('a')"),
        ("f = p.open('w')", "x.py:1: text without its encoding: p.open('w')"),
        ("p.read_text()", "x.py:1: text without its encoding: p.read_text()"),
        ("p.rename(q)", "x.py:1: fails where there is such a file: p.rename(q)"),
        ("p = '/tmp/a'", "x.py:1: no such path: /tmp/a"),
        ("if sys.platform != 'win32':\n    import resource", None),
        ("def f():\n    if hasattr(os, 'getuid'):\n        return os.getuid()", None),
        ("try:\n    os.sysconf('a')\nexcept AttributeError:\n    pass", None),
        ("p.open('rb'), open(p, 'wb'), zip.open(info), p.open(encoding='utf-8')", None),
        ("p.read_text('utf-8'), p.write_text(t, encoding='utf-8')", None),
    ],
)
def test_what_it_would_find(text, fault):
    assert faults(text, "x.py") == ([fault] if fault else [])


@pytest.mark.parametrize(
    "name", ["con", "NUL", "aux.csv", "com1", "a:b", "a?b", "a\\b", "a.", "a "]
)
def test_names_that_windows_refuses_name_no_folder(name):
    """Of studies, scenarios and packs."""
    assert not names_folder(name)


def test_windows_takes_the_names_of_all_results():
    assert [name for name in FILES if not names_folder(name)] == []


@pytest.mark.parametrize("shown", [provenance._shown, fingerprint._shown])
def test_paths_in_results_have_slashes_on_windows(shown):
    study = PureWindowsPath("C:/养老/study")
    assert shown(study / "data" / "people.tif", study) == "data/people.tif"
    assert shown(PureWindowsPath("D:/other/people.tif"), study) == "people.tif"
