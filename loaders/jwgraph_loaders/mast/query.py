"""Queries for Observations at MAST."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

from jwgraph.errors import UsageError
from jwgraph.names.typed import typed
from jwgraph_loaders.mjd import mjd
from jwgraph_loaders.text import quoted, show

_PROGRAM = re.compile(r"0*([1-9]\d{0,4})", re.ASCII)
_FAR = 88069.0  # 2100-01-01: MAST wants a range
_RANGES = frozenset({"t_min"})
_SEPARATORS = {"obs_collection": ";"}
"""Separator of columns that may have several values, as in MAST's configuration of columns."""


@dataclass(frozen=True, slots=True)
class Query:
    """Criteria for Observations; at least one is required, and all must match.

    Attributes
    ----------
    program
        Program number, with or without leading zeros.
    obs_id, target
        `obs_id` and `target_name` as written by MAST; each may contain one `*`, which matches any text.
    since
        Earliest start of the Observation (MAST's `t_min`): a date or time (ISO 8601, UTC by default) or an MJD. This is
        not when files were archived or made: it does not find files reprocessed or made public since then. It excludes
        planned Observations, which have no `t_min`.

    Raises
    ------
    UsageError
        No criterion is given, or one is invalid.
    """

    program: str | None = None
    obs_id: str | None = None
    target: str | None = None
    since: str | None = None

    def __post_init__(self) -> None:
        if len(self.criteria()) < 2:
            raise UsageError("MAST is asked for a program, an obs_id, a target or a date: give at least one.")

    def criteria(self) -> dict[str, list[str] | list[float]]:
        """Return the search criteria by MAST column name."""
        found: dict[str, list[str] | list[float]] = {"obs_collection": ["JWST"]}
        if self.program is not None:
            found["proposal_id"] = _spellings(self.program)
        for column, text in (("obs_id", self.obs_id), ("target_name", self.target)):
            if text is not None:
                found[column] = [_word(column, text)]
        if self.since is not None:
            found["t_min"] = [_mjd(self.since), _FAR]
        return found

    def filters(self) -> list[dict[str, object]]:
        """Return the criteria as the services of MAST expect them."""
        return [_filter(column, values) for column, values in self.criteria().items()]

    @property
    def whole_program(self) -> str:
        """The program, five digits, if all its Observations are asked for; else empty."""
        alone = self.obs_id is None and self.target is None and self.since is None
        return _spellings(self.program)[0].zfill(5) if self.program is not None and alone else ""

    def __str__(self) -> str:
        given = {"program": self.program, "obs_id": self.obs_id, "target": self.target, "since": self.since}
        return ", ".join(f"{name} {show(value, 60)}" for name, value in given.items() if value is not None)


def queries(
    programs: Iterable[str], obs_ids: Iterable[str], targets: Iterable[str], since: Iterable[str]
) -> list[Query]:
    """Return a query for each combination of values.

    Parameters
    ----------
    obs_ids
        In any form of a name; a file stands for the Observation that owns it by its name.

    Raises
    ------
    UsageError
        There is no criterion, or one is invalid.
    """
    names = [typed(each).owner() or typed(each).obs_id for each in obs_ids]
    criteria = [list(dict.fromkeys(each)) for each in (programs, names, targets, since)]
    if not any(criteria):
        raise UsageError("Choose what to load from MAST: a program, an Observation, a target or a date.", remedy="mast")
    return [Query(*values) for values in product(*(each or (None,) for each in criteria))]


def _filter(column: str, values: Sequence[str | float]) -> dict[str, object]:
    entry: dict[str, object] = {"paramName": column}
    if column in _SEPARATORS:
        entry["separator"] = _SEPARATORS[column]
    if column in _RANGES:
        low, high = values
        return entry | {"values": [{"min": low, "max": high}]}
    words = [str(value) for value in values]
    entry["values"] = [word for word in words if "*" not in word]
    patterns = [word.replace("*", "%") for word in words if "*" in word]
    return entry | ({"freeText": patterns[0]} if patterns else {})


def _spellings(program: str) -> list[str]:
    """Return all spellings of a program at MAST: `proposal_id` is text, with leading zeros in some rows only."""
    match = _PROGRAM.fullmatch(program.strip())
    if match is None:
        raise UsageError(f"{quoted(program, 20)} is no program: give its number, up to five digits (2733 or 02733).")
    return list(dict.fromkeys(match[1].zfill(width) for width in (0, 4, 5)))


def _word(column: str, text: str) -> str:
    word = text.strip()
    if not word.replace("*", "") or not word.isprintable() or word.count("*") > 1 or "%" in word:
        raise UsageError(f"{quoted(text, 40)} is no {column}: give one as MAST writes it, with at most one * in it.")
    return word


def _mjd(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = _mjd_of_date(text)
    if not 0 <= value < _FAR:
        raise UsageError(f"{quoted(text, 40)} is no date: give one such as 2024-06-30, or an MJD such as 60491.")
    return value


def _mjd_of_date(text: str) -> float:
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return -1.0
    return mjd(when if when.tzinfo else when.replace(tzinfo=UTC))
