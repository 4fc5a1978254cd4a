"""File names, explained without any server."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.output import FormatOption


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(rich_help_panel="Look up")(name)


def name(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="File names; - reads them, one a line.")],
    format: FormatOption = None,
) -> None:
    """Explain file names: what they are, which dataset owns them, at which stage. Needs no server.

    Example: `jwgraph name jw02733001001_02101_00001_nrca1_cal.fits`
    """
    from jwgraph.names.grammar import COLUMNS, explain

    output.rows((explain(file) for file in _each(files)), format, columns=COLUMNS)


def _each(files: Iterable[str]) -> Iterator[str]:
    for file in files:
        if file == "-":
            # Names may hold any byte; what is no UTF-8 is shown as such.
            sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
            yield from (line.rstrip("\r\n") for line in sys.stdin if line.strip())
        else:
            yield file
