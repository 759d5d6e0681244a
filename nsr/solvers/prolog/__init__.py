"""Rules with SWI-Prolog."""
