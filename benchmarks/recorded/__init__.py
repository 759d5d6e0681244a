"""Programs that other systems' language models wrote, run by our solvers."""
