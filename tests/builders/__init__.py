"""Makers of small records that tests of several rooms need."""
