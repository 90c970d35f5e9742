"""The reader of TOML tables: what it accepts and refuses, and the place that it reports."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field
from decimal import Decimal
from importlib import resources
from typing import Annotated

import pytest

from circle15.study.toml_text import parse_toml
from circle15.study.typed_toml.kinds import Day, Finite, Number, OneOf, OneOrMore, Whole, YesNo
from circle15.study.typed_toml.reader import TableFaults, read_table
from circle15.study.typed_toml.table import TomlTable
from circle15.study.vocabulary.categories import CategoryFile
from circle15.study.vocabulary.indicators import IndicatorFile
from circle15.study.vocabulary.profiles import ProfileFile


@dataclass(frozen=True, slots=True)
class Shelf(TomlTable):
    books: Whole
    label: str = ""
    height_m: Number = Decimal("0.30")
    depth_m: Finite | None = None
    words: OneOrMore[str] = ()
    full: YesNo = False
    built: Day | None = None
    by_kind: dict[Annotated[str, OneOf(("novel", "poem"))], Whole] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Room(TomlTable):
    shelves: tuple[Shelf, ...]
    main: Shelf | None = None


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(TableFaults) as caught:
        read_table(Room, parse_toml(text))
    return [(fault.path, fault.kind) for fault in caught.value.faults]


def test_numbers_are_those_of_the_text_and_records_are_frozen():
    room = read_table(Room, parse_toml("[[shelves]]\nbooks = 3\nheight_m = 0.10\nwords = 'a'"))
    (shelf,) = room.shelves
    assert (str(shelf.height_m), shelf.words, shelf.depth_m) == ("0.10", ("a",), None)
    with pytest.raises(FrozenInstanceError):
        shelf.books = 4  # type: ignore[misc]  # that is what is tried


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("books = 3.0", "int_type"),
        ("books = true", "int_type"),
        ("books = '3'", "int_type"),
        ("label = 3", "string_type"),
        ("height_m = '0.3'", "number_type"),
        ("height_m = false", "number_type"),
        ("depth_m = nan", "no_finite_number"),
        ("depth_m = inf", "no_finite_number"),
        ("words = 3", "tuple_type"),
        ("full = 1", "bool_type"),
        ("full = 'yes'", "bool_type"),
        ("built = 2025-01-01T00:00:00", "date_with_time"),
        ("built = '2025-01-01'", "date_type"),
        ("by_kind = 3", "dict_type"),
    ],
)
def test_nothing_is_taken_for_another_type(line, kind):
    books = "" if line.startswith("books") else "books = 1\n"
    key = line.partition(" ")[0]
    assert faults(f"[[shelves]]\n{books}{line}") == [(f"shelves[0].{key}", kind)]


def test_all_faults_are_found_and_misspelt_keys_come_first():
    found = faults("[[shelves]]\nlabel = 1\n[[shelves]]\nboks = 1\n[main]\nbooks = 1\nwords = [2]")
    assert found == [
        ("shelves[1].boks", "unknown"),
        ("shelves[0].books", "missing"),
        ("shelves[0].label", "string_type"),
        ("shelves[1].books", "missing"),
        ("main.words[0]", "string_type"),
    ]


def test_a_key_of_a_closed_set_is_unknown_and_the_set_is_known():
    with pytest.raises(TableFaults) as caught:
        read_table(Shelf, {"books": 1, "by_kind": {"drama": 1}})
    (fault,) = caught.value.faults
    assert (fault.path, fault.kind, fault.allowed) == (
        "by_kind.drama",
        "unknown",
        ("novel", "poem"),
    )


def test_a_key_that_cannot_be_printed_stays_on_one_line():
    (found, _), *_ = faults('[main]\nbooks = 1\n"a\\nb" = 1\n[[shelves]]\nbooks = 1')
    assert found == r"main.a\nb"
    (found, _), *_ = faults(f"shelves = []\n{'k' * 300} = 1")
    assert found == f"{'k' * 80}…"


@pytest.mark.parametrize(
    ("kind", "name", "old", "new", "place"),
    [
        (
            ProfileFile,
            "profiles",
            "[adult]\nspeed_m_s = 1.3",
            "[adult]\nspeed_ms = 1.3",
            "profiles.adult.speed_ms",
        ),
        (
            ProfileFile,
            "profiles",
            "cycle_s = 90",
            "cycle_s = 90.5",
            "profiles.older-adult.signal.cycle_s",
        ),
        (
            IndicatorFile,
            "indicators",
            '"flag", object = true',
            '"flag", object = "yes"',
            "indicators.function_small_home.object",
        ),
        (
            CategoryFile,
            "categories",
            'colour = "#882255"',
            "colour = 3",
            "categories.complex.colour",
        ),
    ],
)
def test_a_slip_in_our_own_data_is_found(kind, name, old, new, place):
    text = resources.files("circle15.study.vocabulary").joinpath(f"{name}.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(TableFaults, match=place.replace(".", r"\.")):
        read_table(kind, parse_toml(text.replace(old, new, 1)))
