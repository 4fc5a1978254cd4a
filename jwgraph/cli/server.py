"""The managed server: up, down, status, logs."""

from __future__ import annotations

from typing import Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.output import FormatOption
from jwgraph.errors import RefusedError
from jwgraph.settings import from_environment


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (up, down, status, logs):
        app.command(rich_help_panel="Server")(command)


def _not_ours() -> None:
    given = from_environment()
    if given is not None:
        raise RefusedError(f"NEO4J_URI names a server ({given.uri}) that is not run by jwgraph; unset it first.")
