"""Entries on disk: damaged ones are never read, a limit holds, faults of the disk stop nothing."""

import errno
import hashlib
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.workflow.cache import entries
from circle15.workflow.cache.entries import ENDING, FORM, DamagedError, Store
from circle15.workflow.cache.place import OFF, VARIABLE, cache_folder
from circle15.workflow.cache.state import cache_state, clean_cache, state_lines

KEY, OTHER = "a" * 64, "b" * 64
VALUE = {"x": np.arange(5), "names": ["路", "x"], "half": 0.5}


@pytest.fixture
def store(tmp_path):
    found = Store(tmp_path / "cache")
    assert found.write("network", KEY, VALUE)
    return found


def file_of(store):
    (path,) = store.folder.iterdir()
    return path


def require_gone(store, key=KEY):
    with pytest.raises(DamagedError):
        store.read("network", key)
    with pytest.raises(KeyError) as error:  # it is not there any more
        store.read("network", key)
    assert not isinstance(error.value, DamagedError)


def test_an_entry_is_read_as_it_was_written(store):
    found = store.read("network", KEY)
    assert found["x"].tolist() == [0, 1, 2, 3, 4]
    assert (found["names"], found["half"]) == (["路", "x"], 0.5)
    found["x"][0] = 9  # the arrays of a stage can be changed, those of the entry stay
    assert store.read("network", KEY)["x"][0] == 0


def test_files_of_others_are_left_alone(store):
    """Even if they end as entries do; a pipe in the place of an entry is not opened."""
    names = ("mine.stage", f"network-{KEY[:31]}.stage", "notes.writing", "x.stage.writing")
    for name in names:
        (store.folder / name).write_text("mine", "utf-8")
        os.utime(store.folder / name, (0, 0))
    os.mkfifo(store.folder / f"homes-{KEY[:32]}{ENDING}")
    with pytest.raises(DamagedError):
        store.read("homes", KEY)
    small = Store(store.folder, most_bytes=0)
    small.trim()
    store.clean()
    assert sorted(path.name for path in store.folder.iterdir()) == sorted(names)


def test_an_entry_cut_anywhere_is_removed(store):
    whole = file_of(store).read_bytes()
    for length in [*range(0, len(whole), 37), len(whole) - 1]:
        file_of(store).write_bytes(whole[:length])
        require_gone(store)
        (store.folder / f"network-{KEY[:32]}{ENDING}").write_bytes(whole)
    file_of(store).write_bytes(whole + b"\0")
    require_gone(store)


def test_an_entry_with_any_bit_flipped_is_removed(store):
    path = file_of(store)
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        require_gone(store)


def test_entries_that_have_changed_places_are_removed(store):
    """Another key, another stage: each whole in itself, under a name that is not its own."""
    first = file_of(store)
    store.write("network", OTHER, {"x": 1})
    second = next(path for path in store.folder.iterdir() if path != first)
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    require_gone(store)
    require_gone(store, OTHER)
    store.write("people", KEY, {"x": 1})
    file_of(store).rename(first)
    require_gone(store)


def test_an_entry_of_an_older_form_is_removed(store):
    """Its hash is right; what it holds was written by another version."""
    path = file_of(store)
    body = path.read_bytes()[:-32].replace(FORM, FORM.replace(b"1\n", b"0\n"))
    path.write_bytes(body + hashlib.sha256(body).digest())
    require_gone(store)


def test_an_entry_of_records_that_are_no_more_is_removed(store):
    """Its hash is right; the classes that it names are gone."""
    store.write("network", OTHER, entries.Entry("a", Path("b"), 1, 2.0))
    path = store.folder / f"network-{OTHER[:32]}{ENDING}"
    body = path.read_bytes()[:-32].replace(b"entries:Entry", b"entries:Given")
    path.write_bytes(body + hashlib.sha256(body).digest())
    require_gone(store, OTHER)


@given(st.binary(max_size=400))
def test_no_content_at_all_makes_reading_fail(content):
    body = FORM + content
    for whole in (content, body, body + hashlib.sha256(body).digest()):
        with pytest.raises(Exception):  # noqa: B017, PT011 - `read` takes any
            entries._value(bytearray(whole), "network", KEY)


def test_what_was_not_used_for_longest_goes_first(tmp_path):
    store = Store(tmp_path, most_bytes=3_000)
    value = np.zeros(100, np.int64)  # 800 bytes, with all around it some 1,100
    for k, key in enumerate("abc"):
        assert store.write("homes", key * 64, value)
        path = tmp_path / f"homes-{key * 32}{ENDING}"
        if path.exists():
            os.utime(path, (k, k))
        if key == "b":
            store.read("homes", "a" * 64)  # which is used again, now
    left = {path.name[6] for path in tmp_path.iterdir()}
    assert left == {"a", "c"}
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 3_000
    assert not store.write("homes", "d" * 64, np.zeros(1000, np.int64))
    assert {path.name[6] for path in tmp_path.iterdir()} == left


def test_what_a_killed_process_left_goes_after_an_hour(store):
    left = store.folder / f"network-{KEY[:32]}{ENDING}.12345678.writing"
    left.write_bytes(b"half")
    store.write("homes", KEY, 1)
    assert left.exists(), "another process may be writing it"
    before = time.time() - 4000
    os.utime(left, (before, before))
    store.write("homes", OTHER, 1)
    assert not left.exists()


def no_space(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("name", ["fsync", "replace", "mkdir"])
def test_a_disk_that_refuses_stops_nothing(name, tmp_path, monkeypatch):
    store = Store(tmp_path / "cache")
    with monkeypatch.context() as patch:
        owner = os if name == "fsync" else Path
        patch.setattr(owner, name, no_space)
        assert not store.write("homes", KEY, VALUE)
    assert not list(tmp_path.rglob("*.writing"))
    with pytest.raises(KeyError):
        store.read("homes", KEY)


def test_the_last_of_a_disk_is_left_to_the_results(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=900_000_000))
    store = Store(tmp_path / "cache")
    assert not store.write("homes", KEY, VALUE)
    assert "900 MB" in (store.refusal() or "")
    assert list(store.folder.iterdir()) == []


def test_a_folder_that_is_none_stops_nothing(tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    store = Store(tmp_path / "file" / "cache")
    assert not store.write("homes", KEY, VALUE)
    assert store.refusal()
    assert store.entries() == []
    with pytest.raises(KeyError):
        store.read("homes", KEY)


def test_many_threads_write_read_and_trim_at_once(tmp_path):
    """Whatever is read is whole, and what its key says."""
    store = Store(tmp_path, most_bytes=8_000)

    def play(seed):
        seen = 0
        for k in range(60):
            key = hashlib.sha256(bytes([(seed * k) % 7])).hexdigest()
            try:
                found = store.read("homes", key)
            except DamagedError:
                raise
            except KeyError:
                store.write("homes", key, (key, np.full(200, seed)))
            else:
                seen += 1
                assert found[0] == key
                assert len(set(found[1].tolist())) == 1
        return seen

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(play, range(1, 9))) > 50
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 8_000


def test_where_the_cache_is(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder() == tmp_path / "own" / "circle15" / "stages"
    (tmp_path / "data").mkdir()
    assert cache_folder() == tmp_path / "own" / "circle15" / "stages"
    (tmp_path / "maps").mkdir()
    assert cache_folder() == tmp_path / "data" / "cache" / "stages"
    monkeypatch.setenv(VARIABLE, "here")
    assert cache_folder() == tmp_path / "here"
    monkeypatch.setenv(VARIABLE, "Off")
    assert cache_folder() is None
    assert OFF == "off"


def test_cleaning_leaves_other_files(tmp_path, monkeypatch):
    """A download that is kept beside the entries, too."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    Store(tmp_path).write("network", KEY, VALUE)
    Store(tmp_path).write("other", KEY, VALUE)  # of a later version
    kept = tmp_path / "city.osm.pbf"
    kept.write_bytes(b"streets")
    assert len(cache_state().entries) == 2
    lines = state_lines(cache_state(), "en")
    assert lines[0] == f"Cache: {tmp_path}"
    assert "walking networks: 1 (0.0 MB)" in lines[1]
    assert "other: 1" in lines[2]
    cleaned = state_lines(clean_cache(), "zh", cleaned=True)
    assert cleaned[-1].startswith("已清除 2 条")
    assert list(tmp_path.iterdir()) == [kept]
    monkeypatch.setenv(VARIABLE, "off")
    assert state_lines(clean_cache(), "en", cleaned=True) == ['No cache: CIRCLE15_CACHE is "off".']
