"""Programs written by hand for problems of public benchmarks, and their check against the gold answers."""
