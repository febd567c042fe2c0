"""Benchmarks: figures of one run on one machine, read as ratios."""
