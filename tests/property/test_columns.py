"""Every column of a table is read or reported as unread, whatever its heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from circle15.errors import InputDataError
from circle15.inputs.tables.cells import Table
from circle15.inputs.tables.columns_read import column_findings, recorded
from circle15.inputs.tables.headings import find_columns, keys_of, known_headings, named_column

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = known_headings()
WORDS = sorted(
    {w for kind in ("facility", "facility_also") for ws in KNOWN[kind].values() for w in ws}
)
ANY = st.one_of(
    st.sampled_from(WORDS),
    st.text(min_size=1, max_size=12),
    st.sampled_from(["备注", "面积（㎡）", "*", "(", "1.", "状态?", "\ufeff", "：", "a_b", "_"]),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("columns") / "t.csv"


@given(
    headings=st.lists(ANY, min_size=1, max_size=8, unique=True),
    kind=st.sampled_from(["facility", "residential"]),
)
def test_each_column_is_read_or_unread(file, headings, kind):
    """Whatever is refused says so; nothing is neither read nor named, nothing both."""
    table = Table(
        file, pd.DataFrame([[str(k) for k in range(len(headings))]], columns=headings), [2]
    )
    with recorded() as records:
        try:
            found = find_columns(table, kind, {})
        except InputDataError:
            assume(False)
    (one,) = records.values()
    assert sorted([*one.columns, *one.unread]) == sorted(headings)
    read = {heading for field, heading in found.items() if heading and field not in one.settled}
    assert set(one.columns) == read
    for finding in column_findings([one], KNOWN):
        assert finding.column is None or finding.column in one.unread


@given(heading=st.text(min_size=1, max_size=20))
def test_a_heading_has_itself_among_its_spellings(heading):
    assert keys_of(heading)
    assert keys_of(heading) == keys_of(f" {heading.strip()} ")


@given(headings=st.lists(ANY, min_size=1, max_size=5, unique=True), place=st.integers(0, 4))
def test_a_column_that_a_study_names_is_that_column(file, headings, place):
    wanted = headings[place % len(headings)]
    table = Table(file, pd.DataFrame([["x"] * len(headings)], columns=headings), [2])
    with recorded() as records:
        assert named_column(table, wanted, field="p60") == wanted
    (one,) = records.values()
    assert one.columns == {wanted: "p60"}
    assert one.unread == [name for name in headings if name != wanted]
