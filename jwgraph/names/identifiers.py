"""Identifiers: programs, visits, CRDS names."""

from __future__ import annotations

from jwgraph.errors import UsageError


def program_number(program: int | str | None) -> str:
    """Return a program number as stored: five digits, or `*` for every program.

    Raises
    ------
    UsageError
        The text is not a program number.
    """
    if program is None:
        return "*"
    text = str(program)
    if not (text.isascii() and text.isdecimal() and len(text) <= 5):
        raise UsageError(f"{program!r} is not a program number (up to five digits, such as 2733).")
    return text.zfill(5)
