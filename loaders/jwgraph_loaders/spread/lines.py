"""Records as lines of canonical JSON: the same record gives the same bytes, whoever reads it.

A line is `[turn, "name", "Class", [values]]`: 1 for records that name many files, else 0; the name of the file or
Observation that the record is about; the class of `jwgraph.model.records`; the values of its fields in their order. So
sorted lines have all about one file together, and before what only names it: the writer creates a file at once with all
that is known of it, which takes the server a third of adding that later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter
from typing import Any

from jwgraph.model.records import AsnProduct, AssociationRecord, LinkRecord, Member, PoolRow, Problem, Record
from jwgraph_loaders.find.read import SourceReport
from jwgraph_loaders.write.batch import KINDS

Logged = Problem | SourceReport

# Lines that are parsed at a time: one by one takes twice as long.
BLOCK = 1000

_NAMING = (AssociationRecord, PoolRow, LinkRecord)
_CLASSES: dict[str, type[Any]] = {each.__name__: each for each in (*KINDS, Problem, SourceReport)}
_VALUES = {
    each: attrgetter(*(field.name for field in fields(each) if field.init))
    for each in (*_CLASSES.values(), AsnProduct, Member)
}
_PRODUCTS = [field.name for field in fields(AssociationRecord)].index("products")


def line_of(record: Record | Logged, name: str = "") -> bytes:
    """Write a record as a line, without its end; `name` is what the record is about."""
    turn = int(isinstance(record, _NAMING))
    return _encode([turn, name, type(record).__name__, _values(record)]).encode("ascii")


def records_of(lines: list[bytes]) -> Iterator[Any]:
    """Yield the records of lines."""
    for first in range(0, len(lines), BLOCK):
        for _, _, name, values in json.loads(b"[%b]" % b",".join(lines[first : first + BLOCK])):
            yield _record(name, values)


def _record(name: str, values: list[Any]) -> Any:
    made = [_tuples(value) if type(value) is list else value for value in values]
    if name == AssociationRecord.__name__:
        made[_PRODUCTS] = tuple(_product(*each) for each in made[_PRODUCTS])
    return _CLASSES[name](*made)


def _values(record: Any) -> Any:
    return _VALUES[type(record)](record)


# One encoder for all lines: making one costs as much as a line. Members of associations are records in records.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_values).encode


def _product(name: str, members: tuple[Any, ...]) -> AsnProduct:
    return AsnProduct(name, tuple(Member(*each) for each in members))


def _tuples(value: Any) -> Any:
    """Return lists as tuples: records have no lists."""
    return tuple(map(_tuples, value)) if type(value) is list else value
