"""Benchmarks, run with `make bench`; they measure, and slowness is never a failure."""
