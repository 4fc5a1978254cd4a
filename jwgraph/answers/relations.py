"""Files and the edges between them, for PROV and graph drawings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jwgraph.answers.notes import whole
from jwgraph.answers.products import ProductRow
from jwgraph.store.graph import Graph

File = dict[str, Any]

# Names per query: rows are large.
_AT_ONCE = 2000


@whole
def files(graph: Graph, rows: Iterable[ProductRow]) -> list[File]:
    """Return files with their properties and the edges between them, sorted by name."""
    names = sorted({row.productFilename for row in rows})
    chosen = set(names)
    found = []
    for part in _parts(names):
        for file in graph.read("internal/export_relations", filenames=part):
            file["made_of"] = [edge for edge in file["made_of"] if edge["file"] in chosen]
            file["linked_to"] = [name for name in file["linked_to"] if name in chosen]
            found.append(file)
    return found


def _parts(names: list[str]) -> Iterator[list[str]]:
    for i in range(0, len(names), _AT_ONCE):
        yield names[i : i + _AT_ONCE]
