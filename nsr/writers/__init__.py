"""Programs written out for other tools."""
