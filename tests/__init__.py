"""Tests of circle15."""
