"""Observations: the rows of the Portal, or every dataset."""

from __future__ import annotations

from dataclasses import dataclass

from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """A dataset; `state` is archived, expected (only associations name its files) or named."""

    obs_id: str
    calib_level: int | None
    stage: str | None
    state: str
    listed: bool
    products: int
    included: int
    program: str
    mast_obsid: int | None


def observations(graph: Graph, *, every: bool = False, program: str = "*") -> list[ObservationRow]:
    """Return the rows of the Portal, or every dataset, of one program or all, in the order of obs_id."""
    return [ObservationRow(**row) for row in graph.read("query/observations", all=every, program=program)]
