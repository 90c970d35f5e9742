"""Searches in integer milliseconds: nearest facilities, catchments, round trips."""
