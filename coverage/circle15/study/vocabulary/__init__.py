"""The words of a study: categories, indicators, profiles, columns, codes of findings, as data."""
