"""Which row of a table is which zone."""

from __future__ import annotations

from circle15.inputs.area.zone_matching import Named, match_zones

STREETS = [Named("320213001", "广益街道"), Named("320213002", "黄巷街道")]


def match(zones, *rows):
    found = match_zones(zones, [Named(*row) for row in rows])
    of_zones = (k for some in found.rows.values() for k in some)
    placed = sorted([*of_zones, *found.unmatched, *found.ambiguous, *found.elsewhere])
    assert placed == list(range(len(rows)))  # every row is somewhere, once
    assert sorted([*found.rows, *found.lacking]) == list(range(len(zones)))
    return found


def test_codes_of_twelve_and_of_nine_digits_are_one():
    found = match(STREETS, ("320213002000", "x"), ("320213001000", "y"))
    assert dict(found.rows) == {0: [1], 1: [0]}
    assert found.lacking == []


def test_levels_are_never_mixed():
    """County and communities stand in the same table; only the streets are joined."""
    found = match(
        STREETS,
        ("320213000000", "梁溪区"),
        ("320213001000", "广益街道"),
        ("320213001001", "广益社区"),
        ("320213002000", "黄巷街道"),
        ("NA", "全国"),
    )
    assert dict(found.rows) == {0: [1], 1: [3]}
    assert found.elsewhere == [0, 2, 4]
    assert found.unmatched == []


def test_rows_of_the_same_county_are_listed_and_those_of_others_are_not():
    found = match(STREETS, ("320213001", ""), ("320213099", "新街道"), ("110101001", "东华门街道"))
    assert (found.unmatched, found.elsewhere, found.lacking) == ([1], [2], [1])


def test_a_changed_code_is_found_by_its_name_within_the_county():
    found = match(STREETS, ("320213001", "广益街道"), ("320213502", "黄巷街道办事处"))
    assert dict(found.rows) == {0: [0], 1: [1]}
    far = match(STREETS, ("320213001", "广益街道"), ("110101502", "黄巷街道办事处"))
    assert (far.lacking, far.elsewhere) == ([1], [1])


def test_names_with_and_without_their_kind():
    zones = [Named("A", "黄泥头社区居委会"), Named("B", "五爱社区"), Named("C", "崇安寺")]
    found = match(zones, (None, "黄泥头"), (None, "五爱居民委员会"), (None, "崇安寺街道"))
    assert dict(found.rows) == {0: [0], 1: [1], 2: [2]}


def test_a_name_as_it_stands_goes_before_its_stem():
    """广益街道 and 广益社区 share a stem; each fits itself."""
    zones = [Named("A", "广益街道"), Named("B", "广益社区")]
    found = match(zones, (None, "广益社区"), (None, "广益街道"))
    assert dict(found.rows) == {0: [1], 1: [0]}
    assert match(zones, (None, "广益")).ambiguous == [0]


def test_what_two_rows_or_two_zones_share_is_not_guessed():
    zones = [Named("A", "新华社区"), Named("B", "新华社区"), Named("C", "五爱社区")]
    found = match(zones, (None, "新华社区"), (None, "五爱社区"), (None, "五爱社区"))
    assert (found.ambiguous, found.lacking, dict(found.rows)) == ([0, 1, 2], [0, 1, 2], {})


def test_without_codes_the_indent_tells_the_level():
    """区 in front, 街道 set in by one space, 社区 by two; 广益 is a street and a community."""
    rows = [(None, "梁溪区"), (None, "　广益街道"), (None, "　　广益社区"), (None, "　黄巷街道")]
    found = match(STREETS, *rows)
    assert dict(found.rows) == {0: [1], 1: [3]}
    assert found.elsewhere == [0, 2]


def test_a_zone_that_stands_twice_has_two_rows():
    assert dict(match(STREETS, ("320213001", "a"), ("320213001000", "b")).rows) == {0: [0, 1]}


def test_ids_that_are_no_codes():
    zones = [Named("S-1", "a"), Named("S-2", "b")]
    found = match(zones, ("s-2", None), ("S-9", "z"))
    assert (dict(found.rows), found.unmatched, found.lacking) == ({1: [0]}, [1], [0])
