"""Study settings built from the parameters of one function, with the defaults of `study.toml`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from circle15.errors import InputDataError
from circle15.inputs.frames import require_word
from circle15.study.settings.ranges import fault_of_numbers
from circle15.study.settings.records import Demand, NetworkSource, Study, Walk
from circle15.study.settings.walkers import fault_of_walkers
from circle15.study.vocabulary.profiles import known_profile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle15.network.walk_network import WalkNetwork

Direction = Literal["outbound", "round_trip"]
Number = float | Decimal

_NO_FILE: Final = Path("-")
NO_STUDY: Final = Study(
    file=_NO_FILE,
    name="frames",
    title="",
    as_of=dt.date(1970, 1, 1),
    network=NetworkSource(_NO_FILE),
    demand=Demand(()),
)
"""Base settings for functions without a study, which replace the parts they use."""


def walk_of(
    network: WalkNetwork,
    *,
    max_snap_m: Number,
    speed_m_s: Number | None = None,
    cutoffs_min: Iterable[int] = (15,),
    access_speed_factor: Number = 1,
    judge: Direction = "outbound",
) -> Walk:
    """
    Return the walking settings of one call; for the parameters see `coverage`.

    Raises
    ------
    InputDataError
        If a value is not a number, or out of the range allowed in a study.
    """
    require_word("judge", judge, get_args(Direction))
    speed = known_profile(network.profile).speed_m_s if speed_m_s is None else speed_m_s
    walk = Walk(
        profile=network.profile,
        speed_m_s=exact("speed_m_s", speed),
        sensitivity_m_s=(),
        cutoffs_min=tuple(int(exact("cutoffs_min", one, whole=True)) for one in cutoffs_min),
        max_snap_m=exact("max_snap_m", max_snap_m),
        access_speed_factor=exact("access_speed_factor", access_speed_factor),
        judge=judge,
    )
    require_in_range(replace(NO_STUDY, walk=walk))
    return walk


def require_in_range(study: Study) -> None:
    """
    Refuse numbers that are not allowed in a study.

    Raises
    ------
    InputDataError
        For the first such number, named by its parameter.
    """
    fault = fault_of_numbers(study) or fault_of_walkers(study)
    if fault is not None:
        where, found, mend = fault
        raise InputDataError(found, file=where.rpartition(".")[2], mend=mend)


def exact(name: str, number: object, *, whole: bool = False) -> Decimal:
    """
    Return a number of a caller as the decimal that it prints as.

    Parameters
    ----------
    name
        Name of the parameter, for messages.
    whole
        Whether it must be a whole number.

    Raises
    ------
    InputDataError
        If it is not a finite number, or not whole.

    Examples
    --------
    >>> exact("speed_m_s", 0.8)
    Decimal('0.8')
    """
    try:
        found = Decimal(str(number))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(number, bool) or not found.is_finite():
        raise InputDataError(f"{number!r} is not a number.", file=name, mend="Pass a number.")
    if whole and found != found.to_integral_value():
        raise InputDataError(f"{number!r} is not whole.", file=name, mend="Pass whole numbers.")
    return found
