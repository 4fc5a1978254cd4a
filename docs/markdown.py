"""What the reference pages share: a note, and tables in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

NOTE = "This page is made by `python docs/generate.py`; to change it, change what it is made from.\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
