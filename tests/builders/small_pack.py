"""A rule pack of one rule, for tests of what may replace its parts."""

from __future__ import annotations

GOOD = """
id = "own"
title = { zh = "甲", en = "a" }
source = { title = "t", publisher = "p", date = 2025-01-01 }
[[rules]]
id = "X-1"
quote = "q"
meaning = { zh = "甲", en = "a" }
evaluator = "units_with_category"
parameters = { category = "complex" }
threshold = 55.5
comparison = ">="
unit = "%"
level = "street"
force = "not_stated"
"""
