"""List Observations by names, by criteria, and by criteria for their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jwgraph.answers import meant, products
from jwgraph.answers.choice import Choice, choose
from jwgraph.answers.filters import Filter
from jwgraph.answers.notes import Answer, Note, whole
from jwgraph.answers.observations import ObservationRow, named, observations, programs_of
from jwgraph.answers.products import ProductRow
from jwgraph.errors import UsageError
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class Listing:
    """Observations, and what they were chosen from.

    Attributes
    ----------
    rows
        The Observations, with notes.
    found
        How many there are without the criteria for files.
    files
        The files of these, where there are criteria for files.
    """

    rows: Answer[ObservationRow]
    found: int
    files: list[ProductRow]


@whole
def listing(
    graph: Graph, names: Sequence[str], which: Choice, chosen: Filter, *, include_exposures: bool = False
) -> Listing:
    """Return the Observations of names, or those that a choice accepts; with a filter, those that own such a file.

    Parameters
    ----------
    names
        In any form, and the choice selects among them; without names, the Observations that the Portal lists.
    include_exposures
        Without names, also return the exposures that these Observations include.

    Raises
    ------
    UsageError
        There are names and exposures are asked for, or no Observation has a value that is asked for.
    NotFoundError
        Nothing of the names or the program is loaded.
    """
    if names and include_exposures:
        raise UsageError("Names stand for exposures too: leave out the choice of exposures.")
    programs = [which.program]
    said: tuple[Note, ...] = ()
    if names:
        obs_ids, said, found = meant.each(graph, names, lambda each: named(graph, each), this="this is")
        programs = programs_of(obs_ids)
        if which.selects():
            accepted = choose(graph, which, obs_ids)
            chosen_ids = {each.obs_id for each in accepted}
            found = Answer((row for row in found if row.obs_id in chosen_ids), (*found.notes, *accepted.notes))
    else:
        found = observations(graph, include_exposures=include_exposures, program=which.program, choice=which)
    files: dict[str, list[ProductRow]] = {}
    for each in programs if chosen.parts() else ():
        files |= products.own_files(graph, include_exposures=include_exposures or bool(names), program=each)
    owned = {row.obs_id: files.get(row.obs_id, []) for row in found}
    shown = [row for row in found if not chosen.parts() or chosen.apply(owned[row.obs_id])]
    return Listing(Answer(shown, (*said, *found.notes)), len(found), [file for each in owned.values() for file in each])
