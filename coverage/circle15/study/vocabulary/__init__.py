"""The words of a study: categories, indicators, profiles and columns as data; the record of a finding."""
