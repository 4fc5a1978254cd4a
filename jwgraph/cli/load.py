"""Load sources into the store, and say what was read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.output import Format, FormatOption
from jwgraph.errors import EXIT_REJECTS, UsageError

if TYPE_CHECKING:
    from jwgraph.model import Reject
    from loaders.writer import Report

SHOWN_REJECTS = 20


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(rich_help_panel="Load")(load)


def load(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders, .tar.gz of them, or -.")],
    rejects: Annotated[
        Path | None, typer.Option(help="Write every rejected row to this file, one JSON object a line.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Sessions that write side by side.")] = 3,
    batch_size: Annotated[int, typer.Option(min=1, max=100_000, help="Rows a transaction.")] = 2000,
    format: FormatOption = None,
) -> None:
    """Load associations, MAST product lists and lists of file names.

    The kind of each file is found out. What cannot be loaded is told with file, line and reason, and costs nothing
    else: the rest is loaded, and the exit code is 6.

    Example: `jwgraph load products.csv associations/ asn.tar.gz --rejects rejects.jsonl`
    """
    from loaders.read import read_all
    from loaders.writer import load as load_records

    records, sources = read_all(paths)
    with output.open_graph() as graph, _written(rejects) as on_reject, output.progress() as say:
        report = load_records(
            graph,
            records,
            workers=workers,
            batch_size=batch_size,
            progress=lambda what, count: say(f"{what}: {count:,} records" if count else f"deriving: {what}"),
            on_reject=on_reject,
        )
    report.sources = sources
    _say(report, format, rejects)
    if report.rejected:
        raise typer.Exit(EXIT_REJECTS)


@contextmanager
def _written(path: Path | None) -> Iterator[Callable[[Reject], None]]:
    """Write each reject to the file as it comes, one JSON object a line."""
    if path is None:
        yield lambda _reject: None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--rejects {path} cannot be written ({error.strerror}).") from None
    with file:
        yield lambda reject: print(json.dumps(asdict(reject)), file=file)


def summary(report: Report) -> list[dict[str, object]]:
    """Return the report as rows of what, kind and number."""
    found: list[tuple[str, str, int]] = []
    found += [("sources", kind, number) for kind, number in sorted(report.sources.items())]
    found.append(("records", "read", report.records))
    found += [("new nodes", label, number) for label, number in sorted(report.nodes.items())]
    found += [("new edges", kind, number) for kind, number in sorted(report.edges.items()) if number]
    found.append(("programs", "derived", len(report.programs)))
    found += [("rows", kind, number) for kind, number in sorted(report.kinds.items())]
    return [{"what": what, "kind": kind, "number": number} for what, kind, number in found]


def _say(report: Report, format: Format | None, written: Path | None) -> None:
    shown = report.rejects[:SHOWN_REJECTS]
    for reject in shown:
        place = reject.source if reject.line is None else f"{reject.source}:{reject.line}"
        sys.stderr.write(output.visible(f"{reject.kind}: {place}: {reject.reason}") + "\n")
    more = report.kinds.total() - len(shown)
    if more:
        where = f"all are in {written}" if written else "--rejects FILE writes them all"
        sys.stderr.write(f"… and {more:,} more; {where}.\n")
    output.rows(summary(report), format, columns=("what", "kind", "number"))
