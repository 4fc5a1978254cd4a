"""Constraints and indexes of a store, and the format of its graph."""

from __future__ import annotations

from jwgraph.errors import DatabaseError
from jwgraph.model.vocabulary import GRAPH_FORMAT
from jwgraph.store import queries
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
    for step in missing:
        graph.run(step.name)
    if missing:
        graph.run("internal/await_indexes")
        graph.run("internal/set_format", format=GRAPH_FORMAT)
    for step in missing:
        graph.run("internal/schema_step", name=step.name, checksum=step.checksum)


def applied(graph: Graph) -> dict[str, str]:
    """Return the schema steps that the store has had, with the checksums of their files."""
    return {row["name"]: row["checksum"] for row in graph.read("internal/schema_steps")}
