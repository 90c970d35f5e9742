"""Read single cells exactly: numbers as decimals with their units, yes and no, ids."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Context, Decimal, InvalidOperation
from numbers import Number
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from circle15.study.limits import NUMBER
from circle15.study.names import half_width

if TYPE_CHECKING:
    from collections.abc import Mapping

BLANK: Final = frozenset(
    {"", "-", "--", "—", "——", "–", "/", "\\", "无", "無", "nan", "none", "null", "n/a", "#n/a"}
    | {"不详", "不詳", "不明", "未知", "暂无", "暫無"}
)
_LARGEST_EXPONENT = NUMBER.most  # keeps every sum and printing exact
_TOO_LARGE = 10**_LARGEST_EXPONENT
_SMALLEST_EXPONENT = -40  # of a decimal place: smaller is not a measurement, and slow as a fraction
_YES = frozenset({"1", "true", "yes", "y", "是", "存疑"})
_NO = frozenset({"0", "false", "no", "n", "否"})


class NegativeNumberError(ValueError):
    """A cell holds a number below 0 where there can be none."""


def code_of(error: ValueError) -> str:
    """Return the code of the finding for a cell that cannot be used."""
    return "NEGATIVE_VALUE" if isinstance(error, NegativeNumberError) else "UNREADABLE"


class NoValue(str):
    """
    The content of a workbook cell whose formula has no value: the formula, or its error.

    It is never read as a number, date, word or blank; `cell` is its name, such as G2, and `failed`
    distinguishes an error such as #REF! from a formula that was never computed.
    """

    cell: str
    failed: bool

    def __new__(cls, text: str, cell: str, *, failed: bool = False) -> NoValue:
        """Make one; `text` is what messages show."""
        self = super().__new__(cls, text)
        self.cell, self.failed = cell, failed
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies keep the name of the cell."""
        return (_no_value, (str(self), self.cell, self.failed))


def _no_value(text: str, cell: str, failed: bool) -> NoValue:  # noqa: FBT001 - what pickle calls
    return NoValue(text, cell, failed=failed)


Units = MappingProxyType[str, tuple[int, int]]
"""Units that fit a field, each with its size as a fraction: numerator and denominator."""


def _units(*words: str) -> Units:
    return MappingProxyType(dict.fromkeys(words, (1, 1)))


NO_UNIT: Final = _units()
PERSONS: Final = _units("人", "名", "位", "口")
HOUSEHOLDS: Final = _units("户", "戶", "家")
DWELLINGS: Final = _units("套")
BEDS: Final = _units("张", "張", "床", "个", "個", "张床", "床位")
MEALS: Final = _units(
    *(word + day for word in ("客", "份", "人", "人次", "餐") for day in ("", "/日", "/天"))
)
MONEY: Final = _units("元", "人民币", "圆", "yuan", "cny", "rmb")
PLACES: Final = _units("个", "個", "人", "名", "位", "托位")
AREAS: Final[Units] = MappingProxyType(
    dict.fromkeys(("m2", "平方米", "平米", "平方公尺", "平方", "平", "sqm"), (1, 1))
    | {"亩": (2000, 3), "畝": (2000, 3)}
    | dict.fromkeys(("公顷", "公頃", "ha", "hm2"), (10_000, 1))
)

_SCALES: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_AREA_STEP: Final = Decimal("1e-12")
_EXACT: Final = Context(prec=80)
_QUANTITY: Final = re.compile(
    r"(?P<about>大约|大約|约为|约|約|大概|将近|接近|近|逾|超|~|≈)?"
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"(?P<scale>[万萬亿億])?(?P<more>余|餘|多)?"
    r"(?P<unit>[a-z]{0,3}m2|[^\d\s.,+-]*?)(?P<round>左右|上下|余|餘|多)?"
)
_RAISED: Final = re.compile(
    r"(?<![A-Za-zｍ㎡])[\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u249b\u24ea-\u24ff]"
)
"""Digits of a power or a footnote: 300² and 300① are not 3002 and 3001."""
_SPACE: Final = re.compile(r"\s+")
_OF_A_NUMBER: Final = re.compile(r"[\d,.+-]")


def clean(cell: Any) -> str | None:
    """
    Return a cell as text of half-width characters, None where it is blank.

    Examples
    --------
    >>> clean("　３００㎡ "), clean("—"), clean(None)
    ('300m2', None, None)
    """
    if cell is None or (isinstance(cell, Number) and cell != cell):  # NaN is not equal to itself
        return None
    if isinstance(cell, NoValue):
        return str(cell)
    text = str(cell)
    text = half_width(text).strip()
    return None if text.casefold() in BLANK else text


def parse_number(cell: Any) -> Decimal | None:
    """
    Read a plain number exactly as it is written; None where the cell is blank.

    A spreadsheet's binary number is read in its shortest decimal form, so 300.1 stays 300.1.

    Raises
    ------
    ValueError
        If the cell is not a plain finite number below 10¹⁵. Units and words are not guessed.

    Examples
    --------
    >>> parse_number("1,250"), parse_number(300.1), parse_number("—") is None
    (Decimal('1250'), Decimal('300.1'), True)
    """
    if isinstance(cell, bool):
        raise ValueError(cell)
    text = _plain(cell)
    if text is None:
        return None
    if "," in text and re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    number = _decimal(text)
    if not isinstance(cell, float):
        return number
    # 300.0 of a spreadsheet is 300; written decimals of text such as "300.00" stay.
    whole = number.to_integral_value()
    return whole if number == whole else number


def _plain(cell: Any) -> str | None:
    """Clean a cell that should be a number; refuse raised or circled digits after it."""
    text = clean(cell)
    if isinstance(cell, str) and text is not None and _RAISED.search(cell):
        raise ValueError(cell)
    return text


def _decimal(text: str) -> Decimal:
    if "_" in text:  # Python reads 1_000 as 1000
        raise ValueError(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite() or number.adjusted() >= _LARGEST_EXPONENT:
        raise ValueError(text)
    if "e" not in text.casefold() and len(text) < -_SMALLEST_EXPONENT:
        return number
    if int(number.as_tuple().exponent) < _SMALLEST_EXPONENT:
        if number != 0:
            raise ValueError(text)
        return Decimal(0)
    return number


def parse_quantity(cell: Any, units: Units, unit: str = "") -> Decimal | None:
    """
    Read a number with its unit, in the unit of size 1; None where the cell is blank.

    万 and 亿 are multiplied out. 余, 约, 左右 and the like are skipped: see `is_approximate`. A
    bound (不足300, 300以上) is not a value, and Chinese numerals (三百) are not read.

    Parameters
    ----------
    units
        The units that fit the field.
    unit
        The unit in the heading, such as `万人`, for cells without one.

    Raises
    ------
    ValueError
        If it is not a number, or its unit does not fit.

    Examples
    --------
    >>> parse_quantity("23.03 万人", PERSONS), parse_quantity("１，３５０", PERSONS)
    (Decimal('230300'), Decimal('1350'))
    >>> parse_quantity("1.35", PERSONS, "万人"), parse_quantity("160余人", PERSONS)
    (Decimal('13500'), Decimal('160'))
    """
    if isinstance(cell, bool):
        raise ValueError(cell)
    text = _plain(cell)
    if text is None:
        return None
    match = _match(text)
    if match is None:
        raise ValueError(text)
    scale, named = match["scale"] or "", match["unit"]
    if not scale and not named:
        scale, named = _split(unit)
    if named and named not in units:
        raise ValueError(text)
    number = _decimal(match["number"].replace(",", ""))
    upper, lower = units[named] if named else (1, 1)
    exact = _EXACT.multiply(number, Decimal(upper * _SCALES.get(scale, 1)))
    if lower != 1:
        # Rounded up, at a step far below any written area: a sum of such areas reaches a
        # threshold exactly where the sum of the true fractions does (3 × 1 亩 = 2000 m²).
        exact = _EXACT.divide(exact, Decimal(lower)).quantize(_AREA_STEP, ROUND_CEILING, _EXACT)
    return _tidy(cell, exact)


def _match(text: str) -> re.Match[str] | None:
    match = _QUANTITY.fullmatch(_SPACE.sub(_space_in_a_number, text.casefold().strip()))
    return match if match is not None and any(map(str.isdecimal, match["number"])) else None


def _space_in_a_number(space: re.Match[str]) -> str:
    """Keep a space between numeric characters; beside a word it has no meaning."""
    text, (start, end) = space.string, space.span()
    within = _OF_A_NUMBER.match(text, start - 1) and _OF_A_NUMBER.match(text, end)
    return space[0] if within else ""


def _split(unit: str) -> tuple[str, str]:
    scale = unit[:1] if unit[:1] in _SCALES else ""
    return scale, unit.removeprefix(scale)


def _tidy(cell: Any, number: Decimal) -> Decimal:
    """Write whole numbers without a point unless the text has one, and refuse what is too large."""
    if abs(number) >= _TOO_LARGE:
        raise ValueError(str(cell))
    if number == number.to_integral_value() and not str(cell).strip().isdecimal():
        return Decimal(int(number))
    return number


def is_approximate(cell: Any) -> bool:
    """
    Return whether a cell states that its number is not exact.

    Examples
    --------
    >>> is_approximate("约300"), is_approximate("160余人"), is_approximate("300㎡")
    (True, True, False)
    """
    if not isinstance(cell, str):
        return False
    match = _match(clean(cell) or "")
    return match is not None and any(match[part] for part in ("about", "more", "round"))


def parse_count(cell: Any, units: Units = NO_UNIT, unit: str = "") -> Decimal | None:
    """
    Read a whole number that is not negative; None where the cell is blank.

    Raises
    ------
    ValueError
        If it is fractional or not a number, or its unit does not fit; `NegativeNumberError` if it
        is negative.

    Examples
    --------
    >>> parse_count("2,000"), parse_count("1.35万", HOUSEHOLDS), parse_count("约120张", BEDS)
    (Decimal('2000'), Decimal('13500'), Decimal('120'))
    """
    number = parse_quantity(cell, units, unit)
    if number is not None and number != number.to_integral_value():
        raise ValueError(str(cell))
    if number is not None and number < 0:
        raise NegativeNumberError(str(cell))
    return number


def parse_area(cell: Any, unit: str = "") -> Decimal | None:
    """
    Read an area in m², with or without its unit; None where the cell is blank.

    亩 (2000/3 m²), 公顷 and 万平方米 are converted.

    Raises
    ------
    ValueError
        If it is negative or not an area.

    Examples
    --------
    >>> parse_area("300㎡"), parse_area("249.5平方米"), parse_area("0.45亩")
    (Decimal('300'), Decimal('249.5'), Decimal('300'))
    """
    number = parse_quantity(cell, AREAS, unit)
    if number is not None and number < 0:
        raise NegativeNumberError(str(cell))
    return number


def is_unit(text: str, units: Mapping[str, Any]) -> bool:
    """
    Return whether a text from a heading is one of some units, with or without 万 or 亿.

    Examples
    --------
    >>> is_unit("万人", PERSONS), is_unit("含地下", AREAS)
    (True, False)
    """
    scale, rest = _split(text)
    return rest in units or (rest == "" and scale != "")


def parse_flag(cell: Any) -> bool:
    """
    Read yes or no; blank is no.

    Raises
    ------
    ValueError
        If it is neither.
    """
    text = clean(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    if text is None or text.casefold() in _NO:
        return False
    if text.casefold() in _YES:
        return True
    raise ValueError(text)


def parse_id(cell: Any) -> str | None:
    """
    Read an identifier as text; None where the cell is blank.

    A spreadsheet's 320213001.0 is the code 320213001.

    Examples
    --------
    >>> parse_id(320213001.0), parse_id("S-017")
    ('320213001', 'S-017')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return None if isinstance(cell, NoValue) else clean(cell)
