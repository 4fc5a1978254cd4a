"""Export files of Observations for other programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.options import Force, Panel, filtered, why_nothing, why_skipped
from jwgraph.cli.selecting import ObsIds, chosen_obs_ids, selecting
from jwgraph.errors import RefusedError, UsageError
from jwgraph.model.vocabulary import Selection
from jwgraph.present import files

if TYPE_CHECKING:
    from jwgraph.answers.choice import Choice
    from jwgraph.answers.filters import Filter
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

    Example: `jwgraph export jw02221-o001_t001_nircam_clear-f187n --select tree --format ecsv`

    Example: `jwgraph export --program 2221 --filter F187N --format curl --output fetch.sh`
    """
    if form is Form.DATALINK and select is not None:
        raise UsageError("--format datalink always includes every relation of an Observation: remove --select.")
    if target is not None and target.exists() and not force:
        raise RefusedError(f"{target} already exists: use --force to overwrite it.")
    if form is Form.DATALINK and chosen.parts():
        raise UsageError("--format datalink always includes every relation of an Observation: remove the filters.")
    with output.open_graph() as graph:
        names = chosen_obs_ids(graph, obs_ids, which)
        text = _text(graph, names, form, select or (Selection.LINEAGE if form in _RELATED else Selection.MRP), chosen)
    _write(text, target, executable=form is Form.CURL)


def _text(graph: Graph, obs_ids: list[str], form: Form, what: Selection, chosen: Filter) -> Iterable[str]:
    if form is Form.DATALINK:
        from jwgraph.export.datalink import links_of, serialized

        links = links_of(graph, obs_ids)
        output.remarks(links.notes)
        return [serialized(links, links.notes)]
    from jwgraph.answers import selection
    from jwgraph.answers.notes import unknown

    found = selection.select(graph, obs_ids, what)
    rows = chosen.apply(found)
    if not found and found.notes:
        raise unknown(found.notes[0])
    if not found:
        output.note(f"No files match --select {what}.")
    elif not rows:
        output.note(why_nothing(chosen, found))
    output.remarks(found.notes)
    if form is Form.PROV:
        from jwgraph.answers.resolve import key
        from jwgraph.export.prov import document

        return [document(graph, rows, obs_ids=map(key, obs_ids), notes=found.notes)]
    if form is Form.DOT:
        from jwgraph.export.dot import picture

        return [picture(graph, rows, found.notes)]
    return _list(rows, form, found.notes)


def _list(rows: list[ProductRow], form: Form, notes: Sequence[Note]) -> Iterable[str]:
    if form in (Form.CURL, Form.MANIFEST):
        from jwgraph.export import curl, places
        from jwgraph.export.manifest import manifest as find_manifest

        found, left = places.places(rows)
        if left:
            output.note(why_skipped(left))
        return curl.script(found, notes) if form is Form.CURL else find_manifest(found)
    from jwgraph.answers.products import ProductRow

    return [files.text(rows, ProductRow, files.Format(form), notes)]


def _write(text: Iterable[str], target: Path | None, *, executable: bool) -> None:
    """Write UTF-8, whatever the encoding of the terminal: the output is read by programs."""
    if target is None:
        sys.stdout.flush()
        for piece in text:
            sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
        return
    try:
        with NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name[:100]}-", delete=False) as file:
            made = Path(file.name)
            try:
                file.writelines(piece.encode("utf-8", "backslashreplace") for piece in text)
                file.flush()
                made.chmod((0o777 if executable else 0o666) & ~_umask())
                made.replace(target)
            except BaseException:
                made.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise UsageError(f"Cannot write {target}: {error.strerror or error}.") from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
