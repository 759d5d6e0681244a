"""Benchmark sets in their published formats: readers, scorers, doubts about gold answers."""
