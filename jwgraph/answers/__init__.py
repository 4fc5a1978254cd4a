"""Answers: one dataclass for each kind of row, and the functions that return them."""
