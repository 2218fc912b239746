"""Scenario files: at once a sample, a training run and an acceptance test (samples/README.md)."""
