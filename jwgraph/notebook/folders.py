"""Check a folder from a notebook."""

from __future__ import annotations

from pathlib import Path

from jwgraph.answers.check import CheckRow
from jwgraph.answers.notes import Answer
from jwgraph.errors import UsageError
from jwgraph.model.vocabulary import Selection
from jwgraph.store.graph import Graph
from jwgraph_loaders.check import Check


def check(graph: Graph, folder: Path, select: str | None) -> Answer[CheckRow]:
    """Return the files of a folder and those that it lacks, with their states.

    Raises
    ------
    UsageError
        The folder does not exist, or the selection is unknown.
    """
    if select is not None and select not in set(Selection):
        raise UsageError(f"select is one of {', '.join(Selection)}, or None.")
    made = Check(graph, folder, None if select is None else Selection(select))
    rows = list(made.rows())
    return Answer(rows, made.notes)
