"""Check the parameters of named queries against their headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwgraph.errors import UsageError
from jwgraph.store.queries import Param, Query


def checked(query: Query, given: Mapping[str, Any]) -> dict[str, object]:
    """Check the parameters of a named query; text is taken for a number or truth value where it is one.

    Raises
    ------
    UsageError
        One is unknown, missing or of another type.
    """
    known = {param.name: param for param in query.params}
    # None stands for what is not given, but a slip of the pen is told whatever its value.
    query.check_names([name for name, value in given.items() if value is not None or name not in known])
    return {name: _value(known[name], value) for name, value in given.items() if value is not None}


def _value(param: Param, value: Any) -> object:
    if isinstance(value, str):
        return param.value(value)
    if param.type.startswith("LIST<") and isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else list(value)
        if all(_fits(param.type[5:-1], item) for item in items):
            return items
    elif _fits(param.type, value):
        return float(value) if param.type == "FLOAT" else value
    raise UsageError(f"Parameter {param.name} takes {param.type}, and {_short(value)} is none.")


def _fits(kind: str, value: Any) -> bool:
    if kind == "BOOLEAN" or isinstance(value, bool):
        return kind == "BOOLEAN" and isinstance(value, bool)
    if kind == "INTEGER":
        # Neo4j has no larger numbers.
        return isinstance(value, int) and -(2**63) <= value < 2**63
    if kind == "FLOAT":
        return isinstance(value, (int, float))
    return isinstance(value, {"STRING": str, "MAP": dict}[kind])


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
