"""Forget a program: remove what its own sources said, as if they had never been loaded.

Files of the program that sources of other programs name stay, by name only, as they would be in a store that was never
given the program. Each step can be repeated: a forget that was interrupted is finished by repeating it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from time import time
from typing import Any

from neo4j import ManagedTransaction

from jwgraph.answers.stores import KeptRow
from jwgraph.errors import NotFoundError
from jwgraph.names.grammar import parse
from jwgraph.store import queries
from jwgraph.store.derive import derive
from jwgraph.store.graph import Graph, Row
from jwgraph.store.readings import Purpose
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.rows import LABEL_OF, NAMED, named_observation, named_product, named_rest, owned_file
from jwgraph_loaders.write.transaction import Changes, Stored

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Size:
    """What the store has of a program: files, and Observations."""

    files: int
    observations: int


def size(graph: Graph, program: str) -> Size:
    """Return how much of a program the store has.

    Raises
    ------
    NotFoundError
        Nothing of it; the message lists the programs of the store.
    """
    (found,) = graph.read("internal/program_size", program=program)
    if not found["known"]:
        known = [row["program"] for row in graph.read("internal/program_names") if row["program"]]
        loaded = ", ".join(known[:20]) + (f" and {len(known) - 20} more" if len(known) > 20 else "")
        raise NotFoundError(f"Nothing of program {program} is loaded; loaded: {loaded or 'nothing'}.")
    return Size(found["files"], found["observations"])


def forget(
    graph: Graph, program: str, *, progress: Callable[[str], None] = lambda _text: None
) -> tuple[Size, list[KeptRow]]:
    """Remove a program from the store, and derive the programs again that share files with it.

    Its own sources are: rows of lists about its files, its association files and pools, headers of its files, rows of
    searches about its Observations, and rows of tables about its files. Rows about files whose name has no program
    stay.

    Parameters
    ----------
    program
        Five digits.
    progress
        Called with a sentence before each slow step.

    Returns
    -------
    size
        Files and Observations that were removed.
    kept
        Files that stay by name, and what names them.

    Raises
    ------
    NotFoundError
        Nothing of the program is in the store.
    """
    with graph.exclusive(Purpose.FORGET):
        before = size(graph, program)
        # What shares files with the program is derived again, by this run or by the next load.
        graph.run("write/programs", programs=_together(graph, program))
        progress("removing what its sources say")
        graph.run("write/forget_begin", program=program)
        for step in ("write/forget_derived", "write/forget_associations", "write/forget_sources"):
            graph.run(step, program=program)
        graph.run("write/forget_pools")
        progress("removing files and Observations")
        graph.run("write/forget_products", program=program)
        named = graph.read("internal/named_files", program=program)
        datasets = graph.read("internal/named_observations", program=program)
        graph.run("write/forget_observations", program=program, kept=[row["obs_id"] for row in datasets])
        graph.write(lambda tx: tx.run(queries.get("write/forget_datasets").text, rows=_datasets(datasets)).consume())
        for at in range(0, len(named), _BATCH):
            graph.write(partial(_by_name, rows=named[at : at + _BATCH]))
        graph.run("write/forget_others", program=program)
        graph.run("write/forget_labels", program=program)
        graph.write(lambda tx: _share(tx, graph.read("internal/named_shares", program=program), program))
        derive(graph, progress=lambda what, _count: progress(f"deriving: {what}"))
        unnamed = [row["program"] for row in graph.read("internal/unnamed_programs")]
        # In this order, each of its own: who reads a program that goes must see its generation until then, or here.
        graph.run("internal/raise_programs", programs=[], gone=unnamed)
        graph.run("write/forget_end", program=program, unnamed=unnamed)
        left = graph.read("internal/program_size", program=program)[0]
    removed = Size(before.files - left["files"], before.observations - left["observations"])
    return removed, [KeptRow(row["filename"], name) for row in named for name in row["named_by"]]


def _together(graph: Graph, program: str) -> list[str]:
    """Return the program with all that it is derived with."""
    pairs = [(row["a"], row["b"]) for row in graph.read("internal/shared_programs")]
    found = {program}
    while more := {each for pair in pairs if found & set(pair) for each in pair} - found:
        found |= more
    return sorted(found)


def _datasets(found: list[Row]) -> list[dict[str, Any]]:
    return [row | {"properties": named_observation(row["obs_id"])} for row in found]


def _by_name(tx: ManagedTransaction, rows: list[Row]) -> None:
    """Reduce files to what a source that names them says, and give them back to the Observations in their names."""
    tx.run(queries.get("write/forget_named").text, rows=list(_named_rows(rows))).consume()
    nodes = Nodes()
    for row in rows:
        name = parse(row["filename"])
        # A table of links does not say which dataset owns a file of a plain name.
        nodes.product(name, owned=not (row["linked_only"] and name.form == "plain"))
        for obs_id in row["obs_ids"]:
            nodes.observation(obs_id).own(owned_file(name.filename, "name"))
    changes = Changes(int(time() * 1000))
    nodes.compare(Stored(tx), changes)
    changes.write(tx)


def _named_rows(rows: list[Row]) -> Iterator[dict[str, Any]]:
    for row in rows:
        name = parse(row["filename"])
        said = chain(zip(NAMED, named_product(name), strict=True), (named_rest(name) or {}).items())
        properties = {"filename": name.filename, "archived": False, "present": False} | dict(said)
        yield {"filename": name.filename, "label": LABEL_OF.get(name.form), "properties": properties}


def _share(tx: ManagedTransaction, pairs: list[Row], program: str) -> None:
    tx.run(queries.get("write/forget_shares").text, program=program).consume()
    tx.run(queries.get("write/shares").text, rows=pairs).consume()
