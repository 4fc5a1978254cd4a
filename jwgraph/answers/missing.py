"""Expected products that are not there, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.reasons import Schedule, because
from jwgraph.answers.resolve import key, require_observation
from jwgraph.errors import NotFoundError
from jwgraph.model.columns import AssociationProduct, Column
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


def missing(
    graph: Graph, *, program: str = "*", obs_id: str | None = None, include_archived: bool = False
) -> list[MissingRow]:
    """Return the products expected from current associations that are neither archived nor seen, with the reason.

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
        There is no such Observation, or no association of the program is loaded.
    """
    if obs_id is not None:
        require_observation(graph, obs_id)
    found = expected_products(graph, program, "*" if obs_id is None else key(obs_id), include_archived=include_archived)
    if not found and obs_id is None:
        _require_associations(graph, program)
    return found


def expected_products(graph: Graph, program: str, obs_id: str, *, include_archived: bool = False) -> list[MissingRow]:
    """Return products expected from current associations: of an Observation or from its files, or all for `*`."""
    promises = graph.read("query/missing", program=program, obs_id=obs_id, all=include_archived)
    schedule = _schedule(graph, promises)
    return [_missing_row(promise, schedule) for promise in promises]


def _require_associations(graph: Graph, program: str) -> None:
    if not graph.read("internal/associations_loaded", program=program)[0]["loaded"]:
        which = "" if program == "*" else f" of program {program}"
        raise NotFoundError(f"No association{which} is loaded, so nothing is promised: `jwgraph load PATH` reads them.")


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
    )
