"""Map each command to the dataclass of its rows."""

from __future__ import annotations

from dataclasses import is_dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import jwgraph.answers


def _rows() -> list[type[Any]]:
    """Return the dataclasses of `jwgraph.answers` that declare the commands that print them."""
    modules = [import_module(f"jwgraph.answers.{each.name}") for each in iter_modules(jwgraph.answers.__path__)]
    return [
        found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, type) and found.__module__ == module.__name__ and is_dataclass(found)
        if "COMMANDS" in vars(found)
    ]


ANSWERS: dict[str, type[Any]] = {command: row for row in _rows() for command in row.COMMANDS}
