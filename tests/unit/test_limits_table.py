"""The table of limits: printed by doctor, listed in docs, with words in both languages."""

from __future__ import annotations

import importlib.util
import json
from decimal import Decimal
from pathlib import Path

import pytest
from tests.commands import heard

from circle15.study import limits
from circle15.study.limits import ALL, Limit
from circle15.study.toml_text import parse_toml

DOCS = Path(__file__).parents[2] / "docs"


def test_every_limit_stands_in_the_table_once():
    made = [one for one in vars(limits).values() if isinstance(one, Limit)]
    assert sorted(one.name for one in made) == sorted(one.name for one in ALL)
    assert len({one.name for one in ALL}) == len(ALL)


def test_the_page_of_limits_is_current():
    spec = importlib.util.spec_from_file_location("make_limits", DOCS / "make_limits.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (DOCS / "limits.md").read_text("utf-8") == module.limits_page(), "run make_limits.py"


def test_doctor_prints_every_limit(capfd):
    lines = heard(capfd, "doctor").out.splitlines()
    for one in ALL:
        (line,) = [line for line in lines if line.startswith(f"{one.name} ")]
        assert one.value in line
        assert one.where("en") in line
    told = json.loads(heard(capfd, "doctor", "--json").out)["limits"]
    assert [row["name"] for row in told] == [one.name for one in ALL]


def test_a_limit_grows_with_the_file_and_says_so():
    one = limits.ROWS
    assert one.of(0) == one.most
    assert one.of(2_000_000) == one.most + int(one.per_byte * 2_000_000)
    said = str(one.fault("has 9 rows", file="a.csv", size=2_000_000))
    assert said.startswith("a.csv: has 9 rows; the limit for a file of 2,000,000 bytes is ")
    assert said.endswith(one.past("en"))


@pytest.mark.parametrize(("one", "bytes_each"), [(limits.SITES, 88), (limits.ROWS, 20)])
def test_the_list_of_a_province_is_not_refused(one, bytes_each):
    """200,000 rows of some length and more; up to 10 MB nothing rises faster."""
    for many in (200_000, 2_000_000):
        assert one.of(many * bytes_each) > many
    assert one.of(limits.SMALL) == one.most + one.per_byte * limits.SMALL
    assert one.of(limits.SMALL + 100) == one.of(limits.SMALL) + one.beyond * 100
    assert one.value.endswith(f", {one.beyond:g} beyond 10 MB")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (".".join(["a"] * 300_000) + " = 1", "line 1 has a key of more than 32 parts"),
        ('x = "1"\n[' + " . ".join(["'a'"] * 40) + "]", "line 2 has a key of more than 32 parts"),
        ("a = " + '{"b" = ' * 40 + "1" + "}" * 40, "nest too deeply"),
        ("a = " + "[" * 40 + "]" * 40, "nest too deeply"),
        ("\n".join(f"k{k} = 1" for k in range(3000)), "it has 3,000 entries"),
        ("[t]\nx = [" + "1," * 3000 + "]", "t.x has 3,000 entries"),
        ("#" * 5_000_000, "it has 5,000,000 characters"),
    ],
)
def test_toml_that_is_too_much(text, says):
    with pytest.raises(ValueError, match=says):
        parse_toml(text)


def test_toml_with_many_dots_in_its_texts_is_read():
    text = f'a = "{"1." * 5000}"\nb = """\n{"x.y" * 30}\n"""\nc.d.e = 1.5\n'
    assert parse_toml(text)["c"] == {"d": {"e": Decimal("1.5")}}
