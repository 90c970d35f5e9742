"""Columns of Word tables: nothing is wider than the page, and numbers stay on one line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from circle15.output.document.word.widths import PADDING, UNIT, Measured, column_widths, width

PAGE = 9978
"""A4 less its margins, twentieths of a point."""


def need(characters: int) -> int:
    return characters * UNIT + PADDING


def test_east_asian_characters_take_two():
    assert width("abc") == 3
    assert width("街道") == 4
    assert width("𠮷") == 2
    assert width("A街1") == 4


def test_a_narrow_table_takes_what_its_text_needs():
    """Head `ab` needs 2 + 1 for being bold, `12345` 5, the least column 3 characters."""
    rows = [[Measured(["x"]), Measured(["12345"], whole=True)]]
    assert column_widths([["ab", "n"]], rows, PAGE, fill=False) == [need(3), need(5)]


def test_a_wide_table_fills_the_page_in_proportion():
    rows = [[Measured(["x" * 10]), Measured(["y" * 10])]]
    one, other = column_widths([["a", "b"]], rows, PAGE)
    assert one == other == PAGE // 2


def test_long_texts_get_what_numbers_leave():
    """The number keeps its line and has no more than that; two long texts share the rest."""
    rows = [[Measured(["1,234,567"], whole=True), Measured(["word " * 99]), Measured(["so " * 99])]]
    number, one, other = column_widths([["n", "a", "b"]], rows, PAGE)
    assert number == need(9)
    assert abs(one - other) <= need(2)
    assert PAGE - 3 <= number + one + other <= PAGE


def test_a_verdict_with_its_shape_is_one_word():
    rows = [[Measured(["◆undetermined"]), Measured(["word " * 99]), Measured(["so " * 99])]]
    verdict, _, _ = column_widths([["v", "a", "b"]], rows, PAGE)
    assert verdict >= need(14)


cells = st.text(st.sampled_from("ab1 街道。◆"), max_size=60)


@given(
    st.integers(1, 14).flatmap(
        lambda n: st.tuples(
            st.lists(cells, min_size=n, max_size=n),
            st.lists(st.lists(st.tuples(cells, st.booleans()), min_size=n, max_size=n), max_size=6),
        )
    ),
    st.booleans(),
)
def test_every_column_is_there_and_the_page_is_never_left(table, fill):
    head, body = table
    rows = [[Measured([text], whole=whole) for text, whole in row] for row in body]
    widths = column_widths([head], rows, PAGE, fill=fill)
    assert len(widths) == len(head)
    assert min(widths) > 0
    assert sum(widths) <= PAGE
    assert not fill or sum(widths) >= PAGE - len(widths)


def test_bold_words_and_sums_stay_whole():
    """`undetermined` has 12 characters and bold ones are wider by a sixth and one: 15."""
    rows = [[Measured(["word " * 99]), Measured(["3"], whole=True)]]
    _, verdict = column_widths([["reading", "undetermined"]], rows, PAGE)
    assert verdict >= need(15)
    plain, bold = (
        column_widths([["a", "n"]], [[Measured(["x"]), one]], PAGE, fill=False)[1]
        for one in (Measured(["230,300"], whole=True), Measured(["230,300"], whole=True, bold=True))
    )
    assert (plain, bold) == (need(7), need(9))
