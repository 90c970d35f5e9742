"""The words of a study as data: categories, indicators, profiles, columns; a finding's record."""
