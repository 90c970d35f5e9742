"""Blocks of the report on equity: the finding, the table of measures, the Lorenz curves."""
