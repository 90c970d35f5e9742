"""Walking profiles as data: speeds, cost ratios and waiting times."""

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
    A walking profile; `profiles.toml` explains each number and cites its source.

    Attributes
    ----------
    plain
        Only lengths count: all ratios are 1, nothing is closed and there are no waits.
    up_ratio, down_ratio
        Flat-equivalent metres per metre of stairs.
    stairs_need
        Tag that must be `yes` for stairs to be open; empty if all stairs are open.
    surface
        Flat-equivalent metres per metre by value of `surface`; 1 if not listed.
    escalator_m_s
        Horizontal speed on escalators; 0 if they are closed.
    lift_s, signal_s, unsignalled_s
        Mean seconds for a lift, at signals, and at an unsignalled crossing of a main road.
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
    """Return every number of a profile for `summary.json`; empty for a plain profile."""
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
    Return the mean wait at signals for random arrivals, seconds: (C − g)² / 2C (KHCM, HCM).

    Examples
    --------
    >>> mean_wait_s(90, 30)
    Fraction(20, 1)
    """
    return Fraction((cycle_s - green_s) ** 2, 2 * cycle_s)


@dataclass(frozen=True, slots=True)
class Steps(TomlTable):
    """Speeds on stairs as shares of the level speed, and the tag required for them to be open."""

    up_speed: Finite
    down_speed: Finite
    needs: str


@dataclass(frozen=True, slots=True)
class Surface(TomlTable):
    """Flat-equivalent metres per metre of the listed surfaces."""

    ratio: Finite
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signal(TomlTable):
    """Cycle and green time of signals, whole seconds."""

    cycle_s: Whole
    green_s: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTable(TomlTable):
    """A table of `profiles.toml`, which overrides values of `[common]`."""

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
        """Convert the table to the profile with this id."""
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
        """Merge each table of the file with the common one, which it overrides."""
        own = {key: table for key, table in raw.items() if key != _COMMON}
        return {"profiles": {key: raw[_COMMON] | table for key, table in own.items()}}


@cache
def profiles() -> Mapping[str, Profile]:
    """Return the profiles by id, in display order."""
    file = read_bundled(ProfileFile, "circle15.study.vocabulary", "profiles.toml")
    return {key: table.profile(key) for key, table in file.profiles.items()}


def known_profile(key: str) -> Profile:
    """
    Return a profile by its id.

    Raises
    ------
    StudyError
        If there is no profile with this id.
    """
    if key not in profiles():
        near = get_close_matches(key, profiles(), n=1, cutoff=0.5)
        hint = f"Did you mean '{near[0]}'?" if near else f"Use one of {', '.join(profiles())}."
        raise StudyError(f"{key!r} is not a profile.", mend=hint)
    return profiles()[key]
