"""What is lacking to the plain sum (合计缺口) and what is to be added (补足需) are two numbers."""

from __future__ import annotations

import re

import pytest

from circle15.output.zones.terminal import zone_lines
from circle15.study.messages import messages
from circle15.workflow.zone_sheets import check_study_zones

WORDS = {"zh": ("合计缺口", "补足需"), "en": ("plain gap", "to add")}


@pytest.fixture(scope="module")
def entries(sample_study):
    found = check_study_zones(sample_study, sample_study.parent / "proposed_zones.csv").zones
    return {entry["zone_id"]: entry for entry in found}


@pytest.mark.whole_study
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_terminal_keeps_them_apart(entries, language):
    """N-02: 180 + 90 m² are the 270 m² required, but no room has 300 m²: one lacks 120."""
    text = "\n".join(zone_lines([entries["N-02"]], language))
    gap, add = WORDS[language]
    assert re.search(rf"{gap} 0 ", text)
    assert re.search(rf"{add} 120 ", text)
    assert "short by" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_map_report_and_tables_use_the_same_words(language):
    said = {key: text.lower() for key, text in messages(language).items()}
    gap, add = WORDS[language]
    for key in ("map.plain_gap", "columns.plain_gap_m2", "zones.floor_area", "zone_sheet.plain"):
        assert gap in said[key], key
    for key in (
        "map.shortfall",
        "map.column_shortfall",
        "columns.shortfall_m2",
        "zones.floor_area",
        "paper.card_rooms",
    ):
        assert add in said[key], key
    # On the map, a gap is people who cannot walk there.
    assert gap not in said["map.column_shortfall"]
    assert "缺口" not in said["map.shortfall"] + said["map.column_shortfall"]
