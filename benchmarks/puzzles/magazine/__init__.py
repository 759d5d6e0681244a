"""Logic grids in the style of magazines, written by hand for this project, each checked to have one solution."""
