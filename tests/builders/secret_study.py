"""A study that holds a secret, and what a command may say of it."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from tests.commands import call
from tests.streets import write_study

SECRET = "s3cr3t-Wort%40x"
NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}


@pytest.fixture
def study(tmp_path):
    return write_study(tmp_path, NODES, ["ABC"], {"h": (0, 0, 1)}, {"S": (0, 0)})


def edit(study, old, new):
    text = study.read_text("utf-8")
    assert text.count(old) == 1, old
    study.write_text(text.replace(old, new), encoding="utf-8")


def of_database(study, url):
    edit(study, 'file = "sites.csv"', f'file = "{url}"')
    return study


def forms_of(secret):
    """How a secret might be written."""
    return (
        secret,
        quote(secret),
        quote(secret, safe=""),
        base64.b64encode(secret.encode()).decode(),
    )


def refused_in_one_line(study, capfd, code):
    """Run `check` and `run`; return what they said, without the secret in it."""
    told = []
    for command in (
        ("check", study),
        ("check", study, "--json"),
        ("run", study, "--out", study.parent / "out"),
    ):
        assert call(*command) == code
        said = capfd.readouterr()
        assert not any(form in said.out + said.err for form in forms_of(SECRET))
        lines = said.err.strip().splitlines()
        assert lines[-1].startswith("circle15: "), said.err
        assert "Traceback" not in said.err
        told.append(lines[-1])
    assert not (study.parent / "out").exists()
    assert told[0] == told[1]
    return told[0]
