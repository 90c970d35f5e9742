"""Ids and names of a pack that cannot stand in files and pages are refused with their line."""

from __future__ import annotations

import pytest
from tests.builders.small_pack import GOOD

from circle15.errors import InputDataError
from circle15.rules.packs.load import load_pack, pack_faults

OWN = """
[indicators.own_count]
zh = "甲"
en = "a"
unit = "persons"
object = true
"""


def faults(folder, old, new):
    path = folder / "bad.toml"
    content = GOOD.lstrip() + OWN
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")
    found = [str(one) for one in pack_faults(path)]
    if found:
        with pytest.raises(InputDataError):
            load_pack(path)
    return found


BAD = [
    "",
    " ",
    "../x",
    "a/b",
    "a\\\\b",
    "..",
    ".",
    "/",
    "a\\u0000",
    "a\\nb",
    "a\\u001b[2J",
    "a ",
    "\\u202ea",
    "\\u2028",
    "\\ufeffa",
    "\\u3000",
    "字" * 70,
]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(("old", "line"), [('id = "own"', 1), ('id = "X-1"', 5)])
def test_ids(tmp_path, old, line, bad):
    found = faults(tmp_path, old, f'id = "{bad}"')
    assert any(f"bad.toml, line {line}: " in one and "id' is " in one for one in found), found
    assert all(one.isprintable() for one in found)


@pytest.mark.parametrize("bad", ["", "  ", "\\t\\n", "\\u3000"])
@pytest.mark.parametrize(
    ("old", "line"),
    [
        ('title = { zh = "甲"', 2),
        ('en = "a" }\nsource', 2),
        ('title = "t"', 3),
        ('publisher = "p"', 3),
        ('meaning = { zh = "甲"', 7),
        ('zh = "甲"\nen = "a"\nunit', 17),
    ],
)
def test_names(tmp_path, old, line, bad):
    first = '"' + old.split('"')[1] + '"'
    found = faults(tmp_path, old, old.replace(first, f'"{bad}"', 1))
    assert any(f"line {line}: " in one and "is blank" in one for one in found), found


@pytest.mark.parametrize("bad", ["../x", "a/b", "", "a\\u0007b"])
def test_ids_of_indicators(tmp_path, bad):
    (found,) = faults(tmp_path, "indicators.own_count", f'indicators."{bad}"')
    assert "bad.toml" in found
    assert found.isprintable()


@pytest.mark.parametrize("good", ["GB 50180-2018", "第3.2条(1)", "a&b", "<b>", "SX-16a", "..a"])
def test_ids_that_may_stand(tmp_path, good):
    assert faults(tmp_path, 'id = "X-1"', f'id = "{good}"') == []
