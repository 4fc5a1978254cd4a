"""Calibration: reference files, and engineering data recorded at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.loaded import loaded, scope
from jwgraph.answers.notes import HEADERS, Answer, Note, ask, unknown, whole
from jwgraph.answers.resolve import first_answer, key, require_any, require_observation
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


@whole
def references(graph: Graph, name: str) -> Answer[ReferenceRow]:
    """Return the reference files applied to a file, or to the files of an Observation and its included exposures.

    Raises
    ------
    NotFoundError
        No file or Observation has this name, or no header of it is loaded.
    """
    found = first_answer(graph, "query/references", (name, key(name)))
    if not found:
        return Answer(notes=_require_headers(graph, name))
    return Answer((ReferenceRow(**row) for row in found), found.notes)


@dataclass(frozen=True, slots=True)
class UsedReference:
    """A calibration reference file that was applied to files of a program."""

    reference: Annotated[str, Column("Calibration reference file (CRDS)", "meta.id;meta.file")]
    keyword: Annotated[str, Column("Header card that names the reference file", "meta.code")]
    context: Annotated[str | None, Column("CRDS context, the latest of these files", "meta.version")]
    products: Annotated[int, Column("Files that it was applied to", "meta.number")]


@whole
def program_references(graph: Graph, program: str) -> Answer[UsedReference]:
    """Return the reference files applied to the files of a program (five digits), with the number of files of each.

    Raises
    ------
    NotFoundError
        No header of the program is loaded.
    """
    found = ask(graph, "query/program_references", program=program)
    if not found and not loaded(graph, program).headers:
        raise unknown(Note(f"no headers are loaded{scope('for', program)}", HEADERS))
    return Answer((UsedReference(**row) for row in found), found.notes)


def _require_headers(graph: Graph, name: str) -> tuple[Note, ...]:
    """Return the notes where headers are loaded and name no reference file.

    Raises
    ------
    NotFoundError
        No file or Observation has this name, or no header of it is loaded.
    """
    require_any(graph, name)
    state = first_answer(graph, "internal/known_headers", (name, key(name)))
    if not state[0]["headers"]:
        but = ", and MAST's keywords name no reference files" if state[0]["keywords"] else ""
        raise unknown(Note(f"no headers are loaded for {state[0]['name']}{but}", HEADERS))
    return state.notes


@whole
def engineering(graph: Graph, obs_id: str) -> Answer[EngineeringRow]:
    """Return the engineering data that overlaps an Observation's exposures in time, end points included.

    Times come from headers (EXPSTART, EXPEND), or from MAST's observation rows if no header is loaded.

    Raises
    ------
    NotFoundError
        There is no such Observation, or neither its times nor engineering data are loaded.
    """
    found = ask(graph, "query/engineering", obs_id=key(obs_id))
    if not found:
        return Answer(notes=_require_times(graph, obs_id))
    return Answer((EngineeringRow(**row) for row in found), found.notes)


def _require_times(graph: Graph, obs_id: str) -> tuple[Note, ...]:
    """Return the notes where no engineering data overlaps the exposures of an Observation.

    Raises
    ------
    NotFoundError
        There is no such Observation, or neither its times nor engineering data are loaded.
    """
    state = ask(graph, "internal/known_headers", name=key(obs_id))
    if not state:
        require_observation(graph, obs_id)
    if not loaded(graph).engineering:
        raise unknown(Note("no engineering data is loaded", HEADERS))
    if not state[0]["times"]:
        raise unknown(Note(f"no times are loaded for the exposures of {state[0]['name']}", HEADERS))
    return state.notes
