"""Answers of tools: the same JSON as that of the commands, with the command, and what it looks like as a schema."""

from __future__ import annotations

import json
from typing import Any

from jwgraph.answers.notes import Note
from jwgraph.errors import RefusedError
from jwgraph.present.cells import count
from jwgraph.present.columns import columns_of
from jwgraph.present.files import record
from jwgraph.questions.table import Table

# Characters of an answer: more does not fit into what a model reads.
LARGEST = 400_000

_JSON = {"str": "string", "int64": "integer", "float64": "number", "bool": "boolean"}


def as_json(table: Table, limit: int) -> tuple[str, dict[str, Any]]:
    """Return an answer as JSON, as text and parsed; it is cut to a number of rows, and to a size.

    Raises
    ------
    RefusedError
        A single row is too large.
    """
    while True:
        cut = table.cut(limit)
        whole = record(cut.rows, dict(cut.about), cut.notes)
        rows = count(len(table.rows), "row") if table.rows else table.empty
        text = json.dumps({"summary": rows, **whole, "command": table.command}, default=str, ensure_ascii=False)
        if len(text) <= LARGEST:
            return text, json.loads(text)
        if len(cut.rows) <= 1:
            raise RefusedError(f"A row of the answer is larger than {LARGEST:,} characters: ask for less of it.")
        limit = len(cut.rows) // 2


def schema_of(kind: type[Any] | None) -> dict[str, Any]:
    """Return the JSON schema of an answer whose rows are of one dataclass, with what its columns mean."""
    about = columns_of(kind) if kind else {}
    row: dict[str, Any] = {"type": "object"}
    if about:
        row["properties"] = {name: _column(column.type, column.sentence) for name, column in about.items()}
    strings = {name: {"type": "string"} for name in Note.__dataclass_fields__}
    return {
        "type": "object",
        "properties": {
            "summary": {"type": "string", "description": "How many rows there are, or why there are none."},
            "rows": {"type": "array", "items": row},
            "notes": {
                "type": "array",
                "description": "What the answer depends on and is not known, with the command that loads it.",
                "items": {"type": "object", "properties": strings},
            },
            "command": {"type": "string", "description": "The command that prints the same."},
        },
        "required": ["summary", "rows", "notes", "command"],
    }


def _column(kind: str, sentence: str) -> dict[str, Any]:
    # Lists and maps are what they are.
    types = {"type": [_JSON[kind], "null"]} if kind in _JSON else {}
    return types | ({"description": sentence} if sentence else {})
