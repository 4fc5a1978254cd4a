"""Read parameters of queries, and check those of named queries against their headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jwgraph.errors import UsageError
from jwgraph.store.queries import Param, Query, fits, short_name


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """Split `KEY=VALUE` texts.

    Raises
    ------
    UsageError
        A text has no `=` or no key.
    """
    found: dict[str, str] = {}
    for text in texts:
        key, sep, value = text.partition("=")
        if not sep or not key:
            raise UsageError(f"Write a parameter as KEY=VALUE, not {text!r}.")
        found[key] = value
    return found


def checked(query: Query, given: Mapping[str, Any]) -> dict[str, object]:
    """Check the parameters of a named query, and convert text to their types; None counts as not given.

    One value of a list may have the name without the s: `obs_id` where the query takes `obs_ids`.

    Raises
    ------
    UsageError
        A parameter is unknown, missing or of another type.
    """
    known = {param.name: param for param in query.params}
    given = dict(_in_list(known, name, value) for name, value in given.items())
    for name in given:
        if name not in known:
            takes = ", ".join(known) or "no parameters"
            raise UsageError(f"Query {short_name(query.name)} has no parameter {name!r}: it takes {takes}.")
    for param in query.params:
        if param.default is None and given.get(param.name) is None:
            raise UsageError(f"Query {short_name(query.name)} needs {param.name}=VALUE: {param.sentence}")
    return {name: _value(known[name], value) for name, value in given.items() if value is not None}


def _in_list(known: Mapping[str, Param], name: str, value: Any) -> tuple[str, Any]:
    several = f"{name}s"
    if name in known or several not in known or value is None:
        return name, value
    return several, [value]


def _value(param: Param, value: Any) -> object:
    if isinstance(value, str):
        return param.value(value)
    if param.type.startswith("LIST<") and isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else list(value)
        if all(fits(param.type[5:-1], item) for item in items):
            return items
    elif fits(param.type, value):
        return float(value) if param.type == "FLOAT" else value
    raise UsageError(f"Parameter {param.name} takes {param.type}, not {_short(value)}.")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
