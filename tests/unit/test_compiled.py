"""Compiled code is cached where possible, and damaged code is discarded."""

from __future__ import annotations

import importlib.util
import os

import pytest
from numba.core import config

from circle15.network.compiled import cache_place, compiled

pytestmark = pytest.mark.timed
CODE = """
def twice(x):
    return x + x
"""


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """Makes the function anew, as a next process would; its code is kept in a folder of its own."""
    # numba reads its variables again whenever one of them has changed, as the command line does.
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    config.reload_config()
    file = tmp_path / "twice_code.py"
    file.write_text(CODE, "utf-8")

    def make():
        spec = importlib.util.spec_from_file_location("twice_code", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return compiled(module.twice)

    return make


def kept(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in {".nbi", ".nbc"})


def loads(function):
    return sum(function.stats.cache_hits.values())


def test_code_is_read_again(fresh, tmp_path):
    assert fresh()(21) == 42
    assert [path.suffix for path in kept(tmp_path)] == [".nbc", ".nbi"]
    again = fresh()
    assert (again(21), loads(again)) == (42, 1)
    assert str(cache_place(again)).startswith(str(tmp_path / "kept"))


def flip(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


DAMAGES = {
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "flipped": flip,
    "last byte": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    "text": lambda _: b"not compiled code at all, and long enough to be taken for it",
    "grown": lambda content: content + b"x",
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
def test_damaged_code_is_compiled_anew(damage, suffix, fresh, tmp_path):
    """Machine code with one wrong bit would end the process, or worse, answer."""
    assert fresh()(21) == 42
    (file,) = (path for path in kept(tmp_path) if path.suffix == suffix)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    second = fresh()
    assert (second(21), loads(second)) == (42, 0)
    third = fresh()
    assert (third(21), loads(third)) == (42, 1), "the damaged entry was not replaced"


def test_code_that_cannot_be_written_costs_nothing(fresh, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    function = fresh()
    monkeypatch.setattr(os, "replace", full)
    assert function(21) == 42


def test_without_any_place_for_it(fresh, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    config.reload_config()
    monkeypatch.setattr("numba.core.caching.CacheImpl._locator_classes", [])
    function = fresh()
    assert (function(21), cache_place(function)) == (42, None)
