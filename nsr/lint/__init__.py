"""Checks of a program against the text that it formalizes, one file a check."""
