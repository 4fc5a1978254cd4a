"""Shortest paths between files and Observations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.resolve import (
    key,
    require_any,
)
from jwgraph.model.columns import Column
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step on the way from one file or Observation to another."""

    COMMANDS: ClassVar = ("path",)

    source: Annotated[str, Column("File or Observation where the step begins", "meta.id")]
    relation: Annotated[
        str, Column("How source is related to target: made of, feeds, member of and the like", "meta.code")
    ]
    role: Annotated[
        str | None, Column("Role (exptype) of a member, or the relation of a link or composition", "meta.code")
    ]
    target: Annotated[str, Column("File or Observation where the step ends", "meta.id")]


# An edge read along its direction and against it.
_READ: dict[str, tuple[str, str]] = {
    "COMPOSED_OF": ("made of", "feeds"),
    "LINKED_TO": ("linked to", "has the link"),
    "PRODUCES": ("makes", "made by"),
    "HAS_MEMBER": ("has the member", "member of"),
    "FROM_POOL": ("generated from", "pool of"),
    "PART_OF": ("part of", "owns"),
    "INCLUDES": ("includes", "included in"),
}


def path(graph: Graph, start: str, end: str) -> list[StepRow]:
    """Return the shortest way between two files or Observations; empty where none is known, or both are one.

    Ways over what was made of what, links and associations come first; ownership counts where there is no such way.

    Raises
    ------
    NotFoundError
        One of them is not there.
    """
    for name in (start, end):
        require_any(graph, name)
    found = graph.read("query/path", start=start, end=end)
    if not found:
        found = graph.read("query/path_any", start=_key(start), end=_key(end))
    steps = found[0]["steps"] if found else []
    return [
        StepRow(s["source"], _READ[s["type"]][not s["forward"]], s["role"] or s["relation"], s["target"]) for s in steps
    ]


def _key(name: str) -> str:
    return name if "." in name else key(name)
