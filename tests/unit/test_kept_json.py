"""JSON that an earlier command wrote; what cannot be of it is refused at once, however large."""

from __future__ import annotations

import os
import tracemalloc

import pytest

from circle15.results.summary.json_text import to_json
from circle15.workflow.folders.kept_json import read_kept


@pytest.fixture
def place(tmp_path):
    return tmp_path / "summary.json"


def test_what_was_written_is_read(place):
    content = {"a": [1, 0.5, None, "路 \\ud800"], "b": {"c": 1e100}}
    place.write_text(to_json(content), "utf-8")
    assert read_kept(place) == content
    place.write_text('{"a": 1e005, "b": 1e-999, "c": "\\ud83c\\udfe1"}', "utf-8")
    assert read_kept(place) == {"a": 1e5, "b": 0.0, "c": "🏡"}


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1", '"x"', '{"a": 1', '{"a": NaN}', '{"a": -Infinity}', '{"a": 1e999}',
        f'{{"a": {"9" * 400}}}', f'{{"a": {"9" * 10_000}}}', f'{{"a": {"9" * 400}.5}}',
        '{"a": "\\ud800"}', '{"\\uDFFF": 1}', "\ufeff{}",
    ],
)  # fmt: skip
def test_what_is_no_such_file(place, text):
    place.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"."):
        read_kept(place)


def test_a_deep_one(place):
    place.write_text(f'{{"a": {"[" * 100_000}{"]" * 100_000}}}', "utf-8")
    with pytest.raises(RecursionError):
        read_kept(place)


def test_a_large_file_of_zeros_is_refused_unread(place):
    for begin in (b"", b"{}", b'{"a": '):
        place.write_bytes(begin)
        os.truncate(place, 3_000_000_000)
        tracemalloc.start()
        with pytest.raises(ValueError, match="begin and end"):
            read_kept(place)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
        tracemalloc.stop()


def test_pipes_devices_and_folders_are_not_opened(place, tmp_path):
    os.mkfifo(place)
    (tmp_path / "zero").symlink_to("/dev/zero")
    for one in (place, tmp_path / "zero", tmp_path):
        with pytest.raises(OSError, match="not a file"):
            read_kept(one)
    with pytest.raises(FileNotFoundError):
        read_kept(tmp_path / "none")
