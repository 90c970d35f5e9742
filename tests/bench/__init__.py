"""Benchmarks: run with `make bench`; they measure and never fail for being slow."""
