"""Answers in the words of the problem."""
