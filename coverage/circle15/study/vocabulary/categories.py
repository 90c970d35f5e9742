"""The facility categories as data: ids, names, colours and aliases."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from circle15.study.names import MOST_BYTES, half_width
from circle15.study.typed_toml.reader import read_bundled, with_ids
from circle15.study.typed_toml.table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.study.languages import Language


@dataclass(frozen=True, slots=True)
class Category(TomlTable):
    """A kind of service: its names, and the aliases used in tables."""

    id: str
    zh: str
    en: str
    colour: str
    aliases: tuple[str, ...]

    def label(self, language: Language) -> str:
        """Return the display name."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class CategoryFile(TomlTable):
    """The file of the built-in categories."""

    categories: dict[str, Category]

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ARG003 - as of any table
        """Read every table of the file as the category of that id."""
        return {"categories": with_ids(raw)}


_SAFE_ID = re.compile(r"[\w.-]+")

ADDED_COLOURS = (
    "#555555",
    "#0077BB",
    "#EE7733",
    "#009988",
    "#CC3311",
    "#33BBEE",
    "#EE3377",
    "#000000",
)


@cache
def known_categories() -> Mapping[str, Category]:
    """Return the built-in categories by id, in display order."""
    return read_bundled(CategoryFile, "circle15.study.vocabulary", "categories.toml").categories


def normalise(text: str) -> str:
    """
    Fold a name so that spelling variants compare equal.

    Only width, case, spaces and invisible characters (such as a byte-order mark or a zero-width
    space) are ignored, so that different names stay different.

    Examples
    --------
    >>> normalise("　６０＋ 老年 Food ")
    '60+老年food'
    """
    if text.isascii():
        return "".join(text.casefold().split())
    folded = "".join(half_width(text).casefold().split())
    if folded.isprintable():  # then it holds no invisible character
        return folded
    return "".join(one for one in folded if unicodedata.category(one) != "Cf")


def category_of(
    word: str, added: Mapping[str, str], words: Mapping[str, str] | None = None
) -> str | None:
    """
    Return the id of the category that a word in a table means, or None.

    Parameters
    ----------
    word
        A value such as 长者食堂, 居家養老服務站 or `meal_point`.
    added
        Names by id of the categories added by the study.
    words
        Categories of further words, as the study gives them; these go before all others.

    Examples
    --------
    >>> category_of("长者食堂", {}), category_of("幸福院", {}, {"幸福院": "day_care"})
    ('meal_point', 'day_care')
    >>> category_of("超市", {}) is None
    True
    """
    key = normalise(word)
    for own, meant in (words or {}).items():
        if normalise(own) == key:
            return meant
    for category_id, name in added.items():
        if key in {normalise(category_id), normalise(name)}:
            return category_id
    return _known_words().get(key)


@cache
def _known_words() -> Mapping[str, str]:
    """Return the first built-in category of every name and alias, normalised."""
    found: dict[str, str] = {}
    for category in known_categories().values():
        for word in (category.id, category.zh, category.en, *category.aliases):
            found.setdefault(normalise(word), category.id)
    return found


def fault_of_added(
    added: Mapping[str, str], reserved: Sequence[str]
) -> tuple[str, str, str] | None:
    """
    Return which added category cannot be told from another, why, and the fix; None if all can.

    Ids that differ only in case or width are equal to some file formats and to readers; rows with
    a name shared by two categories would be ambiguous.

    Examples
    --------
    >>> fault_of_added({"kiosk": "亭", "Kiosk": "亭子"}, ("any", "all"))[1]
    "differs from 'kiosk' in case only."
    >>> fault_of_added({"kiosk": "亭"}, ("any", "all")) is None
    True
    """
    kept = (*known_categories(), *reserved)
    ids = {normalise(key): key for key in kept}
    words: dict[str, str] = {}
    for key, name in added.items():
        where = f"categories.{key}"
        safe = _SAFE_ID.fullmatch(key) and len(key.encode()) <= MOST_BYTES
        if key in kept or not safe:
            found = "cannot be the id of an added category."
            mend = "Use letters, digits, '-', '_' and '.', 200 bytes at most, and no id in use."
            if key in known_categories():
                mend = f'For a word of your lists: [category_words] "{name}" = "{key}".'
            return where, found, mend
        other = ids.setdefault(normalise(key), key)
        if other != key:
            how = "case" if other.casefold() == key.casefold() else "the form of its letters"
            found = f"differs from '{other}' in {how} only."
            return where, found, "Give each category an id that no file format takes for another."
        if not name.strip():
            return where, "has a blank name.", "Name it as it is shown."
        for word in {normalise(key), normalise(name)}:
            other = words.setdefault(word, key)
            if other != key:
                return where, f"is called like '{other}'.", "Give each category words of its own."
    return None


def fault_of_words(
    words: Mapping[str, str], added: Mapping[str, str]
) -> tuple[str, str, str] | None:
    """
    Return which word of lists names no category or two, why, and the fix; None if all are fine.

    Examples
    --------
    >>> fault_of_words({"幸福院": "nowhere"}, {})[:2]
    ('category_words.幸福院', "'nowhere' is not a category.")
    >>> fault_of_words({"幸福院": "kiosk"}, {"kiosk": "亭"}) is None
    True
    """
    known = (*known_categories(), *added)
    meant: dict[str, str] = {}
    for word, category in words.items():
        where = f"category_words.{word}"
        if not normalise(word):
            return where, "is a blank word.", "Write the word as it stands in your list."
        if category not in known:
            mend = f"Known: {', '.join(known)}; add your own under [categories]."
            return where, f"{category!r} is not a category.", mend
        if meant.setdefault(normalise(word), category) != category:
            return where, "is there twice, with two categories.", "Keep one of them."
    return None


def category_label(category_id: str, language: Language, added: Mapping[str, str]) -> str:
    """Return the display name of a category; the id itself if it is unknown."""
    known = known_categories().get(category_id)
    return known.label(language) if known else added.get(category_id, category_id)


def category_colour(category_id: str, added: Sequence[str] = ()) -> str:
    """
    Return the marker colour of a category.

    Categories added by a study take the colours of `ADDED_COLOURS` in turn.

    Examples
    --------
    >>> category_colour("bench", ("shade", "bench")), category_colour("bench")
    ('#0077BB', '#555555')
    """
    known = known_categories().get(category_id)
    if known:
        return known.colour
    place = added.index(category_id) if category_id in added else 0
    return ADDED_COLOURS[place % len(ADDED_COLOURS)]
