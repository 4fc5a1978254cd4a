"""Write files of Observations for other programs, in any of the formats of an export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jwgraph.answers.choice import Choice
from jwgraph.answers.criteria import ask_each
from jwgraph.answers.filters import Filter
from jwgraph.answers.inputs import reference_rows
from jwgraph.answers.notes import Note, unknown
from jwgraph.answers.selection import Files, Wish, files
from jwgraph.errors import UsageError
from jwgraph.export import curl, places
from jwgraph.export.forms import Form, text_of
from jwgraph.export.manifest import manifest
from jwgraph.export.reduce import after_download
from jwgraph.model.vocabulary import InputLevel, Selection
from jwgraph.store.graph import Graph

# These show relations between files; the recommended files alone have few.
_RELATED = frozenset({Form.PROV, Form.DOT})


@dataclass(frozen=True, slots=True)
class Export:
    """What an export is made of.

    Attributes
    ----------
    text
        The export, in pieces.
    notes
        What was taken for what, and what is not known.
    files
        The files; None of DataLink, which has every relation of an Observation.
    left
        Files that cannot be downloaded, where the format is for downloads.
    """

    text: Iterable[str]
    notes: Sequence[Note]
    files: Files | None = None
    left: Sequence[str] = ()


def wish(form: Form, select: Selection | None, begin: InputLevel | None, chosen: Filter) -> Wish:
    """Return which files an export has; without a selection, those that suit its format.

    Raises
    ------
    UsageError
        The format takes no selection or filter, or a level is given where the selection has none.
    """
    if form is Form.DATALINK and (select is not None or chosen.parts()):
        what = "selection" if select is not None else "filters"
        raise UsageError(f"The format datalink always has every relation of an Observation: remove the {what}.")
    return Wish(select or (Selection.LINEAGE if form in _RELATED else Selection.MRP), begin, chosen)


def export(graph: Graph, names: Sequence[str], which: Choice, form: Form, wanted: Wish) -> Export:
    """Write the files of the Observations that names, in any form, and a choice select.

    Raises
    ------
    UsageError
        There is neither a name nor a criterion, or no Observation has a value that is asked for.
    NotFoundError
        There is no such Observation, or nothing that is loaded says what its files are.
    """
    if form is Form.DATALINK:
        return _datalink(graph, names, which)
    found = files(graph, names, which, wanted).require()
    if form is Form.PROV:
        from jwgraph.export.prov import document

        return Export([document(graph, found.rows, obs_ids=found.names, notes=found.notes)], found.notes, found)
    if form is Form.DOT:
        from jwgraph.export.dot import picture

        return Export([picture(graph, found.rows, found.notes)], found.notes, found)
    return _list(found, form)


def _datalink(graph: Graph, names: Sequence[str], which: Choice) -> Export:
    from jwgraph.export.datalink import links_of, serialized

    _, said, links = ask_each(graph, names, which, lambda each: links_of(graph, each), this="these are the files of")
    if not links and links.notes:
        raise unknown(links.notes[0])
    notes = (*said, *links.notes)
    return Export([serialized(links, notes)], notes)


def _list(found: Files, form: Form) -> Export:
    needed = found.needed
    if form in (Form.CURL, Form.MANIFEST):
        usable, left = places.places(found.rows)
        after = after_download(needed.runs, needed.references) if needed else ()
        text = manifest(usable) if form is Form.MANIFEST else curl.script(usable, found.notes, after=after)
        return Export(text, found.notes, found, left)
    rows = [*found.rows, *(reference_rows(needed.references) if needed else ())]
    return Export([text_of(form, rows, found.notes)], found.notes, found)
