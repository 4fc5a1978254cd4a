"""Select the files of Observations, each file once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from jwgraph.answers import products, resolve
from jwgraph.answers.choice import Choice
from jwgraph.answers.criteria import ask_each, why_nothing
from jwgraph.answers.filters import Filter, Part
from jwgraph.answers.inputs import Inputs, inputs
from jwgraph.answers.notes import Answer, Note, notes_of, unknown, whole
from jwgraph.answers.products import ProductRow
from jwgraph.errors import UsageError
from jwgraph.model.vocabulary import RELATIONS, Family, InputLevel, Relation, Selection
from jwgraph.store.graph import Graph, Row

_THIS = "these are the files of"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which files of Observations are wanted.

    Attributes
    ----------
    select
        See `select`.
    begin
        Level that inputs begin with; cal if it is None. Other selections have none.
    chosen
        Only files that meet these criteria.

    Raises
    ------
    UsageError
        There is a level, and other files than inputs are selected.
    """

    select: Selection = Selection.MRP
    begin: InputLevel | None = None
    chosen: Filter = field(default_factory=Filter)

    def __post_init__(self) -> None:
        if self.begin is not None and self.select is not Selection.INPUTS:
            raise UsageError(f"Only inputs begin with a level such as {self.begin}: select them.")


@dataclass(frozen=True, slots=True)
class Files:
    """The files of Observations that names and criteria select.

    Attributes
    ----------
    names
        The Observations.
    found
        Their files, before the filter.
    rows
        Those that the filter accepts.
    notes
        What was taken for what, and what is not known.
    needed
        Of inputs: what else is needed.
    wish
        What was asked for.
    """

    names: tuple[str, ...]
    found: Answer[ProductRow]
    rows: list[ProductRow]
    notes: tuple[Note, ...]
    needed: Inputs | None
    wish: Wish

    def require(self) -> Self:
        """Return itself.

        Raises
        ------
        NotFoundError
            There are no files, and a source of them is not loaded.
        """
        if not self.found and self.found.notes:
            raise unknown(self.found.notes[0])
        return self

    def why_nothing(self, written: Callable[[Part], str] | None = None) -> str:
        """Return a sentence that says why there are no rows; empty if there are some."""
        if self.rows:
            return ""
        if not self.found:
            return f"No file is in the selection {self.wish.select}."
        return why_nothing(self.wish.chosen, self.found, written)


@whole
def files(graph: Graph, names: Sequence[str], which: Choice, wish: Wish) -> Files:
    """Return the files of the Observations that names, in any form, and a choice select.

    Raises
    ------
    UsageError
        There is neither a name nor a criterion, or no Observation has a value that is asked for.
    NotFoundError
        There is no such Observation.
    """
    needed: Inputs | None = None
    if wish.select is Selection.INPUTS:
        level = wish.begin or InputLevel.CAL
        taken, said, all_of = ask_each(graph, names, which, lambda each: inputs(graph, each, level), this=_THIS)
        needed, found = all_of, all_of.files
    else:
        taken, said, found = ask_each(graph, names, which, lambda each: select(graph, each, wish.select), this=_THIS)
    return Files(taken, found, wish.chosen.apply(found), (*said, *found.notes), needed, wish)


@whole
def select(graph: Graph, obs_ids: Iterable[str], what: Selection) -> Answer[ProductRow]:
    """Return the files of Observations, in the order given; a shared file is returned once, at its first place.

    Parameters
    ----------
    what
        `mrp` and `tree`: as the commands of these names; `own`: the files that the Observation itself owns;
        `linked`: the files of the tree that MAST's page *Data Product Linkages* calls linked (previews, guide-star
        data, MSA files, images of a table of links); `lineage`: the Observation's own files without previews, and
        all files they were made from; `inputs`: the association that makes it, with its members.

    Raises
    ------
    NotFoundError
        One of the Observations is not in the store.
    """
    found = _OF[what](graph, list(dict.fromkeys(map(resolve.key, obs_ids))))
    return Answer(products.each_once(row for rows in found.values() for row in rows), notes_of(found.values()))


# The files of each Observation.
_Found = dict[str, Answer[ProductRow]]


def _own(graph: Graph, obs_ids: Sequence[str]) -> _Found:
    trees = products.trees(graph, obs_ids, exposures=False)
    return {name: Answer((row for row in rows if row.obs_id == name), rows.notes) for name, rows in trees.items()}


def _linked(graph: Graph, obs_ids: Sequence[str]) -> _Found:
    trees = products.trees(graph, obs_ids)
    return {name: Answer(filter(_is_linked, rows), rows.notes) for name, rows in trees.items()}


def _is_linked(row: ProductRow) -> bool:
    return RELATIONS[Relation(row.relation)].family is Family.LINKED


def _lineage(graph: Graph, obs_ids: Sequence[str]) -> _Found:
    own = _own(graph, obs_ids)
    made_of = resolve.ask_of(graph, "internal/export_lineage", "obs_id", obs_ids)
    return {name: _with_lineage(own[name], made_of[name]) for name in own}


def _with_lineage(own: Answer[ProductRow], made_of: Answer[Row]) -> Answer[ProductRow]:
    files = [row for row in own if row.relation != Relation.PREVIEW]
    known = {row.productFilename for row in files}
    # Recommended products are always owned by the Observation.
    files += [
        ProductRow(**row, mrp=False) for each in made_of for row in each["files"] if row["productFilename"] not in known
    ]
    return Answer(files, (*own.notes, *made_of.notes))


def _inputs(graph: Graph, obs_ids: Sequence[str]) -> _Found:
    return {name: inputs(graph, [name], InputLevel.CAL).files for name in obs_ids}


_OF: dict[Selection, Callable[[Graph, Sequence[str]], _Found]] = {
    Selection.MRP: products.recommended,
    Selection.TREE: products.trees,
    Selection.OWN: _own,
    Selection.LINKED: _linked,
    Selection.LINEAGE: _lineage,
    Selection.INPUTS: _inputs,
}
