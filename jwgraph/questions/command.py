"""The command that prints an answer."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import Any

from jwgraph.answers import criteria
from jwgraph.answers.filters import Part


def command(*words: str, **options: Any) -> str:
    """Return a command of jwgraph; options that are None or empty are left out, False is written as `--no-…`."""
    parts = ["jwgraph", *words]
    for name, value in options.items():
        option = name.replace("_", "-")
        if isinstance(value, bool):
            parts.append(f"--{option}" if value else f"--no-{option}")
        else:
            several = value if isinstance(value, list) else [value]
            parts += [word for each in several if each not in (None, "") for word in (f"--{option}", str(each))]
    return " ".join(map(quote, parts))


def part(each: Part) -> str:
    """Format a criterion of a filter as the field of its form."""
    name = criteria.NAMES[each.name].replace("_", " ")
    if isinstance(each.value, bool):
        return f"{'only' if each.value else 'no'} {name.removesuffix('s')} files"
    values: Sequence[object] = each.value if isinstance(each.value, Sequence) else [each.value]
    return f"{name} {', '.join(map(str, values))}"
