"""The definition of a study: settings, limits, vocabulary of columns and codes, messages."""
