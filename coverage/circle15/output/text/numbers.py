"""Format numbers for readers: the only place where results are rounded."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.access.counting import Counts
from circle15.study.settings.records import HORIZON_MIN
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle15.access.assignment.classes import ServedCounts
    from circle15.planning.scenarios.differences import Shift

NOTHING: Final = "—"
"""Printed for an unknown value and for a share of an empty total; never 0."""

MOST_DIGITS: Final = 6

_DUST: Final = Fraction(1, 10**9)

Number = int | float | Decimal | Fraction


def rounded(value: Number) -> int:
    """
    Round to a whole number, half up.

    Examples
    --------
    >>> rounded(Fraction(5, 2)), rounded(2.4)
    (3, 2)
    """
    return _in_units(value, 1)


def _in_units(value: Number, per_one: int) -> int:
    """Round a number to whole units of which `per_one` make one, half up, in integers."""
    if isinstance(value, float | Decimal):
        above, below = value.as_integer_ratio()
    else:
        above, below = int(value.numerator), int(value.denominator)
    return (2 * above * per_one + below) // (2 * below)


def whole_persons(micro: int) -> int:
    """
    Round micro-persons to whole persons, half up, in integer arithmetic.

    Examples
    --------
    >>> whole_persons(1_500_000), whole_persons(1_499_999)
    (2, 1)
    """
    return (micro + c.MICRO // 2) // c.MICRO


def count(value: int | None) -> str:
    """
    Format a whole number with thousands separators.

    Examples
    --------
    >>> count(230300), count(None)
    ('230,300', '—')
    """
    return NOTHING if value is None else f"{value:,}"


def people(micro: int | None) -> str:
    """
    Format micro-persons as whole persons; a positive number never prints as 0.

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

    The gap is rounded half up as by `people`, and so prints the same number wherever it stands.
    The people of unknown state do so where the total is whole; those covered are the rest. Each
    of the three is rounded down or up to a neighbouring whole number.

    Examples
    --------
    >>> from circle15.access.counting import Counts
    >>> whole_people(Counts(3_000_000, 1_400_000, 1_300_000, 300_000))
    [2, 1, 0]
    >>> whole_people(Counts(3_000_000, 1_400_000, 900_000, 700_000))
    [1, 1, 1]
    """
    persons, gap = whole_persons(counts.persons), whole_persons(counts.gap)
    covered = whole_covered(counts.covered, counts.gap)
    return [covered, gap, persons - covered - gap]


def whole_covered(covered: int, gap: int) -> int:
    """
    Round the people covered, in micro-persons, as `whole_people` does beside those in the gap.

    Examples
    --------
    >>> whole_covered(1_500_000, 1_500_000), whole_covered(1_500_000, 0)
    (1, 2)
    """
    return whole_persons(covered + gap) - whole_persons(gap)


def whole_served(served: ServedCounts) -> list[int]:
    """
    Round served, turned away, gap and unknown so that the four sum to the rounded total.

    Examples
    --------
    >>> from circle15.access.assignment.classes import ServedCounts
    >>> whole_served(ServedCounts(3_000_000, 700_000, 700_000, 1_300_000, 300_000))
    [1, 1, 1, 0]
    """
    covered, gap, unknown = whole_people(
        Counts(served.persons, served.covered, served.gap, served.unknown)
    )
    return [*whole_parts((served.served, served.turned_away), total=covered), gap, unknown]


def whole_parts(
    micro: Sequence[int], *, total: int | None = None, rest: int | None = None
) -> list[int]:
    """
    Round parts in micro-persons to whole persons that sum to the rounded whole.

    Each part is rounded down or up by the largest-remainder method.

    Parameters
    ----------
    micro
        The parts, micro-persons.
    total
        The printed total, if it was itself rounded as a part of a larger sum.
    rest
        Position of the part that is what the others leave: it takes the difference, so that the
        others print as by `people` where one can.

    Examples
    --------
    >>> whole_parts([500_000, 500_000, 1_000_000]), whole_parts([])
    ([1, 0, 1], [])
    >>> whole_parts([600_000, 700_000], total=2)
    [1, 1]
    >>> whole_parts([400_000, 1_300_000, 1_300_000]), whole_parts([400_000, 1_300_000], rest=1)
    ([1, 1, 1], [0, 2])
    """

    def order(k: int) -> tuple[int, int, int]:
        part = micro[k] % c.MICRO
        if rest is None or not part:
            first = 0
        else:
            first = 1 if k == rest else 2 if 2 * part >= c.MICRO else 0
        return -first, -part, k

    whole = [part // c.MICRO for part in micro]
    due = (whole_persons(sum(micro)) if total is None else total) - sum(whole)
    for k in sorted(range(len(micro)), key=order)[:due]:
        whole[k] += 1
    return whole


def split_people(counts: Counts) -> tuple[str, str, str, str]:
    """
    Format persons, covered, gap and unknown so that the printed parts sum to the printed total.

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
    Format a share in per cent; only an exact 0 prints as 0 % and only an exact 1 as 100 %.

    Examples
    --------
    >>> share(1, 3), share(0, 0), share(9999, 10000), share(1, 10000)
    ('33.3%', '—', '>99.9%', '<0.1%')
    """
    return _percent(part, total) if total else NOTHING


def covered_share(counts: Counts) -> str:
    """
    Format the covered share; a dash if all people are unknown, as 0 % would be a claim.

    Examples
    --------
    >>> from circle15.access.counting import Counts
    >>> covered_share(Counts(4, 1, 2, 1)), covered_share(Counts(4, 0, 0, 4))
    ('25.0%', '—')
    """
    return NOTHING if counts.unknown == counts.persons else share(counts.covered, counts.persons)


def percent(value: Number | None) -> str:
    """Format a share (0–1) in per cent with one decimal; a dash for None and NaN."""
    if value is None or value != value:
        return NOTHING
    exact = Fraction(value)
    return _percent(exact.numerator, exact.denominator)


def _percent(part: int, whole: int) -> str:
    """Format part ÷ whole in per cent in integer arithmetic, as a map has tens of thousands."""
    tenths = (2000 * part + whole) // (2 * whole)
    if part > 0 and tenths == 0:
        return "<0.1%"
    if part < whole and tenths == 1000:
        return ">99.9%"
    return f"{tenths // 10}.{tenths % 10}%"


def points(value: Number | None, minus: Number | None) -> str:
    """
    Format the difference of two shares in percentage points, with its sign.

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
    Format an area or other measure with two decimals at most, more where needed to compare.

    Parameters
    ----------
    value
        Exact value; None prints as a dash. A fraction never prints as a whole number.
    apart_from
        Numbers that the reader compares with: up to six decimals are printed so that different
        numbers print differently.

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
        # Areas in 亩 are rounded up to 10⁻¹² m²; such an excess in a sum is not a difference.
        if text == _with_digits(other, digits) and not 0 <= exact - other <= _DUST:
            return ("<" if exact < other else ">") + text
    return text


def numbers_of(cells: Iterable[object]) -> list[Decimal | Fraction]:
    """Return the exact numbers of a row, to print different numbers differently (see `area`)."""
    return [cell for cell in cells if isinstance(cell, Decimal | Fraction)]


def area_or_none(value: Number | None, *, apart_from: Number | None = None) -> str | None:
    """Format as `area`, but return None for an unknown value, for which the caller has a word."""
    return None if value is None else area(value, apart_from=apart_from)


def digits_apart(value: Number, others: Iterable[Number] = ()) -> int:
    """
    Return the decimals (2–6) needed for a number to differ in print from others and from integers.

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
    Format a measured number with a fixed number of decimals, half up; a dash for None and NaN.

    Examples
    --------
    >>> decimals(1234.25, 1), decimals(0.5, 0), decimals(None, 1)
    ('1,234.3', '1', '—')
    """
    if value is None or value != value:
        return NOTHING
    units = _in_units(-value if value < 0 else value, 10**digits)
    whole, rest = divmod(units, 10**digits)
    sign = "−" if value < 0 and units else ""
    return f"{sign}{whole:,}" + (f".{rest:0{digits}d}" if digits else "")


def _with_digits(value: Fraction, digits: int) -> str:
    units = _in_units(abs(value), 10**digits)
    whole, rest = divmod(units, 10**digits)
    decimals = f"{rest:0{digits}d}".rstrip("0")
    sign = "−" if value < 0 and units else ""
    return f"{sign}{whole:,}" + (f".{decimals}" if decimals else "")


def signed(value: Number) -> str:
    """
    Format a change with its sign and one decimal.

    Examples
    --------
    >>> signed(Fraction(5, 4)), signed(-3)
    ('+1.3', '−3.0')
    """
    return ("" if value < 0 else "+") + decimals(value, 1)


def plain_decimal(value: Decimal | float) -> str:
    """
    Format a number exactly, without trailing zeros or an exponent.

    Examples
    --------
    >>> plain_decimal(Decimal("200.50")), plain_decimal(Decimal("1E+2")), plain_decimal(1.25)
    ('200.5', '100', '1.25')
    """
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def persons_exact(micro: int | None) -> str:
    """
    Format micro-persons as persons with all their decimals; empty for None.

    Examples
    --------
    >>> persons_exact(1_250_000), persons_exact(2_000_000)
    ('1.25', '2')
    """
    return "" if micro is None else plain_decimal(Decimal(micro).scaleb(-6))


def clock(seconds: float | None) -> str:
    """
    Format a time in seconds as m:ss; infinite is beyond the 60-minute horizon, None is unknown.

    Examples
    --------
    >>> clock(900.0), clock(61.5), clock(math.inf), clock(None)
    ('15:00', '1:02', '> 60:00', '—')
    """
    if seconds is None:
        return NOTHING
    if math.isinf(seconds):
        return f"> {HORIZON_MIN}:00"
    # Rounded up, so that a time just beyond a limit does not print as the limit.
    whole = math.ceil(Fraction(str(seconds)))
    return f"{whole // 60}:{whole % 60:02d}"


def whole_steps(micro: Sequence[int], *, total: int) -> list[int]:
    """
    Round steps up and down, in micro-persons, to whole persons that sum to a printed difference.

    By largest remainder; a step of nothing stays nothing. What both printed ends differ by more,
    which is at most one person, goes to the largest step.

    Examples
    --------
    >>> whole_steps([1_400_000, -400_000], total=1), whole_steps([600_000, -400_000], total=0)
    ([1, 0], [1, -1])
    >>> whole_steps([3_000_000, 0], total=2), whole_steps([0, 0], total=1)
    ([2, 0], [0, 0])
    """
    whole = [step // c.MICRO for step in micro]
    broken = [k for k, step in enumerate(micro) if step % c.MICRO]
    broken.sort(key=lambda k: (-(micro[k] % c.MICRO), k))
    due = total - sum(whole)
    for k in broken[: max(due, 0)]:
        whole[k] += 1
    largest = max(range(len(micro)), key=lambda k: abs(micro[k]), default=None)
    if largest is not None and micro[largest]:
        whole[largest] += total - sum(whole)
    return whole


def moved(shift: Shift, *, homes: bool) -> list[str]:
    """
    Format who is covered today, gains and loses access, and is covered then; they add up.

    `homes` is whether people at new homes have a column, the one before the last.
    """
    today, then = whole_people(shift.before)[0], whole_people(shift.after)[0]
    new = shift.after.covered - shift.before.covered - shift.gained + shift.lost
    steps = [shift.gained, -shift.lost, *([new] if homes else [])]
    whole = whole_steps(steps, total=then - today)
    return [count(today), *map(with_sign, whole), count(today + sum(whole))]


def with_sign(persons: int) -> str:
    """
    Format a change of whole persons with its sign.

    Examples
    --------
    >>> with_sign(1200), with_sign(-3), with_sign(0)
    ('+1,200', '−3', '0')
    """
    return f"{'+' if persons > 0 else '−'}{count(abs(persons))}" if persons else "0"
