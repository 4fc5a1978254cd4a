"""Exports for other programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.answers.selection import What
from jwgraph.cli import complete, output
from jwgraph.cli.options import Force, filtered
from jwgraph.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from jwgraph.answers.filters import Filter
    from jwgraph.answers.products import ProductRow
    from jwgraph.store.graph import Graph


class Form(StrEnum):
    """What is written."""

    CURL = "curl"
    MANIFEST = "manifest"
    CSV = "csv"
    ECSV = "ecsv"
    VOTABLE = "votable"
    JSON = "json"
    DATALINK = "datalink"
    PROV = "prov"
    DOT = "dot"


# These show how files belong together: of the recommended ones alone there would be little to show.
_RELATED = frozenset({Form.PROV, Form.DOT})


@filtered
def export(
    obs_ids: Annotated[
        list[str],
        typer.Argument(
            metavar="OBS_ID…", help="Observations, as MAST names them.", autocompletion=complete.observations
        ),
    ],
    form: Annotated[Form, typer.Option("--format", "-f", help="What to write.", show_default=False)],
    select: Annotated[
        What | None,
        typer.Option(help="Which files.", show_default="mrp; lineage for prov and dot"),
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here.", show_default="standard output")
    ] = None,
    force: Force = False,
    *,
    chosen: Filter,
) -> None:
    """Write the files of Observations for other programs: a download script, a table, DataLink, PROV, a picture.

    Example: `jwgraph export jw02733-o001_t001_nircam_clear-f090w --format curl --output fetch.sh`

    Example: `jwgraph export jw02733-o001_t001_nircam_clear-f090w --select tree --format ecsv`
    """
    if form is Form.DATALINK and select is not None:
        raise UsageError("--format datalink has every relation of an Observation: leave --select out.")
    if target is not None and target.exists() and not force:
        raise RefusedError(f"{target} is there already: use --force to replace it.")
    if form is Form.DATALINK and chosen.parts():
        raise UsageError("--format datalink has every relation of an Observation: leave the filters out.")
    with output.open_graph() as graph:
        text = _text(graph, obs_ids, form, select or (What.LINEAGE if form in _RELATED else What.MRP), chosen)
    _write(text, target, executable=form is Form.CURL)


def _text(graph: Graph, obs_ids: list[str], form: Form, what: What, chosen: Filter) -> Iterable[str]:
    if form is Form.DATALINK:
        from jwgraph.export.datalink import votable

        return [votable(graph, obs_ids)]
    from jwgraph.answers import selection

    found = selection.select(graph, obs_ids, what)
    rows = chosen.apply(found)
    if not found:
        output.note(f"There are no files of this kind ({what}).")
    elif not rows:
        output.note(chosen.why_nothing(found))
    if form is Form.PROV:
        from jwgraph.export.prov import document

        return [document(graph, rows)]
    if form is Form.DOT:
        from jwgraph.export.dot import picture

        return [picture(graph, rows)]
    return _list(rows, form)


def _list(rows: list[ProductRow], form: Form) -> Iterable[str]:
    if form in (Form.CURL, Form.MANIFEST):
        from jwgraph.export import curl, places
        from jwgraph.export.manifest import manifest as find_manifest

        found, left = places.places(rows)
        if left:
            more = f" and {len(left) - 1} more" if len(left) > 1 else ""
            output.note(f"Left out, not archived or with no address: {left[0]}{more}.")
        return curl.script(found) if form is Form.CURL else find_manifest(found)
    from jwgraph.present import files

    made = {Form.CSV: files.as_csv, Form.ECSV: files.ecsv, Form.VOTABLE: files.votable, Form.JSON: files.as_json}
    return [made[form](rows)]


def _write(text: Iterable[str], target: Path | None, *, executable: bool) -> None:
    """Write UTF-8, whatever the terminal speaks: a file is read by programs."""
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
        raise UsageError(f"{target} cannot be written ({error.strerror or error}).") from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
