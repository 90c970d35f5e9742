"""Vocabulary as data: categories, indicators, profiles, columns; the record of a finding."""
