"""Export files of Observations for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.options import Force, Panel, filtered, why_nothing
from jwgraph.cli.selecting import ObsIds, ask_each, selecting
from jwgraph.cli.write import to_file
from jwgraph.errors import RefusedError, UsageError
from jwgraph.model.vocabulary import InputLevel, Selection
from jwgraph.present import files

if TYPE_CHECKING:
    from jwgraph.answers.choice import Choice
    from jwgraph.answers.filters import Filter
    from jwgraph.answers.inputs import Inputs
    from jwgraph.answers.notes import Note
    from jwgraph.answers.products import ProductRow
    from jwgraph.store.graph import Graph

PANEL = Panel("Export", ("export",))


class Form(StrEnum):
    """Format of an export."""

    CURL = "curl"
    MANIFEST = "manifest"
    CSV = files.Format.CSV.value
    ECSV = files.Format.ECSV.value
    VOTABLE = files.Format.VOTABLE.value
    JSON = files.Format.JSON.value
    JSONL = files.Format.JSONL.value
    DATALINK = "datalink"
    PROV = "prov"
    DOT = "dot"


_THIS = "these are the files of"

# These show relations between files; the recommended files alone have few.
_RELATED = frozenset({Form.PROV, Form.DOT})


@filtered
@selecting
def export(
    form: Annotated[Form, typer.Option("--format", "-f", help="Output format.", show_default=False)],
    obs_ids: ObsIds = None,
    select: Annotated[
        Selection | None,
        typer.Option(help="Files to export.", show_default="mrp; lineage for prov and dot"),
    ] = None,
    level: Annotated[
        InputLevel | None,
        typer.Option("--from", help="With --select inputs: level of the files to begin with.", show_default="cal"),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file.", show_default="standard output"),
    ] = None,
    force: Force = False,
    *,
    which: Choice,
    chosen: Filter,
) -> None:
    """Export the files of Observations: download script, manifest, table, DataLink, PROV or graph drawing.

    Example: `jwgraph export jw02221-o001_t001_nircam_clear-f187n --format curl --output fetch.sh`

    With `--select inputs` the curl script also writes `reduce.sh`, which makes the product again with the JWST
    pipeline, and lists of the reference files, `crds_CONTEXT.txt`.

    Example: `jwgraph export jw02221-o001_t001_nircam_clear-f187n --select tree --format ecsv`

    Example: `jwgraph export jw02221-o001_t001_nircam_clear-f187n --select inputs --from rate --format curl`
    Example: `jwgraph export --program 2221 --filter F187N --format curl --output fetch.sh`
    """
    if form is Form.DATALINK and select is not None:
        raise UsageError("--format datalink always includes every relation of an Observation: remove --select.")
    if target is not None and target.exists() and not force:
        raise RefusedError(f"{target} already exists: use --force to overwrite it.")
    if form is Form.DATALINK and chosen.parts():
        raise UsageError("--format datalink always includes every relation of an Observation: remove the filters.")
    if level is not None and select is not Selection.INPUTS:
        raise UsageError("--from is for --select inputs.")
    what = select or (Selection.LINEAGE if form in _RELATED else Selection.MRP)
    with output.open_graph() as graph:
        text = _text(graph, obs_ids, which, form, what, level or InputLevel.CAL, chosen)
    to_file(text, target, executable=form is Form.CURL)


def _text(
    graph: Graph,
    obs_ids: list[str] | None,
    which: Choice,
    form: Form,
    what: Selection,
    level: InputLevel,
    chosen: Filter,
) -> Iterable[str]:
    if form is Form.DATALINK:
        from jwgraph.export.datalink import links_of, serialized

        _, said, links = ask_each(graph, obs_ids, which, lambda names: links_of(graph, names), this=_THIS)
        notes = (*said, *links.notes)
        output.remarks(notes)
        return [serialized(links, notes)]
    from jwgraph.answers import inputs, selection
    from jwgraph.answers.notes import unknown

    needed: Inputs | None = None
    if what is Selection.INPUTS:
        names, said, wanted = ask_each(
            graph, obs_ids, which, lambda names: inputs.inputs(graph, names, level), this=_THIS
        )
        needed, found = wanted, wanted.files
    else:
        names, said, found = ask_each(
            graph, obs_ids, which, lambda names: selection.select(graph, names, what), this=_THIS
        )
    notes = (*said, *found.notes)
    rows = chosen.apply(found)
    if not found and found.notes:
        raise unknown(found.notes[0])
    if not found:
        output.note(f"No files match --select {what}.")
    elif not rows:
        output.note(why_nothing(chosen, found))
    output.remarks(notes)
    if form is Form.PROV:
        from jwgraph.export.prov import document

        return [document(graph, rows, obs_ids=names, notes=notes)]
    if form is Form.DOT:
        from jwgraph.export.dot import picture

        return [picture(graph, rows, notes)]
    return _list(rows, form, notes, needed)


def _list(rows: list[ProductRow], form: Form, notes: Sequence[Note], needed: Inputs | None) -> Iterable[str]:
    if form in (Form.CURL, Form.MANIFEST):
        from jwgraph.export import curl, places
        from jwgraph.export.manifest import manifest as find_manifest
        from jwgraph.export.reduce import after_download

        found, left = places.places(rows)
        if left:
            output.note(places.why_skipped(left))
        if form is Form.MANIFEST:
            return find_manifest(found)
        return curl.script(found, notes, after=after_download(needed.runs, needed.references) if needed else ())
    from jwgraph.answers.inputs import reference_rows
    from jwgraph.answers.products import ProductRow

    if needed:
        rows = rows + reference_rows(needed.references)
    return [files.text(rows, ProductRow, files.Format(form), notes)]
