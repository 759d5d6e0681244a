"""Benchmarks of the way from a logic puzzle's text to a verified grid; `benchmarks/README.md` lists them."""
