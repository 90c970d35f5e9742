"""A study of files that a bureau has: what is written, guessed, missing and refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import shapely
from tests.streets import straight, write_layer, write_points, write_streets

from circle15.errors import InputDataError, MissingFileError
from circle15.study.settings.reading import load_study
from circle15.workflow.starting.own_study import OwnFiles, start_own_study

AS_OF = dt.date(2025, 12, 31)


@pytest.fixture
def data(tmp_path):
    """A street of 600 m, two homes, a station, the area, and a list of zones."""
    folder = tmp_path / "data"
    folder.mkdir()
    nodes, word = straight(600)
    write_streets(folder / "streets.geojson", nodes, word)
    homes = [(shapely.Point(x, 5), {"demand_id": f"h{x}", "p60": 10}) for x in (50, 550)]
    write_layer(folder / "homes.geojson", homes)
    station = {"facility_id": "S1", "name": "Station", "category": "home_care_station"}
    write_layer(folder / "stations.geojson", [(shapely.Point(300, 5), station)])
    write_layer(folder / "boundary.geojson", [(shapely.box(-99, -99, 699, 99), {})])
    zone = {"zone_id": "Z1", "name": "East", "kind": "new", "households": 100}
    write_layer(folder / "zones.geojson", [(shapely.Point(300, 5), zone)])
    return folder


def start(folder: Path, **files: Any) -> tuple[Any, list[str], list[str]]:
    """Start a study; return its settings as text, the notes that it has, and the stages."""
    stages: list[str] = []
    more = {key: files.pop(key) for key in ("overwrite", "language") if key in files}
    given = {"language": "en", **more}
    started = start_own_study(folder, OwnFiles(**files), as_of=AS_OF, report=stages.append, **given)
    assert started.study == folder / "study.toml"
    assert [one.name for one in folder.iterdir() if one.suffix != ".geojson"] == ["study.toml"]
    return started, [f"{one.kind} {one.code}" for one in started.notes], stages


def everything(data: Path) -> dict[str, Any]:
    return {
        "network": data / "streets.geojson",
        "people": (data / "homes.geojson",),
        "facilities": (data / "stations.geojson",),
        "boundary": data / "boundary.geojson",
        "zones": (data / "zones.geojson",),
    }


def test_a_study_of_all_files(data, tmp_path):
    city = tmp_path / "New City"
    city.mkdir()
    _, notes, stages = start(city, **everything(data))
    study = load_study(city / "study.toml")
    assert (study.name, study.title, study.as_of) == ("New-City", "New-City", AS_OF)
    assert study.language == "en"
    assert study.network.file == data / "streets.geojson"
    assert study.area.boundary == data / "boundary.geojson"
    (layer,) = study.demand.layers
    assert (layer.group, layer.points) == ("p60", data / "homes.geojson")
    (sites,) = study.facilities
    assert sites.file == data / "stations.geojson"
    (zones,) = study.residential_zones
    assert zones.file == data / "zones.geojson"
    assert study.circle.require == ("home_care_station",)
    missing = [note.split()[1] for note in notes if note.startswith("missing")]
    assert missing[:2] == ["no_status", "no_floor_area_m2"]  # of the station
    assert missing[2:] == ["no_subdistricts", "no_packs", "no_capacity"]
    assert stages  # the datums were looked at


def test_files_in_the_folder_are_named_from_there(data):
    start(data, **everything(data))
    text = (data / "study.toml").read_text("utf-8")
    assert 'file = "streets.geojson"' in text
    assert 'boundary = "boundary.geojson"' in text


def test_what_is_not_given_is_named_as_a_file_to_put_there(tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    started, notes, stages = start(city)
    assert stages == []  # nothing can be tested
    missing = ["no_network", "no_people", "no_boundary", "no_facilities", "no_zones"]
    assert notes == [
        f"missing {code}" for code in (*missing, "no_subdistricts", "no_packs", "no_capacity")
    ]
    text = started.study.read_text("utf-8")
    assert 'file = "network.osm.pbf"' in text
    assert 'points = "people.csv"' in text
    with pytest.raises(MissingFileError, match=r"'network\.file': no such file: .*osm\.pbf"):
        load_study(started.study)


def test_zones_stand_in_for_people(data, tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    files = everything(data) | {"people": ()}
    _, notes, _ = start(city, **files)
    assert "guessed people_of_zones" in notes
    (layer,) = load_study(city / "study.toml").demand.layers
    assert layer.points == data / "zones.geojson"


def test_zones_that_count_no_people_do_not(data, tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    write_layer(data / "zones.geojson", [(shapely.Point(300, 5), {"zone_id": "Z", "kind": "new"})])
    _, notes, _ = start(city, **everything(data) | {"people": ()})
    assert "missing no_people" in notes


def test_an_input_whose_datum_cannot_be_tested(data, tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    (data / "homes.csv").write_text("x,y,p60\n500050,3490005,10\n", "utf-8")
    started, notes, _ = start(city, **everything(data) | {"people": (data / "homes.csv",)})
    assert "missing not_tested" in notes
    (note,) = (one for one in started.notes if one.code == "not_tested")
    assert "homes.csv" in note.detail["reason"]


def test_a_study_is_replaced_only_when_asked(data, tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    (city / "study.toml").write_text("mine", "utf-8")
    with pytest.raises(InputDataError, match=r"study\.toml: there is a study already\. .* --force"):
        start(city, **everything(data))
    assert (city / "study.toml").read_text("utf-8") == "mine"
    start(city, overwrite=True, **everything(data))
    assert load_study(city / "study.toml").network.file == data / "streets.geojson"


def test_a_file_that_is_not_there_or_of_no_use_writes_nothing(data, tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    with pytest.raises(MissingFileError, match=r"none\.csv: no such file\. Correct the path\."):
        start(city, **everything(data) | {"facilities": (data / "none.csv",)})
    write_points(data / "bad.csv", "demand_id,note", [(0, 0, "h", "x")])
    with pytest.raises(InputDataError, match="no column counts people"):
        start(city, **everything(data) | {"people": (data / "bad.csv",)})
    assert list(city.iterdir()) == []


def test_words_of_the_language_are_in_the_file(data, tmp_path):
    for language, word in (("en", "Guessed"), ("zh", "推测")):
        city = tmp_path / language
        city.mkdir()
        start(city, language=language, **everything(data))
        assert word in (city / "study.toml").read_text("utf-8")
