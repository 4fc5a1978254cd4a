"""The tree of an Observation, filtered, and why nothing of it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jwgraph.answers import meant, products, resolve
from jwgraph.answers.criteria import why_nothing
from jwgraph.answers.filters import Filter
from jwgraph.answers.notes import Answer, Note
from jwgraph.answers.observations import why_empty
from jwgraph.answers.products import ProductRow
from jwgraph.questions.command import command, part
from jwgraph.questions.table import Table, table_of
from jwgraph.store.graph import Graph, Row

Found = tuple[meant.Taken, tuple[Row, Answer[ProductRow]]]


def ask(graph: Graph, text: str) -> Found:
    """Return what was taken for a text, its Observation, and all files of its tree."""
    return meant.about(
        graph,
        text,
        meant.Wanted.OBSERVATION,
        lambda name: (resolve.require_observation(graph, name), products.tree(graph, name)),
    )


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree of an Observation, and what of it is shown."""

    taken: meant.Taken
    state: Row
    every: Answer[ProductRow]
    rows: list[ProductRow]
    mrp: bool
    chosen: Filter

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was taken for the name, and what is not known."""
        return (*self.taken.notes("this is the tree of"), *self.every.notes)

    @property
    def empty(self) -> str:
        """Why no file is shown; empty if one is."""
        if self.rows:
            return ""
        left = [row for row in self.every if row.mrp or not self.mrp]
        return why_nothing(self.chosen, left, part) if left else why_empty(self.state, mrp=self.mrp)

    def table(self, options: dict[str, Any]) -> Table:
        """Return what is shown as a table; `options` are those of the filter on the command line."""
        name = self.state["obs_id"]
        line = command("tree", name, mrp=self.mrp or None, **options)
        return table_of(ProductRow, self.rows, self.notes, line, name, empty=self.empty)


def filtered(found: Found, chosen: Filter, *, mrp: bool) -> Tree:
    """Return what of a tree is shown."""
    taken, (state, every) = found
    return Tree(taken, state, every, chosen.apply([row for row in every if row.mrp or not mrp]), mrp, chosen)


def recommended(graph: Graph, text: str) -> Table:
    """Return the Minimum Recommended Products of the Observation that a text means."""
    taken, (state, found) = meant.about(
        graph,
        text,
        meant.Wanted.OBSERVATION,
        lambda name: (resolve.require_observation(graph, name), products.mrp(graph, name)),
    )
    name, empty = state["obs_id"], why_empty(state, mrp=True)
    made = table_of(ProductRow, found, found.notes, command("mrp", name), name, empty=empty)
    return made.said(taken.notes("these are the recommended products of"))
