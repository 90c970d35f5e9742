"""Names of layers and fields in the language of a study, and as programs know them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from circle15.study.messages import messages
from circle15.study.settings.records import GROUPS
from circle15.study.vocabulary.categories import known_categories
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circle15.output.text.wording import Words

_LONGEST: Final = 60
_NOT_NAME: Final = re.compile(r"[\W_]+")
_WITHIN: Final = re.compile(r"catchment_persons_(\d+)_min")
_PREFIXES: Final = ("lacks", "group", "if", "persons")


def layer_name(layer: str, words: Words) -> str:
    """Return the name of a layer in a geodatabase."""
    return words.say(f"gdb.layer_{layer}") if words.language == "zh" else layer


def field_names(layer: str, keys: Iterable[str], words: Words) -> dict[str, tuple[str, str]]:
    """
    Return the name and the alias of each field of a layer by its key.

    In a study in Chinese the name is Chinese and the alias is the key, as in `results.gpkg`; in
    English the name is the key. Names hold letters, digits and `_` only and are unique.
    """
    found: dict[str, tuple[str, str]] = {}
    taken: set[str] = set()
    for key in keys:
        label = field_label(layer, key, words)
        name = _NOT_NAME.sub("_", label if words.language == "zh" else key).strip("_")[:_LONGEST]
        number = 1
        unique = name
        while unique.casefold() in taken:
            number += 1
            unique = f"{name}_{number}"
        taken.add(unique.casefold())
        found[key] = unique, key if words.language == "zh" else label
    return found


def field_label(layer: str, key: str, words: Words) -> str:
    """Return what a field holds, in words; the key itself where nothing is known of it."""
    return next(_labels(layer, key, words), key)


def _labels(layer: str, key: str, words: Words) -> Iterator[str]:
    known = messages(words.language)
    for name in (f"gdb.field_{layer}_{key}", f"gdb.field_{key}"):
        if name in known:
            yield words.say(name)
    if key in GROUPS:
        yield words.say("gdb.people", group=words.group(key))
    if f"columns.{key}" in known:
        yield words.say(f"columns.{key}")
    within = _WITHIN.fullmatch(key)
    if within is not None:
        yield words.say("gdb.persons_within", minutes=within[1])
    categories = (*known_categories(), *words.study.categories, ALL)
    for category in sorted(categories, key=len, reverse=True):
        if key.startswith(f"{category}_") and f"gdb.of_{key[len(category) + 1 :]}" in known:
            rest = words.say(f"gdb.of_{key[len(category) + 1 :]}")
            yield f"{words.category(category)} {rest}"
    prefix, _, rest = key.partition("_")
    if prefix in _PREFIXES and f"gdb.prefix_{prefix}" in known:
        if f"gap_reasons.{rest}" in known:
            what = words.say(f"gap_reasons.{rest}")
        elif prefix == "lacks":
            what = words.category(rest)
        else:
            what = words.group(rest) if rest in GROUPS else rest
        yield f"{words.say(f'gdb.prefix_{prefix}')} {what}"
