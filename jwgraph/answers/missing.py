"""Expected products that are not there, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from jwgraph.answers import meant
from jwgraph.answers.choice import Choice, choose
from jwgraph.answers.loaded import Loaded, loaded, scope
from jwgraph.answers.notes import Answer, Note, ask, association_gaps, notes, notes_of, sync, unknown, whole
from jwgraph.answers.reasons import Schedule, because
from jwgraph.answers.resolve import key, require_observation
from jwgraph.errors import UsageError
from jwgraph.model.columns import AssociationProduct, Column, ProductLevel
from jwgraph.store.graph import Graph, Row


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A product expected from a current association; a product that is there has no reason."""

    COMMANDS: ClassVar = ("missing",)

    product: AssociationProduct
    obs_id: Annotated[str | None, Column("Observation that it would be; empty for a template", "meta.id")]
    association: Annotated[str, Column("Association that promises it", "meta.id;meta.file")]
    state: Annotated[
        str,
        Column(
            "expected, where nothing of it is there; archived; or seen, where it is on disk alone", "meta.code.status"
        ),
    ]
    reason: Annotated[str | None, Column("Why it is not there", "meta.note")]
    evidence: Annotated[str | None, Column("The source of the reason", "meta.note")]
    members_missing: Annotated[
        list[str], Column("Members that are not there, in the order of the association", "meta.id;meta.file")
    ]
    productLevel: ProductLevel


@whole
def missing(
    graph: Graph, *, program: str = "*", obs_id: str | None = None, include_archived: bool = False
) -> Answer[MissingRow]:
    """Return the products expected from current associations that are neither archived nor seen, with the reason.

    A note says how many associations are listed and not read: what only they would make is not in the answer.

    Parameters
    ----------
    program
        Five digits, or `*`.
    obs_id
        Only products of this Observation, or products made from its files.
    include_archived
        Also return the products that are archived or seen.

    Raises
    ------
    NotFoundError
        There is no such Observation, or no association of its program, or none that names its files, is loaded.
    """
    if obs_id is not None:
        return _missing_of(graph, obs_id, include_archived=include_archived)
    found = _expected(graph, program=program, all=include_archived)
    if found:
        return found
    return Answer(notes=_require_associations(graph, program).notes)


@whole
def missing_of(
    graph: Graph,
    names: Sequence[str],
    choice: Choice,
    *,
    level: int | None = None,
    include_archived: bool = False,
) -> Answer[MissingRow]:
    """Return the expected products of Observations: of those named, or of those that a choice accepts.

    Without names, the choice is about the Observation that the product would be; see `missing` for the rest.

    Parameters
    ----------
    names
        In any form.
    level
        Only products of this level: 2 or 3.

    Raises
    ------
    UsageError
        There are names and a program, or the level is another.
    """
    if level not in (None, 2, 3):
        raise UsageError(f"{level!r} is not a level of products that associations make: give 2 or 3.")
    if names and choice.program != "*":
        raise UsageError("Give a program or Observations, not both: an Observation belongs to one program.")
    said: tuple[Note, ...] = ()
    if names:
        _, said, found = meant.each(
            graph,
            names,
            lambda each: _missing_of_each(graph, choice, each, include_archived=include_archived),
            this="this is what is missing of",
        )
    else:
        found = _missing_where(graph, choice, include_archived=include_archived)
    rows = (row for row in found if level is None or row.productLevel.startswith(str(level)))
    return Answer(rows, (*said, *found.notes))


def _missing_where(graph: Graph, choice: Choice, *, include_archived: bool) -> Answer[MissingRow]:
    found = missing(graph, program=choice.program, include_archived=include_archived)
    if not choice.narrows():
        return found
    chosen = choose(graph, choice, listed=False)
    names = {each.obs_id for each in chosen}
    return Answer((row for row in found if row.obs_id in names), (*found.notes, *chosen.notes))


def _missing_of_each(
    graph: Graph, choice: Choice, obs_ids: Sequence[str], *, include_archived: bool
) -> Answer[MissingRow]:
    chosen = choose(graph, choice, obs_ids) if choice.narrows() else None
    every = obs_ids if chosen is None else [each.obs_id for each in chosen]
    answers = [missing(graph, obs_id=obs_id, include_archived=include_archived) for obs_id in every]
    # A product can be made from the files of several of the Observations.
    rows = {(row.product, row.association): row for answer in answers for row in answer}
    return Answer(rows.values(), (*notes_of(answers), *(chosen.notes if chosen is not None else ())))


def _missing_of(graph: Graph, obs_id: str, *, include_archived: bool) -> Answer[MissingRow]:
    around = graph.read("internal/known_around", name=key(obs_id))
    if not around:
        require_observation(graph, obs_id)
    known = around[0]["known"]
    answer = Answer(_expected(graph, obs_ids=[key(obs_id)], all=include_archived), notes("associations", known))
    if not answer and not (not include_archived and _expected(graph, obs_ids=[key(obs_id)], all=True)):
        # No loaded association names it or its files: that is an answer only where all that are listed are loaded.
        _require_associations(graph, known[0]["program"])
        for gap in association_gaps(known):
            raise unknown(gap)
    return answer


def _require_associations(graph: Graph, program: str) -> Loaded:
    state = loaded(graph, program)
    if not state.associations:
        raise unknown(Note(f"no association{scope('of', program)} is loaded", sync(program=program)))
    return state


@whole
def expected_of(graph: Graph, obs_ids: Sequence[str]) -> dict[str, list[MissingRow]]:
    """Return, for Observations by their keys, the expected products that are not there, or made from their files."""
    found: dict[str, list[MissingRow]] = {obs_id: [] for obs_id in obs_ids}
    promises = ask(graph, "query/missing", obs_ids=obs_ids) if obs_ids else []
    schedule = _schedule(graph, promises)
    for promise in promises:
        row = _missing_row(promise, schedule)
        for obs_id in found.keys() & {promise["obs_id"], *(member["obs_id"] for member in promise["members"])}:
            found[obs_id].append(row)
    return found


def _expected(graph: Graph, **parameters: Any) -> Answer[MissingRow]:
    """Return products expected from current associations; the parameters are those of the query."""
    promises = ask(graph, "query/missing", **parameters)
    schedule = _schedule(graph, promises)
    return Answer((_missing_row(promise, schedule) for promise in promises), promises.notes)


def _schedule(graph: Graph, promises: list[Row]) -> Schedule:
    """Return the visits in the pools that plan the members, and the Observations that MAST plans in their programs."""
    members = [member for promise in promises if not promise["present"] for member in promise["members"]]
    pools = sorted({plan["pool"] for member in members for plan in member["plans"]})
    visits = graph.read("internal/pool_visits", pools=pools) if pools else []
    programs = sorted({member["program"] for member in members if not member["executed"] and member["program"]})
    planned = graph.read("internal/planned_observations", programs=programs) if programs else []
    return Schedule({(row["pool"], row["visit"]): row["arrived"] for row in visits}, [row["obs_id"] for row in planned])


def _missing_row(promise: Row, schedule: Schedule) -> MissingRow:
    explanation = None if promise["present"] else because(promise, schedule)
    return MissingRow(
        product=promise["product"],
        obs_id=promise["obs_id"],
        association=promise["association"],
        state="archived" if promise["archived"] else "seen" if promise["present"] else "expected",
        reason=str(explanation.reason) if explanation else None,
        evidence=explanation.evidence if explanation else None,
        members_missing=[m["filename"] for m in promise["members"] if not m["present"]],
        productLevel=promise["productLevel"],
    )
