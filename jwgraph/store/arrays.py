"""Whether the driver of Neo4j knows numpy, pandas and pyarrow.

The driver imports them where they are installed, to take their values as parameters: that takes a third of the time of
its import. The command line has no such values, and notebooks have.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

OF_THE_DRIVER = ("numpy", "pandas", "pyarrow")
"""Packages that the driver uses where they are installed, and works without."""

_unwanted = False


def leave_out() -> None:
    """Import the driver without them, if it is not imported yet; the command line does."""
    global _unwanted
    _unwanted = True


@contextmanager
def as_wanted() -> Iterator[None]:
    """Hide the packages from what is imported meanwhile, if they are to be left out; they can be imported later.

    A name that `sys.modules` has as None cannot be imported: "The module cache" in the reference of Python.
    """
    hidden = [name for name in OF_THE_DRIVER if name not in sys.modules] if _unwanted else []
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
