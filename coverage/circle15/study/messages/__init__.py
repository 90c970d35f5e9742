"""All texts that users see, in Chinese and English: one TOML file per part and language.

`zh/map.toml` and `en/map.toml` hold the same keys; a test compares them.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from circle15.study.languages import Language

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def messages(language: Language) -> Mapping[str, str]:
    """Return every message template of a language by `part.key`."""
    found: dict[str, str] = {}
    folder = resources.files("circle15.study.messages").joinpath(language)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            part = file.name.removesuffix(".toml")
            for key, template in tomllib.loads(file.read_text("utf-8")).items():
                found[f"{part}.{key}"] = template
    return found


def say(key: str, language: Language, **values: object) -> str:
    """
    Return a message with its values filled in.

    Raises
    ------
    KeyError
        If there is no such message, or a value for it is missing (a bug in circle15).

    Examples
    --------
    >>> say("states.gap", "en")
    'gap'
    """
    return messages(language)[key].format(**values)
