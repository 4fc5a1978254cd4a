"""Columns of an answer, from its dataclass, from the header of a named query, or from its values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from jwgraph.model.columns import Column
from jwgraph.store.queries import Query

# Column type by the type of the values; lists and maps are JSON.
_PYTHON: dict[Any, str] = {str: "str", int: "int64", float: "float64", bool: "bool"}

# Column type by the type in a query header.
_CYPHER = {"STRING": "str", "INTEGER": "int64", "FLOAT": "float64", "BOOLEAN": "bool"}

NUMBERS = frozenset({"int64", "float64"})


def columns_of(kind: type[Any]) -> dict[str, Column]:
    """Return the columns of a dataclass of rows, as its annotations describe them."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: _column(hints[field.name]) for field in fields(kind)}


def _column(hint: Any) -> Column:
    """Return the column of a type hint: its type comes from the hint, the rest from the hint's last `Column`."""
    if get_origin(hint) is Annotated:
        plain, *notes = get_args(hint)
        inner = _column(plain)
        described = [note for note in notes if isinstance(note, Column)]
        return replace(described[-1], type=inner.type) if described else inner
    if get_origin(hint) in (Union, UnionType):
        known = [part for part in get_args(hint) if part is not NoneType]
        return _column(known[0]) if len(known) == 1 else Column(type="json")
    return Column(type=_PYTHON.get(hint, "json"))


def columns_of_header(returns: Iterable[tuple[str, str]], *, ours: bool) -> dict[str, Column]:
    """Return the columns that the header of a named query declares.

    Parameters
    ----------
    ours
        Whether the query is built in: then columns are described as in the answer that shares most of them.
    """
    types = {name: _CYPHER.get(kind, "json") for name, kind in returns}
    known = _closest_answer(types) if ours else {}
    return {name: known.get(name, Column(type=kind)) for name, kind in types.items()}


def columns_of_query(query: Query) -> dict[str, Column]:
    """Return the columns of a named query; columns of a user's query have types only."""
    return columns_of_header(query.shown, ours=query.ours)


def _closest_answer(types: dict[str, str]) -> dict[str, Column]:
    """Return the columns (by name and type) that a query shares with one answer: the first that shares most."""
    from jwgraph.answers.catalogue import ANSWERS

    shared = [
        {name: column for name, column in columns_of(kind).items() if types.get(name) == column.type}
        for kind in dict.fromkeys(ANSWERS.values())
    ]
    return max(shared, key=len)


def columns_of_values(names: Sequence[str], rows: Sequence[Any]) -> dict[str, Column]:
    """Return columns without descriptions, with types inferred from the values."""
    return {name: Column(type=_type_of_values(value(row, name) for row in rows)) for name in names}


def _type_of_values(values: Iterable[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return "str"
    if kinds == {int, float}:
        return "float64"
    return _PYTHON.get(kinds.pop(), "json") if len(kinds) == 1 else "json"


def value(row: Any, name: str) -> Any:
    """Return one value of a row, which is a dataclass or a dict."""
    return row[name] if isinstance(row, dict) else getattr(row, name)
