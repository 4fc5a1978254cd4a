"""Observations: the rows of the MAST Portal, and the exposures that they include."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from jwgraph.answers.choice import Choice
from jwgraph.answers.facts import Facts, all_facts
from jwgraph.answers.loaded import loaded
from jwgraph.answers.notes import Answer, Note, ask, notes_of, number, whole
from jwgraph.answers.resolve import require_observation
from jwgraph.errors import NotFoundError
from jwgraph.model.columns import CalibLevel, Column, ProductLevel
from jwgraph.names.grammar import parse_root
from jwgraph.store.graph import Graph, Row


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
    program: Annotated[str, Column("JWST program, five digits", "meta.id", minor=True)]
    mast_obsid: Annotated[int | None, Column("MAST's number of the Observation (obsid)", "meta.id", minor=True)]
    instrument: Annotated[str, Column("Instrument, empty if it is not known", "meta.id;instr")]
    filters: Annotated[list[str], Column("Filters and other optical elements but gratings", "meta.id;instr.filter")]
    gratings: Annotated[list[str], Column("Gratings, grisms and prisms", "meta.id;instr.setup", minor=True)]
    targets: Annotated[list[str], Column("Names of the target", "meta.id;src")]
    exp_types: Annotated[list[str], Column("Exposure types", "meta.code", minor=True)]
    t_min: Annotated[float | None, Column("Start, MJD", "time.start;obs.exposure", "d", minor=True)]
    known_from: Annotated[
        list[str],
        Column("Where these are known from: name, search, header, list, pool, exposures", "meta.note", minor=True),
    ]


@whole
def observations(
    graph: Graph, *, include_exposures: bool = False, program: str = "*", choice: Choice | None = None
) -> Answer[ObservationRow]:
    """Return the Observations that the MAST Portal lists, for one program or all, sorted by obs_id.

    Parameters
    ----------
    include_exposures
        Also return the exposures that these Observations include.
    program
        Five digits, or `*`.
    choice
        Only Observations that meet these criteria.

    Raises
    ------
    UsageError
        No Observation has a value that is asked for.
    NotFoundError
        Nothing of the program is loaded, though something of others is.
    """
    found = ask(graph, "query/observations", all=include_exposures, program=program)
    if found:
        choice = choice or Choice()
        # A criterion is checked against all values that there are.
        facts = all_facts(graph, program, listed=not (include_exposures or choice.narrows()))
        names = [row["obs_id"] for row in found]
        accepted = choice.among(facts, names)
        chosen = {each.obs_id for each in accepted}
        rows = (ObservationRow(**row, **_columns(facts[row["obs_id"]])) for row in found if row["obs_id"] in chosen)
        return Answer(rows, (*found.notes, *accepted.notes))
    state = loaded(graph, program)
    if not state.found and state.programs:
        raise NotFoundError(f"nothing of program {number(program)}; loaded: {state.listed()}")
    return Answer()


@whole
def named(graph: Graph, obs_ids: Sequence[str]) -> Answer[ObservationRow]:
    """Return the rows of Observations, listed or not, sorted by obs_id.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    wanted = set(obs_ids)
    programs = programs_of(obs_ids)
    answers = [ask(graph, "query/observations", all=True, program=program) for program in programs]
    rows = {row["obs_id"]: row for answer in answers for row in answer if row["obs_id"] in wanted}
    for obs_id in obs_ids:
        if obs_id not in rows:
            require_observation(graph, obs_id)
    facts = {obs_id: known for program in programs for obs_id, known in all_facts(graph, program).items()}
    found = (ObservationRow(**rows[obs_id], **_columns(facts[obs_id])) for obs_id in sorted(rows))
    return Answer(found, notes_of(answers))


@dataclass(frozen=True, slots=True)
class Completeness:
    """The files of an Observation's tree that are there, and how complete what is loaded of it is.

    Attributes
    ----------
    files, bytes, unsized
        Their number, size where it is known, and how many have no known size.
    product_list
        complete, rows (of a list that may be a part), or None.
    unread
        Associations that are listed and not read.
    absent
        Files of it and its exposures that associations name and that are not there.
    notes
        That it is being changed, where it is.
    """

    obs_id: str
    files: int
    bytes: int
    unsized: int
    product_list: str | None
    unread: int
    absent: int
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        lists = {"complete": "complete list", "rows": "part of a list"}
        parts = [lists.get(self.product_list or "", "no list loaded")]
        for times, noun, state in ((self.absent, "file", "missing"), (self.unread, "association", "not loaded")):
            parts += [f"{times:,} {noun}{'' if times == 1 else 's'} {state}"] if times else []
        return ", ".join(parts)


@whole
def completeness(graph: Graph, obs_ids: Sequence[str]) -> dict[str, Completeness]:
    """Return files, size and completeness of Observations, by obs_id."""
    return {row["obs_id"]: Completeness(**row) for row in graph.read("internal/completeness", obs_ids=obs_ids)}


_WHY_EMPTY = {
    "expected": "expected, but none of its products is there",
    "seen": "on disk alone, and none of its products is recommended",
    "planned": "planned, but none of its products is there",
    "named": "known only by its name",
}


def why_empty(state: Row, *, mrp: bool) -> str:
    """Return a sentence on why an Observation has no products, or no recommended ones; `state` is its row."""
    archived = f"archived, but none of its {'recommended ' if mrp else ''}products is loaded"
    return f"{state['obs_id']} is {_WHY_EMPTY.get(state['state'], archived)}."


def programs_of(obs_ids: Sequence[str]) -> list[str]:
    """Return the programs of Observations by their names, five digits each; `*` if a name does not say it."""
    found = sorted({parse_root(obs_id).program for obs_id in obs_ids})
    return ["*"] if "" in found else found


def _columns(facts: Facts) -> dict[str, Any]:
    kinds = ("filters", "gratings", "targets", "exp_types", "known_from")
    lists = {kind: sorted(getattr(facts, kind)) for kind in kinds}
    return lists | {"instrument": ", ".join(sorted(facts.instruments)), "t_min": facts.t_min}
