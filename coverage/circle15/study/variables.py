"""
Environment variables that a study refers to by `${NAME}`, in paths and for a password.

A study may come from someone else. Variables whose names look like secrets are refused in paths,
as results and messages show paths; a value is never part of a message.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from collections.abc import Callable

VARIABLE: Final = re.compile(r"\$\{(\w+)\}")

_WORD_BREAK: Final = re.compile(r"[_\W\d]+|(?<=[a-z])(?=[A-Z])")
_OF_KEYS: Final = ("TOKEN", "CREDENTIAL", "APIKEY", "ACCESSKEY", "SECRETKEY", "密钥", "令牌")
_OF_PASSWORDS: Final = ("PASSW", "PASSPHRASE", "PGPASS", "SECRET", "口令", "密码")
_KEY_WORDS: Final = frozenset({"KEY", "KEYS", "AUTH", "CREDS", "PAT", "PRIVATE", "COOKIE"})
_PASSWORD_WORDS: Final = frozenset({"PASS", "PWD", "PW", "PIN"})
_FOLDERS: Final = frozenset({"PWD", "OLDPWD"})  # working folders of a shell, not passwords
_MOST_NAMES: Final = 12  # in a message


@dataclass(frozen=True)
class _Use:
    """A use of variables: which names are allowed, and the messages for others."""

    allowed: Callable[[str], bool]
    refusal: str
    rule: str
    shown: Callable[[str], bool]
    """Whether a message may suggest a variable with this value."""


def expand_path(text: str) -> str:
    """
    Replace each `${NAME}` in a path by the value of the environment variable.

    Raises
    ------
    InputDataError
        If a variable is not set, or its name looks like a secret.
    """
    return VARIABLE.sub(lambda match: _value(match[1], _PATH), text)


def password_of(name: str) -> str:
    """
    Return the password held by a variable.

    Raises
    ------
    InputDataError
        If the variable is not set or empty, or its name does not look like a password, so that a
        study cannot send other secrets to a server.
    """
    found = _value(name, _PASSWORD)
    if not found:
        raise InputDataError(f"the variable {name} is empty.", mend="Set it to the password.")
    return found


def looks_like_a_secret(name: str) -> bool:
    """
    Whether the name of a variable looks like that of a secret.

    Examples
    --------
    >>> [looks_like_a_secret(name) for name in ("AWS_SECRET_ACCESS_KEY", "dbPass", "DATA", "PWD")]
    [True, True, False, False]
    """
    return _is_of_a_key(name) or _is_of_a_password(name)


def _value(name: str, use: _Use) -> str:
    if name in os.environ and use.allowed(name):
        return os.environ[name]
    names = sorted(
        key for key, value in os.environ.items() if use.allowed(key) and use.shown(value)
    )
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    choice = f"{use.rule}; set are: {', '.join(names[:_MOST_NAMES]) or 'none'}{more}."
    if name not in os.environ:
        raise InputDataError(f"the variable {name} is not set.", mend=f"Set it. {choice}")
    raise InputDataError(f"may not read the variable {name}: {use.refusal}.", mend=choice)


def _is_there(value: str) -> bool:
    try:
        return Path(value).is_absolute() and Path(value).exists()
    except OSError:
        return False


def _is_of_a_key(name: str) -> bool:
    return bool(_words(name) & _KEY_WORDS) or any(mark in name.upper() for mark in _OF_KEYS)


def _is_of_a_password(name: str) -> bool:
    upper = name.upper()
    return name not in _FOLDERS and (
        bool(_words(name) & _PASSWORD_WORDS)
        or any(mark in upper for mark in _OF_PASSWORDS)
        or upper.endswith(("PASS", "PWD", "WORD"))
    )


def _words(name: str) -> set[str]:
    return {word.upper() for word in _WORD_BREAK.split(name)}


_PATH: Final = _Use(
    allowed=lambda name: not looks_like_a_secret(name),
    refusal="its name is that of a secret, and paths are shown in messages and results",
    rule="In a path a study may read any variable whose name is not that of a secret",
    shown=_is_there,
)
_PASSWORD: Final = _Use(
    allowed=lambda name: _is_of_a_password(name) and not _is_of_a_key(name),
    refusal="its name is not that of a password",
    rule="For a password a study may read variables with PASSWORD, PASS, PWD, WORD or SECRET "
    "in their name",
    shown=lambda _value: True,
)
