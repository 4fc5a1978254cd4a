"""Write a question as the Python call that asked it."""

from __future__ import annotations


def call(name: str, *positional: object, **named: object) -> str:
    """Write a call as Python has it; what is None was not given."""
    given = [repr(value) for value in positional]
    given += [f"{key}={value!r}" for key, value in named.items() if value is not None]
    return f"{name}({', '.join(given)})"
