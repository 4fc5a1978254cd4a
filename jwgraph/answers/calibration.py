"""Calibration: reference files, and engineering data of the same time."""

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
    """A calibration reference file that was applied to a product: by header card (`R_FLAT`) and CRDS context."""

    COMMANDS: ClassVar = ("references",)

    productFilename: Filename
    keyword: Annotated[str, Column("Header card that names the reference file", "meta.code")]
    reference: Annotated[str, Column("Calibration reference file (CRDS)", "meta.id;meta.file")]
    context: Annotated[str | None, Column("CRDS context", "meta.version")]


@dataclass(frozen=True, slots=True)
class EngineeringRow:
    """An engineering mnemonic over a span of time (MJD)."""

    COMMANDS: ClassVar = ("engineering",)

    mnemonic: Annotated[str, Column("Engineering mnemonic", "meta.id")]
    t_min: Annotated[float, Column("Begin, MJD", "time.start", "d")]
    t_max: Annotated[float, Column("End, MJD", "time.end", "d")]
    dataURI: DataURI | None


def references(graph: Graph, name: str) -> list[ReferenceRow]:
    """Return the reference files of a file, or of an Observation's own files and those it includes.

    Raises
    ------
    NotFoundError
        Neither a file nor an Observation has the name.
    """
    rows = first_answer(graph, "query/references", (name, key(name)))
    if not rows:
        require_any(graph, name)
    return [ReferenceRow(**row) for row in rows]


def engineering(graph: Graph, obs_id: str) -> list[EngineeringRow]:
    """Return the engineering data that overlaps an Observation's exposures in time, ends included.

    Times are those of headers (EXPSTART, EXPEND), or of MAST's observation rows where no header is known.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    found = graph.read("query/engineering", obs_id=key(obs_id))
    if not found:
        require_observation(graph, obs_id)
    return [EngineeringRow(**row) for row in found]
