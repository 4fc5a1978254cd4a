"""Identifiers: programs, visits, CRDS names, types of associations; what a text can be the name of."""

from __future__ import annotations

from jwgraph.errors import UsageError

CRDS_SCHEME = "crds://"

_VISIT_LENGTH = len("jw02733001001")


def five_digits(program: str) -> str:
    """Return a program number as stored; empty if the text is not a number of up to five digits."""
    fits = program.isascii() and program.isdecimal() and len(program) <= 5
    return program.zfill(5) if fits else ""


def program_number(program: int | str | None) -> str:
    """Return a program number as stored: five digits, or `*` for every program.

    Raises
    ------
    UsageError
        The text is not a program number.
    """
    if program is None:
        return "*"
    found = five_digits(str(program))
    if not found:
        raise UsageError(f"{program!r} is not a program number (up to five digits, such as 2733).")
    return found


def visit_of(name: str) -> str:
    """Return the visit (`jw` and eleven digits) of the name of an exposure, a guide-star file or an MSA file."""
    return name[:_VISIT_LENGTH]


def is_file(name: str) -> bool:
    """Return whether a name is that of a file: files have an extension, Observations have none."""
    return "." in name


def without_scheme(reference: str) -> str:
    """Return the file name of a reference file: names with and without `crds://` are the same file."""
    return reference[len(CRDS_SCHEME) :] if reference.lower().startswith(CRDS_SCHEME) else reference


def makes_level3(asn_type: str | None) -> bool:
    """Return whether associations of a type make Level 3 products: its name ends in 3, as in `image3`."""
    return (asn_type or "").endswith("3")
