"""Sections of the report on plans."""
