"""Other notations, read into the same typed program."""
