"""The waterfall: where its bars begin and end."""

from __future__ import annotations

from fractions import Fraction

from circle15.output.charts.waterfall import Waterfall, WaterfallRow


def chart(before: int, *parts: int) -> Waterfall:
    reached = Fraction(before)
    rows = [WaterfallRow("before", Fraction(0), reached, "", whole=True)]
    for part in parts:
        rows.append(WaterfallRow("part", reached, reached + part, ""))
        reached += part
    return Waterfall([*rows, WaterfallRow("after", Fraction(0), reached, "", whole=True)])


def test_small_parts_are_seen_and_the_labels_say_where_the_scale_begins():
    """1000 and ±20: the scale is far shorter than 1000."""
    begin, end, step = chart(1000, 20, -10).scale
    assert 0 < begin < 1000
    assert 1020 <= end < 1100
    assert chart(1000, 20, -10).ticks[0] == f"{begin}"
    assert (end - begin) % step == 0


def test_large_parts_begin_at_zero():
    assert chart(1000, -700).scale[0] == 0
    assert chart(0, 5).scale[0] == 0


def test_nothing_changed_or_there_are_no_people():
    for one in (chart(0), chart(1000), chart(0, 0, 0)):
        begin, end, _ = one.scale
        assert begin < end
        assert "<svg" in str(one.svg("t"))


def test_all_ends_lie_on_the_scale():
    for parts in ((5, -3), (900, -1890), (-1000,), (1,), (10**9, -(10**9))):
        one = chart(1000, *parts)
        begin, end, _ = one.scale
        assert all(begin <= row.end <= end for row in one.rows)
        assert len(one.ticks) >= 2


def test_a_strip_for_each_row():
    strips = chart(1000, 20, -10).strips()
    assert [strip.strong for strip in strips.strips] == [True, False, False, True]
    assert all(strip.png for strip in strips.strips)
