"""Nodes and edges as lines of canonical JSON: the same graph gives the same bytes, whatever the server.

A node is `{"key", "labels", "properties"}`, an edge `{"start", "type", "end", "ends", "properties"}`, where `ends` has
the labels of both; members stand in that order, properties and labels sorted, all in ASCII. What JSON has no type for
is an object of one member: `{"$datetime": …}`, `{"$float": "nan"}`.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from jwgraph.errors import RefusedError
from jwgraph.model.vocabulary import EDGES, LABELS

Row = dict[str, Any]

# Lines that are sorted at once: about 60 MB of text.
RUN = 200_000

# Association and Pool are labels that a Product has besides.
EXTRA_LABELS = frozenset({"Association", "Pool"})
KEYS = {label.name: label.key for label in LABELS}
ENDS = {(edge.name, edge.start, end) for edge in EDGES for end in edge.end.split("|")}


def node_line(row: Row) -> str:
    """Write a row of `internal/nodes`.

    Raises
    ------
    RefusedError
        jwgraph never writes such a node, so a restore could not make it.
    """
    label = base(row["labels"])
    key = row["properties"].get(KEYS.get(label, ""))
    if not isinstance(key, str):
        raise RefusedError(f"The store has a node of label {':'.join(row['labels'])!r}, which jwgraph never writes.")
    return _json({"key": key, "labels": sorted(row["labels"]), "properties": _properties(row)})


def edge_line(row: Row) -> str:
    """Write a row of `internal/edges`.

    Raises
    ------
    RefusedError
        jwgraph never writes such an edge.
    """
    ends = _ends(row["type"], tuple(row["start_labels"]), tuple(row["end_labels"]))
    if (row["type"], *ends) not in ENDS:
        raise RefusedError(f"The store has an edge {row['type']!r}, which jwgraph never writes.")
    return _json(
        {
            "start": row["start"],
            "type": row["type"],
            "end": row["end"],
            "ends": ends,
            "properties": _properties(row),
        }
    )


def base(labels: list[str]) -> str:
    """Return the label that gives a node its key."""
    known = [label for label in labels if label not in EXTRA_LABELS]
    return known[0] if len(known) == 1 else ""


@cache
def _ends(kind: str, start: tuple[str, ...], end: tuple[str, ...]) -> list[str]:
    """Return the labels of both ends in the vocabulary of the edge: Association rather than Product, if both apply."""
    known = sorted(each for each in ENDS if each[0] == kind)
    return [
        next((each[place] for each in known if each[place] in labels), "") for place, labels in ((1, start), (2, end))
    ]


def _properties(row: Row) -> Row:
    return {
        name: value if type(value) in _AS_IT_IS else _plain(value) for name, value in sorted(row["properties"].items())
    }


# Most values are of these types, which is seen at once.
_AS_IT_IS = frozenset({str, bool, int})


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else {"$float": str(value)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    from neo4j.time import DateTime

    if isinstance(value, DateTime):
        return {"$datetime": value.iso_format()}
    raise RefusedError(f"The store has a value of type {type(value).__name__}, which jwgraph never writes.")


def _json(row: Row) -> str:
    return _encode(row) + "\n"


# One encoder for all lines: making one costs as much as a line.
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode


def value(plain: Any) -> Any:
    """Convert a JSON value of a line to a value of the store.

    Raises
    ------
    ValueError
        It is not a value of the store: a number beyond 64 bits, half of a surrogate pair, another object.
    """
    if isinstance(plain, str):
        plain.encode()
    elif isinstance(plain, int):
        if not -(1 << 63) <= plain < 1 << 63:
            raise ValueError("a number beyond 64 bits")
    elif isinstance(plain, list):
        return [value(item) for item in plain]
    elif isinstance(plain, dict):
        return _typed(plain)
    return plain


def _typed(plain: Row) -> Any:
    ((kind, text),) = plain.items()
    if kind == "$float":
        return float(text)
    if kind != "$datetime":
        raise ValueError(f"a value of type {kind!r}")
    from neo4j.time import DateTime

    return DateTime.from_iso_format(text)


def write_sorted(lines: Iterable[str], target: Path) -> int:
    """Write lines to a file in the order of their bytes, in bounded memory; return how many there are."""
    runs: list[Path] = []
    count = 0
    for run in _runs(lines):
        path = target.with_name(f"{target.name}.{len(runs)}")
        path.write_text("".join(sorted(run)), encoding="ascii", newline="\n")
        runs.append(path)
        count += len(run)
    with ExitStack() as stack:
        parts = [stack.enter_context(path.open(encoding="ascii", newline="\n")) for path in runs]
        with target.open("w", encoding="ascii", newline="\n") as out:
            out.writelines(heapq.merge(*parts))
    for path in runs:
        path.unlink()
    return count


def _runs(lines: Iterable[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for line in lines:
        run.append(line)
        if len(run) >= RUN:
            yield run
            run = []
    if run:
        yield run
