"""What went into a run: hashes of settings and files, what differs, and the rule for make."""

from __future__ import annotations

import hashlib
import time
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.builders.small_study import write_small

from circle15.errors import InputDataError
from circle15.inputs.files.source_files import source_files
from circle15.output.map.online_tiles import Tiles
from circle15.study.settings.reading import load_study
from circle15.study.settings.records import FacilityLayer
from circle15.workflow.reruns.depfile import ALWAYS, stamp_of, write_depfile
from circle15.workflow.reruns.fingerprint import (
    differences,
    fingerprint,
    ingredients,
    is_list_of_files,
    kept_fingerprint,
    loaded_program,
    plain,
)
from circle15.workflow.reruns.program_state import ProgramState

PROGRAM = ProgramState("0.1 abc", "3.11", ("numpy-2.0",), "e", 0)
FILE = {"path": "homes.csv", "sha256": "1"}
KEPT: dict[str, Any] = {
    "inputs": [FILE, {"path": "old.csv", "sha256": "2"}],
    "code": "1",
    "python": "3.11",
    "libraries": ["numpy-2.0", "xlwt-1.3"],
    "environment": "e",
    "language": "zh",
    "tiles": None,
}
IN_AN_HOUR = 3_600_000_000_000


@pytest.fixture
def study(tmp_path):
    return load_study(write_small(tmp_path))


def read(study) -> Any:
    return ingredients(study, source_files(study))


def test_each_file_is_hashed_under_the_name_that_results_show(study, tmp_path):
    found = read(study)
    assert [name for name, _ in found.files] == [
        "boundary.geojson",
        "extent.geojson",
        "homes.csv",
        "sites.csv",
        "streets.geojson",
        "study.toml",
        "wards.geojson",
    ]
    content = (tmp_path / "homes.csv").read_bytes()
    assert dict(found.files)["homes.csv"] == hashlib.sha256(content).hexdigest()


def test_the_same_study_elsewhere_has_the_same_fingerprint(study, tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    assert read(load_study(write_small(other))) == read(study)


def test_a_setting_and_a_file_change_the_hash_of_the_settings(study, tmp_path):
    before = read(study)
    text = study.file.read_text("utf-8")
    study.file.write_text(text + "[output]\nwalk_network = false\n", "utf-8")
    settings = read(load_study(study.file))
    assert settings.settings != before.settings
    study.file.write_text(text, "utf-8")
    with (tmp_path / "homes.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert read(load_study(study.file)).settings != before.settings


def test_tables_of_a_database_are_not_known_without_reading_them(study, tmp_path):
    text = study.file.read_text("utf-8")
    url = "postgresql://planner@h/city?table=sites"
    assert text.count('file = "sites.csv"') == 1
    study.file.write_text(text.replace('"sites.csv"', f'"{url}"'), "utf-8")
    of_database = load_study(study.file)
    assert read(of_database) is None
    assert fingerprint(None, "en", None, PROGRAM) is None
    write_depfile(tmp_path / "k.d", of_database, tmp_path, [], begun_ns=time.time_ns() + IN_AN_HOUR)
    assert f"\n{ALWAYS}:\n" in (tmp_path / "k.d").read_text("utf-8")


def test_a_fingerprint_keeps_no_address_of_tiles(study):
    found = read(study)
    tiles = Tiles("osm", "https://t", ("https://t/{z}/{x}/{y}?key=secret",), 18)
    kept = fingerprint(found, "en", tiles, PROGRAM)
    assert kept is not None
    assert "secret" not in repr(kept)
    assert kept["tiles"] == hashlib.sha256(repr(tiles).encode()).hexdigest()
    assert kept["libraries"] == ["numpy-2.0"]
    assert kept["inputs"][0] == dict(zip(("path", "sha256"), found.files[0], strict=True))
    assert kept_fingerprint({"fingerprint": kept}) == kept
    assert fingerprint(found, "en", None, None) is None


def test_a_program_that_has_changed_on_disk_is_not_the_loaded_one(monkeypatch):
    from circle15.workflow.reruns import fingerprint as module

    monkeypatch.setattr(module, "program_state", lambda: PROGRAM)
    assert loaded_program() is PROGRAM
    late = ProgramState("0.1 abc", "3.11", (), "e", time.time_ns() + IN_AN_HOUR)
    monkeypatch.setattr(module, "program_state", lambda: late)
    assert loaded_program() is None

    def gone() -> ProgramState:
        raise FileNotFoundError

    monkeypatch.setattr(module, "program_state", gone)
    assert loaded_program() is None


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({}, []),
        ({"inputs": [FILE]}, ["old.csv is no longer read"]),
        (
            {"inputs": [FILE | {"sha256": "9"}, {"path": "old.csv", "sha256": "2"}]},
            ["homes.csv has changed"],
        ),
        (
            {"inputs": [*KEPT["inputs"], {"path": "new.csv", "sha256": "3"}]},
            ["new.csv is new"],
        ),
        (
            {"libraries": ["numpy-2.1", "shapely-2.2.0"]},
            [
                "numpy was 2.0 and is 2.1",
                "shapely was missing and is 2.2.0",
                "xlwt was 1.3 and is missing",
            ],
        ),
        (
            {"python": "3.12", "language": "en"},
            ["Python was 3.11 and is 3.12", "the language was zh and is en"],
        ),
        (
            {"code": "2", "environment": "f", "tiles": "t"},
            [
                "circle15 itself has changed",
                "variables that steer GDAL or PROJ have changed",
                "the map online is another one",
            ],
        ),
        ({"settings": "s"}, ["the settings have changed"]),
    ],
)
def test_what_differs_is_told(now, told):
    assert differences(KEPT, KEPT | now) == told


def test_settings_as_json_can_hold_them():
    """Numbers that JSON would round are texts, a file is what stands for it."""
    value = {"a": (1, 0.5, None, True), "b": [Decimal("1.10"), Fraction(1, 3), date(2025, 1, 2)]}
    assert plain(value, str) == [
        ["a", [1, 0.5, None, True]],
        ["b", ["1.10", "1/3", "2025-01-02"]],
    ]
    kind, parts = plain(FacilityLayer(Path("s.csv")), lambda path: f"<{path.name}>")
    assert (kind, parts["file"], parts["category"]) == ("FacilityLayer", "<s.csv>", None)
    with pytest.raises(TypeError):
        plain(object(), str)


@pytest.mark.parametrize(
    "found",
    [None, {}, [1], [{"path": "a"}], [{"path": "a", "sha256": 1}], [{"path": 1, "sha256": "a"}]],
)
def test_what_is_no_list_of_files(found):
    assert not is_list_of_files(found)
    assert kept_fingerprint({"fingerprint": {"inputs": found}}) is None


def test_a_record_without_a_fingerprint():
    assert kept_fingerprint({}) is None
    assert kept_fingerprint({"fingerprint": {"libraries": "numpy"}}) is None
    assert kept_fingerprint({"fingerprint": KEPT}) == KEPT


# --- the rule for make -------------------------------------------------------------------------


def rule(path: Path, study: Any, folder: Path, begun_ns: int) -> tuple[str, str, list[str]]:
    """Return the comment, the target, and what of the study's folder it depends on."""
    write_depfile(path, study, folder, [folder / "map.html"], begun_ns=begun_ns)
    lines = path.read_text("utf-8").splitlines()
    at = 1 if lines[0].startswith("#") else 0
    first = lines[at].removesuffix(" \\")
    names = [line.strip().removesuffix(" \\") for line in lines[at + 1 :] if line[0] == " "]
    assert [line[:-1] for line in lines if line[-1] == ":" and line != f"{first}"] == names
    here = study.file.parent.as_posix().replace(" ", "\\ ")
    return "\n".join(lines[:at]), first, [one for one in names if one.startswith((here, ALWAYS))]


def test_the_rule_names_all_that_a_run_depends_on(tmp_path):
    place = tmp_path / "two words"
    place.mkdir()
    study = load_study(write_small(place))
    comment, target, names = rule(
        tmp_path / "key.d", study, place / "out", time.time_ns() + IN_AN_HOUR
    )
    here = str(place).replace(" ", "\\ ")
    assert comment == f"# results: {place / 'out'}"
    assert target == f"{tmp_path}/key.done:"
    read = ["study.toml", "boundary.geojson", "wards.geojson", "streets.geojson", "extent.geojson"]
    read += ["homes.csv", "sites.csv", "out/map.html", "."]
    assert sorted(names) == sorted(f"{here}/{name}" for name in read)


def test_an_input_that_changed_meanwhile_makes_the_rule_out_of_date(study, tmp_path):
    begun = (tmp_path / "homes.csv").stat().st_mtime_ns
    assert ALWAYS in rule(tmp_path / "key.d", study, tmp_path, begun)[2]


def test_a_name_that_make_cannot_hold(tmp_path):
    place = tmp_path / "50%"
    place.mkdir()
    study = load_study(write_small(place))
    comment, _, names = rule(tmp_path / "key.d", study, place, time.time_ns() + IN_AN_HOUR)
    assert (comment, names) == ("", [ALWAYS])
    with pytest.raises(InputDataError, match=r"50%.d: has a name that make cannot hold\."):
        stamp_of(tmp_path / "50%.d")
