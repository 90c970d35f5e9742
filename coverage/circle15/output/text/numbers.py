"""Numbers as people read them: the only place where results are rounded."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.study.settings.records import HORIZON_MIN
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle15.access.counting import Counts

NOTHING: Final = "—"
"""Stands for what is unknown, and for a share of nothing; never 0."""

MOST_DIGITS: Final = 6

_DUST: Final = Fraction(1, 10**9)

Number = int | float | Decimal | Fraction


def rounded(value: Number) -> int:
    """
    Round to a whole number, halves up.

    Examples
    --------
    >>> rounded(Fraction(5, 2)), rounded(2.4)
    (3, 2)
    """
    return math.floor(Fraction(value) + Fraction(1, 2))


def whole_persons(micro: int) -> int:
    """
    Round micro-persons to whole persons, halves up: `rounded`, but in whole numbers alone.

    Examples
    --------
    >>> whole_persons(1_500_000), whole_persons(1_499_999)
    (2, 1)
    """
    return (micro + c.MICRO // 2) // c.MICRO


def count(value: int | None) -> str:
    """
    Print a whole number with separators.

    Examples
    --------
    >>> count(230300), count(None)
    ('230,300', '—')
    """
    return NOTHING if value is None else f"{value:,}"


def people(micro: int | None) -> str:
    """
    Print micro-persons as whole persons; a few of them never print as nobody.

    Examples
    --------
    >>> people(1_500_000), people(400_000), people(0)
    ('2', '<1', '0')
    """
    if micro is None:
        return NOTHING
    whole = whole_persons(micro)
    return "<1" if micro > 0 and whole == 0 else count(whole)


def whole_people(counts: Counts) -> list[int]:
    """
    Round covered, gap and unknown so that the three sum to the rounded total.

    Examples
    --------
    >>> from circle15.access.counting import Counts
    >>> whole_people(Counts(3_000_000, 1_400_000, 1_300_000, 300_000))
    [2, 1, 0]
    """
    return whole_parts((counts.covered, counts.gap, counts.unknown))


def whole_parts(micro: Sequence[int], *, total: int | None = None) -> list[int]:
    """
    Round parts in micro-persons to whole persons that sum to the rounded whole.

    Each is rounded down or up; the units that are due go to the largest remainders.

    Parameters
    ----------
    total
        How the whole is printed, where that was rounded as a part of something larger.

    Examples
    --------
    >>> whole_parts([500_000, 500_000, 1_000_000]), whole_parts([])
    ([1, 0, 1], [])
    >>> whole_parts([600_000, 700_000], total=2)
    [1, 1]
    """
    whole = [part // c.MICRO for part in micro]
    due = (whole_persons(sum(micro)) if total is None else total) - sum(whole)
    for k in sorted(range(len(micro)), key=lambda k: (-(micro[k] % c.MICRO), k))[:due]:
        whole[k] += 1
    return whole


def split_people(counts: Counts) -> tuple[str, str, str, str]:
    """
    Print persons, covered, gap and unknown so that the printed parts sum to the printed total.

    Examples
    --------
    >>> from circle15.access.counting import Counts
    >>> split_people(Counts(2_000_000, 600_000, 700_000, 700_000))
    ('2', '0', '1', '1')
    """
    whole = whole_people(counts)
    return count(sum(whole)), count(whole[0]), count(whole[1]), count(whole[2])


def share(part: int, total: int) -> str:
    """
    Print a part of a whole in per cent; only none is 0 % and only all is 100 %.

    Examples
    --------
    >>> share(1, 3), share(0, 0), share(9999, 10000), share(1, 10000)
    ('33.3%', '—', '>99.9%', '<0.1%')
    """
    return _percent(part, total) if total else NOTHING


def covered_share(counts: Counts) -> str:
    """
    Print the covered share; where nobody can be judged there is none, and 0 % would be a claim.

    Examples
    --------
    >>> from circle15.access.counting import Counts
    >>> covered_share(Counts(4, 1, 2, 1)), covered_share(Counts(4, 0, 0, 4))
    ('25.0%', '—')
    """
    return NOTHING if counts.unknown == counts.persons else share(counts.covered, counts.persons)


def percent(value: Number | None) -> str:
    """Print a share of 0–1 in per cent with one decimal; an unknown share is a dash."""
    if value is None or value != value:
        return NOTHING
    exact = Fraction(value)
    return _percent(exact.numerator, exact.denominator)


def _percent(part: int, whole: int) -> str:
    """Whole numbers only: a map prints tens of thousands of shares."""
    tenths = (2000 * part + whole) // (2 * whole)
    if part > 0 and tenths == 0:
        return "<0.1%"
    if part < whole and tenths == 1000:
        return ">99.9%"
    return f"{tenths // 10}.{tenths % 10}%"


def points(value: Number | None, minus: Number | None) -> str:
    """
    Print the difference of two shares in percentage points, with its sign.

    Examples
    --------
    >>> points(0.9, 0.75), points(0.5, None)
    ('+15.0', '—')
    """
    if value is None or minus is None:
        return NOTHING
    tenths = rounded((Fraction(value) - Fraction(minus)) * 1000)
    sign = "+" if tenths > 0 else "−" if tenths < 0 else "±"
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def area(value: Number | None, *, apart_from: Number | Iterable[Number] | None = None) -> str:
    """
    Print an area or a measure with up to two decimals, exactly.

    Parameters
    ----------
    apart_from
        Numbers with which the reader compares: where two decimals would print two alike although
        they differ, more are printed. What is no whole number never prints as one.

    Examples
    --------
    >>> area(Fraction(3747, 10)), area(Fraction(500, 3)), area(None)
    ('374.7', '166.67', '—')
    >>> area(Decimal("299.999")), area(Decimal("374.699"), apart_from=Decimal("374.7"))
    ('299.999', '374.699')
    >>> area(Decimal("299.9999999")), area(Decimal("300.0000001"))
    ('<300', '>300')
    """
    if value is None:
        return NOTHING
    exact = Fraction(value)
    others: list[Number] = []
    if apart_from is not None:
        others += [apart_from] if isinstance(apart_from, Number) else apart_from
    digits = digits_apart(exact, others)
    text = _with_digits(exact, digits)
    for other in [Fraction(one) for one in [*others, rounded(exact)]]:
        # What a sum of areas in 亩 exceeds is its rounding up, 10⁻¹² of a square metre.
        if text == _with_digits(other, digits) and not 0 <= exact - other <= _DUST:
            return ("<" if exact < other else ">") + text
    return text


def numbers_of(cells: Iterable[object]) -> list[Decimal | Fraction]:
    """Exact numbers of a row, which are printed unlike each other where they differ."""
    return [cell for cell in cells if isinstance(cell, Decimal | Fraction)]


def area_or_none(value: Number | None, *, apart_from: Number | None = None) -> str | None:
    """Print an area as `area` does; None where it is unknown, for those who have a word for it."""
    return None if value is None else area(value, apart_from=apart_from)


def digits_apart(value: Number, others: Iterable[Number] = ()) -> int:
    """
    Count the decimals, 2 to 6, by which a number prints unlike others and unlike a whole one.

    Examples
    --------
    >>> digits_apart(300), digits_apart(Decimal("299.999")), digits_apart(Decimal("0.125"), [0.13])
    (2, 3, 3)
    """
    exact = Fraction(value)
    different = {Fraction(one) for one in [*others, rounded(exact)]} - {exact}
    digits = 2
    while digits < MOST_DIGITS and any(
        _with_digits(exact, digits) == _with_digits(other, digits) for other in different
    ):
        digits += 1
    return digits


def decimals(value: Number | None, digits: int) -> str:
    """
    Print a measured number with so many decimals, halves up; an unknown one is a dash.

    Examples
    --------
    >>> decimals(1234.25, 1), decimals(0.5, 0), decimals(None, 1)
    ('1,234.3', '1', '—')
    """
    if value is None or value != value:
        return NOTHING
    units = rounded(abs(Fraction(value)) * 10**digits)
    whole, rest = divmod(units, 10**digits)
    sign = "−" if value < 0 and units else ""
    return f"{sign}{whole:,}" + (f".{rest:0{digits}d}" if digits else "")


def _with_digits(value: Fraction, digits: int) -> str:
    units = rounded(abs(value) * 10**digits)
    whole, rest = divmod(units, 10**digits)
    decimals = f"{rest:0{digits}d}".rstrip("0")
    sign = "−" if value < 0 and units else ""
    return f"{sign}{whole:,}" + (f".{decimals}" if decimals else "")


def signed(value: Number) -> str:
    """
    Print what is added or taken away with its sign and one decimal.

    Examples
    --------
    >>> signed(Fraction(5, 4)), signed(-3)
    ('+1.3', '−3.0')
    """
    return ("" if value < 0 else "+") + decimals(value, 1)


def plain_decimal(value: Decimal | float) -> str:
    """
    Print a number as it was written, without trailing zeros or an exponent.

    Examples
    --------
    >>> plain_decimal(Decimal("200.50")), plain_decimal(Decimal("1E+2")), plain_decimal(1.25)
    ('200.5', '100', '1.25')
    """
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def persons_exact(micro: int | None) -> str:
    """
    Print micro-persons as persons with every decimal that they have.

    Examples
    --------
    >>> persons_exact(1_250_000), persons_exact(2_000_000)
    ('1.25', '2')
    """
    return "" if micro is None else plain_decimal(Decimal(micro).scaleb(-6))


def clock(seconds: float | None) -> str:
    """
    Print a time as minutes and seconds; infinite is beyond the hour, None is not known.

    Examples
    --------
    >>> clock(900.0), clock(61.5), clock(math.inf), clock(None)
    ('15:00', '1:02', '> 60:00', '—')
    """
    if seconds is None:
        return NOTHING
    if math.isinf(seconds):
        return f"> {HORIZON_MIN}:00"
    # A time just beyond a limit must not print as the limit: seconds are rounded up.
    whole = math.ceil(Fraction(str(seconds)))
    return f"{whole // 60}:{whole % 60:02d}"
