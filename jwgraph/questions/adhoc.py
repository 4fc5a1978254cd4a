"""Read-only Cypher as a question: behind the gate, with limits of time and rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from jwgraph.adhoc import run
from jwgraph.answers.notes import Note, undisturbed
from jwgraph.errors import UsageError
from jwgraph.present.columns import columns_of_values
from jwgraph.present.escape import visible
from jwgraph.questions.command import command
from jwgraph.questions.table import Table
from jwgraph.store.graph import Graph

# Rows, seconds, characters.
LIMIT, TIMEOUT, LONGEST = 1000, 30.0, 20_000


def cypher(graph: Graph, text: str, *, limit: int = LIMIT, parameters: Mapping[str, Any] | None = None) -> Table:
    """Run one statement that only reads, and return its first rows, or the plan of EXPLAIN.

    Raises
    ------
    UsageError
        The text is too long, or no query.
    RefusedError
        It does more than read, or takes too long.
    """
    if len(text) > LONGEST:
        raise UsageError(f"A query has at most {LONGEST:,} characters.")
    asked = partial(run.run, graph, text, parameters=parameters, limit=limit, timeout=TIMEOUT)
    answer, said = undisturbed(graph, asked)
    return _table(answer, text, limit).said(said)


def _table(answer: run.Answer, text: str, limit: int) -> Table:
    notes = [Note(notice.rstrip(".")) for notice in answer.notices]
    line = command("cypher", text)
    if answer.explained:
        steps: list[dict[str, Any]] = [
            {"operator": "\u00a0\u00a0" * step.depth + step.operator, "details": step.details} for step in answer.plan
        ]
        return Table(steps, columns_of_values(("operator", "details"), steps), notes, line, "plan")
    if answer.cut:
        notes.insert(0, Note(f"only the first {limit:,} rows are shown; for all", command("cypher", text, limit=0)))
    names = [visible(name) for name in answer.columns]
    rows = [{visible(key): value for key, value in row.items()} for row in answer.rows]
    return Table(rows, columns_of_values(names, rows), notes, line, "cypher", hidden=())
