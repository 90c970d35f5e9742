"""`circle15 fetch` and `[network] place` with servers that this test starts: no internet."""

from __future__ import annotations

import json
import time

import pytest
from tests.builders.place_server import NODES, a_place
from tests.commands import call
from tests.osm_server import DATE, PLACE, Mood
from tests.streets import write_study

from circle15 import run
from circle15.errors import InputDataError, OutsideError
from circle15.network.sources.study_network import read_network
from circle15.study.settings.download_paths import BOUNDARY, EXTENT, RECORD, beside
from circle15.study.settings.reading import load_study


@pytest.fixture
def server():
    with a_place() as known:
        yield known


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Every pause, noted instead of slept."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def study_of_a_place(folder, server, more=""):
    study = write_study(folder, NODES, ["ABC"], {"h": (10, 5, 100)}, {"f": (500, 5)})
    text = study.read_text("utf-8").replace(
        'file = "streets.geojson"\nextent = "extent.geojson"',
        f'place = "{PLACE}"\nmirror = "{server.overpass}/interpreter"\n'
        f'geocoder = "{server.url}"{more}',
    )
    study.write_text(text, encoding="utf-8")
    return study


def test_a_study_of_a_place(server, tmp_path, monkeypatch):
    """
    The home joins A-B at 10 m with a leg of 5 m, the facility B-C at 500 m: 490 m + 10 m. The
    network keeps beside the study; without servers the same study gives the same bytes.
    """
    study = study_of_a_place(tmp_path, server)
    first = run(study, out=tmp_path / "one")
    row = first.result.coverage.iloc[0]
    assert row["time_ms"] == pytest.approx(500_000, abs=40)
    assert first.result.network.extent_source == "given"
    kept = sorted(path.name for path in (tmp_path / "data" / "cache").iterdir())
    assert len(kept) == 4
    told = first.summary["provenance"]["download"]
    assert (told["place"], told["data_date"], told["reach_m"]) == (PLACE, DATE, 1280)
    inputs = {one["path"]: one["sha256"] for one in first.summary["provenance"]["inputs"]}
    assert told["sha256"] in inputs.values()
    assert PLACE in (tmp_path / "one" / "report.html").read_text("utf-8")

    asked = server.n_asked
    server.moods = [Mood(500)] * 9
    second = run(study, out=tmp_path / "two")
    assert server.n_asked == asked
    for path in sorted((tmp_path / "one").iterdir()):
        if path.name not in {"run.json", "run.log"}:
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    assert second.summary == first.summary


def damage(cache, how):
    """Damage what is kept of a place; return the file."""
    (file,) = cache.glob("*.osm.pbf")
    path = beside(file, how) if how.startswith(".") else file
    path.write_bytes({RECORD: b"[" * 100_000}.get(how, path.read_bytes()[:-9] + b"damage"))
    return file


@pytest.mark.parametrize("how", ["streets", EXTENT, BOUNDARY, RECORD])
def test_a_kept_download_that_is_damaged_is_thrown_away(server, tmp_path, caplog, how):
    """It is downloaded again, and said; where that fails, nothing that is damaged is read."""
    study = load_study(study_of_a_place(tmp_path, server))
    read_network(study, lambda *_: None)
    cache = tmp_path / "data" / "cache"
    whole = {path.name: path.read_bytes() for path in cache.iterdir() if path.suffix == ".pbf"}
    file = damage(cache, how)
    server.moods = [Mood(500)]
    with pytest.raises(OutsideError, match="answered 500"):
        read_network(study, lambda *_: None)
    caplog.clear()
    read_network(study, lambda *_: None)
    assert sum("Downloading it again" in line for line in caplog.messages) == 1
    assert file.read_bytes() == whole[file.name]
    asked = server.n_asked
    read_network(study, lambda *_: None)
    assert server.n_asked == asked


def test_a_study_names_a_place_or_a_file(server, tmp_path):
    for more, says in [
        ('\nfile = "streets.geojson"', "are both given"),
        ('\nplaces = "x"', "Did you mean 'place'"),
    ]:
        with pytest.raises(InputDataError, match=says):
            load_study(study_of_a_place(tmp_path, server, more))
    study = study_of_a_place(tmp_path, server)
    text = study.read_text("utf-8")
    study.write_text(text.replace(PLACE, "  "), encoding="utf-8")
    with pytest.raises(InputDataError, match=r"network\.place.*blank"):
        load_study(study)
    study.write_text(text.replace(f'place = "{PLACE}"', 'file = "sites.csv"'), encoding="utf-8")
    with pytest.raises(InputDataError, match="serves a place only"):
        load_study(study)


def test_the_command(server, tmp_path, monkeypatch, capsys):
    file = tmp_path / "new" / "p.osm.pbf"
    server.moods = [Mood(), Mood(429, b"", {"Retry-After": "3"})]
    options = ("--out", file, "--mirror", server.overpass, "--geocoder", server.url)
    assert call("fetch", PLACE, *options) == 0
    printed = capsys.readouterr()
    assert "trying again in 3 s" in printed.err
    assert printed.out.splitlines()[0] == str(file)
    assert 'extent = "p.extent.geojson"' in printed.out
    asked = server.n_asked
    assert call("fetch", PLACE, *options, "--json") == 0
    assert json.loads(capsys.readouterr().out)["place"] == PLACE
    assert server.n_asked == asked


def test_exit_codes(server, tmp_path, monkeypatch, capsys):
    options = ("--out", tmp_path / "p.osm", "--mirror", server.overpass, "--geocoder", server.url)
    assert call("fetch", "nowhere", *options) == 2
    server.moods = [Mood(503)] * 9
    assert call("fetch", PLACE, *options) == 3
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("circle15: http://127.0.0.1")
    assert "Traceback" not in last
    assert call("fetch", PLACE, *options, "--buffer", "-5") == 2
