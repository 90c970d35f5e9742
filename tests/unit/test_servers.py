"""Addresses of servers in the place of paths: recognised, refused, and never printed."""

from __future__ import annotations

import json

import pytest
from tests.builders.small_study import PACK, RULE, write_small
from tests.commands import heard

from circle15.errors import InputDataError, OutsideError, without_passwords
from circle15.rules.packs.load import load_packs
from circle15.study.servers import names_a_server
from circle15.study.settings.reading import load_study

SECRET = "s3cr3t"
ADDRESSES = {
    "postgres": f"postgresql://user:{SECRET}@host/db",
    "spaces": f"  POSTGRESQL://user:{SECRET}@host/db?table=a.b",
    "jdbc": f"jdbc:postgresql://host/db?user=u&password={SECRET}",
    "libpq": f"host=10.0.0.5 dbname=x user=u password={SECRET}",
    "odbc": f"Driver={{PostgreSQL}};Server=h;Uid=u;Pwd={SECRET}",
    "in quotes": f"'postgresql://u:{SECRET}@h/d'",
    "oracle": f"ODBC:u/{SECRET}@dsn",
    "one slash": f"https:/u:{SECRET}@h/x.csv",
    "https": f"https://u:{SECRET}@h/x.csv",
    "no scheme": f"user:{SECRET}@host/db",
    "mark before": f"\ufeffpostgresql://u:{SECRET}@h/d",
    "full width": f"postgresql：//u:{SECRET}@h/d",
    "gdal": f"/vsizip//vsicurl/https://u:{SECRET}@h/x.zip",
    "share": f"//u:{SECRET}@h/share/x.csv",
}
KEYS = {
    "file": ('"homes.csv"', "{}"),
    "pack": ("[walk]", "[rules]\npacks = [{}]\n[walk]"),
    "folder": ('"small"', "{}"),
    "profile": ("[walk]", "[walk]\nprofile = {}"),
    "key": ("[walk]", "[walk]\n{} = 1"),
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("written", ADDRESSES)
def test_no_key_of_a_study_prints_a_password(tmp_path, written, key):
    study = write_small(tmp_path)
    old, new = KEYS[key]
    text = study.read_text("utf-8").replace(old, new.format(json.dumps(ADDRESSES[written])), 1)
    study.write_text(text, encoding="utf-8")
    with pytest.raises(InputDataError) as error:
        load_study(study)
    assert SECRET not in str(error.value)
    assert names_a_server(ADDRESSES[written])
    if key in {"file", "pack"} and written not in {"postgres", "spaces"}:
        assert "is the address of a server, not the path of a file." in str(error.value)


@pytest.mark.parametrize("written", ["C:/data/a@b.csv", "C:\\a.csv", "a=b.csv", "./x", "人口.csv"])
def test_a_path_is_no_address(written):
    assert not names_a_server(written)


def test_a_file_of_such_a_name_is_a_file(tmp_path):
    study = write_small(tmp_path)
    (tmp_path / "homes.csv").rename(tmp_path / "user=a.csv")
    study.write_text(study.read_text("utf-8").replace("homes.csv", "user=a.csv"), encoding="utf-8")
    assert load_study(study).demand.layers[0].points == tmp_path / "user=a.csv"


@pytest.mark.parametrize("written", ["postgres"])
def test_no_command_takes_an_address_for_a_path(tmp_path, capfd, monkeypatch, written):
    monkeypatch.chdir(tmp_path)
    study, address = write_small(tmp_path), ADDRESSES[written]
    before = sorted(tmp_path.rglob("*"))
    for command in (
        ("check", address),
        ("rules", "check", address),
        ("rules", "check", f"{address}/own.toml"),
        ("run", study, "--out", address),
        ("check", study, "--html", address),
        ("init", address),
        ("fetch", "梁溪区", "--out", f"{address}.osm.pbf"),
    ):
        code, _, said = heard(capfd, *command)
        assert (code, said.count("\n")) == (2, 1), said
        assert "the address of a server is given where a path is needed" in said
        assert SECRET not in said
    assert sorted(tmp_path.rglob("*")) == before


def test_outside_faults_print_none_either():
    said = str(OutsideError(f"postgresql://u:{SECRET}@h/d cannot be reached (password='{SECRET}')"))
    assert said == "postgresql://u:***@h/d cannot be reached (password=***)"


@pytest.mark.parametrize("text", ["h.csv, row 1: x", "postgresql://u@h:5432/d?table=a.b", "1:2"])
def test_other_texts_are_unchanged(text):
    assert without_passwords(text) == text


@pytest.mark.parametrize("name", ["own.TOML", "Own.Toml"])
def test_a_pack_in_upper_case_is_a_file(tmp_path, name):
    (tmp_path / name).write_text(PACK + RULE % 1, encoding="utf-8")
    study = write_small(tmp_path)
    study.write_text(f'{study.read_text("utf-8")}\n[rules]\npacks = ["{name}"]\n', encoding="utf-8")
    settings = load_study(study)
    assert settings.rules.packs == (str(tmp_path / name),)
    assert load_packs(settings.rules.packs)[0].rules
