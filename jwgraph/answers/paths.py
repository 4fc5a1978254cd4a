"""Shortest paths between files and Observations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.meant import Taken, Wanted, about
from jwgraph.answers.notes import Answer, whole
from jwgraph.answers.resolve import key, require_any
from jwgraph.model.columns import Column
from jwgraph.names.identifiers import is_file
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the path from one file or Observation to another."""

    COMMANDS: ClassVar = ("path",)

    source: Annotated[str, Column("File or Observation where the step begins", "meta.id")]
    relation: Annotated[
        str, Column("How source is related to target: made of, feeds, member of and the like", "meta.code")
    ]
    role: Annotated[
        str | None, Column("Role (exptype) of a member, or the relation of a link or composition", "meta.code")
    ]
    target: Annotated[str, Column("File or Observation where the step ends", "meta.id")]


# How each edge reads along its direction and against it.
_READ: dict[str, tuple[str, str]] = {
    "COMPOSED_OF": ("made of", "feeds"),
    "LINKED_TO": ("linked to", "has the link"),
    "PRODUCES": ("makes", "made by"),
    "HAS_MEMBER": ("has the member", "member of"),
    "FROM_POOL": ("generated from", "pool of"),
    "PART_OF": ("part of", "owns"),
    "INCLUDES": ("includes", "included in"),
}


@whole
def path(graph: Graph, start: str, end: str) -> Answer[StepRow]:
    """Return the shortest path between two files or Observations; empty if there is no path or both are the same.

    Paths along processing, links and associations are preferred; ownership is used only if no such path exists.

    Raises
    ------
    NotFoundError
        One of them is not in the store.
    """
    for name in (start, end):
        require_any(graph, name)
    found = graph.read("query/path", start=start, end=end)
    if not found:
        found = graph.read("query/path_any", start=_key(start), end=_key(end))
    steps = found[0]["steps"] if found else []
    return Answer(
        StepRow(s["source"], _READ[s["type"]][not s["forward"]], s["role"] or s["relation"], s["target"]) for s in steps
    )


@whole
def path_of(graph: Graph, start: str, end: str) -> tuple[Taken, Taken, Answer[StepRow]]:
    """Return what two texts mean, in any form of a name, and the path between them; see `path`."""

    def first(name: str) -> str:
        require_any(graph, name)
        return name

    began, begin = about(graph, start, Wanted.EITHER, first)
    ended, found = about(graph, end, Wanted.EITHER, lambda name: path(graph, begin, name))
    return began, ended, found


def _key(name: str) -> str:
    return name if is_file(name) else key(name)
