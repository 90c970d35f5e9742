"""The worksheet of rules states what each rule requires, in the language of the workbook."""

from __future__ import annotations

import pytest
from tests.builders.report_result import make_result

from circle15.output.tables.sheets import sheets
from circle15.output.text.wording import Words
from circle15.study.messages import say


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_row_has_the_meaning_beside_the_quote(language):
    result = make_result()
    found = {sheet.key: sheet for sheet in sheets(result, Words(language, result.study))}
    rules = found["rules"]
    keys = [key for key, _ in rules.columns]
    at = keys.index("requirement")
    assert keys[at - 1] == "quote"
    assert result.rules
    for row, rule in zip(rules.rows, result.rules, strict=True):
        assert row[at] == rule.rule.meaning[language]
    assert say("columns.requirement", language)
