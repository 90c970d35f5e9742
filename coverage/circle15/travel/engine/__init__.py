"""Shortest-path searches in integer milliseconds: nearest facilities, catchments, round trips."""
