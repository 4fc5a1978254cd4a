"""Constraints and indexes of a store, and the format of its graph."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from jwgraph.errors import DatabaseError
from jwgraph.model.vocabulary import GRAPH_FORMAT
from jwgraph.store import queries
from jwgraph.store.driver import ManagedTransaction
from jwgraph.store.graph import Graph


def ensure(graph: Graph) -> None:
    """Create the constraints and indexes that are missing, before anything is written.

    Raises
    ------
    DatabaseError
        The store was made with another version of a schema step, or by a newer jwgraph.
    """
    steps = queries.every("schema")
    done = applied(graph)
    newer = sorted(set(done) - {step.name for step in steps})
    if newer:
        raise DatabaseError(f"The store was made by a newer jwgraph ({newer[0]}); upgrade jwgraph to write to it.")
    for step in steps:
        if done.get(step.name, step.checksum) != step.checksum:
            raise DatabaseError(
                f"Schema step {step.name} of the store differs from this jwgraph's; "
                "dump the store with the jwgraph that made it, or start with an empty one."
            )
    missing = [step for step in steps if step.name not in done]
    if missing:
        graph.write(partial(_create, steps=missing))
        graph.run("internal/await_indexes")
        names = [{"name": step.name, "checksum": step.checksum} for step in missing]
        graph.run("internal/schema_done", steps=names, format=GRAPH_FORMAT)


def _create(tx: ManagedTransaction, steps: Iterable[queries.Query]) -> None:
    """Create constraints and indexes in one transaction: each of its own takes the server a tenth of a second."""
    for step in steps:
        tx.run(step.text).consume()


def applied(graph: Graph) -> dict[str, str]:
    """Return the schema steps that the store has had, with the checksums of their files."""
    return {row["name"]: row["checksum"] for row in graph.read("internal/schema_steps")}
