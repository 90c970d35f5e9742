"""Normalise codes and names of administrative zones, so that spellings of one zone are equal."""

from __future__ import annotations

import re
from typing import Final

from circle15.study.vocabulary.categories import normalise

LEVELS: Final = (2, 4, 6, 9, 12)
"""Number of digits of a province, city, county, subdistrict and community code in China."""

_ZEROS: Final = {12: 9, 9: 6, 6: 4, 4: 2}  # a code of a higher level is padded with zeros
_SUFFIX = re.compile(
    r"(街道办事处|街道辦事處|街道|办事处|辦事處|社区居民委员会|社區居民委員會|居民委员会|居民委員會"
    r"|社区居委会|社區居委會|居委会|居委會|村民委员会|村民委員會|村委会|村委會|社区|社區)$"
)


def plain_code(code: str) -> str:
    """
    Return an administrative code without padding zeros; other ids are only normalised.

    Examples
    --------
    >>> plain_code("320213001000"), plain_code("320213000"), plain_code("110000"), plain_code("S-1")
    ('320213001', '320213', '11', 's-1')
    """
    code = normalise(code)
    if code_level(code) is None:
        return code
    while (shorter := _ZEROS.get(len(code))) is not None and not code[shorter:].strip("0"):
        code = code[:shorter]
    return code


def code_level(code: str) -> int | None:
    """
    Return the number of digits of an administrative code; None for other codes.

    Examples
    --------
    >>> code_level("320213001"), code_level("17"), code_level("12345"), code_level("S-1")
    (9, 2, None, None)
    """
    return len(code) if code.isascii() and code.isdigit() and len(code) in LEVELS else None


def parent_code(code: str) -> str | None:
    """
    Return the code of the parent zone; None where there is none.

    Examples
    --------
    >>> parent_code("320213001005"), parent_code("320213"), parent_code("S-1") is None
    ('320213001', '3202', True)
    """
    level = code_level(code)
    if level is None or level == LEVELS[0]:
        return None
    return code[: LEVELS[LEVELS.index(level) - 1]]


def plain_name(name: str) -> str:
    """
    Return a name without its suffix for a subdistrict or community; 镇 and 乡 are part of a name.

    Examples
    --------
    >>> plain_name("广益街道办事处"), plain_name("黄泥头社区居委会"), plain_name("社区")
    ('广益', '黄泥头', '社区')
    """
    name = normalise(name)
    return _SUFFIX.sub("", name) or name


def indent(name: str) -> int:
    """
    Return the number of spaces before a name, by which tables indent lower levels.

    Examples
    --------
    >>> indent("　　广益街道"), indent("梁溪区")
    (2, 0)
    """
    return len(name) - len(name.lstrip())
