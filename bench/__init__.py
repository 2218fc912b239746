"""Benchmarks on the real parts: ``make bench``. Never part of the tests; figures go to docs/performance.md."""
