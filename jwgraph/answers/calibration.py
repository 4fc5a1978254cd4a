"""Calibration: reference files, and engineering data recorded at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.resolve import (
    first_answer,
    key,
    require_any,
    require_observation,
)
from jwgraph.model.columns import Column, DataURI, Filename
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A calibration reference file that was applied to a product, with its header card (`R_FLAT`) and CRDS context."""

    COMMANDS: ClassVar = ("references",)

    productFilename: Filename
    keyword: Annotated[str, Column("Header card that names the reference file", "meta.code")]
    reference: Annotated[str, Column("Calibration reference file (CRDS)", "meta.id;meta.file")]
    context: Annotated[str | None, Column("CRDS context", "meta.version")]


@dataclass(frozen=True, slots=True)
class EngineeringRow:
    """An engineering mnemonic and its time range (MJD)."""

    COMMANDS: ClassVar = ("engineering",)

    mnemonic: Annotated[str, Column("Engineering mnemonic", "meta.id")]
    t_min: Annotated[float, Column("Begin, MJD", "time.start", "d")]
    t_max: Annotated[float, Column("End, MJD", "time.end", "d")]
    dataURI: DataURI | None


def references(graph: Graph, name: str) -> list[ReferenceRow]:
    """Return the reference files applied to a file, or to the files of an Observation and its included exposures.

    Raises
    ------
    NotFoundError
        No file or Observation has this name.
    """
    rows = first_answer(graph, "query/references", (name, key(name)))
    if not rows:
        require_any(graph, name)
    return [ReferenceRow(**row) for row in rows]


def engineering(graph: Graph, obs_id: str) -> list[EngineeringRow]:
    """Return the engineering data that overlaps an Observation's exposures in time, end points included.

    Times come from headers (EXPSTART, EXPEND), or from MAST's observation rows if no header is loaded.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    found = graph.read("query/engineering", obs_id=key(obs_id))
    if not found:
        require_observation(graph, obs_id)
    return [EngineeringRow(**row) for row in found]
