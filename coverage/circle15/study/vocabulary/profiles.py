"""Who walks: speeds, ratios and waits, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import StudyError
from circle15.study.typed_toml.kinds import Finite, Whole, YesNo
from circle15.study.typed_toml.reader import read_bundled
from circle15.study.typed_toml.table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN: Final = "plain"
OLDER_ADULT: Final = "older-adult"

_COMMON: Final = "common"

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


@dataclass(frozen=True, slots=True)
class Steps(TomlTable):
    """Speeds on stairs as shares of that on the level, and the tag without which they close."""

    up_speed: Finite
    down_speed: Finite
    needs: str


@dataclass(frozen=True, slots=True)
class Surface(TomlTable):
    """What a metre of some surfaces is worth in metres on the level."""

    ratio: Finite
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signal(TomlTable):
    """Whole seconds of a cycle of signals, and of its green."""

    cycle_s: Whole
    green_s: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTable(TomlTable):
    """A table of `profiles.toml`, laid over `[common]`."""

    speed_m_s: Finite
    sensitivity_m_s: tuple[Finite, ...]
    plain: YesNo = False
    steps: Steps
    surface: tuple[Surface, ...]
    escalator_m_s: Finite
    lift_s: Finite
    signal: Signal
    unsignalled_s: Finite
    main_roads: tuple[str, ...]
    junction_m: Finite
    closed: Values
    closed_nodes: Values
    max_incline_percent: Finite

    def profile(self, key: str) -> Profile:
        """Return it as the profile of this id."""
        if self.plain:
            return Profile(key, self.speed_m_s, self.sensitivity_m_s, plain=True)
        return Profile(
            key,
            self.speed_m_s,
            self.sensitivity_m_s,
            plain=False,
            up_ratio=float(1 / Fraction(self.steps.up_speed)),
            down_ratio=float(1 / Fraction(self.steps.down_speed)),
            stairs_need=self.steps.needs,
            surface={name: float(row.ratio) for row in self.surface for name in row.of},
            escalator_m_s=float(self.escalator_m_s),
            lift_s=Fraction(self.lift_s),
            cycle_s=self.signal.cycle_s,
            green_s=self.signal.green_s,
            signal_s=mean_wait_s(self.signal.cycle_s, self.signal.green_s),
            unsignalled_s=Fraction(self.unsignalled_s),
            main_roads=self.main_roads,
            junction_m=float(self.junction_m),
            closed=self.closed,
            closed_nodes=self.closed_nodes,
            max_incline_percent=float(self.max_incline_percent),
        )


@dataclass(frozen=True, slots=True)
class ProfileFile(TomlTable):
    """The file of the profiles."""

    profiles: dict[str, ProfileTable]

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ARG003 - as of any table
        """Lay each table of the file over the common one."""
        own = {key: table for key, table in raw.items() if key != _COMMON}
        return {"profiles": {key: raw[_COMMON] | table for key, table in own.items()}}


@cache
def profiles() -> Mapping[str, Profile]:
    """Read the profiles, by id, in the order in which they are shown."""
    file = read_bundled(ProfileFile, "circle15.study.vocabulary", "profiles.toml")
    return {key: table.profile(key) for key, table in file.profiles.items()}


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
        raise StudyError(f"{key!r} is no profile.", mend=hint)
    return profiles()[key]
