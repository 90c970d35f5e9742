"""The palette for colour-blind readers: classes are distinguishable, and scales darken."""

from __future__ import annotations

import re
from importlib import resources
from itertools import combinations, pairwise

import numpy as np
import pytest

from circle15.output.text import palette

# Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color
# Vision Deficiency", IEEE TVCG 15(6), table 1, severity 1.0; for linear RGB.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
FAR = 20.0
"""CIE 1976 difference that is plain even between small patches; about 2 is just seen."""

STEP = 12.0
"""Difference of the steps of a scale, which are read by their order."""


def linear(colour):
    channels = np.frombuffer(bytes.fromhex(colour.removeprefix("#")), np.uint8) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(colour, sight="usual"):
    """CIE L*a*b* (D65) of a colour as it is seen."""
    rgb = np.clip(SIGHT[sight] @ linear(colour), 0, 1)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    ratio = to_xyz @ rgb / to_xyz.sum(axis=1)
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one, other, sight):
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))


def contrast(one, other="#ffffff"):
    """Contrast of the Web Content Accessibility Guidelines 2.2."""
    light = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def test_the_measure_is_right():
    """Grey has no hue, and the kinds of sight are what they are called."""
    assert lab("#ffffff") == pytest.approx([100, 0, 0], abs=0.01)
    assert lab("#ff0000") == pytest.approx([53.24, 80.09, 67.20], abs=0.05)  # as published
    assert contrast("#000000") == pytest.approx(21)
    for sight in SIGHT:
        assert lab("#808080", sight) == pytest.approx(lab("#808080"), abs=0.1)
    # Red and green of one lightness are one colour without red or green cones.
    assert apart("#a06a00", "#7c7c00", "usual") > 2 * apart("#a06a00", "#7c7c00", "deuteranopia")


@pytest.mark.parametrize("sight", SIGHT)
def test_states_and_verdicts_are_told_apart(sight):
    inks = (palette.COVERED, palette.GAP, palette.UNKNOWN)
    fills = {v for k, v in palette.VERDICT_COLOURS.items() if k != "none"}
    for group in (inks, fills):
        near = {pair: apart(*pair, sight) for pair in combinations(sorted(group), 2)}
        assert {pair: d for pair, d in near.items() if d < FAR} == {}


@pytest.mark.parametrize("sight", SIGHT)
def test_gaps_are_never_taken_for_served_areas(sight):
    near = {
        (gap, served): apart(gap, served, sight)
        for gap in palette.GAP_COLOURS
        for served in (*palette.SERVED_COLOURS, palette.UNKNOWN_COLOUR)
    }
    assert {pair: d for pair, d in near.items() if d < FAR} == {}


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(
    "scale", [palette.GAP_COLOURS, palette.SHARE_COLOURS, palette.SERVED_COLOURS[::-1]]
)
def test_scales_darken_step_by_step(scale, sight):
    lightness = [lab(colour, sight)[0] for colour in scale]
    assert lightness == sorted(lightness, reverse=True)
    assert [(a, b) for a, b in pairwise(scale) if apart(a, b, sight) < STEP] == []


def test_inks_are_read_on_white():
    for ink in (palette.COVERED, palette.GAP, palette.UNKNOWN):
        assert contrast(ink) >= 4.5


def test_the_report_has_the_same_colours():
    css = resources.files("circle15.output.document").joinpath("report.css").read_text("utf-8")
    inks = dict(re.findall(r"--(covered|gap|unknown|met): (#[0-9a-f]{6})", css))
    wanted = {"covered": palette.COVERED, "gap": palette.GAP, "unknown": palette.UNKNOWN}
    assert inks == {**wanted, "met": palette.COVERED}
    glyphs = dict(re.findall(r"\.([\w-]+) \{ color: (#[0-9a-f]{6}); \}", css))
    assert palette.LEGEND_INKS.items() <= glyphs.items()
    assert glyphs["source_conflict"] == palette.INKS["source_conflict"]
    assert f".badge.error {{ color: {palette.SEVERITY_INKS['error']}; }}" in css
