"""The installed package at the repository root, with and without coverage.py.

Without coverage.py and with the root on `sys.path`, `import coverage` finds our source folder:
a library that asks for coverage.py (numba does) then meets an empty namespace. No command may
break on that.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    *("demo", "init", "fetch", "check", "run", "zones", "route", "scenario", "site", "batch"),
    *("compare", "verify", "cache", "rules", "doctor", "schema"),
)
HEAVY = {
    "folium",
    "geopandas",
    "networkx",
    "numba",
    "osmium",
    "osmnx",
    "pandas",
    "pydantic",
    "rasterio",
    "scipy",
}

# Python runs this when it starts; from then on only the current folder has a `coverage`.
HIDE_COVERAGE_PY = """
import importlib.machinery, os, sys

class OnlyTheFolder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "coverage":
            spec = importlib.machinery.PathFinder.find_spec(name, [os.getcwd()])
            if spec is None:
                raise ModuleNotFoundError("No module named 'coverage'", name=name)
            return spec
        return None

sys.meta_path.insert(0, OnlyTheFolder)
"""


@pytest.fixture(params=["with coverage.py", "without coverage.py"])
def environment(request, tmp_path):
    """Environment of a user at the root: no PYTHONSAFEPATH, so the root is on `sys.path`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COVERAGE_", "COV_CORE_", "PYTHON"))
    }
    kept |= {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}
    if request.param == "without coverage.py":
        (tmp_path / "sitecustomize.py").write_text(HIDE_COVERAGE_PY, encoding="utf-8")
        kept["PYTHONPATH"] = str(tmp_path)
    return kept


def call(arguments, environment, cwd=ROOT):
    return subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def console_script():
    folder = Path(sys.executable).parent
    for name in ("circle15", "circle15.exe"):
        if (folder / name).exists():
            return folder / name
    pytest.fail(f"the command circle15 is not beside {sys.executable}: run `make setup`")


def test_the_trap_is_really_set(environment):
    """Without coverage.py the name `coverage` means the source folder."""
    snippet = "import coverage; print(hasattr(coverage, 'Coverage'))"
    answer = call([sys.executable, "-c", snippet], environment)
    assert answer.stdout.strip() == str("PYTHONPATH" not in environment), answer.stderr


def test_import_at_the_root(environment):
    snippet = "import circle15; print(circle15.__version__)"
    answer = call([sys.executable, "-c", snippet], environment)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip()


def test_public_functions_load_at_the_root(environment):
    """The functions are lazy: touching each one imports all that stands behind it."""
    snippet = (
        "import circle15\n"
        "for name in set(circle15.__all__) - {'__version__'}:\n"
        "    assert callable(getattr(circle15, name)), name\n"
    )
    answer = call([sys.executable, "-c", snippet], environment)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("how", ["module", "command"])
def test_help_lists_every_command(environment, how):
    start = [sys.executable, "-m", "circle15"] if how == "module" else [console_script()]
    answer = call([*start, "--help"], environment)
    assert answer.returncode == 0, answer.stderr
    words = set(answer.stdout.split())
    assert [command for command in COMMANDS if command not in words] == []


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(environment, command):
    answer = call([sys.executable, "-m", "circle15", command, "--help"], environment)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip()


def test_doctor_runs_at_the_root(environment):
    answer = call([sys.executable, "-m", "circle15", "doctor"], environment)
    assert answer.returncode == 0, answer.stderr


def test_help_loads_no_heavy_package(environment):
    """`circle15 --help` answers within 0.3 s: that is so only while nothing heavy is imported."""
    snippet = f"import sys, circle15.cli; print(sorted({HEAVY!r} & set(sys.modules)))"
    answer = call([sys.executable, "-c", snippet], environment)
    assert (answer.returncode, answer.stdout.strip()) == (0, "[]"), answer.stderr


def test_unknown_command_is_a_usage_error(environment):
    answer = call([sys.executable, "-m", "circle15", "no-such-command"], environment)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
