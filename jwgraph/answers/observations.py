"""Observations: the rows of the MAST Portal, and the exposures that they include."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.model.columns import CalibLevel, Column, ProductLevel
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """An Observation: a row of the MAST Portal, or an exposure that such an Observation includes."""

    COMMANDS: ClassVar = ("observations",)

    obs_id: Annotated[str, Column("Observation, as MAST names it", "meta.id")]
    calib_level: CalibLevel | None
    productLevel: ProductLevel | None
    state: Annotated[str, Column("archived, seen, expected, planned or named", "meta.code.status")]
    listed: Annotated[
        bool, Column("A row of the Portal: no Observation with a product that is there includes it", "meta.code")
    ]
    products: Annotated[int, Column("Files that it owns and that are there", "meta.number")]
    included: Annotated[int, Column("Observations that it includes", "meta.number")]
    program: Annotated[str, Column("JWST program, five digits", "meta.id")]
    mast_obsid: Annotated[int | None, Column("MAST's number of the Observation (obsid)", "meta.id")]


def observations(graph: Graph, *, include_exposures: bool = False, program: str = "*") -> list[ObservationRow]:
    """Return the Observations that the MAST Portal lists, for one program or all, sorted by obs_id.

    Parameters
    ----------
    include_exposures
        Also return the exposures that these Observations include.
    program
        Five digits, or `*`.
    """
    found = graph.read("query/observations", all=include_exposures, program=program)
    return [ObservationRow(**row) for row in found]
