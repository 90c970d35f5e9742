"""Who walks: speeds, ratios and waits, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import StudyError
from circle15.study.toml_text import parse_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN: Final = "plain"
OLDER_ADULT: Final = "older-adult"

Values = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Profile:
    """
    How one kind of people walks. `profiles.toml` says what each number is and where it is from.

    Attributes
    ----------
    plain
        Streets are lines: every ratio is 1, nothing is closed and nobody waits.
    up_ratio, down_ratio
        Flat-equivalent metres per metre of stairs.
    stairs_need
        Tag without whose `yes` stairs are closed; empty where all are open.
    surface
        Value of `surface` to flat-equivalent metres per metre; 1 where it is not listed.
    escalator_m_s
        Metres of plan per second; 0 where escalators are closed.
    lift_s, signal_s, unsignalled_s
        Mean seconds of a lift, of signals and of a crossing of a main road without signals.
    """

    id: str
    speed_m_s: Decimal
    sensitivity_m_s: tuple[Decimal, ...]
    plain: bool
    up_ratio: float = 1.0
    down_ratio: float = 1.0
    stairs_need: str = ""
    surface: dict[str, float] = field(default_factory=dict)
    escalator_m_s: float = 0.0
    lift_s: Fraction = Fraction(0)
    cycle_s: int = 0
    green_s: int = 0
    signal_s: Fraction = Fraction(0)
    unsignalled_s: Fraction = Fraction(0)
    main_roads: tuple[str, ...] = ()
    junction_m: float = 0.0
    closed: Values = field(default_factory=dict)
    closed_nodes: Values = field(default_factory=dict)
    max_incline_percent: float = 0.0


def profile_values(profile: Profile) -> dict[str, Any]:
    """Every number of a profile, for `summary.json`; empty where streets are lines."""
    if profile.plain:
        return {}
    return {
        "stairs_up_ratio": profile.up_ratio,
        "stairs_down_ratio": profile.down_ratio,
        "stairs_need": profile.stairs_need or None,
        "surface_ratios": dict(profile.surface),
        "escalator_m_s": profile.escalator_m_s,
        "lift_s": float(profile.lift_s),
        "signal_cycle_s": profile.cycle_s,
        "signal_green_s": profile.green_s,
        "signal_wait_s": float(profile.signal_s),
        "unsignalled_wait_s": float(profile.unsignalled_s),
        "main_roads": list(profile.main_roads),
        "junction_m": profile.junction_m,
        "max_incline_percent": profile.max_incline_percent or None,
        "closed": {key: list(values) for key, values in profile.closed.items()},
        "closed_nodes": {key: list(values) for key, values in profile.closed_nodes.items()},
    }


def mean_wait_s(cycle_s: int, green_s: int) -> Fraction:
    """
    Mean wait at signals of one who comes at any moment, seconds: (C − g)² / 2C (KHCM, HCM).

    Examples
    --------
    >>> mean_wait_s(90, 30)
    Fraction(20, 1)
    """
    return Fraction((cycle_s - green_s) ** 2, 2 * cycle_s)


@cache
def profiles() -> Mapping[str, Profile]:
    """Read the profiles, by id, in the order in which they are shown."""
    text = resources.files("circle15.study.vocabulary").joinpath("profiles.toml").read_text("utf-8")
    tables = parse_toml(text)
    common = tables.pop("common")
    return {key: _profile(key, common | table) for key, table in tables.items()}


def known_profile(key: str) -> Profile:
    """
    Return a profile by its id.

    Raises
    ------
    StudyError
        If there is none of that name.
    """
    if key not in profiles():
        near = get_close_matches(key, profiles(), n=1, cutoff=0.5)
        hint = f"Did you mean '{near[0]}'?" if near else f"Use one of {', '.join(profiles())}."
        raise StudyError(f"'{key}' is no profile.", mend=hint)
    return profiles()[key]


def _profile(key: str, table: dict[str, Any]) -> Profile:
    speed = Decimal(table["speed_m_s"])
    others = tuple(Decimal(one) for one in table["sensitivity_m_s"])
    if table.get("plain"):
        return Profile(key, speed, others, plain=True)
    steps, signal = table["steps"], table["signal"]
    return Profile(
        key,
        speed,
        others,
        plain=False,
        up_ratio=float(1 / Fraction(steps["up_speed"])),
        down_ratio=float(1 / Fraction(steps["down_speed"])),
        stairs_need=steps["needs"],
        surface={name: float(row["ratio"]) for row in table["surface"] for name in row["of"]},
        escalator_m_s=float(table["escalator_m_s"]),
        lift_s=Fraction(table["lift_s"]),
        cycle_s=signal["cycle_s"],
        green_s=signal["green_s"],
        signal_s=mean_wait_s(signal["cycle_s"], signal["green_s"]),
        unsignalled_s=Fraction(table["unsignalled_s"]),
        main_roads=tuple(table["main_roads"]),
        junction_m=float(table["junction_m"]),
        closed=_values(table["closed"]),
        closed_nodes=_values(table["closed_nodes"]),
        max_incline_percent=float(table["max_incline_percent"]),
    )


def _values(table: dict[str, list[str]]) -> Values:
    return {key: tuple(values) for key, values in table.items()}
