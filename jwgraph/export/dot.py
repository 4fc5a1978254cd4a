"""Draw how files were made, in the Graphviz DOT language (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jwgraph.answers.notes import Note
from jwgraph.answers.products import ProductRow
from jwgraph.answers.relations import File, files
from jwgraph.present.escape import visible
from jwgraph.present.tree import by_observation
from jwgraph.store.graph import Graph

# Line style by relation; other relations have solid lines.
_STYLES = {"calibration": "dashed", "composition": "bold"}


def picture(graph: Graph, rows: Iterable[ProductRow], notes: Iterable[Note] = ()) -> str:
    """Return a digraph: boxes for files, frames for Observations, arrows from inputs to products; notes as comments."""
    chosen = sorted(rows, key=lambda row: row.productFilename)
    comments = (f"// note: {visible(str(note))}\n" for note in notes)
    return "".join((*comments, *_lines(chosen, files(graph, chosen))))


def _lines(chosen: list[ProductRow], found: list[File]) -> Iterator[str]:
    # Names occur only in labels; nodes are numbered.
    number = {row.productFilename: f"n{i}" for i, row in enumerate(chosen)}
    yield 'digraph jwgraph {\n  rankdir=LR;\n  node [shape=box, fontname="sans-serif"];\n'
    for i, (obs_id, members) in enumerate(sorted(by_observation(chosen).items(), key=lambda item: item[0] or "")):
        indent = "    " if obs_id else "  "
        if obs_id:
            yield f"  subgraph cluster_{i} {{\n    label={quoted(obs_id)};\n"
        for row in members:
            style = "" if row.archived else ", style=dotted"
            yield f"{indent}{number[row.productFilename]} [label={quoted(row.productFilename)}{style}];\n"
        if obs_id:
            yield "  }\n"
    for file in found:
        yield from _edges(file, number)
    yield "}\n"


def _edges(file: File, number: dict[str, str]) -> Iterator[str]:
    made = number[file["filename"]]
    edges = {(edge["file"], edge["relation"], edge["role"]) for edge in file["made_of"]}
    for source, relation, role in sorted(edges, key=str):
        label = relation if role in (None, "science") else f"{relation}: {role}"
        style = _STYLES.get(relation, "solid")
        yield f"  {number[source]} -> {made} [label={quoted(label)}, style={style}];\n"
    for shown in file["linked_to"]:
        yield f"  {number[shown]} -> {made} [style=dotted, arrowhead=none];\n"


def quoted(text: str) -> str:
    r"""Return a quoted label: quotes, backslashes (as in `\N`) and unprintable characters are escaped."""
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
