"""Results with the cache are those without it, whatever has changed and whatever the cache is."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
import shapely
from tests.builders.same_values import require_same
from tests.commands import heard
from tests.mixed_studies import CHOSEN, write_mixed
from tests.streets import SITES, write_layer, write_points, write_study

import circle15
from circle15.errors import Circle15Error, OutsideError
from circle15.study.database_tables import database_table
from circle15.workflow.cache.entries import Store
from circle15.workflow.cache.place import VARIABLE
from circle15.workflow.cache.stage_cache import Kept, NotKnownError, kept_stages
from circle15.workflow.cache.state import STAGES
from circle15.workflow.folders.result_names import LOG, RECORD
from circle15.workflow.reading import read_inputs, silent

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "coverage" / "circle15"
NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}
ALWAYS = [stage for stage in STAGES if stage != "candidates"]
READ = dict.fromkeys(ALWAYS, "read")
WHOLE, OTHER = 29, 5
"""Studies drawn at random that load, with points and rasters, heights, a boundary, profiles."""
MADE = dict.fromkeys(ALWAYS, "made")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A cache of its own."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def study(tmp_path):
    (tmp_path / "study").mkdir()
    return write_study(tmp_path / "study", NODES, ["ABC"], {"h": (0, 0, 1)}, {"S": (0, 0)})


def mixed(folder, seed):
    """A study drawn at random, over what is in the folder."""
    folder.mkdir(exist_ok=True)
    return write_mixed(folder, seed)


def read(path, *, kept=None):
    """Inputs of a study, or the message with which it is refused."""
    try:
        return read_inputs(circle15.load_study(path), silent, kept=kept)
    except Circle15Error as error:
        return str(error)


def read_by_cache(path):
    """The same by the cache, and what became of each stage."""
    kept = kept_stages()
    return read(path, kept=kept), kept.log


def written(path, out, **options):
    """All results of a run but its record and its log, which have times in them."""
    circle15.run(path, out=out, **options)
    return results_in(out)


def results_in(out):
    return {one.name: one.read_bytes() for one in out.iterdir() if one.name not in {RECORD, LOG}}


def log_of(out):
    return json.loads((out / "run.json").read_text("utf-8"))["cache"]


def test_a_second_run_reads_what_the_first_made(study, place, tmp_path):
    bare = written(study, tmp_path / "bare")
    assert log_of(tmp_path / "bare") == {}
    assert not place.exists()
    for log in (MADE, READ):
        assert written(study, tmp_path / "out", cache=True) == bare
        assert log_of(tmp_path / "out") == log


@pytest.mark.parametrize("seed", range(4))
def test_random_studies_one_after_the_other(seed, place, tmp_path):
    """Files and settings change at random in one folder, back to earlier ones as well."""
    draw = Random(seed)
    seen: list[int] = []
    for _ in range(8):
        number = draw.choice(seen) if seen and draw.random() < 0.35 else draw.randrange(10_000)
        path = mixed(tmp_path / "study", number)
        alone = read(path)
        found, log = read_by_cache(path)
        require_same(alone, found)
        if number in seen and not isinstance(alone, str):
            assert log == READ
        seen.append(number)


@pytest.mark.parametrize("seed", range(2))
def test_all_files_of_random_runs(seed, place, tmp_path):
    """Every byte of every result, `issues.csv` and provenance among them."""
    draw, whole = Random(seed), 0
    while whole < 2:
        path = mixed(tmp_path / "study", draw.randrange(10_000))
        with suppress(Circle15Error):
            bare = written(path, tmp_path / f"bare {whole}")
            for k in range(2):
                assert written(path, tmp_path / f"{whole} {k}", cache=True) == bare
            assert set(log_of(tmp_path / f"{whole} 1").values()) == {"read"}
            whole += 1


def one_change(text, key, value):
    section, name = key.split(".")
    lines = [line for line in text.splitlines() if not line.startswith(f"{name} = ")]
    return "\n".join(lines).replace(f"[{section}]", f"[{section}]\n{name} = {value}", 1)


@pytest.mark.parametrize("key", CHOSEN)
def test_each_setting_that_changes_a_stage_makes_it_anew(key, place, tmp_path):
    """From one study with all stages kept to the same with one other setting."""
    path = mixed(tmp_path / "study", WHOLE)
    text = path.read_text("utf-8")
    assert not isinstance(read_by_cache(path)[0], str)
    for value in CHOSEN[key]:
        path.write_text(one_change(text, key, value), encoding="utf-8")
        try:
            circle15.load_study(path)
        except Circle15Error:
            continue
        require_same(read(path), read_by_cache(path)[0])


def test_every_byte_of_every_file_counts(place, tmp_path):
    """A file by another of the same name, size and time."""
    other = mixed(tmp_path / "other", OTHER).parent
    path = mixed(tmp_path / "study", WHOLE)
    read_by_cache(path)
    for file in sorted(path.parent.iterdir()):
        if file.suffix == ".toml" or not (other / file.name).exists():
            continue
        times = file.stat()
        kept = file.read_bytes()
        file.write_bytes((other / file.name).read_bytes())
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        require_same(read(path), read_by_cache(path)[0])
        file.write_bytes(kept)
    assert read_by_cache(path)[1] == READ


def test_a_changed_facility_leaves_all_stages(study, place):
    read_by_cache(study)
    sites = study.parent / "sites.csv"
    text = sites.read_text("utf-8")
    sites.write_text(text.replace("S", "T"), encoding="utf-8")
    assert sites.read_text("utf-8") != text
    alone, (found, log) = read(study), read_by_cache(study)
    require_same(alone, found)
    assert log == READ


def damaged(content, kind, others):
    if kind == "cut":
        return content[: len(content) // 2]
    if kind == "empty":
        return b""
    if kind == "swapped":
        return others
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("kind", ["cut", "empty", "swapped", "flipped"])
def test_damaged_entries_are_made_again(kind, study, place):
    alone = read(study)
    read_by_cache(study)
    contents = {path: path.read_bytes() for path in sorted(place.iterdir())}
    assert len(contents) == len(ALWAYS)
    following = [*list(contents.values())[1:], next(iter(contents.values()))]
    for path, others in zip(contents, following, strict=True):
        path.write_bytes(damaged(contents[path], kind, others))
    for log in (dict.fromkeys(ALWAYS, "made again"), READ):
        found, seen = read_by_cache(study)
        require_same(alone, found)
        assert seen == log


def test_another_program_makes_its_own_entries(study, place, monkeypatch):
    """Another library or another variable for PROJ: nothing of before is read."""
    read_by_cache(study)
    monkeypatch.setenv("PROJ_CURL_ENABLED", "NO")
    assert read_by_cache(study)[1] == MADE
    assert read_by_cache(study)[1] == READ


def test_a_program_changed_on_disk_keeps_nothing(study, place, monkeypatch):
    monkeypatch.setattr("circle15.workflow.cache.stage_cache.loaded_program", lambda: None)
    assert read_by_cache(study)[1] == {}
    assert not place.exists()


def test_files_that_change_while_they_are_read_are_not_kept(study, place):
    """An entry under the hash of before would hold what was read after."""
    streets = circle15.load_study(study).network.file
    assert isinstance(streets, Path)

    def change(stage):
        if stage == "facilities":
            streets.write_bytes(streets.read_bytes() + b"\n")

    with pytest.raises(OutsideError, match="was changed"):
        read_inputs(circle15.load_study(study), change, kept=kept_stages())
    assert not place.exists()


def test_a_cache_that_cannot_be_written_stops_nothing(study, tmp_path, monkeypatch, capfd):
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(blocked / "cache"))
    bare = written(study, tmp_path / "bare")
    assert written(study, tmp_path / "out", cache=True) == bare
    assert log_of(tmp_path / "out") == dict.fromkeys(ALWAYS, "made, not kept")
    said = heard(capfd, "doctor")
    assert said.code == 0
    (line,) = [one for one in said.out.splitlines() if one.startswith("cache: ")]
    assert "cannot be used (Not a directory)" in line
    assert "cache" not in heard(capfd, "check", study).err


def test_two_runs_at_once(study, place, tmp_path):
    """Both from nothing, into one cache."""
    bare = written(study, tmp_path / "bare")
    command = [sys.executable, "-m", "circle15", "run", study, "--force", "--out"]
    outs = [tmp_path / f"out {k}" for k in range(2)]
    runs = [subprocess.Popen([*command, out], stdout=subprocess.DEVNULL) for out in outs]
    assert [one.wait(timeout=300) for one in runs] == [0, 0]
    for out in outs:
        assert results_in(out) == bare
        assert not set(log_of(out).values()) & {"made, not kept", "made again"}
    assert len(list(place.iterdir())) == len(ALWAYS)
    assert written(study, tmp_path / "after", cache=True) == bare


def test_the_commands_use_the_cache(study, place, tmp_path, capfd):
    """`check` fills it, `run` reads it; `--no-cache` does neither; `cache` shows and cleans it."""
    assert heard(capfd, "check", study).code == 0
    assert heard(capfd, "run", study, "--out", tmp_path / "out").code == 0
    assert log_of(tmp_path / "out") == READ
    assert heard(capfd, "run", study, "--out", tmp_path / "out", "--force", "--no-cache").code == 0
    assert log_of(tmp_path / "out") == {}
    shown = heard(capfd, "cache", "--lang", "en").out
    assert shown.startswith(f"Cache: {place}\n")
    assert "- people and areas: 1 (" in shown
    told = json.loads(heard(capfd, "cache", "--json").out)
    assert sorted(one["stage"] for one in told["entries"]) == sorted(ALWAYS)
    assert told["bytes"] == sum(path.stat().st_size for path in place.iterdir())
    assert f"已清除 {len(ALWAYS)} 条" in heard(capfd, "cache", "--clean").out
    assert not place.exists()


def test_a_scenario_takes_people_and_streets_of_its_study(study, place):
    """The changes of a scenario are computed; what it has in common with its study is read."""
    write_points(study.parent / "new.csv", "demand_id,p60", [(350, 20, "new", 3)])
    more = '[scenarios.more]\ncrs = "EPSG:4549"\nhomes = "new.csv"\n'
    study.write_text(f"{study.read_text('utf-8')}\n{more}", encoding="utf-8")
    settings = circle15.load_study(study)
    read_by_cache(study)
    closed = settings.with_changes("closed", close=["S"])
    for own, homes in ((closed, 1), (settings.with_changes("more"), 2)):
        kept = kept_stages()
        found = read_inputs(own, silent, kept=kept)
        require_same(read_inputs(own, silent), found)
        assert kept.log == READ
        assert found.demand_snaps.joined.tolist() == [True] * homes


# What a stage may depend on: its arguments, which make its key, and what is noted beside it.


def test_stages_are_functions_that_see_their_arguments_alone():
    """
    Each is a function of a module: no method, closure or lambda, which would see more.

    A stage that learns a parameter gets it as an argument, and `Kept.made` has all arguments in
    the key; nothing else leads into it (see the two tests below).
    """
    tree = ast.parse((PACKAGE / "workflow" / "reading.py").read_text("utf-8"))
    top = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            top |= {alias.asname or alias.name for alias in node.names}
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "made"
    ]
    assert len(calls) == len(ALWAYS)
    stages = set()
    for call in calls:
        stage, work, *given = call.args
        assert isinstance(stage, ast.Constant)
        stages.add(stage.value)
        assert isinstance(work, ast.Name)
        assert work.id in top, "a stage must be a function of a module"
        assert not call.keywords
        for one in given:  # a stage that gets the whole study would depend on all of it
            assert not (isinstance(one, ast.Name) and one.id == "study"), ast.unparse(call)
    assert stages == set(ALWAYS)


def test_nothing_else_is_noted_beside_the_readers():
    """A fourth context of readers would be lost when a stage is not run: `Notes` must hold it."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if "ContextVar(" in path.read_text("utf-8"):
            found.add(path.relative_to(PACKAGE).as_posix())
    assert found == {
        "inputs/tables/columns_read.py",
        "inputs/crs/among_streets.py",
        "inputs/crs/datum_shifts.py",
    }


def test_readers_depend_on_no_other_variable_of_the_environment():
    """PROJ's and GDAL's are in the key; the others are for passwords and places in settings."""
    found = set()
    for room in ("inputs", "network", "access"):
        for path in (PACKAGE / room).rglob("*.py"):
            if "environ" in path.read_text("utf-8") or "getenv" in path.read_text("utf-8"):
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found == {
        "inputs/rasters/raster_files.py",
        "inputs/databases/connections.py",
        "network/downloads/answers.py",
    }


def doubled(one, *_):
    return one * 2


def test_keys_hold_every_argument(study, tmp_path):
    sources = read(study).sources
    settings = circle15.load_study(study)

    def kept():
        return Kept(Store(tmp_path / "own"), "program", sources)

    def log(*given):
        one = kept()
        one.made("stage", doubled, *given)
        one.write()
        return one.log["stage"]

    for given in [(1,), (True,), (1, 2), (2, 1), ([1, 2],), ("1",), (1.0,), (1, settings.walk)]:
        assert log(*given) == "made", given
        assert log(*given) == "read", given


def test_what_is_not_known_is_computed_each_time(study, tmp_path):
    """Tables of a database, files that were not hashed, values of unknown origin."""
    sources = read(study).sources
    stray = tmp_path / "stray.csv"
    stray.write_text("a", encoding="utf-8")
    one = Kept(Store(tmp_path / "own"), "program", sources)
    for given in (database_table("postgresql://me@host/city?table=people"), stray, object()):
        assert one.made("stage", doubled, 3, given) == 6
    one.write()
    assert one.log == {}
    assert not (tmp_path / "own").exists()
    assert issubclass(NotKnownError, TypeError)


def test_entries_move_with_no_study_but_their_own(study, place, tmp_path):
    """Messages and provenance hold paths, so a copy of a study has entries of its own."""
    read_by_cache(study)
    shutil.copytree(study.parent, tmp_path / "copy")
    copy = tmp_path / "copy" / study.name
    alone, (found, log) = read(copy), read_by_cache(copy)
    require_same(alone, found)
    assert log == MADE


LIVING = """
[coverage_basis.land]
file = "land.geojson"
where = "code = R2"
[siting.more]
category = "meal_point"
add = 1
spacing_m = 40
"""


def test_land_and_places_for_new_sites_are_kept(study, place, tmp_path):
    """With findings, for each file and setting of its own; a facility does not change them."""
    square, other = shapely.box(10, 10, 90, 90), shapely.box(60, 10, 200, 90)
    file = study.with_name("land.geojson")
    text = study.read_text("utf-8") + LIVING

    def require_kept(said: str, text: str, *shapes: shapely.Geometry) -> None:
        write_layer(file, [*((one, {"code": "R2"}) for one in shapes), (square, {"code": "B1"})])
        study.write_text(text, encoding="utf-8")
        alone, (found, log) = read(study), read_by_cache(study)
        require_same(alone, found)
        assert not isinstance(found, str), found
        assert {one.code for one in found.findings} >= {"LAND_OVERLAPS", "ROWS_LEFT_OUT"}
        assert (log["living"], log["candidates"]) == tuple(said.split())

    require_kept("made made", text, square, other)
    require_kept("read read", text, square, other)
    require_kept("made read", text, square, square, other)
    require_kept("read made", text.replace("= 40", "= 30"), square, square, other)
    write_points(study.with_name("sites.csv"), SITES, [(50, 0, "S", "site S", 100, "")])
    require_kept("read read", text, square, other)
