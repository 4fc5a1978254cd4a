"""Check local files against the store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.options import Force, FormatOption, Panel
from jwgraph.errors import EXIT_REJECTS, RefusedError
from jwgraph.model.vocabulary import Selection
from jwgraph.present.cells import count

if TYPE_CHECKING:
    from jwgraph_loaders.check import Check

PANEL = Panel("Check", ("check",))


def check(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder with files, in subfolders too.")],
    select: Annotated[
        Selection, typer.Option(help="Files that the folder should have of each Observation in it.")
    ] = Selection.MRP,
    missing: Annotated[
        bool, typer.Option("--missing/--no-missing", help="Also list files that the folder lacks.")
    ] = True,
    fix: Annotated[
        Path | None,
        typer.Option(metavar="SCRIPT", help="Write a script that downloads outdated, damaged and missing files."),
    ] = None,
    force: Force = False,
    format: FormatOption = None,
) -> None:
    """Compare the files of a folder with the store: current, outdated, damaged, missing or unknown.

    Nothing is loaded or changed. Exit code 6: a file is outdated, damaged or missing, or cannot be read; 0: all are
    current or unknown.

    Example: `jwgraph check data`

    Example: `jwgraph check data --select tree --fix fix.sh`
    """
    from jwgraph_loaders.check import Check

    if fix is not None and fix.exists() and not force:
        raise RefusedError(f"{fix} already exists: use --force to overwrite it.")
    with output.open_graph() as graph:
        made = Check(graph, folder, select if missing else None, repairing=fix is not None)
        _show(made, format)
    if fix is not None:
        _write(made, fix)
    if made.wrong:
        raise typer.Exit(EXIT_REJECTS)


def _show(made: Check, format: output.Format | None) -> None:
    """Print the rows; CSV and JSON lines as they come."""
    from jwgraph.answers.check import CheckRow, CheckState

    if output.pick(format) in (output.Format.CSV, output.Format.JSONL) and not sys.stdout.isatty():
        with _progress() as say:
            output.rows(made.rows(say), format, of=CheckRow)
        output.remarks(made.notes)
    else:
        with _progress() as say:
            rows = list(made.rows(say))
        output.rows(rows, format, of=CheckRow, notes=made.notes)
    files = made.counts.total()
    if not files:
        output.note(f"{made.folder} has no files.")
        return
    states = ", ".join(f"{made.counts[state]:,} {state}" for state in CheckState)
    unread = f"; {made.failed:,} could not be read" if made.failed else ""
    output.note(f"{count(files, 'file')}: {states}{unread}.")


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Show the number of files on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _number: None
        return
    with output.progress() as say:
        yield lambda number: say(f"checking: {count(number, 'file')}")


def _write(made: Check, fix: Path) -> None:
    from jwgraph.export.places import why_left
    from jwgraph.export.repair import repair_script
    from jwgraph.export.write import to_file

    text, left = repair_script(made.repairs, made.notes, datetime.now())
    if left := [*made.lost, *left]:
        output.note(why_left(left))
    if not made.repairs:
        output.note(f"There is nothing to download: {fix} is not written.")
        return
    to_file(text, fix, executable=True)
    output.note(f"Run it as: sh {quote(str(fix))} {quote(str(made.folder))}")
